//! Figures in pages: measured once, told in both languages, and again only where
//! something that decides them has changed.

mod support;

use std::{fs, process::Stdio};
use support::{Book, PAGE, stderr};

#[test]
fn both_languages_tell_the_one_measurement() {
    let book = Book::with_meter(&["table", "plot", "open-loop"]);
    book.build();
    let pages = || ["vi", "en"].map(|language| book.read(&format!("book/{language}/index.html")));
    let first = pages();
    for (page, language, date) in [
        (&first[0], "vi", "4 tháng 3 năm 2026"),
        (&first[1], "en", "4 March 2026"),
    ] {
        let figures = page.matches("<figure class=\"live measured\">").count();
        assert_eq!(figures, 3, "{page}");
        for part in [
            "<td>table run 1</td>".to_owned(),
            format!("<th>{language}</th>"),
            format!("<title>{language} plot run 1</title>"),
            format!("<title>{language} rates run 1</title>"),
            format!("{date} "),
            "Linux 6.18, x86_64, P&lt;1&gt;, 2 ".to_owned(),
            "<code>cargo run --release -p lab-meter -- --quick</code>".to_owned(),
        ] {
            assert!(page.contains(&part), "no {part} in\n{page}");
        }
        // The drawing is one to its end, with its parts side by side.
        let drawing = page.replace(" />", "/>");
        let parts = "<path d=\"M0 0\"/><path d=\"M1 1\"/>\n</svg>";
        assert!(drawing.contains(parts), "{page}");
        assert!(!page.contains("<?xml"), "{page}");
    }
    book.build();
    assert_eq!(pages(), first);
    assert_eq!(book.measured(), 1);
}

