//! Two processes need the same two locks, and take them in one order.

use labkit::Call;
use libc::{sem_init, sem_post, sem_t, sem_timedwait};
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use nix::{errno::Errno, time::ClockId};
use std::{num::NonZero, time::Duration};

pub fn main() -> labkit::Result {
    let size = NonZero::new(size_of::<[sem_t; 3]>()).expect("not empty");
    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, with room for three semaphores.
    let [stock, cash, met] = unsafe {
        let shared = mmap_anonymous(None, size, protection, MapFlags::MAP_SHARED);
        let shared = shared.call("mmap")?.cast::<sem_t>().as_ptr();
        [shared, shared.add(1), shared.add(2)]
    };
    for (lock, value) in [(stock, 1), (cash, 1), (met, 0)] {
        // SAFETY: inside the mapping. The 1: for several processes.
        Errno::result(unsafe { sem_init(lock, 1, value) }).call("sem_init")?;
    }

    take(stock, 500, "one has the stock")?;
    // SAFETY: this process has one thread.
    let other = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => {
            take(stock, 3000, "the other has the stock")?;
            give(met)?;
            take(cash, 3000, "the other has the cash")?;
            return [stock, cash].into_iter().try_for_each(give);
        }
        ForkResult::Parent { child } => child,
    };
    // Work, until the other has a lock as well, but half a second at most.
    let _ = take(met, 500, "each has one, one wants the cash");
    take(cash, 500, "one has the cash")?;
    [cash, stock].into_iter().try_for_each(give)?;

    let status = waitpid(other, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(other, 0));
    Ok(())
}

fn take(lock: *mut sem_t, milliseconds: u64, then: &str) -> labkit::Result {
    let until = ClockId::CLOCK_REALTIME.now().call("clock_gettime")?;
    let until = until + Duration::from_millis(milliseconds).into();
    // SAFETY: a semaphore that was made, and a time.
    Errno::result(unsafe { sem_timedwait(lock, until.as_ref()) }).call("sem_timedwait")?;
    println!("{then}");
    Ok(())
}

fn give(lock: *mut sem_t) -> labkit::Result {
    // SAFETY: a semaphore that was made.
    Errno::result(unsafe { sem_post(lock) }).call("sem_post")?;
    Ok(())
}
