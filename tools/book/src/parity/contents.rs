//! What of a page must be the same in both languages.

use std::path::Path;

use super::diff::Thing;
use crate::links;
use crate::outline::{Element, Item, Language, Page, Section};

pub(super) const LINK: &str = "link";
const FENCE: &str = "code fence";

pub(super) fn headings(page: &Page) -> Vec<Thing> {
    let headings = page.items.iter().filter_map(|item| {
        let Element::Heading { level, id, .. } = &item.element else {
            return None;
        };
        let mut shown = "#".repeat(usize::from(*level)) + " …";
        if let Some(id) = id {
            shown += &format!(" {{#{id}}}");
        }
        Some(Thing {
            line: item.line,
            kind: "heading",
            name: id.clone().unwrap_or_default(),
            detail: level.to_string(),
            shown,
        })
    });
    headings.collect()
}

/// What a section holds besides its prose and its heading. What stands in a
/// fence is part of that fence, so that it is reported once.
pub(super) fn contents(page: &Page, section: &Section) -> Vec<Thing> {
    let mut things: Vec<Thing> = Vec::new();
    for item in section.items {
        if item.fenced {
            if let Some(fence) = things.iter_mut().rfind(|t| t.kind == FENCE) {
                fence.detail += &format!("{:?}\n", item.element);
            }
        } else if let Some(thing) = thing(page, item) {
            things.push(thing);
        }
    }
    things
}

fn thing(page: &Page, item: &Item) -> Option<Thing> {
    let (kind, name, detail, shown) = match &item.element {
        Element::Heading { .. } | Element::Anchor(_) => return None,
        Element::Fence { info, body } => {
            // Words in a diagram or in plain text are prose.
            let prose = matches!(info.split([',', ' ']).next(), Some("" | "text" | "mermaid"));
            let detail = if prose { "" } else { body };
            (FENCE, info.clone(), detail.to_owned(), format!("```{info}"))
        }
        // A page's title in the browser is prose.
        Element::Helper { name, .. } if name == "title" => {
            let shown = "{{#title …}}".to_owned();
            ("include", name.clone(), String::new(), shown)
        }
        Element::Helper { name, args } => {
            let args: Vec<String> = args.split_whitespace().map(|a| target(page, a)).collect();
            let args = args.join(" ");
            let shown = format!("{{{{#{name} {args}}}}}");
            ("include", name.clone(), args, shown)
        }
        Element::Command(command) => {
            let shown = format!("<!-- cmdrun {command} -->");
            ("command", command.clone(), String::new(), shown)
        }
        Element::Glossary => {
            let shown = "<!-- glossary -->".to_owned();
            ("glossary", String::new(), String::new(), shown)
        }
        Element::Measured(words) => {
            let shown = format!("<!-- measured {words} -->");
            ("measurement", words.clone(), String::new(), shown)
        }
        Element::Alert(kind) => ("alert", kind.clone(), String::new(), format!("> [!{kind}]")),
        Element::Table { columns, rows } => {
            let size = format!("{columns} columns, {rows} rows");
            ("table", String::new(), size.clone(), size)
        }
        Element::Image(to) => ("image", target(page, to), String::new(), to.clone()),
        Element::Link(to) => (LINK, target(page, to), String::new(), to.clone()),
    };
    Some(Thing {
        line: item.line,
        kind,
        name,
        detail,
        shown,
    })
}

/// Where a link leads, in words that are the same in both languages: `own/…`
/// is the tree of the page, `other/…` that of the other language.
fn target(page: &Page, to: &str) -> String {
    if let Some((scheme, rest)) = to.split_once("://") {
        // A site may have a page for each language.
        let is_code = |part: &str| Language::ALL.iter().any(|l| l.code() == part);
        let rest = match rest.split_once('.') {
            Some((host, rest)) if is_code(host) => rest,
            _ => rest,
        };
        let parts: Vec<&str> = rest.split('/').filter(|part| !is_code(part)).collect();
        return format!("{scheme}://{}", parts.join("/"));
    }
    let (path, anchor) = to.split_at(to.find('#').unwrap_or(to.len()));
    let Some(file) = links::resolve(&page.file, path) else {
        return to.to_owned();
    };
    let own = Language::of(&page.file).map(|(language, _)| language);
    let file = match Language::of(&file) {
        Some((language, rest)) if own == Some(language) => Path::new("own").join(rest),
        Some((_, rest)) => Path::new("other").join(rest),
        None => file,
    };
    format!("{}{anchor}", file.display())
}
