//! What the two versions of a section said when somebody last agreed that
//! they say the same.
//!
//! A contributor may write one language only: the section then counts as
//! newer in that language, and the page tells its readers so. Once both have
//! changed, nobody knows which is right, and somebody must read them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, bail};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::inside;
use crate::outline::{Language, Page, Section};
use crate::problem::Problem;

/// Where the memory is kept, relative to the project's root.
const FILE: &str = "src/parity.toml";

const HEAD: &str = "\
# What both versions of each section said when they last agreed.
# Written by `cargo book agree`; nothing here is to be edited by hand.
";

/// The text of each section, by its key, when both versions last agreed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Memory {
    sections: BTreeMap<String, Texts>,
}

/// Short hashes of both versions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    vi: String,
    en: String,
}

/// A section whose versions may no longer say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// The pages, relative to the project's root.
    pub vi: PathBuf,
    pub en: PathBuf,
    /// The section's id; "" for the text before the first one.
    pub id: String,
    /// The section's line in each page, counted from 1.
    pub vi_line: usize,
    pub en_line: usize,
    pub state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// This language has changed since; the other has not.
    Newer(Language),
    /// Both have changed since.
    Both,
    /// Nobody has agreed on this section yet.
    New,
}

impl Memory {
    /// Nothing is remembered where there is no file yet.
    pub fn load(root: &Path) -> anyhow::Result<Self> {
        match fs::read_to_string(root.join(FILE)) {
            Ok(text) => Self::parse(&text),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(e) => Err(e).with_context(|| format!("cannot read {FILE}")),
        }
    }

    pub fn save(&self, root: &Path) -> anyhow::Result<()> {
        fs::write(root.join(FILE), self.to_text()).with_context(|| format!("cannot write {FILE}"))
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        toml::from_str(text).with_context(|| {
            format!("{FILE} is damaged; restore it from git, then run: cargo book agree")
        })
    }

    /// One line a section, sorted, so that two branches rarely touch the same
    /// lines and a review shows which sections were read.
    fn to_text(&self) -> String {
        let mut text = HEAD.to_owned();
        for (key, Texts { vi, en }) in &self.sections {
            let key = toml::Value::from(key.as_str());
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{key} = {{ vi = \"{vi}\", en = \"{en}\" }}");
        }
        text
    }

    /// Remembers the present text of the named sections of all `pairs` of
    /// pages (Vietnamese, English), and forgets those that are gone.
    ///
    /// A name is a key (`queues/emsgsize.md#causes`) or a page
    /// (`queues/emsgsize.md`); without names, every section is meant. Returns
    /// the keys that are new or have changed. A name that fits nothing is an
    /// error, and nothing is remembered then.
    pub fn agree(
        &mut self,
        pairs: &[(Page, Page)],
        names: &[String],
    ) -> anyhow::Result<Vec<String>> {
        let mut present = BTreeMap::new();
        for (vi, en) in pairs {
            for (key, texts, ..) in sections(vi, en) {
                present.insert(key, texts);
            }
        }
        let fits = |name: &str, key: &str| {
            key == name || key.split_once('#').is_some_and(|(page, _)| page == name)
        };
        for name in names {
            if !present.keys().any(|key| fits(name, key)) {
                bail!("no section of both languages is called {name}");
            }
        }
        self.sections.retain(|key, _| present.contains_key(key));
        let mut changed = Vec::new();
        for (key, texts) in present {
            let named = names.is_empty() || names.iter().any(|name| fits(name, &key));
            if named && self.sections.get(&key) != Some(&texts) {
                self.sections.insert(key.clone(), texts);
                changed.push(key);
            }
        }
        Ok(changed)
    }
}

/// The sections of two pages that are not as they were agreed on.
pub fn drift(memory: &Memory, vi: &Page, en: &Page) -> Vec<Drift> {
    let mut drifts = Vec::new();
    for (key, now, a, b) in sections(vi, en) {
        let state = match memory.sections.get(&key) {
            None => State::New,
            Some(then) => match (then.vi != now.vi, then.en != now.en) {
                (false, false) => continue,
                (true, false) => State::Newer(Language::Vi),
                (false, true) => State::Newer(Language::En),
                (true, true) => State::Both,
            },
        };
        drifts.push(Drift {
            vi: vi.file.clone(),
            en: en.file.clone(),
            id: a.id.to_owned(),
            vi_line: a.line,
            en_line: b.line,
            state,
        });
    }
    drifts
}

impl Drift {
    /// What `cargo book agree` calls the section.
    pub fn key(&self) -> String {
        key(&self.vi, &self.id)
    }

