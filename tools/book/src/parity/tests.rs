use std::fs;

use super::*;

fn vi(text: &str) -> Page {
    Page::parse("src/vi/q/a.md", text)
}

fn en(text: &str) -> Page {
    Page::parse("src/en/q/a.md", text)
}

/// File, line and words of the only problem.
#[track_caller]
fn one(problems: &[Problem], file: &str, line: usize, words: &[&str]) {
    assert_eq!(problems.len(), 1, "{problems:#?}");
    has(problems, file, line, words);
}

#[track_caller]
fn has(problems: &[Problem], file: &str, line: usize, words: &[&str]) {
    let found = problems.iter().any(|p| {
        let here = p.file == Path::new(file) && p.line == line;
        here && words
            .iter()
            .all(|word| format!("{} {}", p.what, p.remedy).contains(word))
    });
    assert!(found, "{file}:{line} {words:?} is not in {problems:#?}");
}

/// A page whose section `a` holds `middle` from line 4.
fn around(middle: &str) -> String {
    format!("# T\n\n## A {{#a}}\n{middle}\n\n## B {{#b}}\n\nend\n")
}

#[track_caller]
fn same(vi_text: &str, en_text: &str) {
    let problems = compare(&vi(&around(vi_text)), &en(&around(en_text)));
    assert_eq!(problems, [], "{vi_text} | {en_text}");
}

#[track_caller]
fn differ(vi_text: &str, en_text: &str) -> Vec<Problem> {
    compare(&vi(&around(vi_text)), &en(&around(en_text)))
}

#[test]
fn prose_is_free() {
    let a = "# Đề\n\nmột\n\nhai\n\n## Vì sao {#a}\n\n- x\n- y\n";
    assert_eq!(
        compare(&vi(a), &en("# Title\n\n## Why {#a}\n\nwords\n")),
        []
    );
}

#[test]
fn a_missing_heading_is_one_problem_where_it_should_stand() {
    let whole = "# T\n## A {#a}\n`x`\n## B {#b}\n```rust\n1\n```\n## C {#c}\n[x](y.md)\n";
    let section = "# T\n## A {#a}\n`x`\n## C {#c}\n[x](y.md)\n";
    let line = "# T\n## A {#a}\n`x`\n```rust\n1\n```\n## C {#c}\n[x](y.md)\n";
    let words = ["heading", "{#b}", "src/vi/q/a.md:4"];
    one(
        &compare(&vi(whole), &en(section)),
        "src/en/q/a.md",
        4,
        &words,
    );
    one(&compare(&vi(whole), &en(line)), "src/en/q/a.md", 7, &words);
    let words = ["heading", "{#b}", "src/en/q/a.md:4"];
    one(
        &compare(&vi(section), &en(whole)),
        "src/vi/q/a.md",
        4,
        &words,
    );
}

#[test]
fn headings_differ_by_level_id_and_order() {
    let a = "# T\n## A {#a}\n## B {#b}\n";
    let level = "# T\n## A {#a}\n### B {#b}\n";
    let id = "# T\n## A {#a}\n## B {#z}\n";
    let order = "# T\n## B {#b}\n## A {#a}\n";
    for other in [level, id] {
        let words = ["heading", "{#b}", "src/en/q/a.md:3"];
        one(&compare(&vi(a), &en(other)), "src/vi/q/a.md", 3, &words);
    }
    assert_eq!(compare(&vi(a), &en(order)).len(), 1);
}

#[test]
fn every_heading_but_the_title_needs_an_id() {
    assert_eq!(compare(&vi("# T {#t}\n"), &en("# T {#t}\n")), []);
    let text = "# T\n\n## A\n";
    let problems = compare(&vi(text), &en(text));
    assert_eq!(problems.len(), 2);
    has(&problems, "src/vi/q/a.md", 3, &["no id"]);
    has(&problems, "src/en/q/a.md", 3, &["no id"]);
}

