//! Two copies of one program: each makes the segment that both are to share.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, key_t, shmat, shmget};
use nix::errno::Errno;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::{ptr::null, thread::sleep, time::Duration};

const SIZE: usize = size_of::<u32>();

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Shm);
    // SAFETY: this process has one thread.
    match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return start(key, "the first copy").map(drop),
        ForkResult::Parent { child } => {
            let status = waitpid(child, None).call("waitpid")?;
            assert_eq!(status, WaitStatus::Exited(child, 0));
        }
    }
    let starts = start(key, "the second copy")?;
    assert_eq!(starts, 2, "they do not share one segment");
    Ok(())
}

/// Counts, in the segment, how often the program was started.
fn start(key: key_t, copy: &str) -> labkit::Result<u32> {
    sleep(Duration::from_millis(100)); // programs start slowly
    println!("{copy} makes the segment");
    // SAFETY: plain numbers.
    let id = Errno::result(unsafe { shmget(key, SIZE, IPC_CREAT | IPC_EXCL | 0o600) });
    let id = id.call("shmget")?;
    // SAFETY: the kernel chooses where.
    let counter = Errno::result(unsafe { shmat(id, null(), 0) })
        .call("shmat")?
        .cast::<u32>();
    // SAFETY: inside the segment, and no other copy is running.
    unsafe {
        counter.write_volatile(counter.read_volatile() + 1);
        println!("{copy} has counted to {}", counter.read_volatile());
        Ok(counter.read_volatile())
    }
}
