//! Sends eight orders without waiting; the queue has room for four.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, IPC_NOWAIT, IPC_SET, IPC_STAT, c_long};
use libc::{msgctl, msgget, msgrcv, msgsnd};
use nix::{errno::Errno, sys::wait, unistd};
use std::{mem::zeroed, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Queue);
    // SAFETY: plain numbers.
    let id = unsafe { msgget(key, IPC_CREAT | IPC_EXCL | 0o600) };
    let id = Errno::result(id).call("msgget")?;
    // SAFETY: the kernel fills in a struct that is all numbers.
    let mut queue = unsafe { zeroed::<libc::msqid_ds>() };
    // SAFETY: there is room for the answer.
    Errno::result(unsafe { msgctl(id, IPC_STAT, &mut queue) }).call("msgctl")?;
    queue.msg_qbytes = 4 * 8;
    // SAFETY: the kernel reads what it filled in.
    Errno::result(unsafe { msgctl(id, IPC_SET, &mut queue) }).call("msgctl")?;

    // SAFETY: this process has one thread.
    let consumer = match unsafe { unistd::fork() }.call("fork")? {
        unistd::ForkResult::Child => return consume(id),
        unistd::ForkResult::Parent { child } => child,
    };

    for order in 1..=8 {
        let message: [c_long; 2] = [1, order]; // the type, and 8 bytes
        // SAFETY: 8 bytes follow the type.
        let send = || Errno::result(unsafe { msgsnd(id, message.as_ptr().cast(), 8, IPC_NOWAIT) });
        send().call("msgsnd")?;
        println!("sent order {order}");
    }

    let status = wait::waitpid(consumer, None).call("waitpid")?;
    assert_eq!(status, wait::WaitStatus::Exited(consumer, 0));
    println!("all eight have arrived");
    Ok(())
}

fn consume(id: i32) -> labkit::Result {
    sleep(Duration::from_millis(300)); // slow to start
    for order in 1..=8 {
        let mut message: [c_long; 2] = [0; 2];
        // SAFETY: there is room for 8 bytes after the type.
        let length = unsafe { msgrcv(id, message.as_mut_ptr().cast(), 8, 1, 0) };
        Errno::result(length).call("msgrcv")?;
        assert_eq!(message, [1, order]);
    }
    Ok(())
}
