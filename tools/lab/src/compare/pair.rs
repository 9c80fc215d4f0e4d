//! Which rows of two measurements belong together.

use measure::record::{Kind, Mechanism, Outcome, Payload, Report, Waiting};
use std::collections::BTreeMap;

/// What makes two rows comparable, in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub kind: Kind,
    pub mechanism: Mechanism,
    pub waiting: Waiting,
    /// Whether the bytes are written and read in place; records do not order this.
    pub lent: bool,
    pub cores: u32,
    pub batch: u32,
    pub size: usize,
    /// Messages a second that were due, rounded; 0 but for an open loop.
    pub rate: u64,
}

impl Key {
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        let rate = outcome.open_loop.as_ref().map_or(0.0, |open| open.rate);
        Self {
            kind: outcome.kind,
            mechanism: outcome.mechanism,
            waiting: outcome.waiting,
            lent: outcome.payload == Payload::Lent,
            cores: outcome.cores,
            batch: outcome.batch,
            size: outcome.size,
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a rate that is no number counts as 0, one too large as the largest"
            )]
            rate: rate.round() as u64,
        }
    }

    /// The same but for size and rate: the rows of one group.
    #[must_use]
    pub fn group(&self) -> Self {
        Self {
            size: 0,
            rate: 0,
            ..self.clone()
        }
    }
}

/// A row of both, or of one.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    pub a: Option<&'a Outcome>,
    pub b: Option<&'a Outcome>,
}

/// All rows of both, by key. A key that one file has twice is met in order.
#[must_use]
pub fn pairs<'a>(a: &'a Report, b: &'a Report) -> Vec<(Key, Pair<'a>)> {
    let a = by_key(a);
    let mut b = by_key(b);
    let mut pairs = Vec::new();
    for (key, a) in a {
        let pair = Pair {
            a: Some(a),
            b: b.remove(&key),
        };
        pairs.push((key, pair));
    }
    let rest = b.into_iter().map(|(key, b)| {
        let pair = Pair {
            a: None,
            b: Some(b),
        };
        (key, pair)
    });
    pairs.extend(rest);
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    pairs
        .into_iter()
        .map(|((key, _), pair)| (key, pair))
        .collect()
}

fn by_key(report: &Report) -> BTreeMap<(Key, usize), &Outcome> {
    let mut rows = BTreeMap::new();
    for outcome in &report.results {
        let key = Key::of(outcome);
        let mut nth = 0;
        while rows.contains_key(&(key.clone(), nth)) {
            nth += 1;
        }
        rows.insert((key, nth), outcome);
    }
    rows
}
