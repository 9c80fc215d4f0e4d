//! Makes a segment that everybody may read and nobody may write, and then wants
//! to fill it.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, SHM_RDONLY, shmat, shmget};
use nix::errno::Errno;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::{ptr::null, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Shm);
    let mode = 0o444;
    // SAFETY: plain numbers.
    let id = unsafe { shmget(key, size_of::<u32>(), IPC_CREAT | IPC_EXCL | mode) };
    let id = Errno::result(id).call("shmget")?;
    println!("shmget made a segment with mode {mode:04o}");

    // SAFETY: the kernel chooses where.
    let memory = Errno::result(unsafe { shmat(id, null(), 0) })
        .call("shmat")?
        .cast::<u32>();
    // SAFETY: inside the segment.
    unsafe { memory.write_volatile(42) };
    println!("written: 42");

    // SAFETY: this process has one thread.
    match unsafe { fork() }.call("fork")? {
        ForkResult::Child => read(key),
        ForkResult::Parent { child } => {
            let status = waitpid(child, None).call("waitpid")?;
            assert_eq!(status, WaitStatus::Exited(child, 0));
            Ok(())
        }
    }
}

/// The reader, another process, asks for reading and no more.
fn read(key: libc::key_t) -> labkit::Result {
    sleep(Duration::from_millis(100)); // late, but memory keeps what is in it
    // SAFETY: plain numbers.
    let id = Errno::result(unsafe { shmget(key, 0, 0o400) }).call("shmget")?;
    // SAFETY: the kernel chooses where.
    let memory = Errno::result(unsafe { shmat(id, null(), SHM_RDONLY) }).call("shmat")?;
    // SAFETY: inside the segment, and its writer waits for us.
    let value = unsafe { memory.cast::<u32>().read_volatile() };
    println!("read: {value}");
    assert_eq!(value, 42, "what arrived is not what was written");
    Ok(())
}
