//! A process is killed while it holds a semaphore.

use labkit::Call;
use libc::{sem_init, sem_post, sem_t, sem_timedwait};
use nix::errno::Errno;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::time::ClockId;
use nix::unistd::{ForkResult, fork};
use std::{num::NonZero, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let size = NonZero::new(size_of::<sem_t>()).expect("not empty");
    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, with room for a semaphore. The first 1: for several processes.
    let lock = unsafe {
        let shared = mmap_anonymous(None, size, protection, MapFlags::MAP_SHARED);
        let lock = shared.call("mmap")?.cast::<sem_t>().as_ptr();
        Errno::result(sem_init(lock, 1, 1)).call("sem_init")?;
        lock
    };

    // SAFETY: this process has one thread.
    if let ForkResult::Parent { child } = unsafe { fork() }.call("fork")? {
        let status = waitpid(child, None).call("waitpid")?;
        assert_eq!(status, WaitStatus::Signaled(child, Signal::SIGKILL, false));
        println!("the holder was killed");
    } else {
        take(lock)?;
        println!("the other has the lock");
        sleep(Duration::from_millis(100)); // work
        raise(Signal::SIGKILL).call("raise")?; // somebody ran kill -9
    }

    take(lock)?;
    println!("one has the lock");
    give(lock)
}

fn take(lock: *mut sem_t) -> labkit::Result {
    let until = ClockId::CLOCK_REALTIME.now().call("clock_gettime")?;
    let until = until + Duration::from_millis(500).into();
    // SAFETY: a semaphore that was made, and a time.
    Errno::result(unsafe { sem_timedwait(lock, until.as_ref()) }).call("sem_timedwait")?;
    Ok(())
}

fn give(lock: *mut sem_t) -> labkit::Result {
    // SAFETY: a semaphore that was made.
    Errno::result(unsafe { sem_post(lock) }).call("sem_post")?;
    Ok(())
}
