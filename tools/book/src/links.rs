//! Every link and every include of the book leads somewhere; offline.

mod web;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::glossary;
use crate::outline::{Element, Language, Page, is_page};
use crate::problem::Problem;
use web::{decode, external, has_scheme};

/// What is wrong with a target, and what to do about it.
type Verdict = Result<(), (String, String)>;

fn wrong(what: impl Into<String>, remedy: impl Into<String>) -> Verdict {
    Err((what.into(), remedy.into()))
}

/// Checks `pages`, which must be all pages of both languages.
pub fn check(root: &Path, pages: &[Page]) -> Vec<Problem> {
    let mut ids: HashMap<&Path, HashSet<String>> = HashMap::new();
    let terms = glossary::ids(root);
    for page in pages {
        let mut of_page: HashSet<_> = page.ids().into_iter().map(|(id, _)| id).collect();
        if page.items.iter().any(|i| i.element == Element::Glossary) {
            of_page.extend(terms.iter().cloned());
        }
        ids.insert(&page.file, of_page);
    }
    let book = Book { root, ids };
    let mut problems = Vec::new();
    for page in pages {
        for item in &page.items {
            let verdict = match &item.element {
                Element::Link(to) | Element::Image(to) if has_scheme(to) => external(to),
                Element::Link(to) => book.link(&page.file, to),
                Element::Image(to) => book.image(&page.file, to),
                Element::Helper { name, args } => book.helper(&page.file, name, args),
                _ => Ok(()),
            };
            if let Err((what, remedy)) = verdict {
                problems.push(Problem::new(&page.file, item.line, what, remedy));
            }
        }
    }
    problems.sort();
    problems
}

/// The file that a relative path in `from` means, both relative to the
/// project's root; `None` if that is outside of it. "" is the page itself.
pub(crate) fn resolve(from: &Path, path: &str) -> Option<PathBuf> {
    if path.is_empty() {
        return Some(from.to_path_buf());
    }
    let mut file = from.parent()?.to_path_buf();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => file.push(name),
            Component::CurDir => {}
            Component::ParentDir if file.pop() => {}
            _ => return None,
        }
    }
    Some(file)
}

struct Book<'a> {
    root: &'a Path,
    ids: HashMap<&'a Path, HashSet<String>>,
}

impl Book<'_> {
    fn link(&self, from: &Path, to: &str) -> Verdict {
        let (path, anchor) = match to.split_once('#') {
            Some((path, anchor)) => (path, Some(decode(anchor))),
            None => (to, None),
        };
        if to.is_empty() {
            return wrong(
                "this link leads nowhere",
                "write where it leads; a chapter that is a draft cannot be linked to yet",
            );
        }
        let file = self.file(from, path)?;
        if let Some(ids) = self.ids.get(file.as_path()) {
            return match anchor {
                Some(anchor) if !ids.contains(&anchor) => wrong(
                    format!("{} has no id \"{anchor}\"", file.display()),
                    "write the id of a heading of that page, or none",
                ),
                _ => Ok(()),
            };
        }
        let in_book = Language::of(&file).is_some();
        let there = self.root.join(&file);
        if in_book && is_page(&file) {
            return wrong(
                format!("there is no page {}", file.display()),
                "correct the path, or write the page; a draft cannot be linked to yet",
            );
        }
        if in_book && (there.is_dir() || file.ends_with("SUMMARY.md")) {
            return wrong(
                format!("{} is no page of the book", file.display()),
                "write the path of a page's .md file",
            );
        }
        exists(&there, &file)
    }

    fn image(&self, from: &Path, to: &str) -> Verdict {
        let file = self.file(from, to.split('#').next().unwrap_or_default())?;
        let there = self.root.join(&file);
        if there.is_dir() || to.is_empty() {
            return wrong("this is no image", "write the path of the image's file");
        }
        exists(&there, &file)
    }

    /// Includes are read by mdBook's rules; other helpers that name no file,
    /// or name it in their own way, are checked where they are expanded.
    fn helper(&self, from: &Path, name: &str, args: &str) -> Verdict {
        let mut words = args.split_whitespace();
        match name {
            "include" | "rustdoc_include" | "playground" => {
                let word = words.next().unwrap_or_default();
                let (path, part) = word.split_once(':').unwrap_or((word, ""));
                let (file, text) = self.read(from, path)?;
                excerpt(&file, &text, part)
            }
            "diff" => {
                for path in words {
                    self.read(from, path)?;
                }
                if args.split_whitespace().count() == 2 {
                    return Ok(());
                }
                wrong(
                    "a diff needs two files",
                    "write {{#diff broken.rs fixed.rs}}",
                )
            }
            _ => Ok(()),
        }
    }

    fn read(&self, from: &Path, path: &str) -> Result<(PathBuf, String), (String, String)> {
        let file = inside_project(from, path)?;
        exists(&self.root.join(&file), &file)?;
        match fs::read_to_string(self.root.join(&file)) {
            Ok(text) => Ok((file, text)),
            Err(e) => Err((
                format!("{} cannot be read as text: {e}", file.display()),
                "include a text file".to_owned(),
            )),
        }
    }

    /// The file that a link means, if it is written as it should be.
    fn file(&self, from: &Path, path: &str) -> Result<PathBuf, (String, String)> {
        let path = decode(path.split('?').next().unwrap_or_default());
        if path.starts_with('/') {
            wrong(
                format!("{path} is an absolute path, and the book may be served anywhere"),
                "write the path from this page to the .md file",
            )?;
        }
        let file = inside_project(from, &path)?;
        if file.extension().is_some_and(|e| e == "html" || e == "htm") {
            wrong(
                format!("{path} is a page of the built book"),
                "write the .md path, which also works on GitHub and is checked",
            )?;
        }
        Ok(file)
    }
}

