//! Looks at every answer, has a key of its own, and sends to another process.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, IPC_RMID, IPC_STAT, c_long, msgctl, msgget, msgrcv, msgsnd};
use nix::{errno::Errno, sys::wait, unistd};
use std::{mem::zeroed, ptr::null_mut, thread::sleep, time::Duration};

#[repr(C)]
struct Message {
    mtype: c_long,
    text: [u8; 21],
}

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Queue);
    // SAFETY: plain numbers.
    let id = unsafe { msgget(key, IPC_CREAT | IPC_EXCL | 0o600) };
    let id = Errno::result(id).call("msgget")?;

    let mut message = Message {
        mtype: 1,
        text: *b"Hello, Message Queue!",
    };
    // SAFETY: 21 bytes of text follow the type.
    let sent = unsafe { msgsnd(id, (&raw const message).cast(), 21, 0) };
    Errno::result(sent).call("msgsnd")?;
    println!("Message sent: {}", message.text.escape_ascii());

    // SAFETY: this process has one thread.
    if let unistd::ForkResult::Parent { child } = unsafe { unistd::fork() }.call("fork")? {
        let status = wait::waitpid(child, None).call("waitpid")?;
        assert_eq!(status, wait::WaitStatus::Exited(child, 0));
    } else {
        sleep(Duration::from_millis(100)); // late, but the queue keeps the message
        message.text = [0; 21];
        // SAFETY: there is room for 21 bytes of text.
        let length = unsafe { msgrcv(id, (&raw mut message).cast(), 21, 1, 0) };
        Errno::result(length).call("msgrcv")?;
        println!("Message received: {}", message.text.escape_ascii());
        assert_eq!((length, message.text), (21, *b"Hello, Message Queue!"));
        return Ok(());
    }

    // The queue itself knows whether anything was ever sent to it.
    // SAFETY: the kernel fills in a struct that is all numbers.
    let mut queue = unsafe { zeroed::<libc::msqid_ds>() };
    // SAFETY: there is room for the answer.
    Errno::result(unsafe { msgctl(id, IPC_STAT, &mut queue) }).call("msgctl")?;
    println!("was a message in the queue? {}", queue.msg_stime != 0);

    // SAFETY: IPC_RMID takes no argument.
    Errno::result(unsafe { msgctl(id, IPC_RMID, null_mut()) }).call("msgctl")?;
    Ok(())
}
