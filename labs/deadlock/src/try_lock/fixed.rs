//! Whoever cannot have the second lock gives the first back, and comes again.

use labkit::Call;
use libc::{sem_init, sem_post, sem_t, sem_trywait, sem_wait};
use nix::errno::Errno;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::{num::NonZero, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let size = NonZero::new(size_of::<[sem_t; 3]>()).expect("not empty");
    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, full of zeroes, with room for two locks and a number.
    let (stock, cash, holding) = unsafe {
        let shared = mmap_anonymous(None, size, protection, MapFlags::MAP_SHARED);
        let locks = shared.call("mmap")?.cast::<sem_t>().as_ptr();
        let holding = AtomicU32::from_ptr(locks.add(2).cast());
        Errno::result(sem_init(locks, 1, 1)).call("sem_init")?;
        Errno::result(sem_init(locks.add(1), 1, 1)).call("sem_init")?;
        (locks, locks.add(1), holding)
    };

    // SAFETY: this process has one thread.
    let other = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return sell(cash, stock, holding, 3),
        ForkResult::Parent { child } => child,
    };
    sell(stock, cash, holding, 1)?;
    let status = waitpid(other, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(other, 0));
    println!("both have sold");
    Ok(())
}

fn sell(first: *mut sem_t, second: *mut sem_t, holding: &AtomicU32, pause: u64) -> labkit::Result {
    // SAFETY: semaphores that were made.
    unsafe {
        Errno::result(sem_wait(first)).call("sem_wait")?;
        holding.fetch_add(1, SeqCst);
        // Work, until the other has a lock as well, but half a second at most.
        sleep(Duration::from_millis(100));
        for _ in (0..40).take_while(|_| holding.load(SeqCst) < 2) {
            sleep(Duration::from_millis(10));
        }
        let mut tries = 1..100;
        while let Err(failure) = Errno::result(sem_trywait(second)).call("sem_trywait") {
            tries.next().ok_or(failure)?;
            Errno::result(sem_post(first)).call("sem_post")?;
            sleep(Duration::from_millis(pause));
            Errno::result(sem_wait(first)).call("sem_wait")?;
        }
        Errno::result(sem_post(second)).call("sem_post")?;
        Errno::result(sem_post(first)).call("sem_post")?;
    }
    Ok(())
}
