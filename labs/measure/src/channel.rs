//! The ways in which two processes talk, behind one contract: from a private
//! buffer to a private buffer, whole messages, in order.

mod fd;
mod memory;
mod posix;
mod sysv;

use crate::{
    fault::Fault,
    loops::{Copied, End, Lent},
    record::{Mechanism, Payload, Waiting},
};
use nix::unistd::Pid;
use shm_ring::Peer;

/// One end of a two-way connection.
pub trait Channel {
    /// Sends one message.
    ///
    /// # Errors
    /// The call that failed.
    fn send(&mut self, message: &[u8]) -> Result<(), Fault>;

    /// Receives one message of exactly as many bytes as `into` has.
    ///
    /// # Errors
    /// The call that failed, or what came instead.
    fn receive(&mut self, into: &mut [u8]) -> Result<(), Fault>;

    /// Sends several messages of `size` bytes that lie one behind the other.
    ///
    /// # Errors
    /// As for `send`.
    fn send_all(&mut self, messages: &[u8], size: usize) -> Result<(), Fault> {
        messages.chunks_exact(size).try_for_each(|m| self.send(m))
    }
}

/// A channel that lends its memory: what is sent is written in place, what is
/// received is read in place.
pub trait Lending {
    /// # Errors
    /// The call that failed.
    fn send_with(&mut self, size: usize, write: impl FnOnce(&mut [u8])) -> Result<(), Fault>;

    /// # Errors
    /// The call that failed, or what came instead.
    fn receive_with<T>(&mut self, size: usize, read: impl FnOnce(&[u8]) -> T) -> Result<T, Fault>;
}

/// Which of the two processes an end is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Begins, and holds the clock.
    First,
    Second,
}

impl Side {
    pub const BOTH: [Self; 2] = [Self::First, Self::Second];
}

/// What to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub mechanism: Mechanism,
    pub waiting: Waiting,
    pub payload: Payload,
    /// Bytes a message.
    pub size: usize,
    /// Messages under way at a time: there and back one, in a stream many.
    pub traffic: Traffic,
}

/// How a channel is used, which decides how many messages it should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Traffic {
    RoundTrips,
    Stream,
}

/// A channel that both processes still have to take an end of. Made before they
/// are forked, so that nothing needs a name that could be left behind.
pub type Take = Box<dyn FnOnce(Side, Pid) -> Result<Box<dyn End>, Fault>>;

impl Plan {
    /// Makes the channel.
    ///
    /// # Errors
    /// The call that the kernel refused, such as mq_open for a size beyond its
    /// limits.
    pub fn open(&self) -> Result<Take, Fault> {
        let size = self.size;
        match self.mechanism {
            Mechanism::Mailbox | Mechanism::Ring | Mechanism::Eventfd => memory::open(self),
            Mechanism::Semaphore | Mechanism::MutexCondvar => memory::locked(self),
            Mechanism::PosixQueue => posix::open(self).map(|c| take(size, c)),
            Mechanism::SysvQueue => sysv::open(self).map(|c| take(size, c)),
            Mechanism::Pipe | Mechanism::UnixStream | Mechanism::UnixSeqpacket => {
                fd::open(self).map(|c| take(size, c))
            }
        }
    }
}

/// A connection that can be split into its two ends.
trait Connection {
    type End: Channel + 'static;
    fn end(self, side: Side, peer: Peer) -> Result<Self::End, Fault>;
}

fn take<C: Connection + 'static>(size: usize, connection: C) -> Take {
    Box::new(move |side, peer| {
        let peer = crate::fault::call("pidfd_open", Peer::of(peer))?;
        Ok(Box::new(Copied::new(connection.end(side, peer)?, size)))
    })
}

fn lend<L: Lending + 'static>(size: usize, channel: L) -> Box<dyn End> {
    Box::new(Lent::new(channel, size))
}

/// Asks `done` until it is, without sleeping.
fn spin(peer: &Peer, mut done: impl FnMut() -> Result<bool, Fault>) -> Result<(), Fault> {
    loop {
        // System calls, or atomics of the C library: some 100 µs between two
        // questions to the kernel whether the other process lives.
        for _ in 0..256 {
            if done()? {
                return Ok(());
            }
            std::hint::spin_loop();
        }
        if !peer.lives() {
            return if done()? { Ok(()) } else { Err(Fault::Gone) };
        }
    }
}
