//! The worker removes the segment when its work is done; then somebody wants to
//! read the result.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, IPC_RMID, shmat, shmctl, shmget};
use nix::errno::Errno;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::{ptr::null, ptr::null_mut, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Shm);
    // SAFETY: plain numbers.
    let id = unsafe { shmget(key, size_of::<u32>(), IPC_CREAT | IPC_EXCL | 0o600) };
    let id = Errno::result(id).call("shmget")?;

    // SAFETY: this process has one thread.
    let worker = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return work(id),
        ForkResult::Parent { child } => child,
    };
    let status = waitpid(worker, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(worker, 0));

    println!("opening the segment to read the result");
    // SAFETY: plain numbers.
    let id = Errno::result(unsafe { shmget(key, 0, 0o600) }).call("shmget")?;
    // SAFETY: the kernel chooses where.
    let memory = Errno::result(unsafe { shmat(id, null(), 0) })
        .call("shmat")?
        .cast::<u32>();
    // SAFETY: inside the segment, and its writer has ended.
    let result = unsafe { memory.read_volatile() };
    println!("the result is {result}");
    assert_eq!(result, 42, "what arrived is not what was written");
    Ok(())
}

fn work(id: i32) -> labkit::Result {
    sleep(Duration::from_millis(100)); // work takes time
    // SAFETY: the kernel chooses where.
    let memory = Errno::result(unsafe { shmat(id, null(), 0) })
        .call("shmat")?
        .cast::<u32>();
    // SAFETY: inside the segment.
    unsafe { memory.write_volatile(42) };
    println!("the worker: the result is written, removing the segment");
    // SAFETY: IPC_RMID takes no argument.
    Errno::result(unsafe { shmctl(id, IPC_RMID, null_mut()) }).call("shmctl")?;
    Ok(())
}
