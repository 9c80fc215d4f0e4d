//! Times at a fixed rate: counted naively and counted rightly, side by side.

use super::{Notes, Row, Section, Teller, grouped, values};
use crate::record::Outcome;

/// All rows have the same number of cores; one table for each size.
pub fn sections(teller: &Teller<'_>, rows: &[&Outcome]) -> Vec<Section> {
    let sizes = values(rows.iter().copied(), |row| row.size);
    let of = |size| {
        let rows: Vec<_> = rows
            .iter()
            .copied()
            .filter(|row| row.size == size)
            .collect();
        of_size(teller, &rows, size)
    };
    sizes.into_iter().map(of).collect()
}

fn of_size(teller: &Teller<'_>, rows: &[&Outcome], size: usize) -> Section {
    let cores = rows.first().map_or(0, |row| row.cores);
    let mut notes = Notes::default();
    // Rates are whole numbers of messages: as such they can be put in order.
    let rate = |row: &Outcome| row.open_loop.as_ref().map(|open| open.rate.round() as u64);
    let key = |row: &Outcome| (row.mechanism, row.payload, rate(row));
    let groups = grouped(teller, rows, key, |same| {
        let row = same[0];
        let label = teller.words.row(row);
        let Some(open) = &row.open_loop else {
            let cell = teller.figure(None, None, row, &mut notes);
            return Row {
                label,
                cells: vec![cell],
            };
        };
        let naive = open.naive.p50_ns.map(|ns| teller.units.time(ns));
        Row {
            label: teller.words.fill(
                "row.rate",
                &[("label", &label), ("rate", &teller.units.rate(open.rate))],
            ),
            cells: vec![
                teller.figure(naive, None, row, &mut notes),
                teller.time(open.corrected.p50_ns),
                teller.time(open.naive.p99_ns),
                teller.time(open.corrected.p99_ns),
                teller.units.rate(open.reached),
            ],
        }
    });
    let columns = [
        "naive-p50",
        "corrected-p50",
        "naive-p99",
        "corrected-p99",
        "reached",
    ];
    Section {
        title: teller.words.fill(
            "section.open",
            &[
                ("cores", &teller.words.cores(cores)),
                ("size", &teller.units.size(size)),
            ],
        ),
        intro: vec![teller.words.get("section.open-note").to_owned()],
        columns: columns
            .map(|name| teller.words.get(&format!("column.{name}")).to_owned())
            .to_vec(),
        groups,
        notes: notes.told(teller.words),
    }
}
