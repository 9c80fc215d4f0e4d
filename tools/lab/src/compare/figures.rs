//! The one figure of a row that is compared, and how.

use super::pair::Pair;
use measure::record::{Failed, Kind, Outcome};

/// What a row has to show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure<'a> {
    Value(f64),
    Failed(&'a Failed),
    /// It ran, but this was not measured.
    Unmeasured,
    /// This file has no such row.
    Absent,
}

impl Figure<'_> {
    #[must_use]
    pub const fn value(self) -> Option<f64> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }
}

/// A round trip's p50 in nanoseconds; a stream's messages a second; the corrected
/// p99 of an open loop in nanoseconds.
#[must_use]
pub fn of(outcome: Option<&Outcome>) -> Figure<'_> {
    let Some(outcome) = outcome else {
        return Figure::Absent;
    };
    if let Some(failed) = &outcome.failed {
        return Figure::Failed(failed);
    }
    let value = match outcome.kind {
        Kind::RoundTrip => outcome.times.p50_ns,
        Kind::Stream => outcome.messages_per_second,
        Kind::OpenLoop => outcome.open_loop.as_ref().and_then(|o| o.corrected.p99_ns),
    };
    value.map_or(Figure::Unmeasured, Figure::Value)
}

/// B's figure as a multiple of A's.
#[must_use]
pub fn ratio(pair: Pair<'_>) -> Option<f64> {
    divide(of(pair.b).value(), of(pair.a).value())
}

/// `b / a`, where that is a number.
#[must_use]
pub fn divide(b: Option<f64>, a: Option<f64>) -> Option<f64> {
    let ratio = b? / a?;
    ratio.is_finite().then_some(ratio)
}
