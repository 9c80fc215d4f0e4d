//! Figures: measured by a lab once, alone, and kept until something that decides
//! them changes.
//!
//! That is the lab's program, by what is in it, and the machine with its user (see
//! `place`). The program and not the commit: it holds the compiler, its options and
//! every crate, and is the same where another lab or a chapter was edited.
//! `--fresh` and `--strict` do not measure again: those find out whether a program
//! still does what the page says, and figures of yesterday say no less than those of
//! today, with their date beside them. `--measure` does. Who publishes from an empty
//! target folder measures in any case.
//!
//! The lab's report is kept as it was printed, in `target/book/measured`, so that a
//! reader can hand it to the tools, and the lab itself tells it for the pages, in
//! each language from this one report.

mod lab;
mod report;
mod source;

use crate::{
    labs::Built,
    measurement::{Measurement, View},
    outline::Language,
    place,
    project::Project,
};
pub use report::{Machine, Report};
use source::Source;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// When to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Where nothing is kept of this program on this machine.
    IfAbsent,
    /// In any case.
    Always,
    /// Not now: whoever saves a file does not wait for figures.
    Never,
}

/// What a page shows of a lab's figures.
#[derive(Debug, Clone)]
pub enum Figures {
    Measured {
        report: Report,
        /// Markdown or an SVG drawing, or why this report has no such view.
        views: BTreeMap<(View, Language), Result<String, String>>,
    },
    /// There are none on this machine: the reason by language code.
    Unavailable(BTreeMap<String, String>),
}

/// The figures of one build, by the lab's folder; why the build fails, where they
/// are not to be believed.
pub type Measurements = BTreeMap<String, Result<Figures, String>>;

/// Takes all that pages want, one lab after the other; `say` hears before each that
/// is measured.
pub fn measure(
    project: &Project,
    built: &Built,
    wanted: &BTreeSet<Measurement>,
    when: When,
    say: impl Fn(&str),
) -> Measurements {
    let mut views: BTreeMap<&str, BTreeSet<View>> = BTreeMap::new();
    for measurement in wanted {
        let of_lab = views.entry(&measurement.lab).or_default();
        of_lab.insert(measurement.view);
    }
    let folder = project.target().join("book").join("measured");
    let place = place::of_figures();
    let mut kept = BTreeSet::new();
    let mut found = Measurements::new();
    for (lab, views) in views {
        let figures = match built.programs.get(&format!("lab-{lab}")) {
            Some(program) => Source::new(lab, program, &folder, &place).and_then(|source| {
                kept.insert(source.file.clone());
                source.figures(&views, when, &say)
            }),
            None => Err(format!("cargo built no program lab-{lab}")),
        };
        found.insert(lab.to_owned(), figures);
    }
    // Who measures nothing replaces nothing, and a failure leaves its report.
    if when != When::Never && found.values().all(Result::is_ok) {
        forget_others(&folder, &kept);
    }
    found
}

/// Forgets every report that was not asked for.
fn forget_others(folder: &Path, kept: &BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "json") && !kept.contains(&path) {
            let _ = fs::remove_file(path);
        }
    }
}
