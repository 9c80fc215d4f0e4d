//! The memory by which the leader and its followers agree on what to do next.

use super::job::Job;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use std::{
    num::NonZeroUsize,
    sync::atomic::{AtomicU32, AtomicU64, Ordering::*},
};

/// Alone on its cache line, and on the neighbour that processors fetch with it.
#[repr(C, align(128))]
pub struct Alone<T>(pub T);

/// What the leader and its followers share. All zero is its beginning.
#[repr(C)]
pub struct Shared {
    /// The two cache lines of the probe.
    pub there: Alone<AtomicU64>,
    pub back: Alone<AtomicU64>,
    desks: [Desk; Who::ALL.len()],
}

/// Who follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The other process.
    Process,
    /// A thread of the leader's own process, on the other's processor.
    Thread,
}

impl Who {
    const ALL: [Self; 2] = [Self::Process, Self::Thread];
}

/// Where one follower is given its jobs.
#[repr(C)]
pub struct Desk {
    /// The number of the job that lies here; a futex while its owner is parked.
    posted: Alone<AtomicU32>,
    kind: AtomicU32,
    index: AtomicU32,
    first: AtomicU64,
    count: AtomicU64,
    /// The job that its owner has taken up, and the one that it has finished.
    taken: Alone<AtomicU32>,
    finished: Alone<AtomicU32>,
    /// Whether everything that arrived during that job was right.
    sound: AtomicU32,
}

impl Shared {
    /// New memory, inherited by every child: it is never unmapped.
    ///
    /// # Errors
    /// As mmap(2).
    pub fn new() -> nix::Result<&'static Self> {
        let length = NonZeroUsize::new(size_of::<Self>()).expect("not empty");
        let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: a new mapping of the kernel's choosing overlaps nothing.
        let memory = unsafe { mmap_anonymous(None, length, protection, MapFlags::MAP_SHARED)? };
        // SAFETY: page-aligned, large enough, zeroed by the kernel, which is a valid
        // value of atomics; and nobody unmaps it.
        Ok(unsafe { memory.cast::<Self>().as_ref() })
    }

    pub fn desk(&self, who: Who) -> &Desk {
        &self.desks[who as usize]
    }
}

impl Desk {
    /// Posts `job` and waits until its owner has taken it up.
    pub fn post(&self, job: Job) {
        self.kind.store(job.kind as u32, Relaxed);
        self.index.store(job.index, Relaxed);
        self.first.store(job.first, Relaxed);
        self.count.store(job.count, Relaxed);
        let number = self.posted.0.load(Relaxed).wrapping_add(1);
        // Release: who sees the number sees the job.
        self.posted.0.store(number, Release);
        // Its owner may be parked. Asking the kernel costs little, and nothing here
        // is timed.
        futex(&self.posted.0, libc::FUTEX_WAKE, 1);
        while self.taken.0.load(Acquire) != number {
            std::hint::spin_loop();
        }
    }

    /// Waits until the posted job is finished; whether all that arrived was right.
    pub fn wait(&self) -> bool {
        let number = self.posted.0.load(Relaxed);
        while self.finished.0.load(Acquire) != number {}
        self.sound.load(Relaxed) == 1
    }

    /// The next job after `seen`, and its number. Sleeps for it if `parked`.
    pub fn next(&self, seen: u32, parked: bool) -> (u32, Job) {
        let number = loop {
            let number = self.posted.0.load(Acquire);
            if number != seen {
                break number;
            }
            if parked {
                futex(&self.posted.0, libc::FUTEX_WAIT, seen);
            } else {
                std::hint::spin_loop();
            }
        };
        let job = Job {
            kind: self.kind.load(Relaxed).into(),
            index: self.index.load(Relaxed),
            first: self.first.load(Relaxed),
            count: self.count.load(Relaxed),
        };
        self.taken.0.store(number, Release);
        (number, job)
    }

    /// Says that job `number` is finished, and whether all that arrived was right.
    pub fn finish(&self, number: u32, sound: bool) {
        self.sound.store(sound.into(), Relaxed);
        self.finished.0.store(number, Release);
    }
}

/// See futex(2). An early return is no harm: every caller looks again.
fn futex(word: &AtomicU32, operation: libc::c_int, value: u32) {
    let no_timeout = std::ptr::null::<libc::timespec>();
    // SAFETY: the word outlives the call, and the kernel reads nothing else.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, value, no_timeout) };
}
