//! The timed side, with one follower.

use super::{
    job::{Job, Kind},
    probe,
    shared::{Desk, Shared, Who},
};
use crate::{
    contenders::{Error, Lead},
    plan::Stage,
};
use std::time::Instant;

/// How long a block of messages takes, in nanoseconds: long enough for the clock,
/// short enough that the machine stays as it is.
const BLOCK: f64 = 1e6;
/// And a block of the probe.
const PROBE_BLOCK: f64 = 2e5;

/// What came was not what was sent.
#[derive(Debug)]
pub struct Corrupt;

impl std::fmt::Display for Corrupt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a message arrived that is not the one that was sent")
    }
}

impl std::error::Error for Corrupt {}

/// The leader, and the follower that it works with.
pub struct Pair<'a> {
    shared: &'a Shared,
    desk: &'a Desk,
    /// Sequence numbers never repeat, so an old message cannot pass for a new one.
    next: &'a mut u64,
}

/// One contender of a stage: which, and how many messages make a block.
pub struct Ready {
    index: u32,
    lead: Box<dyn Lead>,
    count: u64,
}

impl<'a> Pair<'a> {
    pub fn new(shared: &'a Shared, who: Who, next: &'a mut u64) -> Self {
        Self {
            shared,
            desk: shared.desk(who),
            next,
        }
    }

    /// Opens a stage on both sides, at the same time.
    ///
    /// # Errors
    /// Those of `open`; the follower's end its process.
    pub fn open<T>(
        &mut self,
        stage: Stage,
        open: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let index = Stage::ALL
            .iter()
            .position(|s| *s == stage)
            .expect("one of ALL");
        self.desk.post(Job::new(Kind::Open, u32::try_from(index)?));
        let opened = open()?;
        self.desk.wait();
        Ok(opened)
    }

    /// Warms a contender up, and finds how many messages make a block.
    ///
    /// # Errors
    /// [`Corrupt`].
    pub fn ready(&mut self, index: usize, lead: Box<dyn Lead>) -> Result<Ready, Error> {
        let mut ready = Ready {
            index: u32::try_from(index)?,
            lead,
            count: 32,
        };
        loop {
            let took = self.time(&mut ready)? * ready.count as f64;
            if took >= BLOCK / 2.0 {
                ready.count = ((ready.count as f64 * BLOCK / took) as u64).max(1);
                return Ok(ready);
            }
            ready.count *= 2;
        }
    }

    /// How many bounces make a block of the probe.
    pub fn calibrate_probe(&mut self) -> u64 {
        let mut count = 64;
        loop {
            let took = self.probe(count) * count as f64;
            if took >= PROBE_BLOCK / 2.0 {
                return ((count as f64 * PROBE_BLOCK / took) as u64).max(1);
            }
            count *= 2;
        }
    }

    /// One block, in nanoseconds a message.
    ///
    /// # Errors
    /// [`Corrupt`].
    pub fn time(&mut self, ready: &mut Ready) -> Result<f64, Corrupt> {
        let first = self.numbers(ready.count);
        self.desk.post(Job {
            kind: Kind::Follow,
            index: ready.index,
            first,
            count: ready.count,
        });
        let start = Instant::now();
        let sound = ready.lead.lead(first, ready.count);
        // In a stream the last message must have been read.
        let sound = self.desk.wait() && sound;
        let took = start.elapsed();
        if !sound {
            return Err(Corrupt);
        }
        Ok(took.as_nanos() as f64 / ready.count as f64)
    }

    /// One block of the probe, in nanoseconds there and back.
    pub fn probe(&mut self, count: u64) -> f64 {
        let first = self.numbers(count);
        self.desk.post(Job {
            kind: Kind::Probe,
            index: 0,
            first,
            count,
        });
        let start = Instant::now();
        probe::lead(self.shared, first, count);
        let took = start.elapsed();
        self.desk.wait();
        took.as_nanos() as f64 / count as f64
    }

    /// Lets the follower sleep until it is needed again.
    pub fn park(&mut self) {
        self.tell(Kind::Park);
    }

    /// Ends the follower.
    pub fn end(&mut self) {
        self.tell(Kind::End);
    }

    fn tell(&mut self, kind: Kind) {
        self.desk.post(Job::new(kind, 0));
        self.desk.wait();
    }

    fn numbers(&mut self, count: u64) -> u64 {
        let first = *self.next;
        *self.next += count;
        first
    }
}
