//! The glossary as a reader sees it: letters, and under each its terms.
//!
//! Each term is a heading, not a row: it reads on a phone, and the search of the
//! book leads straight to it.

use std::fmt::Write as _;
use std::path::Path;

use super::{Glossary, Term, order::Order};
use crate::{
    outline::Language,
    words::{self, words},
};

impl Glossary {
    /// What stands in the place of `<!-- glossary -->` in the page `file`.
    #[must_use]
    pub fn shown(&self, file: &Path, language: Language) -> String {
        let order = Order::of(language);
        let mut terms: Vec<&Term> = self.terms.iter().collect();
        terms.sort_by(|a, b| order.compare(&a.side(language).term, &b.side(language).term));
        let mut text = String::new();
        let mut under = String::new();
        for term in terms {
            let letter = order.letter(&term.side(language).term);
            if letter != under {
                let id = letter.to_lowercase();
                let _ = write!(text, "## {letter} {{#letter-{id}}}\n\n");
                under = letter;
            }
            text += &self.entry(term, file, language);
        }
        text
    }

    fn entry(&self, term: &Term, file: &Path, language: Language) -> String {
        let (own, other) = (term.side(language), term.side(language.other()));
        let words = words(language);
        let mut names = format!(
            "{}: <span lang=\"{}\">{}</span>",
            words.other_language,
            language.other().code(),
            words::escape(&other.term),
        );
        if !own.also.is_empty() {
            let also: Vec<_> = own.also.iter().map(|name| words::escape(name)).collect();
            let _ = write!(names, " · {}: {}", words.also_called, also.join(", "));
        }
        let mut entry = format!(
            "### {} {{#{}}}\n\n<p class=\"names\">{names}</p>\n\n{}",
            own.term, term.id, own.about,
        );
        if let Some((page, section)) = term.explained(language) {
            let title = self.titles.get(&page).map_or("", String::as_str);
            let to = relative(file, &page, language);
            let anchor = if section.is_empty() { "" } else { "#" };
            let _ = write!(
                entry,
                " {} [{title}]({to}{anchor}{section}).",
                words.explained_in
            );
        }
        entry + "\n\n"
    }
}

/// From one page of a language to another.
fn relative(from: &Path, to: &Path, language: Language) -> String {
    let inside = |path: &Path| path.strip_prefix(language.dir()).unwrap_or(path).to_owned();
    let up = inside(from).components().count().saturating_sub(1);
    format!("{}{}", "../".repeat(up), inside(to).display())
}
