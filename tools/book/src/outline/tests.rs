use super::*;

fn parse(text: &str) -> Page {
    Page::parse("src/vi/a.md", text)
}

fn elements(text: &str) -> Vec<(usize, Element)> {
    let items = parse(text).items.into_iter();
    items.map(|item| (item.line, item.element)).collect()
}

#[test]
fn every_kind_of_element_is_found_in_order_with_its_line() {
    let text = "\
# Title

## Causes {#causes}

```rust,ignore
fn main() {}
```

> [!WARNING]
> Read [this](b.md#x).

| a | b |
|---|---|
| 1 | 2 |
| 3 | 4 |

![a queue](q.svg)
<!-- cmdrun lab-a -->

<a id=\"old\"
   href=\"c.md\">c</a>
<me@example.org>
";
    let found = elements(text);
    let heading = |level, id: Option<&str>, text: &str| Element::Heading {
        level,
        id: id.map(str::to_owned),
        text: text.to_owned(),
    };
    assert_eq!(
        found,
        [
            (1, heading(1, None, "Title")),
            (3, heading(2, Some("causes"), "Causes")),
            (
                5,
                Element::Fence {
                    info: "rust,ignore".to_owned(),
                    body: "fn main() {}\n".to_owned()
                }
            ),
            (9, Element::Alert("WARNING".to_owned())),
            (10, Element::Link("b.md#x".to_owned())),
            (
                12,
                Element::Table {
                    columns: 2,
                    rows: 2
                }
            ),
            (17, Element::Image("q.svg".to_owned())),
            (18, Element::Command("lab-a".to_owned())),
            (20, Element::Anchor("old".to_owned())),
            (21, Element::Link("c.md".to_owned())),
            (22, Element::Link("mailto:me@example.org".to_owned())),
        ]
    );
}

#[test]
fn directives_in_a_fence_are_marked() {
    let page = parse("{{#include a}}\n\n```rust\n{{#include b}}\n```\n");
    let fenced: Vec<bool> = page.items.iter().map(|item| item.fenced).collect();
    assert_eq!(fenced, [false, false, true]);
}

#[test]
fn what_stands_in_a_comment_or_in_a_fence_is_no_link() {
    let found = elements("<!-- <a href=\"x\"> -->\n\n```html\n<a href=\"y\">\n```\n");
    assert!(!found.iter().any(|(_, e)| matches!(e, Element::Link(_))));
}

#[test]
fn a_page_is_cut_into_sections_at_headings_with_an_id() {
    let page = parse("# T\nintro\n## A {#a}\n### no id\n[x](y)\n## B {#b}\nend\n");
    let sections = page.sections();
    let found: Vec<_> = sections.iter().map(|s| (s.id, s.line, s.end)).collect();
    assert_eq!(found, [("", 1, 3), ("a", 3, 6), ("b", 6, 7)]);
    assert_eq!(sections[0].text, "# T\nintro\n");
    assert_eq!(sections[1].items.len(), 3);
    assert_eq!(parse("").sections().len(), 1);
}

#[test]
fn ids_are_those_of_mdbook() {
    let page = parse("# Hàng đợi: `mq_send`!\n## One\n## One\n## X {#one-x}\n<p id=\"p\">\n");
    let ids: Vec<String> = page.ids().into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["hàng-đợi-mq_send", "one", "one-1", "one-x", "p"]);
}

#[test]
fn a_tree_is_read_without_its_summary_and_hidden_files() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("src/vi/b");
    fs::create_dir_all(&folder).unwrap();
    for name in ["../SUMMARY.md", "../z.md", "a.md", "a.svg", ".a.md.swp"] {
        fs::write(folder.join(name), "text").unwrap();
    }
    let pages = pages(root.path(), Language::Vi).unwrap();
    let files: Vec<_> = pages.iter().map(|p| p.file.to_str().unwrap()).collect();
    assert_eq!(files, ["src/vi/b/a.md", "src/vi/z.md"]);
    assert!(super::pages(root.path(), Language::En).is_err());
}

#[test]
fn a_file_knows_its_language() {
    let (language, rest) = Language::of(Path::new("src/en/a/b.md")).unwrap();
    assert_eq!((language, rest), (Language::En, Path::new("a/b.md")));
    assert_eq!(language.other().code(), "vi");
    assert_eq!(Language::of(Path::new("labs/a/README.md")), None);
}
