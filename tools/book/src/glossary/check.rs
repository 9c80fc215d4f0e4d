//! What a glossary must be: complete in both languages, and true of the book.

use std::collections::HashMap;
use std::path::Path;

use super::{FILE, Glossary, Term, shows};
use crate::{
    outline::{Language, Page},
    problem::Problem,
};

impl Glossary {
    /// Everything that must be mended; `pages` are all pages of both languages.
    #[must_use]
    pub fn check(&self, pages: &[Page]) -> Vec<Problem> {
        if let Some(refused) = &self.refused {
            return vec![refused.clone()];
        }
        let mut problems = Vec::new();
        for page in pages {
            if let Some(line) = shows(page) {
                problems.extend(self.shown_on(page, line));
            }
        }
        let mut taken: HashMap<(&str, String), usize> = HashMap::new();
        for term in &self.terms {
            let mut problem = |what: String, remedy: &str| {
                problems.push(Problem::new(FILE, term.line, what, remedy));
            };
            let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if term.id.is_empty() || !term.id.chars().all(allowed) {
                let what = format!("\"{}\" is no id for a term", term.id);
                problem(what, "write the English term in a-z, 0-9 and -");
            }
            let names = Language::ALL.map(|l| (l.name(), term.side(l).term.to_lowercase()));
            for name in names.into_iter().chain([("id", term.id.clone())]) {
                let what = format!("the {} \"{}\" is taken", name.0, name.1);
                if let Some(line) = taken.insert(name, term.line) {
                    let remedy = "one term, one entry: merge the two, or name this one apart";
                    problem(format!("{what} by line {line}"), remedy);
                }
            }
            for language in Language::ALL {
                let side = term.side(language);
                let texts = side.also.iter().chain(&side.says);
                let texts = texts.chain([&side.term, &side.about]);
                if texts.into_iter().any(|text| text.trim().is_empty()) {
                    let what = format!("\"{}\" has an empty text in {}", term.id, language.name());
                    problem(
                        what,
                        "every term has a name and a sentence in both languages",
                    );
                }
            }
            problems.extend(chapter(term, pages));
        }
        problems
    }

    /// What somebody should know: a term that a page has begun to use, and whose
    /// entry does not lead there.
    #[must_use]
    pub fn notices(&self, pages: &[Page]) -> Vec<Problem> {
        let mut notices = Vec::new();
        for term in self.terms.iter().filter(|term| term.chapter.is_none()) {
            let mut users = pages.iter().filter(|page| {
                let of = Language::of(&page.file).map(|(language, _)| language);
                of.is_some_and(|of| uses(&page.text, term.side(of).said()))
            });
            if let Some(page) = users.next() {
                notices.push(Problem::new(
                    FILE,
                    term.line,
                    format!("{} speaks of \"{}\"", page.file.display(), term.id),
                    "name the page that explains it: chapter = \"…\"",
                ));
            }
        }
        notices
    }

    fn shown_on(&self, page: &Page, line: usize) -> Vec<Problem> {
        if self.absent {
            return vec![Problem::new(
                &page.file,
                line,
                format!("there is no {FILE} to show"),
                "write it, or take the line with glossary away",
            )];
        }
        let own = page.ids();
        let both = self
            .terms
            .iter()
            .filter(|term| own.iter().any(|(id, _)| *id == term.id));
        let both = both.map(|term| {
            Problem::new(
                FILE,
                term.line,
                format!("{} has the id \"{}\" already", page.file.display(), term.id),
                "give the heading of that page another id, in both languages",
            )
        });
        both.collect()
    }
}

/// The page that a term names is there in both languages, and uses the term.
fn chapter(term: &Term, pages: &[Page]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for language in Language::ALL {
        let Some((file, section)) = term.explained(language) else {
            continue;
        };
        let mut problem = |what: String, remedy: &str| {
            problems.push(Problem::new(FILE, term.line, what, remedy));
        };
        let Some(page) = pages.iter().find(|page| page.file == file) else {
            let remedy =
                "write the path of a page inside src/vi and src/en, such as shared-memory/race.md";
            problem(format!("there is no page {}", file.display()), remedy);
            continue;
        };
        let Some(text) = part(page, section) else {
            let what = format!("{} has no section \"{section}\"", file.display());
            problem(what, "write the id of a heading of that page, or none");
            continue;
        };
        let name = term.side(language).said();
        if !uses(text, name) {
            let what = format!("{} does not say \"{name}\"", place(&file, section));
            problem(
                what,
                "name the page that explains the term, or the term that the page uses",
            );
        }
    }
    problems
}

fn place(file: &Path, section: &str) -> String {
    let anchor = if section.is_empty() { "" } else { "#" };
    format!("{}{anchor}{section}", file.display())
}

/// The text of a section, or of the page where none is named.
fn part<'a>(page: &'a Page, section: &str) -> Option<&'a str> {
    if section.is_empty() {
        return Some(&page.text);
    }
    let found = page.sections().into_iter().find(|s| s.id == section)?;
    Some(found.text)
}

/// Whether a text has a term, at the beginning of a word, however it is broken
/// into lines, capitalised or marked.
fn uses(text: &str, term: &str) -> bool {
    let (text, term) = (plain(text), plain(term));
    text.match_indices(&term).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(char::is_alphanumeric)
    })
}

fn plain(text: &str) -> String {
    let unmarked = text.replace(['*', '`'], "").to_lowercase();
    unmarked.split_whitespace().collect::<Vec<_>>().join(" ")
}
