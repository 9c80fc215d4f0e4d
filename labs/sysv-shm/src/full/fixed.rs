//! One segment with a slot for each client.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, shmat, shmget};
use nix::errno::Errno;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::{ptr::null, thread::sleep, time::Duration};

const SLOT: usize = size_of::<u64>();

pub fn main() -> labkit::Result {
    let mut slots = Vec::new();
    println!("a segment for 2 clients");
    let key = labkit::sysv_key(SysV::Shm);
    // SAFETY: plain numbers.
    let id = unsafe { shmget(key, 2 * SLOT, IPC_CREAT | IPC_EXCL | 0o600) };
    let id = Errno::result(id).call("shmget")?;
    // SAFETY: the kernel chooses where.
    let slot = Errno::result(unsafe { shmat(id, null(), 0) }).call("shmat")?;
    for client in 0..2 {
        // SAFETY: there are two slots.
        slots.push(unsafe { slot.cast::<u64>().add(client) });
    }

    for (client, slot) in slots.iter().enumerate() {
        // SAFETY: this process has one thread; each client has its own slot.
        unsafe {
            match fork().call("fork")? {
                ForkResult::Child => {
                    sleep(Duration::from_millis(100)); // the client takes its time
                    slot.write_volatile(client as u64 + 10);
                    return Ok(());
                }
                ForkResult::Parent { child } => {
                    let status = waitpid(child, None).call("waitpid")?;
                    assert_eq!(status, WaitStatus::Exited(child, 0));
                }
            }
            let value = slot.read_volatile();
            println!("client {client} wrote {value}");
            assert_eq!(value, client as u64 + 10, "that is not what was written");
        }
    }
    Ok(())
}
