//! Sleeping and waking across processes, see futex(2).

use crate::{peer::Peer, wait::Kernel};
use std::{ptr, sync::atomic::AtomicU32};

/// How long a sleeper sleeps before it asks whether the other process lives.
static PATIENCE: libc::timespec = libc::timespec {
    tv_sec: 0,
    tv_nsec: 50_000_000,
};

impl Kernel for Peer {
    fn sleep(&self, bell: &AtomicU32) {
        // Not FUTEX_PRIVATE_FLAG: the word is shared with another process. Every
        // reason to return (woken, 0 already, time-out, signal) means "look again".
        // SAFETY: the word outlives the call, and so does the constant.
        unsafe {
            libc::syscall(
                libc::SYS_futex,
                bell.as_ptr(),
                libc::FUTEX_WAIT,
                1,
                &raw const PATIENCE,
                ptr::null::<u32>(),
                0,
            );
        }
    }

    fn wake(&self, bell: &AtomicU32) {
        // SAFETY: the word outlives the call.
        unsafe {
            libc::syscall(
                libc::SYS_futex,
                bell.as_ptr(),
                libc::FUTEX_WAKE,
                1,
                ptr::null::<libc::timespec>(),
                ptr::null::<u32>(),
                0,
            );
        }
    }

    fn lives(&self) -> bool {
        self.lives()
    }
}
