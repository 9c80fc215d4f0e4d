//! The same for programs: `--json`.

use super::{
    figures,
    pair::{Key, Pair},
};
use measure::record::{Outcome, Payload, Report};
use serde_json::{Value, json};

/// Both machines and their floors as recorded; every pair of rows with both
/// outcomes as recorded, `null` where a file has none, and the ratio of B to A.
#[must_use]
pub fn of(a: &Report, b: &Report, pairs: &[(Key, Pair<'_>)]) -> Value {
    json!({
        "lab": a.lab,
        "a": side(a),
        "b": side(b),
        "rows": pairs.iter().map(|(key, pair)| row(key, *pair)).collect::<Vec<_>>(),
    })
}

fn side(report: &Report) -> Value {
    json!({
        "machine": report.machine,
        "date": report.date,
        "quick": report.quick,
        "raised": report.raised,
        "remarks": report.remarks,
        "floors": report.floors,
    })
}

fn row(key: &Key, pair: Pair<'_>) -> Value {
    let floor = |outcome: Option<&Outcome>| outcome.and_then(|outcome| outcome.times_floor);
    json!({
        "kind": key.kind,
        "mechanism": key.mechanism,
        "waiting": key.waiting,
        "payload": if key.lent { Payload::Lent } else { Payload::Copied },
        "cores": key.cores,
        "batch": key.batch,
        "size": key.size,
        "a": pair.a,
        "b": pair.b,
        // Of p50, of messages a second, or of the corrected p99: see figures.rs.
        "ratio": figures::ratio(pair),
        "ratio_of_floors": figures::divide(floor(pair.b), floor(pair.a)),
    })
}
