//! The page of what is told and how it is known, through the real program.

mod support;

use support::Book;

#[test]
fn a_statement_that_nothing_shows_stops_the_build() {
    let book = Book::new();
    let shown = "`cargo run -p lab-specimen -- broken fine`";
    let write = |statement: &str| {
        for language in ["vi", "en"] {
            book.write(
                &format!("src/{language}/how-we-know.md"),
                &format!("# K {{#k}}\n\n\"Said.\"\n: {statement}\n"),
            );
            let summary = "# S\n\n- [T](index.md)\n- [K](how-we-know.md)\n";
            book.write(&format!("src/{language}/SUMMARY.md"), summary);
        }
        book.agree();
    };
    write(&format!("So. [Shown](index.md#a): {shown}"));
    book.build();
    let places = ["src/vi/how-we-know.md:3", "src/en/how-we-know.md:3"];
    for statement in [
        "So.".to_owned(),
        "So. [Shown](index.md#a).".to_owned(),
        format!("So: {shown}"),
        format!("So. [Shown](index.md#b): {shown}"),
    ] {
        write(&statement);
        book.refuses(["build"], &places);
    }
}
