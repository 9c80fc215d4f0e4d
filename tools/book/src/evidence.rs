//! The page "What we tell you and how we know": no statement without evidence.
//!
//! On that page each statement is an entry of a definition list: what is often
//! said, and below it what the kernel does. An entry is shown by
//! - a live run of its own, or
//! - a link to a section of a chapter, and the command that is run there, or that
//!   measured what the section shows, or
//! - a link to a test of a lab, and the `cargo test` that runs it.
//!
//! What is only documented stands in the section `documented`, each with its
//! source: a man page or an address.

mod entry;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use crate::{
    command::Command,
    links,
    measurement::Measurement,
    outline::{Kind, Language, Page, directives},
    problem::Problem,
};
use entry::{Entry, entries};

/// The page, inside the tree of each language.
const PAGE: &str = "how-we-know.md";
/// The id of the section of what is only documented.
const DOCUMENTED: &str = "documented";

/// Every statement of the page that nothing shows; `pages` are all pages of both
/// languages.
pub fn check(root: &Path, pages: &[Page], labs: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for language in Language::ALL {
        let file = Path::new(language.dir()).join(PAGE);
        if let Some(page) = pages.iter().find(|page| page.file == file) {
            let book = Book { root, pages, labs };
            let entries = entries(&page.text, DOCUMENTED);
            problems.extend(entries.iter().filter_map(|entry| book.judge(page, entry)));
        }
    }
    problems
}

struct Book<'a> {
    root: &'a Path,
    pages: &'a [Page],
    labs: &'a [String],
}

impl Book<'_> {
    fn judge(&self, page: &Page, entry: &Entry) -> Option<Problem> {
        let problem = |what: String, remedy: &str| {
            let what = format!("\"{}\" {what}", entry.said);
            Some(Problem::new(&page.file, entry.line, what, remedy))
        };
        if entry.documented {
            let man = entry.code.iter().any(|code| code.starts_with("man "));
            let address = entry.links.iter().any(|to| to.starts_with("https://"));
            return if man || address {
                None
            } else {
                problem(
                    "names no source".to_owned(),
                    "write `man N page`, or link to an https:// address",
                )
            };
        }
        // What the reader types; each of them must be shown where a link leads.
        let typed: Vec<&String> = entry
            .code
            .iter()
            .filter(|code| {
                ["cargo run ", "cargo book snippet ", "cargo test "]
                    .iter()
                    .any(|start| code.starts_with(start))
            })
            .collect();
        if entry.runs == 0 && typed.is_empty() {
            return problem(
                "is shown by nothing".to_owned(),
                "link to the section that shows it and write the command that runs there, \
                 or run it here: <!-- cmdrun … -->",
            );
        }
        let shown: Vec<String> = entry
            .links
            .iter()
            .filter_map(|to| self.commands(page, to))
            .flatten()
            .collect();
        let absent = typed.into_iter().find(|typed| {
            !shown.contains(typed)
                && !entry
                    .links
                    .iter()
                    .any(|to| self.tests(page, to, typed.as_str()))
        });
        absent.and_then(|typed| {
            problem(
                format!("names `{typed}`, which no page or test that it links to runs"),
                "link to the section with that cmdrun line, or to the file with that test",
            )
        })
    }

    /// What a reader types to repeat what the section runs that a link leads to.
    fn commands(&self, from: &Page, to: &str) -> Option<Vec<String>> {
        let (path, id) = to.split_once('#').unwrap_or((to, ""));
        let file = links::resolve(&from.file, path)?;
        let page = self.pages.iter().find(|page| page.file == file)?;
        let text = match id {
            "" => page.text.as_str(),
            id => page.sections().into_iter().find(|s| s.id == id)?.text,
        };
        let runs = directives(text)
            .into_iter()
            .filter_map(|directive| match directive.kind {
                Kind::Command(words) => {
                    let command = Command::parse(words, self.labs).ok()?;
                    Some(command.for_readers())
                }
                // Whether that lab measures is not asked here: the page itself is refused.
                Kind::Measured(words) => {
                    let measurement = Measurement::parse(words, self.labs).ok()?;
                    Some(measurement.for_readers())
                }
                _ => None,
            });
        Some(runs.collect())
    }

    /// Whether a link leads to the test that `cargo test -p lab-NAME TEST` runs.
    fn tests(&self, from: &Page, to: &str, typed: &str) -> bool {
        let mut words = typed.split_whitespace().skip(2);
        let (Some("-p"), Some(lab), Some(test)) = (words.next(), words.next(), words.next()) else {
            return false;
        };
        let Some(lab) = lab.strip_prefix("lab-") else {
            return false;
        };
        let folder = PathBuf::from("labs").join(lab).join("tests");
        let file = links::resolve(&from.file, to).filter(|file| file.starts_with(folder));
        let text = file.and_then(|file| fs::read_to_string(self.root.join(file)).ok());
        text.is_some_and(|text| text.contains(&format!("fn {test}(")))
    }
}
