//! Looks at the whole book at once: every check, every run, every page expanded.
//!
//! All problems are collected, so that one run names all of them.

use crate::{
    command::Command,
    evidence,
    expand::{self, Context, Machine},
    glossary::Glossary,
    labs, links, lint,
    measurement::{self, Measurement},
    measuring::{self, Figures, Measurements, When},
    outline::{self, Element, Language, Page},
    parity::{self, State},
    problem::Problem,
    project::Project,
    runs::{self, Runs, Shown},
};
use anyhow::Result;
use nix::unistd::geteuid;
use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// How strict, how patient, how talkative.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// What cannot be shown on this machine is a problem, too.
    pub strict: bool,
    /// Run every program, even where nothing has changed since an earlier build.
    pub fresh: bool,
    /// When the figures of pages are measured.
    pub measure: When,
    /// How long one command of a page may take.
    pub limit: Duration,
    /// Say nothing about progress.
    pub quiet: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Inspection {
    /// What must be mended.
    pub problems: Vec<Problem>,
    /// What nobody must mend now, but somebody should know.
    pub notices: Vec<Problem>,
    /// The expanded pages by their path from the project's root.
    pub pages: BTreeMap<PathBuf, String>,
}

/// Inspects the project, running every command of every page once.
///
/// # Errors
/// Where the labs do not compile or files cannot be read at all.
pub fn inspect(project: &Project, options: Options) -> Result<Inspection> {
    let labs = project.labs()?;
    let measuring = project.measuring(&labs);
    let mut pages = Vec::new();
    for language in Language::ALL {
        pages.extend(outline::pages(&project.root, language)?);
    }
    let mut found = Inspection {
        problems: parity::check(&project.root)?,
        ..Inspection::default()
    };
    found.problems.extend(links::check(&project.root, &pages));
    found.problems.extend(lint::check(project)?);
    let glossary = Glossary::load(&project.root, &pages)?;
    found.problems.extend(glossary.check(&pages));
    found.notices.extend(glossary.notices(&pages));
    found
        .problems
        .extend(evidence::check(&project.root, &pages, &labs));

    // One that is refused is told by the expansion, with its line.
    let commands: BTreeSet<_> = pages
        .iter()
        .flat_map(|page| commands(page, &labs))
        .map(|(_, command)| command)
        .filter(|command| measurement::instead_of(command, &measuring).is_none())
        .collect();
    let wanted: BTreeSet<_> = pages
        .iter()
        .flat_map(|page| measurements(page, &measuring))
        .map(|(_, measurement)| measurement)
        .collect();
    options.say("Building the labs");
    let built = labs::build(project, &labs)?;
    // Before the programs run: it must be alone.
    let figures = measuring::measure(project, &built, &wanted, options.measure, |what| {
        options.say(what);
    });
    options.say(&format!("Running {} programs", commands.len()));
    let runs = runs::run(project, &built, &commands, options.limit, options.fresh);
    let mut absent = unavailable(&pages, &labs, &runs);
    absent.extend(without_figures(&pages, &measuring, &figures));
    if options.strict {
        &mut found.problems
    } else {
        &mut found.notices
    }
    .extend(absent);

    let (machine, repository) = (machine(), repository());
    let drifts = parity::drifts(&project.root)?;
    found
        .notices
        .extend(drifts.iter().filter_map(parity::Drift::notice));
    for page in &pages {
        let Some((language, _)) = Language::of(&page.file) else {
            continue;
        };
        let context = Context {
            language,
            labs: &labs,
            measuring: &measuring,
            runs: &runs,
            measurements: &figures,
            machine: &machine,
            glossary: &glossary,
            files: &diffed_files(project, page),
            stale: &stale(&drifts, language, &page.file),
            repository: repository.as_deref(),
        };
        match expand::expand(&page.file, &page.text, &context) {
            Ok(text) => {
                found.pages.insert(page.file.clone(), text);
            }
            Err(problems) => found.problems.extend(problems),
        }
    }
    found.problems.sort();
    found.problems.dedup();
    Ok(found)
}

impl Inspection {
    /// Says all of it on the terminal.
    pub fn tell(&self) {
        for notice in &self.notices {
            eprintln!("warning: {notice}");
        }
        for problem in &self.problems {
            eprintln!("error: {problem}");
        }
        match self.problems.len() {
            0 => {}
            1 => eprintln!("1 problem; the book is as it was"),
            n => eprintln!("{n} problems; the book is as it was"),
        }
    }
}