#[test]
fn it_is_not_measured_again_until_what_decides_the_figures_changes() {
    let book = Book::with_meter(&["table"]);
    book.build();
    let kept = book.kept();
    assert_eq!((book.measured(), kept.len()), (1, 1));

    // A chapter, another lab, a build that takes no run of before, a check.
    book.show(&["plot", "table"]);
    book.build();
    let source = book.read("labs/specimen/src/main.rs");
    book.write(
        "labs/specimen/src/main.rs",
        &format!("{source}\n// edited\n"),
    );
    book.build();
    for args in [["build", "--fresh"], ["check", "--strict"]] {
        let output = book.run(args);
        assert!(output.status.success(), "{}", stderr(&output));
    }
    // Nor its own source, where the program stays the same.
    let source = book.read("labs/meter/src/main.rs");
    book.write("labs/meter/src/main.rs", &source);
    book.build();
    assert_eq!((book.measured(), book.kept()), (1, kept.clone()));

    // Whoever asks for it gets it, in the place of the old one.
    let output = book.run(["build", "--measure"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!((book.measured(), book.kept()), (2, kept.clone()));
    assert!(book.read("book/en/index.html").contains("table run 2"));

    // And another program is another thing.
    let other = source.replace("| 8 B |", "| 8 bytes |");
    book.write("labs/meter/src/main.rs", &other);
    book.build();
    assert_eq!(book.measured(), 3);
    let now = book.kept();
    assert!(now.len() == 1 && now != kept, "{now:?}");
    assert!(book.read("book/vi/index.html").contains("table run 3"));

    // What no page shows is not kept.
    book.page(PAGE);
    book.build();
    assert_eq!((book.measured(), book.kept().len()), (3, 0));
}

#[test]
fn what_is_kept_and_damaged_is_measured_again() {
    let book = Book::with_meter(&["table"]);
    book.build();
    let file = book.kept().remove(0);
    let whole = fs::read_to_string(&file).expect("kept");
    let damages = [
        String::new(),
        whole[..whole.len() / 2].to_owned(),
        whole.replace("2026-03-04T", "soon"),
        whole.replace("lab-meter", "lab-other"),
        // A report for us, but not for the lab.
        whole.replace("\"run\"", "\"ran\""),
    ];
    for (n, damage) in damages.iter().enumerate() {
        fs::write(&file, damage).expect("written");
        book.build();
        assert_eq!(book.measured(), n + 2, "{damage}");
        assert!(
            book.read("book/en/index.html")
                .contains(&format!("table run {}<", n + 2))
        );
    }
}

#[test]
fn what_cannot_be_measured_here_is_a_notice_and_in_strict_a_problem() {
    let book = Book::with_meter(&["table"]);
    book.meter("unavailable");
    let output = book.run(["build"]);
    let told = stderr(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("warning: src/vi/index.md:15: "), "{told}");
    for (language, reason) in [("vi", "vì &lt;thế&gt;"), ("en", "for &lt;this&gt; reason")] {
        let page = book.read(&format!("book/{language}/index.html"));
        assert!(
            page.contains("live unavailable") && page.contains(reason),
            "{page}"
        );
    }
    book.refuses(
        ["build", "--strict"],
        &["src/vi/index.md:15", "src/en/index.md:15"],
    );
    // It is not kept: another day it may be possible.
    book.meter("");
    book.build();
    assert_eq!(book.measured(), 1);
}

#[test]
fn what_failed_stops_the_build_and_is_not_shown_later() {
    let book = Book::with_meter(&["table"]);
    let places = ["src/vi/index.md:15", "src/en/index.md:15"];
    book.meter("die");
    let told = book.refuses(["build"], &places);
    assert!(told.contains("signal 6"), "{told}");
    assert!(book.kept().is_empty());
    // What it measured stays for whoever looks for the reason, until it works.
    book.meter("fail");
    let told = book.refuses(["build"], &places);
    let report = &book.kept()[0];
    assert!(told.contains("a message was lost"), "{told}");
    assert!(told.contains(&report.display().to_string()), "{told}");
    book.meter("");
    book.build();
    assert_eq!((book.measured(), book.kept().len()), (2, 1));
    assert!(!report.exists());
}

#[test]
fn a_view_that_the_lab_does_not_know_is_told_and_not_measured_for() {
    let book = Book::with_meter(&["table", "plot"]);
    book.meter("no-plot");
    for _ in 0..2 {
        let told = book.refuses(["build"], &["src/vi/index.md:15", "src/en/index.md:17"]);
        assert!(told.contains("unknown option"), "{told}");
    }
    assert_eq!(book.measured(), 1);
}

#[test]
fn a_view_that_this_machine_does_not_have_is_a_notice() {
    let book = Book::with_meter(&["table", "open-loop"]);
    book.meter("no-rates");
    let output = book.run(["build"]);
    let told = stderr(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("warning: src/en/index.md:17: "), "{told}");
    for (language, reason) in [("vi", "không có"), ("en", "there is none")] {
        let page = book.read(&format!("book/{language}/index.html"));
        assert!(
            page.contains("table run 1") && page.contains(reason),
            "{page}"
        );
    }
    book.refuses(
        ["build", "--strict"],
        &["src/vi/index.md:17", "src/en/index.md:17"],
    );
    assert_eq!(book.measured(), 1);
}

#[test]
fn two_builds_at_once_measure_once() {
    let book = Book::with_meter(&["table"]);
    let build = |dest: &str| {
        let mut command = book.command();
        command
            .args(["build", "--dest", dest])
            .stderr(Stdio::piped());
        command.spawn().expect("started")
    };
    for build in [build("one"), build("two")] {
        let output = build.wait_with_output().expect("ended");
        assert!(output.status.success(), "{}", stderr(&output));
    }
    assert_eq!(book.measured(), 1);
    let page = |dest: &str| book.read(&format!("{dest}/en/index.html"));
    assert_eq!(page("one"), page("two"));
}

#[test]
fn figures_that_cannot_be_kept_are_shown_all_the_same() {
    let book = Book::with_meter(&["table"]);
    // No folder can be made there, not even by root.
    book.write("target/book/measured", "a file");
    let output = book.run(["build"]);
    let told = stderr(&output);
    assert!(output.status.success(), "{told}");
    assert!(
        told.contains("warning: ") && told.contains("target/book/measured"),
        "{told}"
    );
    assert!(book.read("book/vi/index.html").contains("table run 1"));
}

#[test]
fn what_is_no_measurement_is_told_with_its_line() {
    let book = Book::with_meter(&[]);
    let text = format!(
        "{PAGE}\n\
         <!-- measured lab-meter -->\n\n\
         <!-- measured lab-meter table quickly -->\n\n\
         <!-- measured lab-none table -->\n\n\
         <!-- measured lab-specimen table -->\n\n\
         <!-- measured lab-meter tables -->\n\n\
         <!-- Measured lab-meter table -->\n\n\
         x <!-- measured lab-meter table -->\n\n\
         <!-- cmdrun lab-meter --quick -->\n"
    );
    book.page(&text);
    let places: Vec<_> = (15..=29)
        .step_by(2)
        .flat_map(|line| ["vi", "en"].map(|language| format!("src/{language}/index.md:{line}")))
        .collect();
    let places: Vec<_> = places.iter().map(String::as_str).collect();
    book.refuses(["check"], &places);
}

#[test]
fn both_languages_must_show_the_same_figures_in_the_same_order() {
    let book = Book::with_meter(&["table", "plot"]);
    let english = book.read("src/en/index.md");
    let (table, plot) = (
        "<!-- measured lab-meter table -->\n",
        "<!-- measured lab-meter plot -->\n",
    );
    for other in [
        english.replace(plot, ""),
        english.replace(plot, table),
        english
            .replace(table, "")
            .replace(plot, &format!("{plot}\n{table}")),
    ] {
        book.write("src/vi/index.md", &other);
        book.agree();
        let output = book.run(["check"]);
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("lab-meter plot -->"), "{told}");
    }
}
