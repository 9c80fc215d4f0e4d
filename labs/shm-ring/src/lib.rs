//! A ring of slots in shared memory: one process sends, one receives, and neither
//! asks the kernel while both are awake.
//!
//! [`protocol`] says who may touch which slot and when, in atomics alone; it is
//! what `tests/model.rs` plays through with loom. [`ring`] puts it on memory that
//! two processes share, and lends slots. [`mailbox`] is the smallest thing of the
//! kind, one slot behind one flag. [`wait`] is what a side does while there is
//! nothing for it; [`peer`] says whether the other one still lives.
//!
//! Both processes must run this code: a peer that writes where it may not is
//! outside of what any type can promise.

pub mod protocol;
pub mod sync;
pub mod wait;

#[cfg(not(loom))]
pub mod futex;
#[cfg(not(loom))]
pub mod mailbox;
#[cfg(not(loom))]
pub mod memory;
#[cfg(not(loom))]
pub mod peer;
#[cfg(not(loom))]
pub mod ring;

pub use wait::{Gone, Wait, Waiting};
#[cfg(not(loom))]
pub use {
    mailbox::Mailbox,
    memory::Mapping,
    peer::Peer,
    ring::{Layout, Loan, Message, Receiver, Ring, Sender},
};
