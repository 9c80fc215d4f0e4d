//! Sends a question (type 1) and waits for the answer (type 2).

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, IPC_STAT, c_long, msgctl, msgget, msgrcv, msgsnd};
use nix::{errno::Errno, sys::wait, unistd};
use std::{mem::zeroed, thread::sleep, time::Duration};

const QUESTION: c_long = 1;
const ANSWER: c_long = 2;

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Queue);
    // SAFETY: plain numbers.
    let id = unsafe { msgget(key, IPC_CREAT | IPC_EXCL | 0o600) };
    let id = Errno::result(id).call("msgget")?;
    // SAFETY: this process has one thread.
    let server = match unsafe { unistd::fork() }.call("fork")? {
        unistd::ForkResult::Child => return serve(id),
        unistd::ForkResult::Parent { child } => child,
    };

    send(id, QUESTION, 21)?;
    // SAFETY: the kernel fills in a struct that is all numbers.
    let mut queue = unsafe { zeroed::<libc::msqid_ds>() };
    // SAFETY: there is room for the answer.
    Errno::result(unsafe { msgctl(id, IPC_STAT, &mut queue) }).call("msgctl")?;
    println!("question: 21 x 2, messages waiting: {}", queue.msg_qnum);
    let answer = receive(id, ANSWER, 0)?;
    println!("answer: {answer}");
    assert_eq!(answer, 42);

    let status = wait::waitpid(server, None).call("waitpid")?;
    assert_eq!(status, wait::WaitStatus::Exited(server, 0));
    Ok(())
}

fn serve(id: i32) -> labkit::Result {
    sleep(Duration::from_millis(200)); // thinking takes time
    let number = receive(id, QUESTION, 0)?;
    send(id, ANSWER, number * 2)
}

fn send(id: i32, mtype: c_long, number: c_long) -> labkit::Result {
    let message = [mtype, number];
    // SAFETY: 8 bytes follow the type.
    Errno::result(unsafe { msgsnd(id, message.as_ptr().cast(), 8, 0) }).call("msgsnd")?;
    Ok(())
}

fn receive(id: i32, mtype: c_long, flags: i32) -> labkit::Result<c_long> {
    let mut message: [c_long; 2] = [0; 2];
    // SAFETY: there is room for 8 bytes after the type.
    let length = unsafe { msgrcv(id, message.as_mut_ptr().cast(), 8, mtype, flags) };
    Errno::result(length).call("msgrcv")?;
    Ok(message[1])
}
