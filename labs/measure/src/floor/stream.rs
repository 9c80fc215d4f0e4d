//! One buffer after another behind one flag.

use crate::{
    channel::{Channel, Side, Take},
    fault::{Fault, call},
    loops::Copied,
};
use shm_ring::{Mapping, Peer, ring::copy};
use std::{
    hint::spin_loop,
    sync::atomic::{AtomicU64, Ordering},
    thread::yield_now,
};

/// Where the two flags and the buffers begin.
const SENT: usize = 0;
const TAKEN: usize = 2048;
const BUFFERS: usize = 4096;

/// As many as the caches hold, and four at least, as the ring has slots.
fn buffers(size: usize) -> u64 {
    const MEMORY: usize = 64 << 10;
    (MEMORY / size.max(16)).next_power_of_two().clamp(4, 4096) as u64
}

pub fn open(size: usize, yielding: bool) -> Result<Take, Fault> {
    let buffers = buffers(size);
    let memory = call(
        "mmap",
        Mapping::anonymous(BUFFERS + size * buffers as usize),
    )?;
    memory.touch();
    Ok(Box::new(move |_: Side, peer| {
        let bare = Bare {
            memory,
            size,
            buffers,
            yielding,
            count: 0,
            known: 0,
            peer: call("pidfd_open", Peer::of(peer))?,
        };
        Ok(Box::new(Copied::new(bare, size)))
    }))
}

/// One way only: there is no round trip through it.
struct Bare {
    memory: Mapping,
    size: usize,
    buffers: u64,
    yielding: bool,
    /// Messages so far.
    count: u64,
    /// How far the other one was when we last looked.
    known: u64,
    peer: Peer,
}

impl Bare {
    fn flag(&self, offset: usize) -> &AtomicU64 {
        // SAFETY: inside the mapping, aligned.
        unsafe { AtomicU64::from_ptr(self.memory.base().add(offset).cast().as_ptr()) }
    }

    /// The buffer whose turn it is.
    fn buffer(&self) -> *mut u8 {
        let place = (self.count & (self.buffers - 1)) as usize;
        // SAFETY: inside the mapping.
        unsafe { self.memory.base().add(BUFFERS + place * self.size).as_ptr() }
    }

    /// Waits until the flag at `offset` is past `bound`.
    #[inline]
    fn past(&mut self, offset: usize, bound: u64) -> Result<(), Fault> {
        while self.known <= bound {
            for _ in 0..1 << 13 {
                self.known = self.flag(offset).load(Ordering::Acquire);
                if self.known > bound {
                    return Ok(());
                }
                if self.yielding {
                    yield_now();
                } else {
                    spin_loop();
                }
            }
            if !self.peer.lives() {
                return Err(Fault::Gone);
            }
        }
        Ok(())
    }
}

impl Channel for Bare {
    #[inline]
    fn send(&mut self, message: &[u8]) -> Result<(), Fault> {
        if self.count >= self.buffers {
            self.past(TAKEN, self.count - self.buffers)?;
        }
        // SAFETY: the receiver is done with this buffer, and it has `size` bytes.
        copy(message, unsafe {
            std::slice::from_raw_parts_mut(self.buffer(), message.len())
        });
        self.count += 1;
        self.flag(SENT).store(self.count, Ordering::Release);
        Ok(())
    }

    #[inline]
    fn receive(&mut self, into: &mut [u8]) -> Result<(), Fault> {
        self.past(SENT, self.count)?;
        // SAFETY: the sender is done with this buffer, and it has `size` bytes.
        copy(
            unsafe { std::slice::from_raw_parts(self.buffer(), into.len()) },
            into,
        );
        self.count += 1;
        if self.count.is_multiple_of(self.buffers / 4) {
            self.flag(TAKEN).store(self.count, Ordering::Release);
        }
        Ok(())
    }
}
