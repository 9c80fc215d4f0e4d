//! What is told of a report, as rows and columns, before it is known whether for a
//! terminal or for a page.

mod notes;
mod open_loop;
mod sizes;
mod tails;

use crate::{
    record::{Kind, Outcome, Report, Waiting},
    text::Words,
    units::Units,
};
use notes::Notes;

/// One table with what belongs around it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Section {
    pub title: String,
    /// What the columns mean and what the floor is: whole sentences.
    pub intro: Vec<String>,
    /// Headings of the columns after the first; `\n` where one may be broken.
    pub columns: Vec<String>,
    pub groups: Vec<Group>,
    /// Each with its mark in front.
    pub notes: Vec<String>,
}

/// Rows that may be compared with one another: those that wait in the same way.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub title: String,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub label: String,
    /// A figure, or two with a tab between them.
    pub cells: Vec<String>,
}

/// What stands where nothing was measured.
const NONE: &str = "–";

/// Every table of a report: for each kind first two cores, then one.
#[must_use]
pub fn of(report: &Report, words: &Words) -> Vec<Section> {
    let teller = Teller {
        words,
        units: Units::new(words),
    };
    let mut sections = Vec::new();
    for kind in [Kind::RoundTrip, Kind::Stream, Kind::OpenLoop] {
        let of_kind = report.results.iter().filter(|row| row.kind == kind);
        for cores in values(of_kind.clone(), |row| std::cmp::Reverse(row.cores)) {
            let rows: Vec<_> = of_kind.clone().filter(|r| r.cores == cores.0).collect();
            match kind {
                Kind::RoundTrip => {
                    sections.push(sizes::round_trip(&teller, &rows));
                    sections.extend(tails::sections(&teller, &rows));
                }
                Kind::Stream => {
                    sections.push(sizes::stream(&teller, &rows));
                    sections.push(sizes::costs(&teller, &rows));
                }
                Kind::OpenLoop => sections.extend(open_loop::sections(&teller, &rows)),
            }
        }
    }
    sections
}

/// What every section needs to be told.
struct Teller<'a> {
    words: &'a Words,
    units: Units,
}

impl Teller<'_> {
    fn time(&self, ns: Option<f64>) -> String {
        ns.map_or_else(|| NONE.to_owned(), |ns| self.units.time(ns))
    }

    /// A figure with its multiple of the floor, and † where limits were raised.
    fn figure(
        &self,
        figure: Option<String>,
        times_floor: Option<f64>,
        row: &Outcome,
        notes: &mut Notes,
    ) -> String {
        if let Some(failed) = &row.failed {
            return notes.failure(self.words, failed);
        }
        let Some(mut cell) = figure else {
            return NONE.to_owned();
        };
        if let Some(times) = times_floor {
            cell = format!("{cell}\t{}", self.units.multiple(times));
        }
        if let Some(limit) = &row.limit {
            cell.push_str(notes.raised(self.words, row.mechanism, limit));
        }
        cell
    }
}

/// The different values of `key` in the rows, in order.
fn values<'a, K: Ord>(
    rows: impl IntoIterator<Item = &'a Outcome>,
    key: impl Fn(&Outcome) -> K,
) -> Vec<K> {
    let mut values: Vec<_> = rows.into_iter().map(key).collect();
    values.sort();
    values.dedup();
    values
}

/// The rows by the way of waiting; within it one row for each different `key`, in
/// order, made of all outcomes that share it.
fn grouped<'a, K: Ord>(
    teller: &Teller<'_>,
    rows: &[&'a Outcome],
    key: impl Fn(&Outcome) -> K,
    mut row: impl FnMut(&[&'a Outcome]) -> Row,
) -> Vec<Group> {
    let order = [Waiting::Spin, Waiting::Sleep, Waiting::SpinThenSleep];
    let mut groups = Vec::new();
    for waiting in order {
        let within: Vec<_> = rows.iter().filter(|r| r.waiting == waiting).collect();
        let keys = values(within.iter().map(|row| **row), &key);
        if keys.is_empty() {
            continue;
        }
        let rows = keys.iter().map(|wanted| {
            let same = within.iter().filter(|r| key(r) == *wanted);
            let same: Vec<&Outcome> = same.map(|row| **row).collect();
            row(&same)
        });
        groups.push(Group {
            title: teller.words.waiting(waiting),
            rows: rows.collect(),
        });
    }
    groups
}
