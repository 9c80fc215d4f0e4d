//! Sends a report that is one byte longer than this kernel allows.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, c_long, msgget, msgsnd};
use nix::errno::Errno;
use std::fs;

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Queue);
    // SAFETY: plain numbers.
    let id = unsafe { msgget(key, IPC_CREAT | IPC_EXCL | 0o600) };
    let id = Errno::result(id).call("msgget")?;

    let msgmax = fs::read_to_string("/proc/sys/kernel/msgmax").expect("this kernel has msgmax");
    let msgmax: usize = msgmax.trim().parse().expect("a number");
    let report: Vec<u8> = (0..=msgmax).map(|i| i as u8).collect();

    println!("sending {} bytes in one message", report.len());
    let message = [&c_long::to_ne_bytes(1)[..], &report].concat();
    // SAFETY: the report follows the type.
    let sent = unsafe { msgsnd(id, message.as_ptr().cast(), report.len(), 0) };
    Errno::result(sent).call("msgsnd")?;

    println!("sent");
    Ok(())
}
