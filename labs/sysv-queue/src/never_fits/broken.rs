//! Tries again and again to send 100 bytes through a queue of 64.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, IPC_NOWAIT, IPC_SET, IPC_STAT, c_long, msgctl, msgget, msgsnd};
use nix::errno::Errno;
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
    queue.msg_qbytes = 64;
    // SAFETY: the kernel reads what it filled in.
    Errno::result(unsafe { msgctl(id, IPC_SET, &mut queue) }).call("msgctl")?;

    let report: Vec<u8> = (0..100).collect();
    let message = [&c_long::to_ne_bytes(1)[..], &report].concat();

    let mut tries = 0;
    let sent = loop {
        // SAFETY: the report follows the type.
        let sent = unsafe { msgsnd(id, message.as_ptr().cast(), report.len(), IPC_NOWAIT) };
        tries += 1;
        // SAFETY: there is room for the answer.
        Errno::result(unsafe { msgctl(id, IPC_STAT, &mut queue) }).call("msgctl")?;
        println!("try {tries}: messages in the queue: {}", queue.msg_qnum);
        if Errno::result(sent) != Err(Errno::EAGAIN) || tries == 5 {
            break sent;
        }
        sleep(Duration::from_millis(20));
    };
    Errno::result(sent).call("msgsnd")?;
    println!("sent");
    Ok(())
}
