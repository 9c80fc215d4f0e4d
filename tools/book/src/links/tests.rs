use super::*;

/// A project with some files, and the problems of the page src/vi/q/a.md.
fn check_page(text: &str) -> Vec<Problem> {
    let root = tempfile::tempdir().unwrap();
    for (file, text) in [
        ("src/vi/q/x.svg", "<svg/>"),
        ("src/vi/SUMMARY.md", ""),
        (
            "labs/a/src/broken.rs",
            "1\n// ANCHOR: main\n2\n// ANCHOR_END: main\n// ANCHOR: open\n",
        ),
        ("labs/a/src/fixed.rs", "1\n"),
        ("labs/a/blob", ""),
        ("target/x", ""),
    ] {
        let file = root.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    fs::write(root.path().join("labs/a/blob"), [0xff, 0xfe]).unwrap();
    let pages = [
        Page::parse("src/vi/q/a.md", text),
        Page::parse("src/vi/b.md", "# Tên sách\n## B {#b}\n<p id='c'>\n"),
        Page::parse("src/en/q/a.md", "# A\n## E {#e}\n"),
    ];
    check(root.path(), &pages)
}

#[track_caller]
fn sound(text: &str) {
    assert_eq!(check_page(text), [], "{text}");
}

#[track_caller]
fn broken(text: &str, word: &str) {
    let found = check_page(&format!("# T\n\n{text}\n"));
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    assert_eq!(found[0].file, Path::new("src/vi/q/a.md"));
    assert_eq!(found[0].line, 3, "{text}");
    let said = format!("{} {}", found[0].what, found[0].remedy);
    assert!(said.contains(word), "{text}: {said}");
}

#[test]
fn links_lead_to_pages_and_their_ids() {
    sound("# T\n[b](../b.md) [b](./../b.md#b) [c](../b.md#c) [t](#t)");
    sound("[t](../b.md#tên-sách) [t](../b.md#t%C3%AAn-s%C3%A1ch)");
    sound("[en](../../en/q/a.md#e) <a href='../b.md'>b</a>");
    broken("[z](z.md)", "no page src/vi/q/z.md");
    broken("[b](../b.md#z)", "no id \"z\"");
    broken("[here](#z)", "no id \"z\"");
    broken("[en](../../en/q/a.md#z)", "src/en/q/a.md");
    broken("[en](../../en/z.md)", "src/en/z.md");
    broken("<a href='z.md'>z</a>", "no page");
    broken("[draft]()", "draft");
    broken("[all](../SUMMARY.md)", "SUMMARY.md");
    broken("[folder](../q)", "no page");
}

#[test]
fn links_lead_to_files_of_the_project() {
    sound("[x](../../../labs/a/src/broken.rs) [a](../../../labs/a/) ![x](x.svg)");
    sound("[x](../../../labs/a/src/broken.rs#L3) <img src=\"x.svg\">");
    broken(
        "[x](../../../labs/a/src/none.rs)",
        "no file labs/a/src/none.rs",
    );
    broken("![x](none.svg)", "no file");
    broken("<img src='none.svg'>", "no file");
    broken("![x](../q)", "no image");
    broken("[x](../../../../passwd)", "outside");
    broken("[x](../../../target/x)", "outside");
    broken("[x](/b.md)", "absolute");
    broken("[x](../b.html#b)", ".md");
}

#[test]
fn web_addresses_are_well_formed_and_encrypted() {
    sound("<https://man7.org/linux/man-pages/man3/mq_send.3.html> <me@example.org>");
    sound("<http://localhost:3000/> <http://127.0.0.1> <http://[::1]:80/x>");
    broken("<http://man7.org/>", "https");
    broken("[x](https://)", "well formed");
    broken("[x](https:///path)", "well formed");
    broken("[x](<https://a.org/b c>)", "well formed");
    broken("[x](//a.org/b)", "https");
    broken("[x](ftp://a.org/b)", "https");
    broken("[x](javascript:x)", "https");
}

#[test]
fn includes_and_their_parts_are_there() {
    let file = "../../../labs/a/src/broken.rs";
    for part in ["", ":main", ":2", ":2:5", ":2:", "::5"] {
        sound(&format!("```rust\n{{{{#include {file}{part}}}}}\n```"));
    }
    for part in [":none", ":open", ":6", ":0", ":4:9", ":3:2", ":2:x"] {
        let word = if part == ":none" || part == ":open" {
            "ANCHOR"
        } else {
            "5 lines"
        };
        broken(&format!("{{{{#include {file}{part}}}}}"), word);
    }
    broken("{{#include none.rs}}", "no file src/vi/q/none.rs");
    broken("{{#include ../../../../x}}", "outside");
    broken("{{#include ../../../labs/a/blob}}", "text");
    broken("{{#include ../../../labs}}", "text");
    sound("{{#unknown x y}} {{#title A}} `{{#include none.rs}}`");
}

#[test]
fn both_files_of_a_diff_are_there() {
    let (a, b) = (
        "../../../labs/a/src/broken.rs",
        "../../../labs/a/src/fixed.rs",
    );
    sound(&format!("{{{{#diff {a} {b}}}}}"));
    broken(&format!("{{{{#diff {a} none.rs}}}}"), "no file");
    broken(&format!("{{{{#diff none.rs {b}}}}}"), "no file");
    broken(&format!("{{{{#diff {a}}}}}"), "two files");
}

#[test]
fn problems_of_different_kinds_are_all_reported() {
    let found = check_page("[x](/b)\n[b](../b.md#z)\n<http://a.org>\n{{#include none.rs}}\n");
    let lines: Vec<usize> = found.iter().map(|p| p.line).collect();
    assert_eq!(lines, [1, 2, 3, 4]);
}

#[test]
fn paths_are_resolved_without_leaving_the_project() {
    let from = Path::new("src/vi/q/a.md");
    let file = |path| resolve(from, path).map(|p| p.display().to_string());
    assert_eq!(file("").as_deref(), Some("src/vi/q/a.md"));
    assert_eq!(file("./../b.md").as_deref(), Some("src/vi/b.md"));
    assert_eq!(file("../../../README.md").as_deref(), Some("README.md"));
    assert_eq!(file("../../../../x"), None);
    assert_eq!(file("/x"), None);
}

#[test]
fn codes_are_read_and_the_rest_is_left() {
    assert_eq!(decode("a%20b%C3%AA%+1%zz%4"), "a bê%+1%zz%4");
}
