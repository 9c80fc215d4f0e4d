//! Ours: the ring of `shm-ring`, which lends its slots, between two processes or two
//! threads.

use super::{Follow, Lead};
use crate::{
    payload::{self, ANSWER, WORD},
    plan::{BATCH, SIZES, STREAM_SIZE, STREAM_SLOTS},
};
use nix::Result;
use shm_ring::{Layout, Mapping, Receiver, Ring, Sender};
use std::mem::MaybeUninit;

/// Slots in one direction. One is enough, as in iceoryx2's buffer, and keeps what is
/// written in the nearest cache. A large message does better where the last one's
/// lines have long gone back; for iceoryx2 a deeper buffer changes nothing, it loans
/// the same few places again.
const fn slots(size: usize) -> usize {
    if size > 4096 { 16 } else { 1 }
}

/// All the memory of all our rings, mapped before the processes part; each ring is
/// used once.
pub struct Rings {
    exchanges: Vec<[Place; 2]>,
    /// One by one, then batched.
    pub processes: [Place; 2],
    pub threads: [Place; 2],
}

/// The memory of one ring.
pub struct Place {
    layout: Layout,
    mapping: Mapping,
}

impl Rings {
    /// # Errors
    /// As mmap(2).
    pub fn new() -> Result<Self> {
        let exchange = |size| {
            Ok([
                Place::new(slots(size), size)?,
                Place::new(slots(size), size)?,
            ])
        };
        let stream = || Place::new(STREAM_SLOTS, STREAM_SIZE);
        Ok(Self {
            exchanges: SIZES.into_iter().map(exchange).collect::<Result<_>>()?,
            processes: [stream()?, stream()?],
            threads: [stream()?, stream()?],
        })
    }

    /// The side that is timed, for messages of `size` bytes.
    #[must_use]
    pub fn lead(&self, size: usize) -> Both {
        let [there, back] = self.exchange(size);
        Both {
            sender: there.ring().sender(),
            receiver: back.ring().receiver(),
            size,
        }
    }

    /// The other side.
    #[must_use]
    pub fn follow(&self, size: usize) -> Both {
        let [there, back] = self.exchange(size);
        Both {
            sender: back.ring().sender(),
            receiver: there.ring().receiver(),
            size,
        }
    }

    fn exchange(&self, size: usize) -> &[Place; 2] {
        let place = SIZES.iter().position(|s| *s == size).expect("one of SIZES");
        &self.exchanges[place]
    }
}

impl Place {
    fn new(slots: usize, size: usize) -> Result<Self> {
        let layout = Layout::new(slots, size).expect("small");
        let mapping = Mapping::anonymous(layout.bytes())?;
        mapping.touch();
        Ok(Self { layout, mapping })
    }

    fn ring(&self) -> Ring {
        // SAFETY: page-aligned, as long as its layout says, zeroed by the kernel and
        // mapped until the process ends; one side sends and one receives.
        unsafe { Ring::at(self.mapping.base(), self.layout) }
    }

    #[must_use]
    pub fn out(&self) -> Out {
        Out(self.ring().sender())
    }

    #[must_use]
    pub fn batches(&self) -> Batches {
        Batches(self.ring().sender())
    }

    #[must_use]
    pub fn into(&self) -> In {
        In(self.ring().receiver())
    }
}

/// The next message, polled for. A macro, because a function that gave back what it
/// borrows from inside a loop would not pass the borrow checker.
macro_rules! poll {
    ($receiver:expr) => {
        loop {
            if let Some(message) = $receiver.receive() {
                break message;
            }
        }
    };
}

/// A ring for each direction.
pub struct Both {
    sender: Sender,
    receiver: Receiver,
    size: usize,
}

impl Lead for Both {
    fn lead(&mut self, first: u64, count: u64) -> bool {
        let mut right = true;
        send(&mut self.sender, self.size, first);
        for sequence in first..first + count {
            let message = poll!(self.receiver);
            right &= is_right(&message, self.size, sequence | ANSWER);
            if sequence + 1 < first + count {
                send(&mut self.sender, self.size, sequence + 1);
            }
            // Given free only now, while the other side works: the same order as in
            // iceoryx2's contenders.
            drop(message);
        }
        right
    }
}

impl Follow for Both {
    fn follow(&mut self, first: u64, count: u64) -> bool {
        let mut right = true;
        for sequence in first..first + count {
            let message = poll!(self.receiver);
            right &= is_right(&message, self.size, sequence);
            send(&mut self.sender, self.size, sequence | ANSWER);
            drop(message);
        }
        right
    }
}

/// Sends one by one.
pub struct Out(Sender);

/// Sends [`BATCH`] at once.
pub struct Batches(Sender);

/// Receives one by one.
pub struct In(Receiver);

impl Lead for Out {
    fn lead(&mut self, first: u64, count: u64) -> bool {
        for sequence in first..first + count {
            send(&mut self.0, STREAM_SIZE, sequence);
        }
        true
    }
}

impl Lead for Batches {
    fn lead(&mut self, first: u64, count: u64) -> bool {
        let mut batch = [MaybeUninit::uninit(); BATCH];
        let (mut next, end) = (first, first + count);
        while next < end {
            let length = (end - next).min(BATCH as u64) as usize;
            for word in &mut batch[..length] {
                payload::write(std::slice::from_mut(word), next);
                next += 1;
            }
            // SAFETY: so many bytes have just been written.
            let bytes = unsafe {
                std::slice::from_raw_parts(batch.as_ptr().cast::<u8>(), length * STREAM_SIZE)
            };
            while !self.0.send_all(bytes, STREAM_SIZE) {}
        }
        true
    }
}

impl Follow for In {
    fn follow(&mut self, first: u64, count: u64) -> bool {
        (first..first + count).fold(true, |right, sequence| {
            let message = poll!(self.0);
            right & is_right(&message, STREAM_SIZE, sequence)
        })
    }
}

#[inline(always)]
fn send(sender: &mut Sender, size: usize, sequence: u64) {
    loop {
        if let Some(mut loan) = sender.lend(size) {
            let words = loan.as_mut_ptr().cast::<MaybeUninit<u64>>();
            debug_assert!(words.is_aligned());
            // SAFETY: `size` bytes that are ours until the commit, and every slot of
            // the ring begins at a multiple of 8.
            let words = unsafe { std::slice::from_raw_parts_mut(words, size / WORD) };
            payload::write(words, sequence);
            return loan.commit();
        }
    }
}

#[inline(always)]
fn is_right(message: &[u8], size: usize, sequence: u64) -> bool {
    if message.len() != size {
        return false;
    }
    let words = message.as_ptr().cast::<u64>();
    debug_assert!(words.is_aligned());
    // SAFETY: `size` bytes, borrowed, at a multiple of 8, and a `u64` may be anything.
    let words = unsafe { std::slice::from_raw_parts(words, size / WORD) };
    payload::is_right(words, sequence)
}
