//! Who may touch which slot, and when.
//!
//! Every slot carries a *stamp*: the number of the message in it and its length,
//! in one word. The receiver knows which number comes next and waits for it in the
//! slot itself, so that a small message and the news of it travel in one cache
//! line. The way back is a count of slots given free, told half a ring at
//! a time: the sender looks at it only when it has used up what it knows of.
//!
//! Two pairs of a release store and an acquire load order everything:
//!
//! | written before | store | load | read after |
//! |---|---|---|---|
//! | the bytes of a slot, by the sender | stamp, Release | stamp, Acquire | the bytes, by the receiver |
//! | nothing: the receiver's *reads* of a slot | released, Release | released, Acquire | the sender's next bytes in it |
//!
//! The second is needed as much as the first: without it the sender's new bytes
//! could be seen by a receiver that still reads the old ones.

use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// The shared words of a ring.
pub trait Memory {
    /// How many slots, a power of two up to 2³¹.
    fn slots(&self) -> u64;
    /// The stamp of a slot; 0 in the beginning.
    fn stamp(&self, slot: usize) -> &AtomicU64;
    /// How many slots the receiver has given free since the beginning.
    fn released(&self) -> &AtomicU64;
    /// Where a receiver sleeps, see [`crate::wait`].
    fn receiver_bell(&self) -> &AtomicU32;
    /// Where a sender sleeps.
    fn sender_bell(&self) -> &AtomicU32;
}

/// The stamp of message `number` (from 0) of `length` bytes. Numbers are kept to
/// 32 bits: a slot holds either this lap's or the last one's, never one from four
/// thousand million messages ago.
const fn stamp(number: u64, length: u32) -> u64 {
    (number + 1) << 32 | length as u64
}

/// The sending side. There must be one.
#[derive(Debug)]
pub struct Outgoing<M> {
    pub memory: M,
    /// The number of the next message.
    next: u64,
    /// The number of the first message for which no slot is known to be free.
    bound: u64,
}

impl<M: Memory> Outgoing<M> {
    /// Begins with an empty ring.
    pub fn new(memory: M) -> Self {
        let bound = memory.slots();
        Self {
            memory,
            next: 0,
            bound,
        }
    }

    /// The slot `ahead` of the next one, if it is free: nobody else touches it until
    /// it is published.
    #[inline]
    pub fn claim(&mut self, ahead: u32) -> Option<usize> {
        let wanted = self.next + u64::from(ahead);
        if wanted >= self.bound {
            // Acquire: what the receiver read in these slots, it has read.
            let released = self.memory.released().load(Ordering::Acquire);
            self.bound = released + self.memory.slots();
            if wanted >= self.bound {
                return None;
            }
        }
        Some(slot(&self.memory, wanted))
    }

    /// Hands the claimed slot over, with `length` bytes in it.
    #[inline]
    pub fn publish(&mut self, length: u32) {
        // Release: who sees the stamp, sees the bytes.
        let word = self.memory.stamp(slot(&self.memory, self.next));
        word.store(stamp(self.next, length), Ordering::Release);
        self.next += 1;
    }

    /// Hands over `count` claimed slots of `length` bytes at once, the first one
    /// last: the receiver, who looks at that one, then finds all of them there.
    #[inline]
    pub fn publish_all(&mut self, count: u32, length: u32) {
        for ahead in (1..u64::from(count)).rev() {
            let number = self.next + ahead;
            let word = self.memory.stamp(slot(&self.memory, number));
            // Relaxed is enough: the receiver comes here by way of the first stamp,
            // whose Acquire brings all that was written before it.
            word.store(stamp(number, length), Ordering::Relaxed);
        }
        self.publish(length);
        self.next += u64::from(count) - 1;
    }
}

/// The receiving side. There must be one.
#[derive(Debug)]
pub struct Incoming<M> {
    pub memory: M,
    /// The number of the next message.
    next: u64,
    /// How many slots the sender has been told are free.
    told: u64,
    /// How many are told at a time.
    step: u64,
}

impl<M: Memory> Incoming<M> {
    /// Begins with an empty ring.
    pub fn new(memory: M) -> Self {
        // Rarely, because each telling takes a cache line from the sender; but well
        // before the ring is full. A sender that waits for more than is told cannot
        // wait for ever: the ring then holds at least `step` messages to receive.
        let step = (memory.slots() / 2).max(1);
        Self {
            memory,
            next: 0,
            told: 0,
            step,
        }
    }

    /// The slot of the next message and its length, if it has arrived. Nobody else
    /// touches it until it is released.
    #[inline]
    pub fn peek(&self) -> Option<(usize, u32)> {
        let slot = slot(&self.memory, self.next);
        // Acquire: pairs with the stamp's Release, for the bytes.
        let seen = self.memory.stamp(slot).load(Ordering::Acquire);
        let (number, length) = ((seen >> 32) as u32, seen as u32);
        let wanted = (self.next + 1) as u32;
        (number == wanted).then_some((slot, length))
    }

    /// Gives the slot of the received message free. True where the sender was told,
    /// and may be waiting for it.
    #[inline]
    pub fn release(&mut self) -> bool {
        self.next += 1;
        let tell = self.next - self.told >= self.step;
        if tell {
            self.told = self.next;
            // Release: our reads of these slots are done.
            self.memory.released().store(self.next, Ordering::Release);
        }
        tell
    }
}

#[inline]
fn slot(memory: &impl Memory, number: u64) -> usize {
    (number & (memory.slots() - 1)) as usize
}
