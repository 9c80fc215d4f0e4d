//! The protocol and the sleeping, played through in every order in which two
//! threads can meet, with loom:
//!
//! ```console
//! $ RUSTFLAGS="--cfg loom" LOOM_MAX_PREEMPTIONS=3 cargo test --release -p shm-ring --test model
//! ```
//!
//! loom knows what each memory order allows the other side to see, and complains of
//! an access to a slot that is not ordered after the other side's. A lost wake-up is
//! a deadlock here, because this kernel's sleepers have no time-out. Every order of
//! `protocol.rs` and `wait.rs` that can be weakened was, and was caught here.
#![cfg(loom)]

use loom::{
    cell::UnsafeCell,
    sync::{Arc, Condvar, Mutex},
    thread,
};
use shm_ring::{
    Wait, Waiting,
    protocol::{Incoming, Memory, Outgoing},
    sync::{AtomicU32, AtomicU64, Ordering},
    wait::Kernel,
};

const SLOTS: usize = 2;

/// What two processes would share.
struct Shared {
    stamps: [AtomicU64; SLOTS],
    bytes: [UnsafeCell<u64>; SLOTS],
    released: AtomicU64,
    receiver_bell: AtomicU32,
    sender_bell: AtomicU32,
    /// The kernel's lock of a futex's queue, and the queue of each bell.
    futex: Mutex<()>,
    sleepers: [Condvar; 2],
}

#[derive(Clone)]
struct View(Arc<Shared>);

// SAFETY: loom itself checks every access to the cells.
unsafe impl Send for View {}

impl View {
    fn new() -> Self {
        Self(Arc::new(Shared {
            stamps: [AtomicU64::new(0), AtomicU64::new(0)],
            bytes: [UnsafeCell::new(0), UnsafeCell::new(0)],
            released: AtomicU64::new(0),
            receiver_bell: AtomicU32::new(0),
            sender_bell: AtomicU32::new(0),
            futex: Mutex::new(()),
            sleepers: [Condvar::new(), Condvar::new()],
        }))
    }

    fn write(&self, slot: usize, value: u64) {
        // SAFETY: what loom is asked to find out.
        self.0.bytes[slot].with_mut(|bytes| unsafe { *bytes = value });
    }

    fn read(&self, slot: usize) -> u64 {
        // SAFETY: what loom is asked to find out.
        self.0.bytes[slot].with(|bytes| unsafe { *bytes })
    }

    fn sleepers(&self, bell: &AtomicU32) -> &Condvar {
        let receiver = std::ptr::eq(bell, &raw const self.0.receiver_bell);
        &self.0.sleepers[usize::from(receiver)]
    }
}

impl Memory for View {
    fn slots(&self) -> u64 {
        SLOTS as u64
    }

    fn stamp(&self, slot: usize) -> &AtomicU64 {
        &self.0.stamps[slot]
    }

    fn released(&self) -> &AtomicU64 {
        &self.0.released
    }

    fn receiver_bell(&self) -> &AtomicU32 {
        &self.0.receiver_bell
    }

    fn sender_bell(&self) -> &AtomicU32 {
        &self.0.sender_bell
    }
}

impl Kernel for View {
    fn sleep(&self, bell: &AtomicU32) {
        let lock = self.0.futex.lock().unwrap();
        // FUTEX_WAIT compares under the lock that FUTEX_WAKE takes, too.
        if bell.load(Ordering::Relaxed) == 1 {
            drop(self.sleepers(bell).wait(lock).unwrap());
        }
    }

    fn wake(&self, bell: &AtomicU32) {
        let _lock = self.0.futex.lock().unwrap();
        self.sleepers(bell).notify_one();
    }

    fn lives(&self) -> bool {
        true
    }
}

#[test]
fn whoever_spins_reads_what_was_written() {
    loom::model(|| {
        let view = View::new();
        let mut out = Outgoing::new(view.clone());
        let sender = thread::spawn(move || {
            for number in 1..=3 {
                let slot = loop {
                    match out.claim(0) {
                        Some(slot) => break slot,
                        None => thread::yield_now(),
                    }
                };
                out.memory.write(slot, number);
                out.publish(8);
            }
        });
        let mut back = Incoming::new(view);
        for number in 1..=3 {
            let (slot, length) = loop {
                match back.peek() {
                    Some(found) => break found,
                    None => thread::yield_now(),
                }
            };
            assert_eq!((back.memory.read(slot), length), (number, 8));
            back.release();
        }
        sender.join().unwrap();
    });
}

#[test]
fn several_at_once_are_all_there() {
    loom::model(|| {
        let view = View::new();
        let mut out = Outgoing::new(view.clone());
        let sender = thread::spawn(move || {
            for first in [1, 3] {
                while out.claim(1).is_none() {
                    thread::yield_now();
                }
                for ahead in 0..2 {
                    let slot = out.claim(ahead).unwrap();
                    out.memory.write(slot, first + u64::from(ahead));
                }
                out.publish_all(2, 8);
            }
        });
        let mut back = Incoming::new(view);
        for number in 1..=4 {
            let (slot, _) = loop {
                match back.peek() {
                    Some(found) => break found,
                    None => thread::yield_now(),
                }
            };
            assert_eq!(back.memory.read(slot), number);
            back.release();
        }
        sender.join().unwrap();
    });
}

/// Three messages through two slots: both sides have to wait for the other.
fn no_wake_up_is_lost(waiting: Waiting) {
    loom::model(move || {
        let view = View::new();
        let wait = |view: &View| Wait {
            waiting,
            kernel: view.clone(),
        };
        let (mut out, there) = (Outgoing::new(view.clone()), wait(&view));
        let sender = thread::spawn(move || {
            for number in 1..=3 {
                let memory = out.memory.clone();
                let slot = there.until(memory.sender_bell(), || out.claim(0)).unwrap();
                memory.write(slot, number);
                out.publish(8);
                there.ring(memory.receiver_bell());
            }
        });
        let (mut back, here) = (Incoming::new(view.clone()), wait(&view));
        for number in 1..=3 {
            let (slot, _) = here.until(view.receiver_bell(), || back.peek()).unwrap();
            assert_eq!(view.read(slot), number);
            if back.release() {
                here.ring(view.sender_bell());
            }
        }
        sender.join().unwrap();
    });
}

#[test]
fn whoever_sleeps_is_woken() {
    no_wake_up_is_lost(Waiting::Sleep);
}

#[test]
fn whoever_looks_once_and_sleeps_is_woken() {
    no_wake_up_is_lost(Waiting::SpinThenSleep(1));
}
