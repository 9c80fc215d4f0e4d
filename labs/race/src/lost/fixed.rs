//! Two processes count, each time in one step that nothing can come between.

use labkit::Call;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::signal::{Signal, kill, raise};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

const TIMES: u64 = 2_000;

pub fn main() -> labkit::Result {
    let size = NonZeroUsize::new(size_of::<AtomicU64>()).expect("not empty");
    let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: new memory, which stays, and whose zeros are a good atomic.
    let counter: &AtomicU64 = unsafe {
        let at = mmap_anonymous(None, size, access, MapFlags::MAP_SHARED).call("mmap")?;
        at.cast().as_ref()
    };

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let ForkResult::Parent { child: other } = unsafe { fork() }.call("fork")? else {
        for _ in 0..TIMES {
            raise(Signal::SIGSTOP).call("raise")?; // the scheduler may stop us anywhere
            counter.fetch_add(1, Relaxed);
        }
        return Ok(());
    };

    for _ in 0..TIMES {
        let stopped = waitpid(other, Some(WaitPidFlag::WUNTRACED)).call("waitpid")?;
        assert_eq!(stopped, WaitStatus::Stopped(other, Signal::SIGSTOP));
        counter.fetch_add(1, Relaxed);
        kill(other, Signal::SIGCONT).call("kill")?;
    }
    let ended = waitpid(other, None).call("waitpid")?;
    assert_eq!(ended, WaitStatus::Exited(other, 0));
    println!("two processes, {TIMES} times one each");
    println!("the counter: {}", counter.load(Relaxed));
    Ok(())
}
