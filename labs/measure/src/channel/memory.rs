//! Shared memory: mailbox, ring, and the same with locks of the C library.

mod locked;

pub use locked::open as locked;

use super::{Channel, Connection, Lending, Plan, Side, Take, Traffic, lend, take};
use crate::{
    fault::{Fault, call},
    record::{Mechanism, Payload, Waiting},
};
use nix::{
    sys::eventfd::{EfdFlags, EventFd},
    unistd::{read, write},
};
use shm_ring::{
    Layout, Mailbox, Mapping, Peer, Receiver, Ring, Sender, Wait, Waiting as How, ring::copy,
    wait::Kernel,
};
use std::sync::atomic::AtomicU32;

/// Turns of a spinning loop before falling asleep: some 20 µs, about half of what a
/// wake-up costs.
const TURNS: u32 = 2_000;

pub(super) fn how(waiting: Waiting) -> How {
    match waiting {
        Waiting::Spin => How::Spin,
        Waiting::Sleep => How::Sleep,
        Waiting::SpinThenSleep => How::SpinThenSleep(TURNS),
    }
}

/// How many slots a ring has. There and back one message is under way, and few
/// slots stay in both processors' caches (64 bytes through 4 slots: 1.12 times the
/// floor, through 16: 1.2); but large ones are faster to write when they have left
/// the other's cache (64 KiB there and back: 11 µs with 16 slots, 7 µs with 64). A
/// stream of small messages wants many, so that the two sides do not work in the
/// same cache line, and one of large messages no more than the caches hold (4 KiB:
/// 70 ns each through 16 slots, 120 through 256).
pub(super) fn slots(plan: &Plan) -> usize {
    match (plan.traffic, plan.size) {
        (Traffic::RoundTrips, 0..=8192) => 4,
        (Traffic::RoundTrips, size) => ((8 << 20) / size).clamp(4, 64),
        (Traffic::Stream, 0..=8) => 4096,
        (Traffic::Stream, size) => ((64 << 10) / size).clamp(4, 1024),
    }
}

pub fn open(plan: &Plan) -> Result<Take, Fault> {
    let (size, waiting) = (plan.size, plan.waiting);
    if plan.mechanism == Mechanism::Mailbox {
        let memory = map(Mailbox::bytes(size))?;
        return Ok(take(
            size,
            OpenMailbox {
                memory,
                size,
                waiting,
            },
        ));
    }
    let layout = Layout::new(slots(plan), size).ok_or_else(|| Fault::Corrupt("no ring".into()))?;
    let one = layout.bytes().next_multiple_of(4096);
    let memory = map(2 * one)?;
    let bells = match plan.mechanism {
        Mechanism::Eventfd => Some([bell(waiting)?, bell(waiting)?]),
        _ => None,
    };
    let open = OpenRings {
        memory,
        layout,
        one,
        waiting,
        bells,
    };
    match plan.payload {
        Payload::Copied => Ok(take(size, open)),
        Payload::Lent => Ok(Box::new(move |side, peer| {
            let peer = call("pidfd_open", Peer::of(peer))?;
            Ok(lend(size, open.end(side, peer)?))
        })),
    }
}

pub(super) fn map(length: usize) -> Result<Mapping, Fault> {
    let memory = call("mmap", Mapping::anonymous(length))?;
    memory.touch();
    Ok(memory)
}

fn bell(waiting: Waiting) -> Result<EventFd, Fault> {
    let flags = match waiting {
        Waiting::Spin => EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK,
        _ => EfdFlags::EFD_CLOEXEC,
    };
    call("eventfd", EventFd::from_value_and_flags(0, flags))
}

struct OpenMailbox {
    memory: Mapping,
    size: usize,
    waiting: Waiting,
}

impl Connection for OpenMailbox {
    type End = MailboxEnd;

    fn end(self, side: Side, peer: Peer) -> Result<MailboxEnd, Fault> {
        let first = side == Side::First;
        // SAFETY: fresh memory of that size, kept below; the other end is taken by
        // the other process.
        let mailbox = unsafe { Mailbox::at(self.memory.base(), self.size, first) };
        Ok(MailboxEnd {
            mailbox,
            wait: Wait {
                waiting: how(self.waiting),
                kernel: peer,
            },
            _memory: self.memory,
        })
    }
}

/// Both ends write and read the same slot, in turns.
struct MailboxEnd {
    mailbox: Mailbox,
    wait: Wait<Peer>,
    _memory: Mapping,
}

impl Channel for MailboxEnd {
    #[inline(always)]
    fn send(&mut self, message: &[u8]) -> Result<(), Fault> {
        let mut turn = self.mailbox.wait(&self.wait)?;
        copy(message, &mut turn[..message.len()]);
        turn.pass(&self.wait);
        Ok(())
    }

