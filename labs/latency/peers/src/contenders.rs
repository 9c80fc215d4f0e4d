//! What is compared.

pub mod iceoryx;
pub mod ring;
pub mod rtrb;

/// What fails while a contender is opened.
pub type Error = Box<dyn std::error::Error>;

/// The side that is timed. Nothing in it sleeps: both sides poll.
pub trait Lead {
    /// Sends `count` messages, numbered from `first`, and takes an answer to each if
    /// the pair talks both ways. Whether all that arrived was right.
    fn lead(&mut self, first: u64, count: u64) -> bool;
}

/// The other side.
pub trait Follow {
    /// Takes what [`Lead::lead`] sends, and answers it if the pair talks both ways.
    /// Whether all that arrived was right.
    fn follow(&mut self, first: u64, count: u64) -> bool;
}

/// One end of a pair that talks both ways, the same on both sides.
pub trait Exchange {
    /// Writes message number `sequence` in place and sends it.
    fn send(&mut self, sequence: u64);

    /// Polls for a message and reads it in place. Whether it is number `sequence`.
    fn receive(&mut self, sequence: u64) -> bool;
}

use crate::payload::ANSWER;

impl<E: Exchange> Lead for E {
    fn lead(&mut self, first: u64, count: u64) -> bool {
        let mut right = true;
        for sequence in first..first + count {
            self.send(sequence);
            right &= self.receive(sequence | ANSWER);
        }
        right
    }
}

impl<E: Exchange> Follow for E {
    fn follow(&mut self, first: u64, count: u64) -> bool {
        let mut right = true;
        for sequence in first..first + count {
            right &= self.receive(sequence);
            self.send(sequence | ANSWER);
        }
        right
    }
}
