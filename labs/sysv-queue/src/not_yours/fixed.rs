//! Reads from a queue whose mode lets its owner write and read.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, c_long, key_t, msgget, msgrcv, msgsnd};
use nix::{errno::Errno, sys::wait, unistd};
use std::{thread::sleep, time::Duration};

#[repr(C)]
struct Message {
    mtype: c_long,
    number: u64,
}

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Queue);
    // SAFETY: this process has one thread.
    let writer = match unsafe { unistd::fork() }.call("fork")? {
        unistd::ForkResult::Child => return write(key),
        unistd::ForkResult::Parent { child } => child,
    };
    let status = wait::waitpid(writer, None).call("waitpid")?;
    assert_eq!(status, wait::WaitStatus::Exited(writer, 0));

    // SAFETY: plain numbers.
    let id = Errno::result(unsafe { msgget(key, 0) }).call("msgget")?;
    println!("msgget found the queue");
    let mut message = Message {
        mtype: 0,
        number: 0,
    };
    // SAFETY: there is room for 8 bytes after the type.
    let length = unsafe { msgrcv(id, (&raw mut message).cast(), 8, 1, 0) };
    Errno::result(length).call("msgrcv")?;
    println!("received {}", message.number);
    assert_eq!((length, message.number), (8, 1234));
    Ok(())
}

fn write(key: key_t) -> labkit::Result {
    sleep(Duration::from_millis(100));
    // SAFETY: plain numbers.
    let id = unsafe { msgget(key, IPC_CREAT | IPC_EXCL | 0o600) };
    let id = Errno::result(id).call("msgget")?;
    let message = Message {
        mtype: 1,
        number: 1234,
    };
    // SAFETY: 8 bytes follow the type.
    Errno::result(unsafe { msgsnd(id, (&raw const message).cast(), 8, 0) }).call("msgsnd")?;
    println!("one message is in the queue");
    Ok(())
}
