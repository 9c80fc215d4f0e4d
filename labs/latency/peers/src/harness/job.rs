//! What a follower may be asked to do.

/// One request of the leader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    pub kind: Kind,
    /// Which stage to open, or which contender to follow.
    pub index: u32,
    /// The first sequence number.
    pub first: u64,
    /// How many messages, or bounces.
    pub count: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Kind {
    /// Bounce the probe's cache lines.
    Probe,
    /// Open the contenders of a stage, and drop those of the one before.
    Open,
    /// Answer, or read, what a contender sends.
    Follow,
    /// Sleep until the next job, so that the processor is free for another follower.
    Park,
    /// There is nothing more to do.
    End,
}

impl From<u32> for Kind {
    fn from(number: u32) -> Self {
        [Self::Probe, Self::Open, Self::Follow, Self::Park]
            .into_iter()
            .find(|kind| *kind as u32 == number)
            .unwrap_or(Self::End)
    }
}

impl Job {
    /// A job without messages.
    pub const fn new(kind: Kind, index: u32) -> Self {
        Self {
            kind,
            index,
            first: 0,
            count: 0,
        }
    }
}