fn inside_project(from: &Path, path: &str) -> Result<PathBuf, (String, String)> {
    let outside = || {
        let what = format!("{path} is outside of the project");
        (
            what,
            "link to a file of the project, or to https://…".to_owned(),
        )
    };
    let file = resolve(from, path).ok_or_else(outside)?;
    // Only what is in the repository is there for the reader.
    let built = [".git", "target", "book"];
    if built.iter().any(|folder| file.starts_with(folder)) {
        return Err(outside());
    }
    Ok(file)
}

fn exists(there: &Path, file: &Path) -> Verdict {
    if there.exists() {
        return Ok(());
    }
    wrong(
        format!("there is no file {}", file.display()),
        "correct the path; it is relative to this page",
    )
}

/// Whether `part` of an include (an anchor, or `first:last`) is in the text.
fn excerpt(file: &Path, text: &str, part: &str) -> Verdict {
    let file = file.display();
    let (first, last) = match part.split_once(':') {
        Some((first, last)) => (first, Some(last)),
        None => (part, None),
    };
    if !first.is_empty() && first.parse::<usize>().is_err() {
        let line_of = |mark: &str| text.lines().position(|line| marks(line, mark, first));
        return match (line_of("ANCHOR:"), line_of("ANCHOR_END:")) {
            (Some(start), Some(end)) if start < end => Ok(()),
            _ => wrong(
                format!("{file} has no part called {first}"),
                format!("write // ANCHOR: {first} before it and // ANCHOR_END: {first} behind it"),
            ),
        };
    }
    let count = text.lines().count();
    let number = |text: &str, default| match text {
        "" => Ok(default),
        text => text.parse::<usize>(),
    };
    // Without a colon, mdBook takes the one line.
    let end = match last {
        Some(last) => number(last, count),
        None => number(first, count),
    };
    match (number(first, 1), end) {
        (Ok(start), Ok(end)) if 1 <= start && start <= end && end <= count => Ok(()),
        _ if part.is_empty() => Ok(()),
        _ => wrong(
            format!("{file} has {count} lines, not {part}"),
            "write :first:last, or better, the name of an anchor",
        ),
    }
}

/// mdBook's `ANCHOR:\s*([\w_-]+)`.
fn marks(line: &str, mark: &str, name: &str) -> bool {
    line.split_once(mark).is_some_and(|(_, rest)| {
        let rest = rest.trim_start();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
        &rest[..end.unwrap_or(rest.len())] == name
    })
}

#[cfg(test)]
mod tests;
