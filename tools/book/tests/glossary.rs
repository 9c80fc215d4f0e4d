//! The glossary, through the real program.

mod support;

use support::{Book, PAGE, stderr};

const TERM: &str = r#"
[[term]]
id = "deadlock"
chapter = "index.md#a"
vi.term = "đi vào A"
vi.also = ["bế tắc"]
vi.about = "Một `thứ`."
en.term = "into A"
en.about = "A `thing`."
"#;

/// A book whose one page shows a glossary, and says what it explains.
fn with_glossary(text: &str, more: &str) -> Book {
    let book = Book::new();
    book.write("src/glossary.toml", text);
    for (language, says) in [("vi", "Đi vào A."), ("en", "Into A.")] {
        let page = PAGE.replace("## A {#a}\n", &format!("## A {{#a}}\n\n{says}\n"));
        let page = format!("{page}\n{more}\n[d](#deadlock)\n");
        book.write(&format!("src/{language}/index.md"), &page);
    }
    book.agree();
    book
}

#[test]
fn both_languages_show_one_source_under_one_id() {
    let book = with_glossary(TERM, "<!-- glossary -->\n");
    book.build();
    for (language, own, other) in [("vi", "đi vào A", "into A"), ("en", "into A", "đi vào A")] {
        let page = book.read(&format!("book/{language}/index.html"));
        let heading = page
            .find("<h3 id=\"deadlock\">")
            .expect("the term's heading");
        assert!(page[heading..].contains(own) && page[heading..].contains(other));
        assert!(page.contains("href=\"index.html#a\"") && !page.contains("<!-- glossary"));
    }
}

#[test]
fn what_is_wrong_with_a_term_is_told_with_its_line() {
    let line = "<!-- glossary -->\n";
    let bad = [
        TERM.replace("index.md#a", "none.md"),
        TERM.replace("index.md#a", "index.md#none"),
        TERM.replace("en.term = \"into A\"", "en.term = \"nobody\""),
        TERM.replace("Một `thứ`.", ""),
    ];
    for text in bad {
        with_glossary(&text, line).refuses(["check"], &["src/glossary.toml:3"]);
    }
    // Without any term there is no id to link to, either.
    let unreadable = TERM.replace("id = ", "id ");
    with_glossary(&unreadable, line).refuses(["check"], &["src/glossary.toml:3"]);
}

#[test]
fn a_misspelt_a_crowded_and_a_one_sided_glossary_are_told() {
    let book = with_glossary(TERM, "<!-- glossary a-z -->\n");
    let places = ["src/vi/index.md:17", "src/en/index.md:17"];
    book.refuses(["check"], &places);
    let book = with_glossary(TERM, "see <!-- glossary -->\n");
    book.refuses(["check"], &places);
    let book = with_glossary(TERM, "<!-- glossary -->\n");
    let one = book
        .read("src/vi/index.md")
        .replace("<!-- glossary -->\n", "");
    book.write("src/vi/index.md", &one);
    let text = book.refuses(["check"], &[]);
    assert!(text.contains("<!-- glossary -->"), "{text}");
}

#[test]
fn a_term_that_a_page_begins_to_use_is_noticed_and_the_book_is_built() {
    let book = with_glossary(&TERM.replace("chapter", "# chapter"), "<!-- glossary -->\n");
    let output = book.run(["check"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("warning: src/glossary.toml:3: "));
}
