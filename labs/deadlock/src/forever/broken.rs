//! The same two locks in opposite orders, and nobody looks at the clock.

use labkit::Call;
use libc::{sem_init, sem_post, sem_t, sem_wait};
use nix::errno::Errno;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::{fs, num::NonZero, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let size = NonZero::new(size_of::<[sem_t; 3]>()).expect("not empty");
    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, full of zeroes, with room for two locks and a number more.
    let (stock, cash, holding) = unsafe {
        let shared = mmap_anonymous(None, size, protection, MapFlags::MAP_SHARED);
        let locks = shared.call("mmap")?.cast::<sem_t>().as_ptr();
        let holding = AtomicU32::from_ptr(locks.add(2).cast());
        Errno::result(sem_init(locks, 1, 1)).call("sem_init")?;
        Errno::result(sem_init(locks.add(1), 1, 1)).call("sem_init")?;
        (locks, locks.add(1), holding)
    };
    let mut sellers = Vec::new();
    for (first, second) in [(stock, cash), (cash, stock)] {
        // SAFETY: this process has one thread.
        match unsafe { fork() }.call("fork")? {
            ForkResult::Child => return sell(first, second, holding),
            ForkResult::Parent { child } => sellers.push(child),
        }
    }
    sleep(Duration::from_secs(1));
    for seller in &sellers {
        let text = fs::read_to_string(format!("/proc/{seller}/status")).expect("it is there");
        let state = text.lines().find_map(|line| line.strip_prefix("State:\t"));
        println!("a seller is {}", state.expect("every process has one"));
    }
    for seller in sellers {
        let status = waitpid(seller, None).call("waitpid")?;
        assert_eq!(status, WaitStatus::Exited(seller, 0));
    }
    Ok(())
}

fn sell(first: *mut sem_t, second: *mut sem_t, holding: &AtomicU32) -> labkit::Result {
    // SAFETY: semaphores that were made.
    let take = |lock| Errno::result(unsafe { sem_wait(lock) }).call("sem_wait");
    // SAFETY: the same.
    let give = |lock| Errno::result(unsafe { sem_post(lock) }).call("sem_post");
    take(first)?;
    holding.fetch_add(1, SeqCst);
    // Work, until the other has a lock as well, but half a second at most.
    for _ in (0..50).take_while(|_| holding.load(SeqCst) < 2) {
        sleep(Duration::from_millis(10));
    }
    take(second)?;
    give(second)?;
    give(first).map(drop)
}
