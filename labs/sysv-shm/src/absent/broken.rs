//! Opens a segment that another process is about to make.

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
    let creator = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return create(key),
        ForkResult::Parent { child } => child,
    };

    println!("opening the segment");
    // SAFETY: plain numbers.
    let id = Errno::result(unsafe { shmget(key, SIZE, 0o600) }).call("shmget")?;

    let status = waitpid(creator, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(creator, 0));
    // SAFETY: the kernel chooses where.
    let memory = Errno::result(unsafe { shmat(id, null(), 0) })
        .call("shmat")?
        .cast::<u32>();
    // SAFETY: inside the segment, and its writer has ended.
    let value = unsafe { memory.read_volatile() };
    println!("read {value}");
    assert_eq!(value, 42, "what arrived is not what was written");
    Ok(())
}

/// The other process needs a moment to start.
fn create(key: key_t) -> labkit::Result {
    sleep(Duration::from_millis(200));
    // SAFETY: plain numbers.
    let id = unsafe { shmget(key, SIZE, IPC_CREAT | IPC_EXCL | 0o600) };
    let id = Errno::result(id).call("shmget")?;
    // SAFETY: the kernel chooses where.
    let memory = Errno::result(unsafe { shmat(id, null(), 0) })
        .call("shmat")?
        .cast::<u32>();
    // SAFETY: inside the segment.
    unsafe { memory.write_volatile(42) };
    Ok(())
}
