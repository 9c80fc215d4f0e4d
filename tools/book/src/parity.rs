//! The two languages say the same thing in the same places.
//!
//! Prose is free. Everything else (headings, code, commands, tables, links)
//! must be the same in both, section by section; and each section remembers
//! the text of both sides when somebody last read them side by side.

mod contents;
mod diff;
mod memory;
mod summary;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use crate::outline::{self, Element, Language, Page, Section};
use crate::problem::Problem;
use contents::{LINK, contents, headings};
use diff::{Side, Thing, differences};

pub use memory::{Drift, Memory, State, drift};

/// Every problem of the two trees: files, SUMMARY.md, pages, and sections
/// that nobody has agreed on.
pub fn check(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let mut problems = files_missing(root)?;
    problems.extend(summary::check(root)?);
    let mut drifts = Vec::new();
    let memory = Memory::load(root)?;
    for language in Language::ALL {
        for page in outline::pages(root, language)? {
            problems.extend(alone(&page));
        }
    }
    for (vi, en) in pairs(root)? {
        problems.extend(between(&vi, &en));
        drifts.extend(drift(&memory, &vi, &en));
    }
    problems.extend(drifts.iter().filter_map(Drift::problem));
    problems.sort();
    Ok(problems)
}

/// Every page that is there in both languages: Vietnamese, English.
pub fn pairs(root: &Path) -> anyhow::Result<Vec<(Page, Page)>> {
    let mut english = HashMap::new();
    for page in outline::pages(root, Language::En)? {
        english.insert(inside(&page.file).to_path_buf(), page);
    }
    let vietnamese = outline::pages(root, Language::Vi)?.into_iter();
    let pairs = vietnamese.filter_map(|vi| {
        let en = english.remove(inside(&vi.file))?;
        Some((vi, en))
    });
    Ok(pairs.collect())
}

/// Every section of the book that has changed since it was agreed on.
pub fn drifts(root: &Path) -> anyhow::Result<Vec<Drift>> {
    let memory = Memory::load(root)?;
    let pairs = pairs(root)?;
    Ok(pairs
        .iter()
        .flat_map(|(vi, en)| drift(&memory, vi, en))
        .collect())
}

/// What is wrong in either page, and where they differ.
pub fn compare(vi: &Page, en: &Page) -> Vec<Problem> {
    let mut problems = alone(vi);
    problems.extend(alone(en));
    problems.extend(between(vi, en));
    problems.sort();
    problems
}

/// The path without its language.
fn inside(file: &Path) -> &Path {
    Language::of(file).map_or(file, |(_, rest)| rest)
}

fn files_missing(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let mut trees: BTreeMap<PathBuf, Vec<Language>> = BTreeMap::new();
    for language in Language::ALL {
        for file in outline::files(root, language)? {
            trees
                .entry(inside(&file).to_path_buf())
                .or_default()
                .push(language);
        }
    }
    let mut problems = Vec::new();
    for (file, languages) in trees {
        if let [only] = languages[..] {
            let there = Path::new(only.dir()).join(&file);
            let missing = Path::new(only.other().dir()).join(&file);
            problems.push(Problem::new(
                &missing,
                0,
                format!("this file is missing, but {} is there", there.display()),
                format!("write {}, or remove {}", missing.display(), there.display()),
            ));
        }
    }
    Ok(problems)
}

/// What can be said of a page without the other one.
fn alone(page: &Page) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut title = false;
    for item in &page.items {
        let Element::Heading { level, id, text } = &item.element else {
            continue;
        };
        let is_title = *level == 1 && !title;
        title |= is_title;
        if id.is_none() && !is_title {
            problems.push(Problem::new(
                &page.file,
                item.line,
                format!("the heading \"{text}\" has no id"),
                "write an id in English at its end, the same in both languages: {#causes}",
            ));
        }
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (id, line) in page.ids() {
        if let Some(first) = seen.get(&id) {
            problems.push(Problem::new(
                &page.file,
                line,
                format!("the id \"{id}\" is taken by line {first}"),
                "write another id in both languages",
            ));
        } else {
            seen.insert(id, line);
        }
    }
    for miss in outline::near_misses(&page.text) {
        problems.push(Problem::new(
            &page.file,
            miss.line,
            format!("`{}` is no directive, though it looks like one", miss.text),
            "write <!-- cmdrun program arguments -->, <!-- measured lab view -->, <!-- glossary --> or \
             {{#name arguments}} on one line; in `inline code` it is shown as it stands",
        ));
    }
    problems
}

fn between(vi: &Page, en: &Page) -> Vec<Problem> {
    let (vi_sections, en_sections) = (vi.sections(), en.sections());
    let headings = [headings(vi), headings(en)];
    let mut problems = differences(
        &Side::new(&vi.file, &headings[0], vi.last_line()),
        &Side::new(&en.file, &headings[1], en.last_line()),
    );
    let ids = |sections: &[Section]| -> BTreeSet<String> {
        sections.iter().map(|s| s.id.to_owned()).collect()
    };
    let shared: BTreeSet<String> = ids(&vi_sections)
        .intersection(&ids(&en_sections))
        .cloned()
        .collect();
    for id in &shared {
        let (Some(a), Some(b)) = (
            vi_sections.iter().position(|s| s.id == id),
            en_sections.iter().position(|s| s.id == id),
        ) else {
            continue;
        };
        // Where the line of a heading was lost, its text now stands under the
        // heading before, so that is what it is compared with.
        let wide = |page, sections: &[Section], at: usize| -> (Vec<Thing>, usize) {
            let lost = sections[at + 1..]
                .iter()
                .take_while(|s| !shared.contains(s.id))
                .count();
            let all = &sections[at..=at + lost];
            let things = all.iter().flat_map(|s| contents(page, s)).collect();
            (things, sections[at + lost].end)
        };
        let (mut vi_blocks, vi_end) = wide(vi, &vi_sections, a);
        let (mut en_blocks, en_end) = wide(en, &en_sections, b);
        // Nothing but a whole section, or the line of a heading, is missing.
        let (a, b) = (&vi_sections[a], &en_sections[b]);
        if vi_blocks == en_blocks || contents(vi, a) == contents(en, b) {
            continue;
        }
        // Links follow the sentence; how they mix with the blocks is free.
        let vi_links: Vec<Thing> = vi_blocks.extract_if(.., |t| t.kind == LINK).collect();
        let en_links: Vec<Thing> = en_blocks.extract_if(.., |t| t.kind == LINK).collect();
        for (vi_things, en_things) in [(vi_blocks, en_blocks), (vi_links, en_links)] {
            problems.extend(differences(
                &Side::new(&vi.file, &vi_things, vi_end),
                &Side::new(&en.file, &en_things, en_end),
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests;
