//! Asks the queue how much it holds, and sends pieces that fit, each in its turn.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, IPC_SET, IPC_STAT, c_long, msgctl, msgget, msgrcv, msgsnd};
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
    queue.msg_qbytes = 64;
    // SAFETY: the kernel reads what it filled in.
    Errno::result(unsafe { msgctl(id, IPC_SET, &mut queue) }).call("msgctl")?;

    let report: Vec<u8> = (0..100).collect();
    // SAFETY: this process has one thread.
    let receiver = match unsafe { unistd::fork() }.call("fork")? {
        unistd::ForkResult::Child => return receive(id, &report),
        unistd::ForkResult::Parent { child } => child,
    };

    // SAFETY: there is room for the answer.
    Errno::result(unsafe { msgctl(id, IPC_STAT, &mut queue) }).call("msgctl")?;
    for piece in report.chunks(queue.msg_qbytes as usize) {
        println!("sending {} bytes", piece.len());
        let message = [&c_long::to_ne_bytes(1)[..], piece].concat();
        // SAFETY: the piece follows the type.
        let sent = unsafe { msgsnd(id, message.as_ptr().cast(), piece.len(), 0) };
        Errno::result(sent).call("msgsnd")?;
    }
    let status = wait::waitpid(receiver, None).call("waitpid")?;
    assert_eq!(status, wait::WaitStatus::Exited(receiver, 0));
    println!("sent");
    Ok(())
}

fn receive(id: i32, sent: &[u8]) -> labkit::Result {
    sleep(Duration::from_millis(100)); // the second piece must wait for us
    let (mut report, mut buffer) = (Vec::new(), [0; size_of::<c_long>() + 64]);
    while report.len() < sent.len() {
        // SAFETY: there is room for 64 bytes after the type.
        let length = unsafe { msgrcv(id, buffer.as_mut_ptr().cast(), 64, 1, 0) };
        let length = Errno::result(length).call("msgrcv")? as usize;
        report.extend_from_slice(&buffer[size_of::<c_long>()..][..length]);
    }
    assert_eq!(report, sent, "what arrived is not what was sent");
    Ok(())
}
