//! Two processes bouncing cache lines.

use crate::{
    channel::{Side, Take},
    fault::{Fault, call},
    loops::{End, Span, timed},
};
use shm_ring::{Mapping, Peer};
use std::{
    hint::spin_loop,
    sync::atomic::{AtomicU64, Ordering},
    thread::yield_now,
};

/// How many cache lines there are between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// One, which both write.
    One,
    /// One for each direction.
    Two,
}

pub fn open(lines: Lines, yielding: bool) -> Result<Take, Fault> {
    let memory = call("mmap", Mapping::anonymous(4096))?;
    memory.touch();
    Ok(Box::new(move |side, peer| {
        Ok(Box::new(Bounce {
            memory,
            lines,
            yielding,
            side,
            turn: 0,
            peer: call("pidfd_open", Peer::of(peer))?,
        }))
    }))
}

struct Bounce {
    memory: Mapping,
    lines: Lines,
    yielding: bool,
    side: Side,
    /// How often the lines have gone there, or back.
    turn: u64,
    peer: Peer,
}

impl Bounce {
    fn line(&self, there: bool) -> &AtomicU64 {
        let offset = match (self.lines, there) {
            (Lines::One, _) | (Lines::Two, true) => 0,
            // Far enough that no processor fetches both together.
            (Lines::Two, false) => 2048,
        };
        // SAFETY: inside the page, aligned.
        unsafe { AtomicU64::from_ptr(self.memory.base().add(offset).cast().as_ptr()) }
    }

    fn until(&self, there: bool, turn: u64) -> Result<(), Fault> {
        let line = self.line(there);
        loop {
            if self.yielding {
                for _ in 0..1 << 13 {
                    if line.load(Ordering::Acquire) == turn {
                        return Ok(());
                    }
                    yield_now();
                }
            } else {
                // As the ring waits, and nothing else between two looks: with a little
                // more, looks and writes of the two sides fall into step or do not, and
                // the floor has two values, 60 ns and 100.
                for _ in 0..1 << 13 {
                    if line.load(Ordering::Acquire) == turn {
                        return Ok(());
                    }
                    spin_loop();
                }
            }
            if !self.peer.lives() {
                return Err(Fault::Gone);
            }
        }
    }
}

impl End for Bounce {
    fn ping(&mut self, _: u64, count: usize, _: Option<&mut Vec<u64>>) -> Result<Span, Fault> {
        debug_assert_eq!(self.side, Side::First);
        let mut turn = self.turn;
        let span = timed(|| {
            for _ in 0..count {
                self.line(true).store(turn + 1, Ordering::Release);
                self.until(false, turn + 2)?;
                turn += 2;
            }
            Ok(())
        })?;
        self.turn = turn;
        Ok(span)
    }

    fn pong(&mut self, _: u64, count: usize) -> Result<(), Fault> {
        for _ in 0..count {
            self.until(true, self.turn + 1)?;
            self.turn += 2;
            self.line(false).store(self.turn, Ordering::Release);
        }
        Ok(())
    }
}
