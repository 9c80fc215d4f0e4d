//! What is compared with what, and what must come out.

use crate::contenders::iceoryx::Way;

/// Bytes in a message that goes there and back.
pub const SIZES: [usize; 5] = [8, 64, 1024, 4096, 65536];

/// Bytes in a message of a stream.
pub const STREAM_SIZE: usize = 8;
/// Messages that a stream's ring holds, ours and rtrb's.
pub const STREAM_SLOTS: usize = 4096;
/// Messages in a batch, ours and rtrb's.
pub const BATCH: usize = 64;

/// Contenders that are open at the same time, and measured in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// There and back, with messages of so many bytes.
    Exchange(usize),
    /// One way, as fast as it goes.
    Stream,
}

impl Stage {
    pub const ALL: [Self; SIZES.len() + 1] = [
        Self::Exchange(SIZES[0]),
        Self::Exchange(SIZES[1]),
        Self::Exchange(SIZES[2]),
        Self::Exchange(SIZES[3]),
        Self::Exchange(SIZES[4]),
        Self::Stream,
    ];
}

/// The ring's names in the results.
pub const RING: &str = "ring";
pub const RING_BATCHED: &str = "ring, by 64";
pub const RING_THREADS: &str = "ring, threads";
pub const RING_THREADS_BATCHED: &str = "ring, threads, by 64";
/// rtrb's names.
pub const RTRB: &str = "rtrb push/pop";
pub const RTRB_CHUNKS: &str = "rtrb chunks of 64";

/// Which way the ratio of ours to theirs must lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Bound {
    #[must_use]
    pub fn holds(self, ratio: f64) -> bool {
        match self {
            Self::AtMost(bound) => ratio <= bound,
            Self::AtLeast(bound) => ratio >= bound,
        }
    }
}

/// What the ring's time there and back may be, as a multiple of iceoryx2's.
#[must_use]
pub const fn exchange_bound(size: usize) -> Bound {
    Bound::AtMost(match size {
        ..=64 => 0.25,
        65..=1024 => 0.5,
        _ => 1.0,
    })
}

/// Streams: ours, theirs, and what our rate must be as a multiple of theirs. Those
/// without a bound are there to be seen.
pub const STREAMS: [(&str, &str, Option<Bound>); 6] = [
    (RING_BATCHED, RTRB, Some(Bound::AtLeast(1.2))),
    (RING_THREADS_BATCHED, RTRB, None),
    (RING, RTRB, None),
    (RING_THREADS, RTRB, None),
    (RING_BATCHED, RTRB_CHUNKS, None),
    (RING_THREADS_BATCHED, RTRB_CHUNKS, None),
];

/// Who is in a stage, in the order of their indices.
#[must_use]
pub fn names(stage: Stage) -> Vec<&'static str> {
    match stage {
        Stage::Exchange(_) => [RING].into_iter().chain(Way::ALL.map(Way::name)).collect(),
        Stage::Stream => {
            vec![
                RING,
                RING_BATCHED,
                RTRB,
                RTRB_CHUNKS,
                RING_THREADS,
                RING_THREADS_BATCHED,
            ]
        }
    }
}
