//! The first program of many texts: it looks at no answer. Under its key,
//! somebody else already has a queue, and we may not write into it.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, IPC_RMID, IPC_STAT, c_long, msgctl, msgget, msgrcv, msgsnd};
use nix::errno::Errno;
use std::{mem::zeroed, ptr::null_mut};

#[repr(C)]
struct Message {
    mtype: c_long,
    text: [u8; 21],
}

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Queue);
    // SAFETY: plain numbers.
    let theirs = unsafe { msgget(key, IPC_CREAT | IPC_EXCL | 0o400) };
    let theirs = Errno::result(theirs).call("msgget")?;

    // SAFETY: plain numbers.
    let id = unsafe { msgget(key, IPC_CREAT | 0o666) };

    let mut message = Message {
        mtype: 1,
        text: *b"Hello, Message Queue!",
    };
    // SAFETY: 21 bytes of text follow the type.
    unsafe { msgsnd(id, (&raw const message).cast(), 21, 0) };
    println!("Message sent: {}", message.text.escape_ascii());

    // SAFETY: there is room for 21 bytes of text.
    unsafe { msgrcv(id, (&raw mut message).cast(), 21, 1, 0) };
    println!("Message received: {}", message.text.escape_ascii());

    // The queue itself knows whether anything was ever sent to it.
    // SAFETY: the kernel fills in a struct that is all numbers.
    let mut queue = unsafe { zeroed::<libc::msqid_ds>() };
    // SAFETY: there is room for the answer.
    Errno::result(unsafe { msgctl(theirs, IPC_STAT, &mut queue) }).call("msgctl")?;
    println!("was a message in the queue? {}", queue.msg_stime != 0);

    // SAFETY: IPC_RMID takes no argument.
    unsafe { msgctl(id, IPC_RMID, null_mut()) };
    Ok(())
}