#[test]
fn an_id_stands_once_in_a_page() {
    let twice = "# T\n## A {#a}\n## B {#a}\n";
    let problems = compare(&vi(twice), &en(twice));
    assert_eq!(problems.len(), 2);
    has(&problems, "src/vi/q/a.md", 3, &["id \"a\"", "line 2"]);
    // mdBook gives the title the id "causes".
    let page = "# Causes\n## Why {#causes}\n";
    has(&compare(&vi(page), &en(page)), "src/en/q/a.md", 2, &["id"]);
}

#[test]
fn fences_have_the_same_info_and_the_same_code() {
    same("```rust\nx\n```", "```rust\nx\n```");
    same(
        "```text\nmột\n```\n```mermaid\na\n```\n```\nx\n```",
        "```text\none\n```\n```mermaid\nb\n```\n```\ny\n```",
    );
    let found = differ("```rust\nx\n```", "words");
    one(
        &found,
        "src/en/q/a.md",
        6,
        &["code fence", "src/vi/q/a.md:4"],
    );
    let found = differ("```rust\nx\n```", "\n```rust\ny\n```");
    one(
        &found,
        "src/vi/q/a.md",
        4,
        &["code fence", "src/en/q/a.md:5"],
    );
    let found = differ("```rust\nx\n```", "```rust,ignore\nx\n```");
    one(&found, "src/vi/q/a.md", 4, &["code fence"]);
}

#[test]
fn what_stands_in_a_fence_is_reported_with_it() {
    let fence = "```rust\n{{#include x.rs}}\n```";
    one(&differ(fence, ""), "src/en/q/a.md", 6, &["code fence"]);
    let (a, b) = (
        "```text\n<!-- cmdrun a -->\n```",
        "```text\n<!-- cmdrun b -->\n```",
    );
    one(&differ(a, b), "src/vi/q/a.md", 4, &["code fence"]);
}

#[test]
fn includes_commands_alerts_tables_and_images_are_the_same() {
    let table = "| a | b |\n|---|---|\n| c | d |";
    for (kind, text, other) in [
        ("include", "{{#include x.rs}}", "{{#include y.rs}}"),
        ("include", "{{#diff a b}}", "{{#diff a c}}"),
        ("command", "<!-- cmdrun lab-a -->", "<!-- cmdrun lab-b -->"),
        ("alert", "> [!NOTE]\n> x", "> [!TIP]\n> x"),
        ("table", table, "| a | b |\n|---|---|"),
        ("table", table, "| a |\n|---|\n| c |"),
        ("image", "![a](x.svg)", "![a](y.svg)"),
        ("link", "[a](x.md)", "[a](y.md)"),
        ("link", "<a href='x.md'>a</a>", "[a](y.md)"),
    ] {
        same(text, text);
        one(
            &differ(text, other),
            "src/vi/q/a.md",
            4,
            &[kind, "src/en/q/a.md:4"],
        );
        one(
            &differ(text, "words"),
            "src/en/q/a.md",
            6,
            &[kind, "src/vi/q/a.md:4"],
        );
        one(
            &differ("words", text),
            "src/vi/q/a.md",
            6,
            &[kind, "src/en/q/a.md:4"],
        );
    }
    let swapped = differ(
        "<!-- cmdrun a -->\n\n```rust\n```",
        "```rust\n```\n\n<!-- cmdrun a -->",
    );
    assert_eq!(swapped.len(), 1, "{swapped:?}");
    same("{{#title Đề}}", "{{#title Title}}");
}

#[test]
fn the_same_thing_in_another_section_is_missing_in_its_own() {
    let vi_text = "# T\n## A {#a}\n[x](y.md)\n## B {#b}\n";
    let en_text = "# T\n## A {#a}\n## B {#b}\n[x](y.md)\n";
    let problems = compare(&vi(vi_text), &en(en_text));
    assert_eq!(problems.len(), 2);
    has(&problems, "src/en/q/a.md", 3, &["link", "src/vi/q/a.md:3"]);
    has(&problems, "src/vi/q/a.md", 4, &["link", "src/en/q/a.md:4"]);
}

