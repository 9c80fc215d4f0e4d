//! Sends a job to each of three workers; the type is the worker's number.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, c_long, msgget, msgrcv, msgsnd};
use nix::errno::Errno;

#[repr(C)]
struct Message {
    mtype: c_long,
    job: u64,
}

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Queue);
    // SAFETY: plain numbers.
    let id = unsafe { msgget(key, IPC_CREAT | IPC_EXCL | 0o600) };
    let id = Errno::result(id).call("msgget")?;

    for worker in 0..3 {
        println!("sending to worker {worker}");
        let message = Message {
            mtype: worker,
            job: 100 + worker as u64,
        };
        // SAFETY: 8 bytes follow the type.
        let sent = unsafe { msgsnd(id, (&raw const message).cast(), 8, 0) };
        Errno::result(sent).call("msgsnd")?;
    }

    for worker in [2, 0, 1] {
        let mut message = Message { mtype: 0, job: 0 };
        // SAFETY: there is room for 8 bytes after the type.
        let length = unsafe { msgrcv(id, (&raw mut message).cast(), 8, worker, 0) };
        Errno::result(length).call("msgrcv")?;
        println!("worker {worker} has job {}", message.job);
        assert_eq!(message.job, 100 + worker as u64);
    }
    Ok(())
}
