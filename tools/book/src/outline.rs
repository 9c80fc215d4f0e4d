//! What a page consists of, apart from its prose.
//!
//! A page is parsed with mdBook's own parser, so that a fence or a table here
//! is a fence or a table in the built book.

mod directive;
mod html;
mod tree;

use std::collections::HashSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::Context;
use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

pub use directive::{Directive, Kind, NearMiss, directives, near_misses};
pub(crate) use tree::is_page;
pub use tree::{Language, files, pages};

/// A Markdown file of the book.
#[derive(Debug, Clone)]
pub struct Page {
    /// Relative to the project's root: `src/vi/queues/emsgsize.md`.
    pub file: PathBuf,
    pub text: String,
    /// In the order of the text.
    pub items: Vec<Item>,
}

/// One part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Counted from 1.
    pub line: usize,
    pub element: Element,
    /// Whether it stands inside a fence (only directives can).
    pub fenced: bool,
    offset: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    Heading {
        level: u8,
        id: Option<String>,
        text: String,
    },
    Fence {
        info: String,
        body: String,
    },
    /// `{{#name args}}`
    Helper {
        name: String,
        args: String,
    },
    /// `<!-- cmdrun … -->`
    Command(String),
    /// `<!-- glossary -->`
    Glossary,
    /// `<!-- measured … -->`
    Measured(String),
    /// `> [!NOTE]`
    Alert(String),
    /// `rows` does not count the row of the heading.
    Table {
        columns: usize,
        rows: usize,
    },
    /// A Markdown image, or `src` in HTML.
    Image(String),
    /// A Markdown link, or `href` in HTML.
    Link(String),
    /// `id` in HTML.
    Anchor(String),
}

/// A stretch of a page: from a heading with an id to the next one. The text
/// before the first such heading is the section with the id "".
#[derive(Debug, Clone, Copy)]
pub struct Section<'a> {
    pub id: &'a str,
    /// Its first line.
    pub line: usize,
    /// The line of the next section, or the last line of the page.
    pub end: usize,
    pub text: &'a str,
    pub items: &'a [Item],
}

impl Page {
    pub fn parse(file: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        let text = text.into();
        let items = items(&text);
        Self {
            file: file.into(),
            text,
            items,
        }
    }

    /// Reads `file`, which is relative to `root`.
    pub fn read(root: &Path, file: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(root.join(file))
            .with_context(|| format!("cannot read {}", file.display()))?;
        Ok(Self::parse(file, text))
    }

    pub fn last_line(&self) -> usize {
        self.text.lines().count().max(1)
    }

    /// The first is always the section with the id "", even if it is empty.
    pub fn sections(&self) -> Vec<Section<'_>> {
        let mut starts = vec![("", 0, 0, 1)];
        for (index, item) in self.items.iter().enumerate() {
            if let Element::Heading { id: Some(id), .. } = &item.element {
                starts.push((id, index, item.offset, item.line));
            }
        }
        let mut sections = Vec::new();
        for (n, &(id, index, offset, line)) in starts.iter().enumerate() {
            let (next_index, next_offset, end) = match starts.get(n + 1) {
                Some(&(_, index, offset, line)) => (index, offset, line),
                None => (self.items.len(), self.text.len(), self.last_line()),
            };
            sections.push(Section {
                id,
                line,
                end,
                text: &self.text[offset..next_offset],
                items: &self.items[index..next_index],
            });
        }
        sections
    }

    /// Every id that a link can point to, with its line.
    ///
    /// A heading without an id gets the one that mdBook gives it; mdBook keeps
    /// those apart from each other, not from the explicit ones.
    pub fn ids(&self) -> Vec<(String, usize)> {
        let mut automatic = HashSet::new();
        let mut ids = Vec::new();
        for item in &self.items {
            let id = match &item.element {
                Element::Heading { id: Some(id), .. } | Element::Anchor(id) => id.clone(),
                Element::Heading { id: None, text, .. } => {
                    let plain = id_from_content(text);
                    let mut id = plain.clone();
                    let mut n = 0;
                    while !automatic.insert(id.clone()) {
                        n += 1;
                        id = format!("{plain}-{n}");
                    }
                    id
                }
                _ => continue,
            };
            ids.push((id, item.line));
        }
        ids
    }
}

