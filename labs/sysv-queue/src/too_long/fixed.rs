//! Sends the report in pieces; the type of each tells how many are to come.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, c_long, msgget, msgrcv, msgsnd};
use nix::{errno::Errno, sys::wait, unistd};
use std::{fs, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Queue);
    // SAFETY: plain numbers.
    let id = unsafe { msgget(key, IPC_CREAT | IPC_EXCL | 0o600) };
    let id = Errno::result(id).call("msgget")?;

    let msgmax = fs::read_to_string("/proc/sys/kernel/msgmax").expect("this kernel has msgmax");
    let msgmax: usize = msgmax.trim().parse().expect("a number");
    let report: Vec<u8> = (0..=msgmax).map(|i| i as u8).collect();

    // SAFETY: this process has one thread.
    let receiver = match unsafe { unistd::fork() }.call("fork")? {
        unistd::ForkResult::Child => return receive(id, &report),
        unistd::ForkResult::Parent { child } => child,
    };

    let pieces: Vec<_> = report.chunks(msgmax).collect();
    println!(
        "sending {} bytes in {} messages",
        report.len(),
        pieces.len()
    );
    for (piece, to_come) in pieces.iter().zip((1..=pieces.len()).rev()) {
        let message = [&(to_come as c_long).to_ne_bytes()[..], piece].concat();
        // SAFETY: the piece follows the type.
        let sent = unsafe { msgsnd(id, message.as_ptr().cast(), piece.len(), 0) };
        Errno::result(sent).call("msgsnd")?;
    }

    let status = wait::waitpid(receiver, None).call("waitpid")?;
    assert_eq!(status, wait::WaitStatus::Exited(receiver, 0));
    println!("sent");
    Ok(())
}

/// Puts the pieces together again, in a process of its own.
fn receive(id: i32, sent: &[u8]) -> labkit::Result {
    sleep(Duration::from_millis(100)); // the queue keeps what came before us
    let mut report = Vec::new();
    let mut buffer = vec![0; size_of::<c_long>() + sent.len()];
    let mut to_come = [0; size_of::<c_long>()];
    while c_long::from_ne_bytes(to_come) != 1 {
        // SAFETY: there is room for that much after the type. Type 0 is any.
        let length = unsafe { msgrcv(id, buffer.as_mut_ptr().cast(), sent.len(), 0, 0) };
        let length = Errno::result(length).call("msgrcv")? as usize;
        to_come.copy_from_slice(&buffer[..size_of::<c_long>()]);
        report.extend_from_slice(&buffer[size_of::<c_long>()..][..length]);
    }
    assert_eq!(report, sent, "what arrived is not what was sent");
    println!("the report is whole: {} bytes", report.len());
    Ok(())
}
