//! Receives into a buffer that holds the longest message of this kernel.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, IPC_STAT, c_long, msgctl, msgget, msgrcv, msgsnd};
use nix::errno::Errno;
use std::{fs, mem::zeroed};

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Queue);
    // SAFETY: plain numbers.
    let id = unsafe { msgget(key, IPC_CREAT | IPC_EXCL | 0o600) };
    let id = Errno::result(id).call("msgget")?;

    let reading: Vec<u8> = (0..64).collect();
    let message = [&c_long::to_ne_bytes(1)[..], &reading].concat();
    // SAFETY: 64 bytes follow the type.
    Errno::result(unsafe { msgsnd(id, message.as_ptr().cast(), 64, 0) }).call("msgsnd")?;
    println!("a message of 64 bytes is waiting");

    let msgmax = fs::read_to_string("/proc/sys/kernel/msgmax").expect("this kernel has msgmax");
    let room = msgmax.trim().parse().expect("a number");

    println!("receiving into {room} bytes");
    let mut buffer = vec![0; size_of::<c_long>() + room];
    // SAFETY: there is `room` after the type.
    let received = unsafe { msgrcv(id, buffer.as_mut_ptr().cast(), room, 1, 0) };
    let received = Errno::result(received).call("msgrcv");

    // SAFETY: the kernel fills in a struct that is all numbers.
    let mut queue = unsafe { zeroed::<libc::msqid_ds>() };
    // SAFETY: there is room for the answer.
    Errno::result(unsafe { msgctl(id, IPC_STAT, &mut queue) }).call("msgctl")?;
    println!("messages in the queue now: {}", queue.msg_qnum);

    let length = received? as usize;
    assert_eq!(buffer[size_of::<c_long>()..][..length], reading);
    println!("received {length} bytes");
    Ok(())
}
