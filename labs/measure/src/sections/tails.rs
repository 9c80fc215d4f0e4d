//! The slow ones of there and back, and what the waiting costs: a table each for
//! the smallest message and for a large one.

use super::{Notes, Row, Section, Teller, grouped, values};
use crate::record::{Kind, Outcome};

/// Up to here messages are common enough for a table of their own.
const LARGE: usize = 64 << 10;

/// All rows have the same number of cores.
pub fn sections(teller: &Teller<'_>, rows: &[&Outcome]) -> Vec<Section> {
    let measured = rows.iter().filter(|row| row.times.p50_ns.is_some());
    let sizes = values(measured.copied(), |row| row.size);
    let Some(smallest) = sizes.first() else {
        return Vec::new();
    };
    let large = sizes
        .iter()
        .rfind(|size| **size <= LARGE && *size > smallest);
    let chosen = [Some(smallest), large];
    let chosen = chosen.into_iter().flatten();
    chosen.map(|size| of_size(teller, rows, *size)).collect()
}

fn of_size(teller: &Teller<'_>, rows: &[&Outcome], size: usize) -> Section {
    let rows: Vec<_> = rows
        .iter()
        .copied()
        .filter(|row| row.size == size)
        .collect();
    let rows: Vec<_> = rows
        .into_iter()
        .filter(|row| row.times.p50_ns.is_some())
        .collect();
    let cores = rows.first().map_or(0, |row| row.cores);
    let mut notes = Notes::default();
    let key = |row: &Outcome| (row.mechanism, row.payload);
    let groups = grouped(teller, &rows, key, |same| {
        let row = same[0];
        let p50 = row.times.p50_ns.map(|ns| teller.units.time(ns));
        Row {
            label: teller.words.row(row),
            cells: vec![
                teller.figure(p50, None, row, &mut notes),
                teller.time(row.times.p99_ns),
                teller.time(row.times.p999_ns),
                teller.time(row.times.max_ns),
                teller.time(row.cpu_ns),
            ],
        }
    });
    let columns = ["p50", "p99", "p999", "max", "cpu"];
    Section {
        title: teller.words.fill(
            "section.tails",
            &[
                ("kind", &teller.words.kind(Kind::RoundTrip)),
                ("cores", &teller.words.cores(cores)),
                ("size", &teller.units.size(size)),
            ],
        ),
        intro: vec![teller.words.get("section.tails-note").to_owned()],
        columns: columns
            .map(|name| teller.words.get(&format!("column.{name}")).to_owned())
            .to_vec(),
        groups,
        notes: notes.told(teller.words),
    }
}
