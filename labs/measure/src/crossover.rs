//! Where one mechanism stops being cheaper than another, from the reader's own
//! figures: data only, the words are in [`crate::findings`].
//!
//! Compared is always the ring in shared memory, its messages copied in and out,
//! with what the kernel offers: same kind, same cores, same way of waiting.

use crate::record::{
    Failed, Kind, Mechanism, OpenLoop, Outcome, Payload, Refusal, Report, Waiting,
};

/// Up to this ratio, either way, two times are about the same: runs on a virtual
/// machine differ by as much.
pub const SAME: f64 = 1.15;

const OTHERS: [Mechanism; 5] = [
    Mechanism::PosixQueue,
    Mechanism::SysvQueue,
    Mechanism::Pipe,
    Mechanism::UnixStream,
    Mechanism::UnixSeqpacket,
];

/// How the ring stands against another mechanism, size by size.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    pub kind: Kind,
    pub cores: u32,
    pub waiting: Waiting,
    pub other: Mechanism,
    /// Neighbouring sizes with the same verdict are one span; in order of size.
    pub spans: Vec<Span>,
}

/// Sizes from `from` to `to` bytes, both measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    pub from: usize,
    pub to: usize,
    pub verdict: Verdict,
}

/// Seen from the ring. Factors are at least 1: the smallest and the largest of the
/// span.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    Ahead {
        least: f64,
        most: f64,
    },
    Same,
    Behind {
        least: f64,
        most: f64,
    },
    /// The kernel refused the other one this size.
    Refused(Refusal),
    /// The other one has no figure for another reason.
    NoFigure,
}

/// Every comparison that the report allows; two cores first, spinning first.
#[must_use]
pub fn comparisons(report: &Report) -> Vec<Comparison> {
    let mut comparisons = Vec::new();
    for kind in [Kind::RoundTrip, Kind::Stream] {
        for cores in [2, 1] {
            for waiting in [Waiting::Spin, Waiting::Sleep] {
                comparisons.extend(OTHERS.into_iter().filter_map(|other| {
                    let spans = spans(report, kind, cores, waiting, other);
                    (!spans.is_empty()).then_some(Comparison {
                        kind,
                        cores,
                        waiting,
                        other,
                        spans,
                    })
                }));
            }
        }
    }
    comparisons
}

fn spans(report: &Report, kind: Kind, cores: u32, waiting: Waiting, other: Mechanism) -> Vec<Span> {
    let rows = |mechanism| {
        let rows = report.results.iter().filter(move |row| {
            (row.kind, row.cores, row.waiting) == (kind, cores, waiting)
                && row.mechanism == mechanism
                && row.payload == Payload::Copied
                && row.batch <= 1
        });
        rows.collect::<Vec<_>>()
    };
    let others = rows(other);
    let mut rings = rows(Mechanism::Ring);
    rings.sort_by_key(|row| row.size);
    let mut spans: Vec<Span> = Vec::new();
    for ring in rings {
        let row = others.iter().find(|row| row.size == ring.size);
        let (Some(ours), Some(row)) = (cost(ring), row) else {
            continue;
        };
        let next = verdict(ring, ours, row);
        let last = spans.last_mut();
        let joined = last.is_some_and(|span| {
            let joined = span.verdict.takes_in(&next);
            if joined {
                span.to = ring.size;
            }
            joined
        });
        if !joined {
            spans.push(Span {
                from: ring.size,
                to: ring.size,
                verdict: next,
            });
        }
    }
    spans
}

/// Nanoseconds a message: the median there and back, or the mean of a stream.
#[must_use]
pub fn cost(row: &Outcome) -> Option<f64> {
    let cost = match row.kind {
        Kind::RoundTrip => row.times.p50_ns,
        Kind::Stream => row.messages_per_second.map(|rate| 1e9 / rate),
        Kind::OpenLoop => None,
    };
    cost.filter(|ns| row.failed.is_none() && ns.is_finite() && *ns > 0.0)
}

