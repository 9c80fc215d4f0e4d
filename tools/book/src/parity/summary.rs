//! The two tables of contents have one shape, and list what is there.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use mdbook_markdown::pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::diff::{Side, Thing, differences};
use super::inside;
use crate::outline::{self, Language};
use crate::problem::Problem;

struct Summary {
    /// Relative to the project's root.
    file: PathBuf,
    entries: Vec<Thing>,
    last_line: usize,
}

const CHAPTER: &str = "chapter";

impl Summary {
    /// Part titles, separators and chapters, by mdBook's rules: it reads
    /// SUMMARY.md as plain CommonMark and looks at nothing else in it.
    fn parse(file: PathBuf, text: &str) -> Self {
        let mut entries = Vec::new();
        let mut depth = 0_usize;
        for (event, range) in Parser::new(text).into_offset_iter() {
            let (kind, name, shown) = match event {
                Event::Start(Tag::List(_)) => {
                    depth += 1;
                    continue;
                }
                Event::End(TagEnd::List(_)) => {
                    depth -= 1;
                    continue;
                }
                Event::Start(Tag::Heading {
                    level: HeadingLevel::H1,
                    ..
                }) => ("part title", String::new(), "# …".to_owned()),
                Event::Rule => ("separator", String::new(), "---".to_owned()),
                Event::Start(Tag::Link { dest_url, .. }) => {
                    let path = dest_url.replace("%20", " ");
                    let path = path.strip_prefix("./").unwrap_or(&path).to_owned();
                    let shown = format!("{}[…]({path})", "  ".repeat(depth.saturating_sub(1)));
                    (CHAPTER, path, shown)
                }
                _ => continue,
            };
            entries.push(Thing {
                line: text[..range.start].matches('\n').count() + 1,
                kind,
                name,
                detail: depth.to_string(),
                shown,
            });
        }
        Self {
            file,
            entries,
            last_line: text.lines().count().max(1),
        }
    }

    /// The chapters that have a file; a draft has none.
    fn chapters(&self) -> impl Iterator<Item = &Thing> {
        let entries = self.entries.iter();
        entries.filter(|e| e.kind == CHAPTER && !e.name.is_empty())
    }
}

/// Problems of both SUMMARY.md. What only one of them lists, or only one
/// language has, is reported as that difference and not once more here.
pub(super) fn check(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let mut summaries = Vec::new();
    let mut pages = BTreeSet::new();
    for language in Language::ALL {
        let file = Path::new(language.dir()).join("SUMMARY.md");
        // Without one, mdBook refuses the book; that it is missing in this
        // language is reported with the other files.
        if root.join(&file).exists() {
            let text = fs::read_to_string(root.join(&file))
                .with_context(|| format!("cannot read {}", file.display()))?;
            summaries.push(Summary::parse(file, &text));
        }
        for file in outline::files(root, language)? {
            if outline::is_page(&file) {
                pages.insert(file);
            }
        }
    }
    let mut problems = Vec::new();
    match &summaries[..] {
        [vi, en] => problems.extend(differences(
            &Side::new(&vi.file, &vi.entries, vi.last_line),
            &Side::new(&en.file, &en.entries, en.last_line),
        )),
        [] => {
            for language in Language::ALL {
                problems.push(Problem::new(
                    Path::new(language.dir()).join("SUMMARY.md"),
                    0,
                    "the book has no table of contents",
                    "write one line for each chapter: - [Title](file.md)",
                ));
            }
        }
        _ => {}
    }
    let anywhere: HashSet<&Path> = pages.iter().map(|file| inside(file)).collect();
    let mut listed = HashSet::new();
    for summary in &summaries {
        let mut here = HashSet::new();
        for chapter in summary.chapters() {
            let path = Path::new(&chapter.name);
            listed.insert(path.to_path_buf());
            if !here.insert(path) {
                problems.push(Problem::new(
                    &summary.file,
                    chapter.line,
                    format!("{} is listed twice", chapter.name),
                    "remove one of the two lines",
                ));
            } else if !anywhere.contains(path) {
                problems.push(Problem::new(
                    &summary.file,
                    chapter.line,
                    format!("the chapter {} has no file", chapter.name),
                    "write the file in both languages, or make the chapter a draft: [Title]()",
                ));
            }
        }
    }
    for file in &pages {
        if !listed.contains(inside(file)) {
            problems.push(Problem::new(
                file,
                0,
                "no SUMMARY.md lists this page",
                format!(
                    "list {} in both, or remove the page",
                    inside(file).display()
                ),
            ));
        }
    }
    Ok(problems)
}
