//! The glossary: one source, `src/glossary.toml`, shown in both languages.
//!
//! A page shows it where it says `<!-- glossary -->`. Each term has one id, so
//! that `glossary.md#deadlock` leads to it in either language.

mod check;
mod order;
mod show;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde::Deserialize;
use toml::Spanned;

use crate::{
    outline::{Element, Language, Page},
    problem::Problem,
};

/// Where the terms are written, from the project's root.
pub const FILE: &str = "src/glossary.toml";

/// All terms, and what the pages call themselves.
#[derive(Debug, Default)]
pub struct Glossary {
    terms: Vec<Term>,
    /// The title of each page, as Markdown.
    titles: HashMap<PathBuf, String>,
    /// The file is there and cannot be read as a glossary.
    refused: Option<Problem>,
    /// The file is not there.
    absent: bool,
}

/// One term.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Spanned<String>,
    /// The page that explains it, from either language's tree, with the id of a
    /// section if one section does; absent as long as no page speaks of it.
    chapter: Option<String>,
    vi: Side,
    en: Side,
}

/// A term in one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Side {
    /// What this book calls it.
    term: String,
    /// The word to look for on the page that explains it, where it is not `term`.
    says: Option<String>,
    /// What other people, texts and programs call it.
    #[serde(default)]
    also: Vec<String>,
    /// What it is, in one or two sentences of Markdown.
    about: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    term: Vec<Raw>,
}

#[derive(Debug)]
struct Term {
    id: String,
    /// In the source, from 1.
    line: usize,
    chapter: Option<String>,
    vi: Side,
    en: Side,
}

impl Side {
    /// What a page says that speaks of this.
    fn said(&self) -> &str {
        self.says.as_deref().unwrap_or(&self.term)
    }
}

impl Term {
    const fn side(&self, language: Language) -> &Side {
        match language {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        }
    }

    /// Page and section that explain it in `language`; no section is "".
    fn explained(&self, language: Language) -> Option<(PathBuf, &str)> {
        let chapter = self.chapter.as_deref()?;
        let (page, section) = chapter.split_once('#').unwrap_or((chapter, ""));
        Some((Path::new(language.dir()).join(page), section))
    }
}

impl Glossary {
    /// Reads the glossary of the project in `root`, whose pages are `pages`.
    ///
    /// # Errors
    /// Where the file is there and cannot be read at all.
    pub fn load(root: &Path, pages: &[Page]) -> anyhow::Result<Self> {
        match fs::read_to_string(root.join(FILE)) {
            Ok(text) => Ok(Self::parse(&text, pages)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self {
                absent: true,
                ..Self::default()
            }),
            Err(error) => Err(error).context(FILE),
        }
    }

    fn parse(text: &str, pages: &[Page]) -> Self {
        let line = |at: usize| text[..at].matches('\n').count() + 1;
        let source: Source = match toml::from_str(text) {
            Ok(source) => source,
            Err(error) => {
                let refused = Problem::new(
                    FILE,
                    error.span().map_or(0, |span| line(span.start)),
                    error.message(),
                    "see the top of the file for what a term has",
                );
                return Self {
                    refused: Some(refused),
                    ..Self::default()
                };
            }
        };
        let terms = source.term.into_iter().map(|raw| Term {
            line: line(raw.id.span().start),
            id: raw.id.into_inner(),
            chapter: raw.chapter,
            vi: raw.vi,
            en: raw.en,
        });
        let titles = pages
            .iter()
            .filter_map(|page| Some((page.file.clone(), title(page)?)));
        Self {
            terms: terms.collect(),
            titles: titles.collect(),
            ..Self::default()
        }
    }
}

/// The ids of all terms; none where the file is absent or wrong, which
/// [`Glossary::check`] reports.
pub fn ids(root: &Path) -> Vec<String> {
    let glossary = Glossary::load(root, &[]).unwrap_or_default();
    glossary.terms.into_iter().map(|term| term.id).collect()
}

/// The first heading as it is written, without its marks and id.
fn title(page: &Page) -> Option<String> {
    let heading = page
        .items
        .iter()
        .find(|item| matches!(item.element, Element::Heading { level: 1, .. }))?;
    let line = page.text.lines().nth(heading.line - 1)?;
    let text = line.trim_start_matches('#');
    Some(text.split(" {#").next().unwrap_or(text).trim().to_owned())
}

fn shows(page: &Page) -> Option<usize> {
    let directive = page.items.iter().find(|i| i.element == Element::Glossary);
    directive.map(|item| item.line)
}