#[test]
fn links_are_mirrored_between_the_trees() {
    same("[en](../../en/q/a.md#a)", "[vi](../../vi/q/a.md#a)");
    same("[b](../b.md) [a](#a)", "[b](../../en/b.md) [a](a.md#a)");
    same(
        "[w](https://vi.wikipedia.org/wiki/X)",
        "[w](https://en.wikipedia.org/wiki/X)",
    );
    same("[w](https://x.org/vi/a)", "[w](https://x.org/a)");
    one(
        &differ("[b](../../en/b.md)", "[b](../b.md)"),
        "src/vi/q/a.md",
        4,
        &["link"],
    );
    one(
        &differ("[b](b.md#a)", "[b](b.md#b)"),
        "src/vi/q/a.md",
        4,
        &["link"],
    );
    one(
        &differ("<https://x.org/a>", "<https://y.org/a>"),
        "src/vi/q/a.md",
        4,
        &["link"],
    );
}

#[test]
fn a_directive_that_would_vanish_is_a_problem() {
    let text = "# T\n\n<!-- Cmdrun lab-a -->\n";
    let problems = compare(&vi(text), &en(text));
    assert_eq!(problems.len(), 2);
    has(&problems, "src/vi/q/a.md", 3, &["Cmdrun", "cmdrun"]);
}

#[test]
fn problems_of_different_kinds_are_all_reported() {
    let problems = compare(
        &vi("# T\n## No id\n## A {#a}\n```rust\n```\n## B {#b}\n| a |\n|---|\n"),
        &en("# T\n## No id {#n}\n## A {#a}\n## B {#b}\n<!-- cmd-run x -->\n"),
    );
    has(&problems, "src/vi/q/a.md", 2, &["no id"]);
    has(&problems, "src/en/q/a.md", 4, &["code fence"]);
    has(&problems, "src/en/q/a.md", 5, &["table"]);
    has(&problems, "src/en/q/a.md", 5, &["cmd-run"]);
    assert!(problems.is_sorted());
}

