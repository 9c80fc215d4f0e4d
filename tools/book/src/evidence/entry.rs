//! The statements of a page, and what stands beside each of them.

use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use crate::outline::{Kind, directives};

/// A statement, from its own line to the next one.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// What is often said; of what is only documented, the beginning.
    pub said: String,
    /// From 1.
    pub line: usize,
    /// It stands among what is only documented.
    pub documented: bool,
    /// Where its links lead.
    pub links: Vec<String>,
    /// Its inline code.
    pub code: Vec<String>,
    /// How many live runs stand below it.
    pub runs: usize,
}

/// Every term of a definition list, and in the section with the id `documented`
/// every item of a list.
pub(super) fn entries(text: &str, documented: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    // Whether an entry is open: a heading ends it.
    let mut open = false;
    let mut in_documented = false;
    let mut in_title = false;
    let mut starts = Vec::new();
    for (event, range) in new_cmark_parser(text, &MarkdownOptions::default()).into_offset_iter() {
        match &event {
            Event::Start(Tag::Heading { id, .. }) => {
                in_documented = id.as_deref() == Some(documented);
                open = false;
                starts.push((range.start, None));
            }
            Event::Start(Tag::DefinitionListTitle | Tag::Item)
                if in_documented == text[range.clone()].starts_with(['-', '*']) =>
            {
                starts.push((range.start, Some(entries.len())));
                entries.push(Entry {
                    line: text[..range.start].matches('\n').count() + 1,
                    documented: in_documented,
                    ..Entry::default()
                });
                (open, in_title) = (true, true);
            }
            Event::End(TagEnd::DefinitionListTitle | TagEnd::Item) => in_title = false,
            _ => {}
        }
        let Some(entry) = entries.last_mut().filter(|_| open) else {
            continue;
        };
        match event_text(&event) {
            Some(text) if in_title => entry.said.push_str(text),
            _ => {}
        }
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => entry.links.push(dest_url.to_string()),
            Event::Code(code) => entry.code.push(code.to_string()),
            _ => {}
        }
    }
    for directive in directives(text) {
        let before = starts.iter().rfind(|(at, _)| *at <= directive.range.start);
        if let (Kind::Command(_), Some((_, Some(index)))) = (directive.kind, before) {
            entries[*index].runs += 1;
        }
    }
    for entry in &mut entries {
        if let Some((at, _)) = entry.said.char_indices().nth(60) {
            entry.said.truncate(at);
            entry.said.push('…');
        }
    }
    entries
}

fn event_text<'a>(event: &'a Event<'_>) -> Option<&'a str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        Event::SoftBreak => Some(" "),
        _ => None,
    }
}
