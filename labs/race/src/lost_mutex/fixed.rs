//! Two processes count under one lock, which lies in the memory that they share.

use labkit::Call;
use nix::errno::Errno;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::{cell::UnsafeCell, mem::zeroed, num::NonZeroUsize};

const TIMES: u64 = 1_000_000;

#[repr(C)]
struct Shared {
    counter: AtomicU64,
    mutex: UnsafeCell<libc::pthread_mutex_t>,
}

pub fn main() -> labkit::Result {
    let size = NonZeroUsize::new(size_of::<Shared>()).expect("not empty");
    let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: new memory, which stays, and whose zeros are good atomics.
    let shared: &Shared = unsafe {
        let at = mmap_anonymous(None, size, access, MapFlags::MAP_SHARED).call("mmap")?;
        at.cast().as_ref()
    };
    let mutex = shared.mutex.get();
    let ok = |answer| (answer == 0).then_some(()).ok_or(Errno::from_raw(answer));
    // SAFETY: nobody uses the mutex yet.
    unsafe {
        let mut attr = zeroed();
        ok(libc::pthread_mutexattr_init(&mut attr)).call("pthread_mutexattr_init")?;
        let set = libc::pthread_mutexattr_setpshared(&mut attr, libc::PTHREAD_PROCESS_SHARED);
        ok(set).call("pthread_mutexattr_setpshared")?;
        ok(libc::pthread_mutex_init(mutex, &attr)).call("pthread_mutex_init")?;
    }
    // SAFETY: this process has one thread, so the child may go on as it likes.
    let forked = unsafe { fork() }.call("fork")?;
    for _ in 0..TIMES {
        // SAFETY: the mutex was made above.
        ok(unsafe { libc::pthread_mutex_lock(mutex) }).call("pthread_mutex_lock")?;
        let seen = shared.counter.load(Relaxed);
        shared.counter.store(seen + 1, Relaxed);
        // SAFETY: as above.
        ok(unsafe { libc::pthread_mutex_unlock(mutex) }).call("pthread_mutex_unlock")?;
    }
    if let ForkResult::Parent { child: other } = forked {
        let ended = waitpid(other, None).call("waitpid")?;
        assert_eq!(ended, WaitStatus::Exited(other, 0));
        println!("two processes, {TIMES} times one each");
        println!("lost: {}", 2 * TIMES - shared.counter.load(Relaxed));
    }
    Ok(())
}