/// A book of files, all sections agreed on.
fn book(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for language in Language::ALL {
        fs::create_dir_all(root.path().join(language.dir())).unwrap();
    }
    for (file, text) in files {
        let file = root.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let mut memory = Memory::default();
    memory.agree(&pairs(root.path()).unwrap(), &[]).unwrap();
    memory.save(root.path()).unwrap();
    root
}

const SUMMARY: &str = "\
# Summary

[Start](start.md)

# Part

- [Queues](q/README.md)
  - [Draft]()
  - [A](./q/a.md)

---

[End](end.md)
";

const FILES: [&str; 4] = ["start.md", "q/README.md", "q/a.md", "end.md"];

/// A sound book with these changes; a file without text is left out.
fn changed(changes: &[(&str, Option<&str>)]) -> Vec<Problem> {
    let mut files = BTreeMap::new();
    for language in Language::ALL {
        for file in FILES {
            files.insert(format!("{}/{file}", language.dir()), "# T\n");
        }
        files.insert(format!("{}/SUMMARY.md", language.dir()), SUMMARY);
    }
    for (file, text) in changes {
        match text {
            Some(text) => files.insert((*file).to_owned(), text),
            None => files.remove(*file),
        };
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(f, t)| (f.as_str(), *t)).collect();
    check(book(&files).path()).unwrap()
}

#[test]
fn a_sound_book_has_no_problem() {
    assert_eq!(changed(&[]), []);
}

#[test]
fn a_file_of_one_language_only_is_missing_in_the_other() {
    let found = changed(&[("src/en/q/a.md", None)]);
    one(
        &found,
        "src/en/q/a.md",
        0,
        &["missing", "write src/en/q/a.md"],
    );
    let found = changed(&[("src/vi/q/x.svg", Some("<svg/>"))]);
    one(&found, "src/en/q/x.svg", 0, &["missing"]);
    let found = changed(&[("src/vi/SUMMARY.md", None)]);
    one(&found, "src/vi/SUMMARY.md", 0, &["missing"]);
    let found = changed(&[("src/vi/SUMMARY.md", None), ("src/en/SUMMARY.md", None)]);
    has(&found, "src/vi/SUMMARY.md", 0, &["table of contents"]);
}

#[test]
fn the_summaries_have_one_shape() {
    for (from, to, line, kind) in [
        ("# Part\n", "", 6, "part title"),
        ("---\n", "", 12, "separator"),
        ("  - [Draft]()\n", "", 8, "chapter"),
        ("  - [A](./q/a.md)\n", "", 10, "chapter"),
    ] {
        let en = SUMMARY.replace(from, to);
        let found = changed(&[("src/en/SUMMARY.md", Some(&en))]);
        let shown = SUMMARY.lines().position(|l| from.trim_end() == l).unwrap() + 1;
        let there = format!("src/vi/SUMMARY.md:{shown}");
        one(&found, "src/en/SUMMARY.md", line, &[kind, &there]);
    }
    // Nesting, order, and a draft that is none in the other language.
    for (from, to) in [
        ("  - [A]", "- [A]"),
        (
            "  - [Draft]()\n  - [A](./q/a.md)\n",
            "  - [A](q/a.md)\n  - [Draft]()\n",
        ),
    ] {
        let en = SUMMARY.replace(from, to);
        assert_eq!(changed(&[("src/en/SUMMARY.md", Some(&en))]).len(), 1);
    }
    let en = SUMMARY.replace("[Draft]()", "[Draft](q/b.md)");
    let found = changed(&[("src/en/SUMMARY.md", Some(&en))]);
    has(
        &found,
        "src/vi/SUMMARY.md",
        8,
        &["chapter", "src/en/SUMMARY.md:8"],
    );
    has(&found, "src/en/SUMMARY.md", 8, &["no file"]);
    let title = SUMMARY.replace("[A]", "[Một tên khác]");
    assert_eq!(changed(&[("src/vi/SUMMARY.md", Some(&title))]), []);
}

#[test]
fn what_is_listed_is_there_once_and_what_is_there_is_listed() {
    fn both(text: &str) -> [(&'static str, Option<&str>); 2] {
        ["src/vi/SUMMARY.md", "src/en/SUMMARY.md"].map(|file| (file, Some(text)))
    }
    let found = changed(&both(&SUMMARY.replace("[Draft]()", "[B](q/b.md)")));
    assert_eq!(found.len(), 2);
    has(&found, "src/vi/SUMMARY.md", 8, &["q/b.md", "no file"]);
    let found = changed(&both(&SUMMARY.replace("[Draft]()", "[B](q/a.md)")));
    assert_eq!(found.len(), 2);
    has(&found, "src/en/SUMMARY.md", 9, &["twice"]);
    let found = changed(&both(&SUMMARY.replace("[End](end.md)\n", "")));
    assert_eq!(found.len(), 2);
    has(&found, "src/vi/end.md", 0, &["lists"]);
}

#[test]
fn a_check_reports_pages_and_sections_too() {
    let root = book(&[
        ("src/vi/SUMMARY.md", "- [A](a.md)\n"),
        ("src/en/SUMMARY.md", "- [A](a.md)\n"),
        ("src/vi/a.md", "# T\n\n## A {#a}\n"),
        ("src/en/a.md", "# T\n\n## A {#a}\n"),
    ]);
    let write = |file: &str, text: &str| fs::write(root.path().join(file), text).unwrap();

    // One language is newer: a notice, no problem.
    write("src/vi/a.md", "# T\n\n## A {#a}\n\nmới\n");
    assert_eq!(check(root.path()).unwrap(), []);
    let drifts = drifts(root.path()).unwrap();
    assert_eq!(drifts.len(), 1);
    assert_eq!(drifts[0].state, State::Newer(Language::Vi));

    write(
        "src/en/a.md",
        "# T\n\n## A {#a}\n\nnew\n\n```rust\n```\n\n## B\n",
    );
    let found = check(root.path()).unwrap();
    has(
        &found,
        "src/vi/a.md",
        3,
        &["both versions", "cargo book agree a.md#a"],
    );
    has(&found, "src/vi/a.md", 5, &["code fence"]);
    has(&found, "src/en/a.md", 10, &["no id"]);
}