/// mdBook's rule (`mdbook_html::utils`, which is private) for a heading's id.
fn id_from_content(text: &str) -> String {
    text.trim()
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            '_' | '-' => Some(c),
            c if c.is_alphanumeric() => Some(c),
            c if c.is_whitespace() => Some('-'),
            _ => None,
        })
        .collect()
}

fn items(text: &str) -> Vec<Item> {
    let lines = Lines::of(text);
    let mut items: Vec<Item> = Vec::new();
    let mut fences: Vec<Range<usize>> = Vec::new();
    let add = |items: &mut Vec<Item>, offset: usize, element| {
        items.push(Item {
            line: lines.at(offset),
            element,
            fenced: false,
            offset,
        });
    };
    // The heading, fence or table that is open; none of them holds another.
    let mut open: Option<Element> = None;
    for (event, range) in new_cmark_parser(text, &MarkdownOptions::default()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                open = Some(Element::Heading {
                    level: level as u8,
                    id: id.map(|id| id.to_string()),
                    text: String::new(),
                });
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                fences.push(range);
                open = Some(Element::Fence {
                    info: info.to_string(),
                    body: String::new(),
                });
            }
            Event::Start(Tag::Table(columns)) => {
                open = Some(Element::Table {
                    columns: columns.len(),
                    rows: 0,
                });
            }
            Event::Start(Tag::TableRow) => {
                if let Some(Element::Table { rows, .. }) = &mut open {
                    *rows += 1;
                }
            }
            Event::Text(more) | Event::Code(more) => match &mut open {
                Some(Element::Heading { text, .. }) => text.push_str(&more),
                Some(Element::Fence { body, .. }) => body.push_str(&more),
                _ => {}
            },
            Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Table) => {
                if let Some(element) = open.take() {
                    add(&mut items, range.start, element);
                }
            }
            Event::Start(Tag::BlockQuote(Some(kind))) => {
                let kind = format!("{kind:?}").to_uppercase();
                add(&mut items, range.start, Element::Alert(kind));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                add(
                    &mut items,
                    range.start,
                    Element::Image(dest_url.to_string()),
                );
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                ..
            }) => {
                let scheme = match link_type {
                    LinkType::Email => "mailto:",
                    _ => "",
                };
                let element = Element::Link(format!("{scheme}{dest_url}"));
                add(&mut items, range.start, element);
            }
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                for (offset, name, value) in html::attributes(&text[range.clone()]) {
                    let element = match name.as_str() {
                        "href" => Element::Link(value),
                        "src" => Element::Image(value),
                        "id" => Element::Anchor(value),
                        _ => continue,
                    };
                    add(&mut items, range.start + offset, element);
                }
            }
            _ => {}
        }
    }
    for directive in directives(text) {
        let element = match directive.kind {
            Kind::Command(command) => Element::Command(command.to_owned()),
            Kind::Glossary => Element::Glossary,
            Kind::Measured(words) => Element::Measured(words.to_owned()),
            Kind::Helper { name, args } => Element::Helper {
                name: name.to_owned(),
                args: args.to_owned(),
            },
        };
        let offset = directive.range.start;
        items.push(Item {
            line: directive.line,
            element,
            fenced: fences.iter().any(|fence| fence.contains(&offset)),
            offset,
        });
    }
    items.sort_by_key(|item| item.offset);
    items
}

/// The line, from 1, of a place in a text.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|&end| end < offset) + 1
    }
}

#[cfg(test)]
mod tests;
