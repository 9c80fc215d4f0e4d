//! Asks what is there, and makes it anew where it is too small and nobody
//! uses it.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_RMID, IPC_STAT, shmat, shmctl, shmget};
use nix::errno::Errno;
use std::{mem::zeroed, ptr::null, ptr::null_mut};

const READING: usize = size_of::<u64>();

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Shm);
    // What ran here before the update, and has ended.
    // SAFETY: plain numbers.
    Errno::result(unsafe { shmget(key, 16 * READING, IPC_CREAT | 0o600) }).call("shmget")?;

    // SAFETY: plain numbers. Size 0 takes the segment as it is.
    let old = Errno::result(unsafe { shmget(key, 0, 0o600) }).call("shmget")?;
    // SAFETY: the kernel fills in a struct that is all numbers.
    let mut stat = unsafe { zeroed::<libc::shmid_ds>() };
    // SAFETY: there is room for the answer.
    Errno::result(unsafe { shmctl(old, IPC_STAT, &mut stat) }).call("shmctl")?;
    println!(
        "there: {} bytes, attached {} times",
        stat.shm_segsz, stat.shm_nattch
    );

    let size = 128 * READING;
    if stat.shm_segsz < size && stat.shm_nattch == 0 {
        // SAFETY: IPC_RMID takes no argument.
        Errno::result(unsafe { shmctl(old, IPC_RMID, null_mut()) }).call("shmctl")?;
    }
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
