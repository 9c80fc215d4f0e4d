//! Three workers make a System V segment and end before they can remove it.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, IPC_RMID, key_t, shmat, shmctl, shmget};
use nix::errno::Errno;
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, chdir, fork};
use std::ptr;

pub fn main() -> labkit::Result {
    let workers = ["error", "panic", "kill"].map(|how| (how, labkit::sysv_key(SysV::Shm)));
    assert_eq!(list("before", &workers), 0);
    for (how, key) in &workers {
        // SAFETY: this process has one thread, so the child may go on as it likes.
        match unsafe { fork() }.call("fork")? {
            ForkResult::Child => return worker(*key, how),
            ForkResult::Parent { child } => match waitpid(child, None).call("waitpid")? {
                WaitStatus::Exited(_, status) => println!("{how}: exit status {status}"),
                _ => println!("{how}: killed"),
            },
        }
    }
    assert_eq!(list("after", &workers), 3);
    Ok(())
}

fn worker(key: key_t, how: &str) -> labkit::Result {
    // SAFETY: numbers, and memory that stays attached.
    unsafe {
        let id = Errno::result(shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0o600)).call("shmget")?;
        let memory = Errno::result(shmat(id, ptr::null(), 0)).call("shmat")?;
        memory.cast::<u8>().write_volatile(7);
        assert_eq!(memory.cast::<u8>().read_volatile(), 7);
        work(how)?;
        Errno::result(shmctl(id, IPC_RMID, ptr::null_mut())).call("shmctl")?;
    }
    Ok(())
}

/// Ends the worker in one of three ways.
fn work(how: &str) -> labkit::Result {
    match how {
        "panic" => panic!("a bug"),
        "kill" => raise(Signal::SIGKILL).call("raise"),
        _ => chdir("/no/such/folder").call("chdir"),
    }
}

fn list(when: &str, workers: &[(&str, key_t)]) -> usize {
    // SAFETY: numbers; without flags it only looks.
    let there = |key| unsafe { shmget(key, 0, 0) } != -1;
    let keys = workers.iter().filter(|(_, key)| there(*key));
    let left: Vec<_> = keys.map(|(how, _)| *how).collect();
    println!("{when}: {} left", left.len());
    left.iter()
        .for_each(|how| println!("  the segment of {how}"));
    left.len()
}