    /// What must be mended before the book can be built.
    pub fn problem(&self) -> Option<Problem> {
        let what = match self.state {
            State::Newer(_) => return None,
            State::Both => "both versions of this section changed since they last agreed",
            State::New => "nobody has agreed yet that both versions of this section say the same",
        };
        let remedy = format!(
            "read it side by side with {}:{}, then run: cargo book agree {}",
            self.en.display(),
            self.en_line,
            self.key()
        );
        Some(Problem::new(&self.vi, self.vi_line, what, remedy))
    }

    /// What somebody should do some day: the place is the older version.
    pub fn notice(&self) -> Option<Problem> {
        let State::Newer(newer) = self.state else {
            return None;
        };
        let (vi, en) = ((&self.vi, self.vi_line), (&self.en, self.en_line));
        let (old, new) = match newer {
            Language::Vi => (en, vi),
            Language::En => (vi, en),
        };
        let what = format!("the {} version of this section is newer", newer.name());
        let remedy = format!(
            "bring it up to date with {}:{}, then run: cargo book agree {}",
            new.0.display(),
            new.1,
            self.key()
        );
        Some(Problem::new(old.0, old.1, what, remedy))
    }
}

/// The sections that both pages have, with their key and their texts.
fn sections<'a>(vi: &'a Page, en: &'a Page) -> Vec<(String, Texts, Section<'a>, Section<'a>)> {
    let english: HashMap<&str, Section> = by_id(en);
    let mut seen = BTreeSet::new();
    let mut both = Vec::new();
    for a in vi.sections() {
        let Some(&b) = english.get(a.id) else {
            continue;
        };
        // A page that starts with a heading has nothing before it.
        let empty = a.text.trim().is_empty() && b.text.trim().is_empty();
        // An id that is there twice is a problem of its own.
        if empty || !seen.insert(a.id) {
            continue;
        }
        let texts = Texts {
            vi: hash(a.text),
            en: hash(b.text),
        };
        both.push((key(&vi.file, a.id), texts, a, b));
    }
    both
}

fn by_id(page: &Page) -> HashMap<&str, Section<'_>> {
    let sections = page.sections().into_iter().rev();
    sections.map(|section| (section.id, section)).collect()
}

fn key(file: &Path, id: &str) -> String {
    format!("{}#{id}", inside(file).display())
}

