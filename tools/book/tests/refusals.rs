//! What must not get into a book, and what is said instead: each with file,
//! line and remedy, all in one run, with the book of before as it was.

mod support;

use support::{Book, PAGE, stderr};

#[test]
fn every_problem_of_one_run_is_told() {
    let book = Book::new();
    // Lines 13 to 25 of a page that is the same in both languages.
    let text = format!(
        "{PAGE}\n\
         <!-- cmdrun ls -->\n\n\
         <!-- cmdrun lab-specimen broken x; id -->\n\n\
         <!-- cmdrun lab-specimen broken die -->\n\n\
         <!-- cmdrun lab-specimen broken status -->\n\n\
         <!-- cmdrun lab-specimen broken silent -->\n\n\
         <!-- cmdrun snippet specimen none -->\n\n\
         [dead](none.md) [anchor](#none)\n\n\
         {{{{#include ../../none.rs}}}}\n"
    );
    book.page(&text);
    let line = |of: &str| text.lines().position(|line| line.contains(of)).expect(of) + 1;
    let mut places = Vec::new();
    for of in [
        "ls -->", "; id", "die", "status", "silent", "none -->", "none.md", "none.rs",
    ] {
        for language in ["vi", "en"] {
            places.push(format!("src/{language}/index.md:{}", line(of)));
        }
    }
    let places: Vec<_> = places.iter().map(String::as_str).collect();
    book.refuses(["build"], &places);
    book.refuses(["check"], &places);
}

#[test]
fn a_command_that_hangs_is_ended() {
    let book = Book::new();
    book.page(&format!(
        "{PAGE}\n<!-- cmdrun lab-specimen broken hang -->\n"
    ));
    book.refuses(
        ["--limit", "0.5", "build"],
        &["src/vi/index.md:15", "src/en/index.md:15"],
    );
}

#[test]
fn the_output_of_what_failed_is_shown() {
    let book = Book::new();
    book.page(&format!(
        "{PAGE}\n<!-- cmdrun lab-specimen broken status -->\n"
    ));
    let text = book.refuses(["build"], &["src/vi/index.md:15"]);
    assert!(
        text.contains("lab-specimen broken status") && text.contains("status 7"),
        "{text}"
    );
}

#[test]
fn what_one_language_lacks_is_told() {
    let book = Book::new();
    let less = PAGE
        .replace("## B {#b}\n", "")
        .replace("```text\nx\n```\n", "")
        .replace("<!-- cmdrun lab-specimen broken fine -->\n", "");
    book.write("src/vi/index.md", &less);
    let more = format!("{PAGE}\n{{{{#include ../../book.toml}}}}\n");
    book.write("src/en/index.md", &more);
    book.write("src/en/extra.md", "# E {#e}\n");
    book.write(
        "src/en/SUMMARY.md",
        "# S\n\n- [T](index.md)\n- [Draft]()\n- [E](extra.md)\n- [Gone](gone.md)\n",
    );
    let text = book.refuses(["build"], &["src/vi/extra.md"]);
    for lacks in [
        "#b",
        "```text",
        "broken fine",
        "#include",
        "gone.md",
        "src/vi/index.md",
    ] {
        assert!(text.contains(lacks), "nothing about {lacks} in\n{text}");
    }
}

#[test]
fn a_chapter_without_a_file_is_told_with_its_line() {
    let book = Book::new();
    for language in ["vi", "en"] {
        book.write(
            &format!("src/{language}/SUMMARY.md"),
            "# S\n\n- [T](index.md)\n- [Gone](gone.md)\n",
        );
    }
    book.refuses(["build"], &["src/vi/SUMMARY.md:4", "src/en/SUMMARY.md:4"]);
}

#[test]
fn a_lab_that_does_not_compile_stops_the_build() {
    let book = Book::new();
    book.build();
    book.write("labs/specimen/src/main.rs", "fn main() { none }");
    let output = book.run(["build"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("do not compile"));
    assert!(book.path("book/index.html").exists());
}

#[test]
fn what_cannot_be_shown_is_a_notice_and_in_strict_a_problem() {
    let book = Book::new();
    book.page(&format!(
        "{PAGE}\n<!-- cmdrun lab-specimen broken unavailable -->\n"
    ));
    book.build();
    let output = book.run(["build"]);
    assert!(
        stderr(&output).contains("warning: src/vi/index.md:15: "),
        "{}",
        stderr(&output)
    );
    assert!(book.read("book/vi/index.html").contains("vì thế"));
    assert!(book.read("book/en/index.html").contains("for this reason"));
    book.refuses(
        ["build", "--strict"],
        &["src/vi/index.md:15", "src/en/index.md:15"],
    );
}

#[test]
fn sections_that_drift_apart_are_told_and_marked() {
    let book = Book::new();
    // One side alone: the page of the other says so, and the book is built.
    book.write(
        "src/en/index.md",
        &PAGE.replace("See [a](#a).", "Look at [a](#a)."),
    );
    let output = book.run(["build"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("src/vi/index.md:11: "),
        "{}",
        stderr(&output)
    );
    assert!(book.read("book/vi/index.html").contains("class=\"stale\""));
    assert!(!book.read("book/en/index.html").contains("class=\"stale\""));
    // Both sides: somebody has to read them side by side, and to say so.
    book.write(
        "src/vi/index.md",
        &PAGE.replace("See [a](#a).", "Xem [a](#a)."),
    );
    book.refuses(["build"], &["src/vi/index.md:11"]);
    book.agree();
    book.build();
    assert!(!book.read("book/vi/index.html").contains("class=\"stale\""));
}

#[test]
fn outside_a_project_it_says_where_to_go() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = Book::new();
    let output = book
        .command()
        .current_dir(folder.path())
        .arg("check")
        .output()
        .expect("started");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("book.toml"));
}
