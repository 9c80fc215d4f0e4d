//! Takes a value out of a slot: reads it, and marks the slot as empty.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, SHM_RDONLY, shmat, shmget};
use nix::errno::Errno;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::{process::exit, ptr::null, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Shm);
    // SAFETY: plain numbers.
    let id = unsafe { shmget(key, size_of::<u32>(), IPC_CREAT | IPC_EXCL | 0o600) };
    let id = Errno::result(id).call("shmget")?;
    // SAFETY: the kernel chooses where.
    let slot = Errno::result(unsafe { shmat(id, null(), SHM_RDONLY) }).call("shmat")?;
    let slot = slot.cast::<u32>();

    for value in [21, 22] {
        in_another_process(|| put(id, value))?;
        // SAFETY: inside the segment, and its writer has ended.
        let taken = unsafe { slot.read_volatile() };
        println!("taking {taken}");
        assert_eq!(taken, value, "what arrived is not what was written");
        // SAFETY: as above, if only it may be written.
        unsafe { slot.write_volatile(0) };
    }
    println!("the slot is empty");
    Ok(())
}

/// Fills the slot, which must be empty.
fn put(id: i32, value: u32) -> labkit::Result {
    sleep(Duration::from_millis(100)); // the value comes from afar
    // SAFETY: the kernel chooses where.
    let slot = Errno::result(unsafe { shmat(id, null(), 0) })
        .call("shmat")?
        .cast::<u32>();
    // SAFETY: inside the segment, and its reader waits for us.
    unsafe {
        assert_eq!(slot.read_volatile(), 0, "the slot is not empty");
        slot.write_volatile(value);
    }
    Ok(())
}

fn in_another_process(work: impl Fn() -> labkit::Result) -> labkit::Result {
    // SAFETY: this process has one thread.
    match unsafe { fork() }.call("fork")? {
        ForkResult::Child => exit(work().is_err().into()),
        ForkResult::Parent { child } => {
            let status = waitpid(child, None).call("waitpid")?;
            assert_eq!(status, WaitStatus::Exited(child, 0));
            Ok(())
        }
    }
}