/// The first 16 digits of the SHA-256 of a text, whatever blanks stand at the
/// end of its lines and of itself.
fn hash(text: &str) -> String {
    let mut digest = Sha256::new();
    for line in text.trim_end().lines() {
        digest.update(line.trim_end());
        digest.update("\n");
    }
    let digest = digest.finalize();
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(language: Language, text: &str) -> Page {
        Page::parse(Path::new(language.dir()).join("q/a.md"), text)
    }

    fn pair(vi: &str, en: &str) -> (Page, Page) {
        (page(Language::Vi, vi), page(Language::En, en))
    }

    const VI: &str = "# Đề\n\nmở đầu\n\n## Vì sao {#why}\n\nvì thế\n";
    const EN: &str = "# Title\n\n## Why {#why}\n\nbecause\n";

    fn agreed() -> Memory {
        let mut memory = Memory::default();
        memory.agree(&[pair(VI, EN)], &[]).unwrap();
        memory
    }

    fn states(memory: &Memory, vi: &str, en: &str) -> Vec<(String, State)> {
        let (vi, en) = pair(vi, en);
        let drifts = drift(memory, &vi, &en).into_iter();
        drifts.map(|d| (d.id, d.state)).collect()
    }

    #[test]
    fn a_section_that_nobody_agreed_on_is_new() {
        let (vi, en) = pair(VI, EN);
        let drifts = drift(&Memory::default(), &vi, &en);
        assert_eq!(drifts.len(), 2);
        assert_eq!(drifts[0].key(), "q/a.md#");
        let problem = drifts[1].problem().unwrap();
        assert_eq!(problem.file, Path::new("src/vi/q/a.md"));
        assert_eq!(problem.line, 5);
        assert!(problem.remedy.contains("src/en/q/a.md:3"));
        assert!(problem.remedy.contains("cargo book agree q/a.md#why"));
        assert!(drifts[1].notice().is_none());
    }

    #[test]
    fn one_side_changed_is_a_notice_at_the_other_and_both_a_problem() {
        let memory = agreed();
        assert_eq!(states(&memory, VI, EN), []);
        let (vi, en) = (VI.replace("vì thế", "khác"), EN.replace("because", "other"));
        let why = |state| vec![("why".to_owned(), state)];
        assert_eq!(states(&memory, &vi, EN), why(State::Newer(Language::Vi)));
        assert_eq!(states(&memory, VI, &en), why(State::Newer(Language::En)));
        assert_eq!(states(&memory, &vi, &en), why(State::Both));

        let (a, b) = pair(&vi, EN);
        let newer = &drift(&memory, &a, &b)[0];
        assert!(newer.problem().is_none());
        let notice = newer.notice().unwrap();
        assert_eq!(
            (notice.file.to_str(), notice.line),
            (Some("src/en/q/a.md"), 3)
        );
    }

    #[test]
    fn blanks_at_the_end_of_lines_are_no_change() {
        let vi = VI.replace('\n', "  \r\n") + "\n\n";
        assert_eq!(states(&agreed(), &vi, EN), []);
        assert_eq!(
            states(&agreed(), &VI.replace("mở đầu", "mở  đầu"), EN).len(),
            1
        );
    }

    #[test]
    fn agreeing_records_what_is_named_and_forgets_what_is_gone() {
        let mut memory = agreed();
        let (vi, en) = (VI.replace("why", "who"), EN.replace("why", "who"));
        let pairs = [pair(&(vi + "\nthêm\n"), &en)];
        let unknown = memory.clone().agree(&pairs, &["q/a.md#why".to_owned()]);
        assert!(unknown.is_err());
        let changed = memory.agree(&pairs, &["q/a.md#who".to_owned()]).unwrap();
        assert_eq!(changed, ["q/a.md#who"]);
        let keys: Vec<_> = memory.sections.keys().cloned().collect();
        assert_eq!(keys, ["q/a.md#", "q/a.md#who"]);
        // A page's name stands for all its sections; nothing has changed.
        let changed = memory.agree(&pairs, &["q/a.md".to_owned()]).unwrap();
        assert_eq!(changed.len(), 0);
    }

    #[test]
    fn the_file_is_sorted_has_a_line_a_section_and_comes_back() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("src")).unwrap();
        assert_eq!(Memory::load(root.path()).unwrap(), Memory::default());
        let memory = agreed();
        memory.save(root.path()).unwrap();
        assert_eq!(Memory::load(root.path()).unwrap(), memory);
        let text = memory.to_text();
        let lines: Vec<&str> = text.lines().filter(|l| !l.starts_with('#')).collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[1].starts_with("\"q/a.md#why\" = { vi = \""), "{text}");
        assert!(lines.is_sorted());
        assert!(Memory::parse("\"a#b\" = { vi = \"x\" }").is_err());
    }
}