impl Options {
    /// The same, and measures in any case where `again`.
    #[must_use]
    pub fn measuring(self, again: bool) -> Self {
        let measure = if again { When::Always } else { self.measure };
        Self { measure, ..self }
    }

    /// Says what is going on; a build takes a while.
    pub fn say(self, what: &str) {
        if !self.quiet {
            eprintln!("{what} …");
        }
    }
}

/// The commands of a page that may be run, with their lines.
fn commands(page: &Page, labs: &[String]) -> Vec<(usize, Command)> {
    let commands = page.items.iter().filter_map(|item| match &item.element {
        Element::Command(words) => Some((item.line, Command::parse(words, labs).ok()?)),
        _ => None,
    });
    commands.collect()
}

/// What a page shows of measurements, with their lines.
fn measurements(page: &Page, measuring: &[String]) -> Vec<(usize, Measurement)> {
    let measurements = page.items.iter().filter_map(|item| match &item.element {
        Element::Measured(words) => Some((item.line, Measurement::parse(words, measuring).ok()?)),
        _ => None,
    });
    measurements.collect()
}

/// Every place of a page that shows a notice instead of figures.
fn without_figures(pages: &[Page], measuring: &[String], figures: &Measurements) -> Vec<Problem> {
    let mut problems = Vec::new();
    for page in pages {
        for (line, measurement) in measurements(page, measuring) {
            let reason = match figures.get(&measurement.lab) {
                Some(Ok(Figures::Unavailable(reason))) => reason.get(Language::En.code()),
                Some(Ok(Figures::Measured { views, .. })) => views
                    .get(&(measurement.view, Language::En))
                    .and_then(|view| view.as_ref().err()),
                _ => None,
            };
            if let Some(reason) = reason {
                problems.push(absent(page, line, &measurement, reason));
            }
        }
    }
    problems
}

/// A notice that stands in the place of `what`.
fn absent(page: &Page, line: usize, what: &impl std::fmt::Display, reason: &str) -> Problem {
    let what = format!("`{what}` cannot be shown on this machine");
    Problem::new(&page.file, line, what, reason)
}

/// Every place of a page that shows a notice instead of a run.
fn unavailable(pages: &[Page], labs: &[String], runs: &Runs) -> Vec<Problem> {
    let mut problems = Vec::new();
    for page in pages {
        for (line, command) in commands(page, labs) {
            if let Some(Ok(Shown::Unavailable(reason))) = runs.get(&command) {
                let reason = reason.get(Language::En.code()).map_or("", String::as_str);
                problems.push(absent(page, line, &command, reason));
            }
        }
    }
    problems
}

/// The texts of the files that `{{#diff}}` names in a page.
fn diffed_files(project: &Project, page: &Page) -> BTreeMap<PathBuf, String> {
    let paths = page.items.iter().filter_map(|item| match &item.element {
        Element::Helper { name, args } if name == "diff" => expand::diff_paths(&page.file, args),
        _ => None,
    });
    let read = |path: PathBuf| {
        Some((
            path.clone(),
            fs::read_to_string(project.root.join(path)).ok()?,
        ))
    };
    paths.flatten().filter_map(read).collect()
}

/// The sections of a page that the other language has in a newer version: line
/// of the heading here (0 for the page's beginning), anchor there.
fn stale(drifts: &[parity::Drift], language: Language, file: &Path) -> Vec<(usize, String)> {
    let of_page = drifts
        .iter()
        .filter(|drift| drift.state == State::Newer(language.other()));
    of_page
        .filter_map(|drift| {
            let (page, line) = match language {
                Language::Vi => (&drift.vi, drift.vi_line),
                Language::En => (&drift.en, drift.en_line),
            };
            let line = if drift.id.is_empty() { 0 } else { line };
            (page == file).then(|| (line, drift.id.clone()))
        })
        .collect()
}

/// Set where the book is published, to whatever the clone's own address is.
fn repository() -> Option<String> {
    let url = env::var("MDBOOK_OUTPUT__HTML__GIT_REPOSITORY_URL").ok()?;
    Some(url.trim_matches('"').to_owned()).filter(|url| !url.is_empty())
}

fn machine() -> Machine {
    let read =
        |name: &str| fs::read_to_string(format!("/proc/sys/kernel/{name}")).unwrap_or_default();
    Machine {
        kernel: format!("{} {}", read("ostype").trim(), read("osrelease").trim()),
        machine: env::consts::ARCH.to_owned(),
        root: geteuid().is_root(),
    }
}
