//! Reads a message when its writer, another process, is not at work on it.

use labkit::Call;
use nix::errno::Errno;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::signal::{Signal, kill, raise};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering::Relaxed};
use std::{cell::UnsafeCell, num::NonZeroUsize, thread::sleep, time::Duration};

#[repr(C)]
struct Shared {
    turn: UnsafeCell<libc::sem_t>,
    length: AtomicU32,
    bytes: [AtomicU8; 256],
}

pub fn main() -> labkit::Result {
    let size = NonZeroUsize::new(size_of::<Shared>()).expect("not empty");
    let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: new memory, which stays, and whose zeros are good atomics.
    let shared: &Shared = unsafe {
        let at = mmap_anonymous(None, size, access, MapFlags::MAP_SHARED).call("mmap")?;
        at.cast().as_ref()
    };
    let sem = shared.turn.get();
    // SAFETY: made before its first use, for more than one process (1), and free (1).
    Errno::result(unsafe { libc::sem_init(sem, 1, 1) }).call("sem_init")?;
    let turn = |f: unsafe extern "C" fn(*mut libc::sem_t) -> i32, name| {
        // SAFETY: the semaphore is made, and stays.
        Errno::result(unsafe { f(sem) }).call(name)
    };
    shared.length.store(64, Relaxed);
    shared.bytes[..64].iter().for_each(|b| b.store(1, Relaxed));
    // SAFETY: this process has one thread, so the child may go on as it likes.
    let ForkResult::Parent { child: writer } = unsafe { fork() }.call("fork")? else {
        sleep(Duration::from_millis(100)); // message 2 takes a moment to make
        turn(libc::sem_wait, "sem_wait")?;
        shared.length.store(256, Relaxed);
        raise(Signal::SIGSTOP).call("raise")?; // the scheduler may stop us anywhere
        shared.bytes.iter().for_each(|b| b.store(2, Relaxed));
        turn(libc::sem_post, "sem_post")?;
        return Ok(());
    };
    let stopped = waitpid(writer, Some(WaitPidFlag::WUNTRACED)).call("waitpid")?;
    assert_eq!(stopped, WaitStatus::Stopped(writer, Signal::SIGSTOP));
    println!("the writer is half-way through message 2");
    println!("{}", turn(libc::sem_trywait, "sem_trywait").unwrap_err());
    kill(writer, Signal::SIGCONT).call("kill")?;
    turn(libc::sem_wait, "sem_wait")?;
    let length = shared.length.load(Relaxed) as usize;
    let bytes = shared.bytes.each_ref().map(|b| b.load(Relaxed));
    turn(libc::sem_post, "sem_post")?;
    let of = |message| bytes[..length].iter().filter(|b| **b == message).count();
    println!("length {length}: {} bytes new, {} old", of(2), of(1));
    assert_eq!(waitpid(writer, None), Ok(WaitStatus::Exited(writer, 0)));
    Ok(())
}