/// Two that spin there and back are compared by their multiples of the floor: their
/// rows are seconds apart, and a virtual machine's cache lines may have become four
/// times as dear in between. A wake-up does not follow the floor, and a stream is
/// told as a rate, so these are compared as they are.
fn verdict(ring: &Outcome, ours: f64, other: &Outcome) -> Verdict {
    let by_floor = (ring.kind, ring.waiting) == (Kind::RoundTrip, Waiting::Spin);
    let multiples = by_floor
        .then_some((ring.times_floor, other.times_floor))
        .and_then(|(ours, theirs)| Some((ours?, theirs?)));
    let (ours, theirs) = match (multiples, cost(other)) {
        (Some((ours, theirs)), Some(_)) => (ours, Some(theirs)),
        (_, theirs) => (ours, theirs),
    };
    match (theirs, &other.failed) {
        (_, Some(Failed::Refused(refusal))) => Verdict::Refused(refusal.clone()),
        (Some(theirs), _) => match ratio(theirs / ours) {
            Ratio::Above(factor) => Verdict::Ahead {
                least: factor,
                most: factor,
            },
            Ratio::Same => Verdict::Same,
            Ratio::Below(factor) => Verdict::Behind {
                least: factor,
                most: factor,
            },
        },
        (None, _) => Verdict::NoFigure,
    }
}

/// A ratio with what is within [`SAME`] told apart; factors are at least 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ratio {
    Above(f64),
    Same,
    Below(f64),
}

#[must_use]
pub fn ratio(ratio: f64) -> Ratio {
    if ratio > SAME {
        Ratio::Above(ratio)
    } else if ratio < 1.0 / SAME {
        Ratio::Below(1.0 / ratio)
    } else {
        Ratio::Same
    }
}

impl Verdict {
    /// Takes the verdict on the next size in, where it is of the same sort.
    fn takes_in(&mut self, next: &Self) -> bool {
        match (self, next) {
            (
                Self::Ahead { least, most },
                Self::Ahead {
                    least: low,
                    most: high,
                },
            )
            | (
                Self::Behind { least, most },
                Self::Behind {
                    least: low,
                    most: high,
                },
            ) => {
                *least = least.min(*low);
                *most = most.max(*high);
                true
            }
            (this, next) => this == next,
        }
    }
}

/// What sleeping costs the ring: the same message spinning, asleep, and spinning
/// for a while before sleeping; for the smallest size.
#[derive(Debug, Clone, PartialEq)]
pub struct Sleeping {
    pub cores: u32,
    pub size: usize,
    pub sleep_ns: f64,
    pub spin_ns: Option<f64>,
    pub spin_then_sleep_ns: Option<f64>,
}

/// For two cores and for one, where the report has it.
#[must_use]
pub fn sleeping(report: &Report) -> Vec<Sleeping> {
    let on = |cores| {
        let find = |waiting, size: Option<usize>| {
            let rows = report.results.iter().filter(|row| {
                row.kind == Kind::RoundTrip
                    && row.mechanism == Mechanism::Ring
                    && row.payload == Payload::Copied
                    && (row.cores, row.waiting) == (cores, waiting)
                    && size.is_none_or(|size| size == row.size)
            });
            let figures = rows.filter_map(|row| cost(row).map(|ns| (row.size, ns)));
            figures.min_by_key(|(size, _)| *size)
        };
        let (size, sleep_ns) = find(Waiting::Sleep, None)?;
        let same = |waiting| find(waiting, Some(size)).map(|(_, ns)| ns);
        Some(Sleeping {
            cores,
            size,
            sleep_ns,
            spin_ns: same(Waiting::Spin),
            spin_then_sleep_ns: same(Waiting::SpinThenSleep),
        })
    };
    [2, 1].into_iter().filter_map(on).collect()
}

/// Where counting naively hides the most: the row of a fixed rate whose corrected
/// p99 is the largest multiple of its naive one; for two cores and for one, where
/// they are not about the same.
#[must_use]
pub fn omissions(report: &Report) -> Vec<(&Outcome, &OpenLoop)> {
    let hidden = |open: &OpenLoop| {
        let hidden = open.corrected.p99_ns? / open.naive.p99_ns?;
        matches!(ratio(hidden), Ratio::Above(_)).then_some(hidden)
    };
    let on = |cores| {
        let rows = report.results.iter().filter(move |row| row.cores == cores);
        let rows = rows.filter(|row| row.failed.is_none());
        let rows = rows.filter_map(|row| Some((row, row.open_loop.as_ref()?)));
        let rows = rows.filter_map(|(row, open)| Some((hidden(open)?, row, open)));
        let most = rows.max_by(|(a, ..), (b, ..)| a.total_cmp(b));
        most.map(|(_, row, open)| (row, open))
    };
    [2, 1].into_iter().filter_map(on).collect()
}
