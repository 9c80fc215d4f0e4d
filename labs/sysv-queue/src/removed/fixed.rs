//! Waits for jobs, and knows what it means when the queue is removed.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, IPC_RMID, c_long, msgctl, msgget, msgrcv, msgsnd};
use nix::{errno::Errno, sys::wait, unistd};
use std::{ptr::null_mut, thread::sleep, time::Duration};

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
    // SAFETY: this process has one thread.
    let producer = match unsafe { unistd::fork() }.call("fork")? {
        unistd::ForkResult::Child => return produce(id),
        unistd::ForkResult::Parent { child } => child,
    };

    let mut done = Vec::new();
    loop {
        let mut message = Message { mtype: 0, job: 0 };
        // SAFETY: there is room for 8 bytes after the type.
        let length = unsafe { msgrcv(id, (&raw mut message).cast(), 8, 1, 0) };
        if Errno::result(length) == Err(Errno::EIDRM) {
            println!("the queue is gone: no more jobs");
            break;
        }
        Errno::result(length).call("msgrcv")?;
        done.push(message.job);
        println!("done: {done:?}");
    }

    assert_eq!(done, [1, 2]);
    let status = wait::waitpid(producer, None).call("waitpid")?;
    assert_eq!(status, wait::WaitStatus::Exited(producer, 0));
    Ok(())
}

fn produce(id: i32) -> labkit::Result {
    for job in [1, 2] {
        let message = Message { mtype: 1, job };
        // SAFETY: 8 bytes follow the type.
        Errno::result(unsafe { msgsnd(id, (&raw const message).cast(), 8, 0) }).call("msgsnd")?;
    }
    sleep(Duration::from_millis(200)); // by now the other one waits for a third
    // SAFETY: IPC_RMID takes no argument.
    Errno::result(unsafe { msgctl(id, IPC_RMID, null_mut()) }).call("msgctl")?;
    Ok(())
}
