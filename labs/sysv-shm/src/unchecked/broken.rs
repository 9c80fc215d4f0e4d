//! The first program of many texts: it looks at no answer. Under its key,
//! somebody else already has a segment, and a smaller one.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, IPC_RMID, shmat, shmctl, shmdt, shmget};
use nix::errno::Errno;
use std::ptr::{null, null_mut};

const TEXT: &[u8] = b"Hello, Shared Memory!";

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Shm);
    // SAFETY: plain numbers.
    Errno::result(unsafe { shmget(key, 100, IPC_CREAT | IPC_EXCL | 0o600) }).call("shmget")?;

    // SAFETY: plain numbers.
    let id = unsafe { shmget(key, 1024, IPC_CREAT | 0o666) };
    println!("shmget returned {id}");

    // SAFETY: the kernel chooses where.
    let data = unsafe { shmat(id, null(), 0) }.cast::<u8>();
    println!("shmat returned {}", data as isize);

    for (i, byte) in TEXT.iter().enumerate() {
        // SAFETY: none: nobody has looked whether `data` is an address.
        unsafe { data.add(i).write_volatile(*byte) };
    }
    println!("Data written: {}", TEXT.escape_ascii());

    // SAFETY: nobody uses the memory after this.
    unsafe { shmdt(data.cast()) };
    // SAFETY: IPC_RMID takes no argument.
    unsafe { shmctl(id, IPC_RMID, null_mut()) };
    Ok(())
}
