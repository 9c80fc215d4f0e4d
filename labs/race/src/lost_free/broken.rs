//! Two processes count to a million each, as fast as they can.

use labkit::Call;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

const TIMES: u64 = 1_000_000;

pub fn main() -> labkit::Result {
    let size = NonZeroUsize::new(size_of::<AtomicU64>()).expect("not empty");
    let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: new memory, which stays, and whose zeros are a good atomic.
    let counter: &AtomicU64 = unsafe {
        let at = mmap_anonymous(None, size, access, MapFlags::MAP_SHARED).call("mmap")?;
        at.cast().as_ref()
    };

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let forked = unsafe { fork() }.call("fork")?;
    for _ in 0..TIMES {
        let seen = counter.load(Relaxed);
        counter.store(seen + 1, Relaxed);
    }
    if let ForkResult::Parent { child: other } = forked {
        let ended = waitpid(other, None).call("waitpid")?;
        assert_eq!(ended, WaitStatus::Exited(other, 0));
        println!("two processes, {TIMES} times one each");
        println!("lost: {}", 2 * TIMES - counter.load(Relaxed));
    }
    Ok(())
}
