//! One column a message size: there and back, and streams.

use super::{Group, Notes, Row, Section, Teller, grouped, values};
use crate::record::{Floor, Kind, Outcome};

/// Medians and multiples of the floor. All rows have the same number of cores.
pub fn round_trip(teller: &Teller<'_>, rows: &[&Outcome]) -> Section {
    let figure = |row: &Outcome| row.times.p50_ns.map(|ns| teller.units.time(ns));
    let mut section = by_size(teller, rows, figure, |row| row.times_floor);
    section.title = title(teller, "section.title", Kind::RoundTrip, rows);
    section.intro = vec![teller.words.get("section.medians").to_owned()];
    section.intro.extend(floors(teller, rows));
    section
}

/// Messages and bytes a second.
pub fn stream(teller: &Teller<'_>, rows: &[&Outcome]) -> Section {
    let figure = |row: &Outcome| {
        let messages = teller.units.rate(row.messages_per_second?);
        let bytes = row
            .bytes_per_second
            .map(|rate| teller.units.bandwidth(rate));
        Some(format!("{messages}\t{}", bytes.unwrap_or_default()))
    };
    let mut section = by_size(teller, rows, figure, |_| None);
    section.title = title(teller, "section.title", Kind::Stream, rows);
    section.intro = vec![teller.words.get("section.stream-note").to_owned()];
    section
}

/// Processor time a message, and the time of a message in multiples of the floor.
pub fn costs(teller: &Teller<'_>, rows: &[&Outcome]) -> Section {
    let figure = |row: &Outcome| row.cpu_ns.map(|ns| teller.units.time(ns));
    let mut section = by_size(teller, rows, figure, |row| row.times_floor);
    section.title = title(teller, "section.costs", Kind::Stream, rows);
    section.intro = vec![teller.words.get("section.costs-note").to_owned()];
    section.intro.extend(floors(teller, rows));
    section
}

fn title(teller: &Teller<'_>, key: &str, kind: Kind, rows: &[&Outcome]) -> String {
    let cores = rows.first().map_or(0, |row| row.cores);
    let values = [
        ("kind", teller.words.kind(kind)),
        ("cores", teller.words.cores(cores)),
    ];
    let values = values.each_ref().map(|(name, v)| (*name, v.as_str()));
    teller.words.fill(key, &values)
}

fn by_size(
    teller: &Teller<'_>,
    rows: &[&Outcome],
    figure: impl Fn(&Outcome) -> Option<String>,
    multiple: impl Fn(&Outcome) -> Option<f64>,
) -> Section {
    let sizes = values(rows.iter().copied(), |row| row.size);
    let mut notes = Notes::default();
    let key = |row: &Outcome| (row.mechanism, row.payload, row.batch);
    let groups: Vec<Group> = grouped(teller, rows, key, |same| Row {
        label: same
            .first()
            .map_or_else(String::new, |row| teller.words.row(row)),
        cells: sizes
            .iter()
            .map(|size| match same.iter().find(|row| row.size == *size) {
                Some(row) => teller.figure(figure(row), multiple(row), row, &mut notes),
                None => super::NONE.to_owned(),
            })
            .collect(),
    });
    Section {
        columns: sizes.iter().map(|size| teller.units.size(*size)).collect(),
        groups,
        notes: notes.told(teller.words),
        ..Section::default()
    }
}

/// What the multiples are of: a sentence for each floor, with the median of what
/// was taken between these rows' own blocks.
fn floors(teller: &Teller<'_>, rows: &[&Outcome]) -> Vec<String> {
    let kinds = [Floor::TwoLines, Floor::Yield, Floor::Stream];
    kinds
        .into_iter()
        .filter_map(|floor| {
            let rows: Vec<_> = rows.iter().filter(|row| row.floor == Some(floor)).collect();
            let sizes = values(rows.iter().map(|row| **row), |row| row.size);
            let at = |size: usize| {
                let same = rows.iter().filter(|row| row.size == size);
                median(same.filter_map(|row| row.floor_ns).collect())
            };
            let name = teller.words.floor(floor);
            // Only the stream's floor depends on the size.
            if floor == Floor::Stream && sizes.len() > 1 {
                let (first, last) = (*sizes.first()?, *sizes.last()?);
                return Some(teller.words.fill(
                    "section.floor-range",
                    &[
                        ("floor", &name),
                        ("time", &teller.units.time(at(first)?)),
                        ("size", &teller.units.size(first)),
                        ("time2", &teller.units.time(at(last)?)),
                        ("size2", &teller.units.size(last)),
                    ],
                ));
            }
            let time = median(rows.iter().filter_map(|row| row.floor_ns).collect())?;
            Some(teller.words.fill(
                "section.floor",
                &[("floor", &name), ("time", &teller.units.time(time))],
            ))
        })
        .collect()
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
