//! Asks for room for 128 readings, where an older version of the program made
//! room for 16.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, shmat, shmget};
use nix::errno::Errno;
use std::ptr::null;

const READING: usize = size_of::<u64>();

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Shm);
    // What ran here before the update, and has ended.
    // SAFETY: plain numbers.
    Errno::result(unsafe { shmget(key, 16 * READING, IPC_CREAT | 0o600) }).call("shmget")?;

    let size = 128 * READING;
    println!("asking for {size} bytes");
    // SAFETY: plain numbers.
    let id = Errno::result(unsafe { shmget(key, size, IPC_CREAT | 0o600) }).call("shmget")?;

    // SAFETY: the kernel chooses where.
    let data = Errno::result(unsafe { shmat(id, null(), 0) })
        .call("shmat")?
        .cast::<u64>();
    for i in 0..128 {
        // SAFETY: inside the segment.
        unsafe { data.add(i).write_volatile(i as u64) };
    }
    println!("128 readings written");
    Ok(())
}