    #[inline(always)]
    fn receive(&mut self, into: &mut [u8]) -> Result<(), Fault> {
        let turn = self.mailbox.wait(&self.wait)?;
        let length = into.len();
        copy(&turn[..length], into);
        Ok(())
    }
}

struct OpenRings {
    memory: Mapping,
    layout: Layout,
    /// From one ring to the other, in bytes.
    one: usize,
    waiting: Waiting,
    bells: Option<[EventFd; 2]>,
}

impl Connection for OpenRings {
    type End = RingEnd;

    fn end(self, side: Side, peer: Peer) -> Result<RingEnd, Fault> {
        let base = self.memory.base();
        // SAFETY: inside the mapping, which has room for two.
        let other = unsafe { base.add(self.one) };
        let [there, back] = [base, other].map(|base| {
            // SAFETY: fresh memory of that size, kept below; each side of each ring
            // is taken by one of the two processes.
            unsafe { Ring::at(base, self.layout) }
        });
        let (out, back) = match side {
            Side::First => (there.sender(), back.receiver()),
            Side::Second => (back.sender(), there.receiver()),
        };
        let bells = self.bells.map(|[a, b]| match side {
            Side::First => Bells { mine: a, theirs: b },
            Side::Second => Bells { mine: b, theirs: a },
        });
        Ok(RingEnd {
            out,
            back,
            wait: Wait {
                waiting: how(self.waiting),
                kernel: Doorbell { peer, bells },
            },
            _memory: self.memory,
        })
    }
}

/// Two eventfds: what wakes us, and what wakes the other.
struct Bells {
    mine: EventFd,
    theirs: EventFd,
}

/// The futex of [`shm_ring`], or an eventfd(2) in its place.
struct Doorbell {
    peer: Peer,
    bells: Option<Bells>,
}

impl Kernel for Doorbell {
    fn sleep(&self, bell: &AtomicU32) {
        match &self.bells {
            None => self.peer.sleep(bell),
            Some(bells) => {
                let mut count = [0; 8];
                let _ = read(&bells.mine, &mut count);
            }
        }
    }

    fn wake(&self, bell: &AtomicU32) {
        match &self.bells {
            None => self.peer.wake(bell),
            Some(bells) => {
                let _ = write(&bells.theirs, &1_u64.to_ne_bytes());
            }
        }
    }

    fn lives(&self) -> bool {
        self.peer.lives()
    }
}

struct RingEnd {
    out: Sender,
    back: Receiver,
    wait: Wait<Doorbell>,
    _memory: Mapping,
}

impl RingEnd {
    #[inline]
    fn spins(&self) -> bool {
        self.wait.waiting == How::Spin
    }
}

impl Channel for RingEnd {
    #[inline(always)]
    fn send(&mut self, message: &[u8]) -> Result<(), Fault> {
        self.send_with(message.len(), |bytes| copy(message, bytes))
    }

    #[inline(always)]
    fn receive(&mut self, into: &mut [u8]) -> Result<(), Fault> {
        self.receive_with(into.len(), |bytes| copy(bytes, into))
    }

    fn send_all(&mut self, messages: &[u8], size: usize) -> Result<(), Fault> {
        while !self.out.send_all(messages, size) {
            if self.spins() {
                std::hint::spin_loop();
            } else {
                // One slot free is not enough for all; whoever waits for one sleeps.
                drop(self.out.lend_or_wait(size, &self.wait)?);
            }
        }
        self.out.ring(&self.wait);
        Ok(())
    }
}

impl Lending for RingEnd {
    #[inline(always)]
    fn send_with(&mut self, size: usize, write: impl FnOnce(&mut [u8])) -> Result<(), Fault> {
        let mut loan = self.out.lend_or_wait(size, &self.wait)?;
        write(&mut loan);
        loan.commit();
        self.out.ring(&self.wait);
        Ok(())
    }

    #[inline(always)]
    fn receive_with<T>(&mut self, size: usize, read: impl FnOnce(&[u8]) -> T) -> Result<T, Fault> {
        let message = self.back.receive_or_wait(&self.wait)?;
        if message.len() != size {
            return Err(wrong_length(message.len(), size));
        }
        let found = read(&message);
        if message.release() {
            self.back.ring(&self.wait);
        }
        Ok(found)
    }
}

#[cold]
fn wrong_length(seen: usize, wanted: usize) -> Fault {
    Fault::Corrupt(format!("{seen} bytes in place of {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_never_takes_more_than_it_may() {
        for size in [8, 64, 1024, 4096, 65536, 1 << 20] {
            for traffic in [Traffic::RoundTrips, Traffic::Stream] {
                let plan = Plan {
                    mechanism: Mechanism::Ring,
                    waiting: Waiting::Spin,
                    payload: Payload::Copied,
                    size,
                    traffic,
                };
                assert!(slots(&plan).is_power_of_two() && slots(&plan) * size <= 8 << 20);
            }
        }
    }
}
