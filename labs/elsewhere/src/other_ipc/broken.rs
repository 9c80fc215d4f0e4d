//! Looks for a producer's queue and segment from an IPC namespace of its own.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, SHM_RDONLY, key_t, shmat, shmget};
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open};
use nix::sched::{CloneFlags, unshare};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::sys::{signal, stat::Mode};
use nix::unistd::{ForkResult, fork};
use std::{ptr::null, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let (name, key) = (labkit::queue_name("orders"), labkit::sysv_key(SysV::Shm));
    // SAFETY: this process has one thread, so the child may go on as it likes.
    let producer = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return produce(&name, key),
        ForkResult::Parent { child } => child,
    };
    waitpid(producer, Some(WaitPidFlag::WUNTRACED)).call("waitpid")?;

    unshare(CloneFlags::CLONE_NEWIPC).call("unshare")?;
    println!("consumer: an IPC namespace of its own");

    let queue = mq_open(&*name, MQ_OFlag::O_RDONLY, Mode::empty(), None).call("mq_open");
    println!("consumer: the queue: {:?}", queue.map(drop));
    // SAFETY: the kernel chooses where the segment is attached, and it has a page.
    let value = unsafe {
        let id = Errno::result(shmget(key, 0, 0)).call("shmget")?;
        let page = Errno::result(shmat(id, null(), SHM_RDONLY)).call("shmat")?;
        page.cast::<u8>().read_volatile()
    };
    assert_eq!(value, 42, "what was read is not what was written");
    println!("consumer: read {value}");
    signal::kill(producer, signal::SIGCONT).call("kill")?;
    let status = waitpid(producer, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(producer, 0));
    Ok(())
}

/// Makes both, writes 42, and stands still until it is told to go on.
fn produce(name: &str, key: key_t) -> labkit::Result {
    sleep(Duration::from_millis(100));
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL;
    mq_open(name, flags, Mode::S_IRUSR, Some(&MqAttr::new(0, 1, 1, 0))).call("mq_open")?;
    // SAFETY: the kernel chooses where the segment is attached, and it has a page.
    unsafe {
        let id = Errno::result(shmget(key, 1, IPC_CREAT | IPC_EXCL | 0o600)).call("shmget")?;
        let page = Errno::result(shmat(id, null(), 0)).call("shmat")?;
        page.cast::<u8>().write_volatile(42);
    }
    println!("producer: made a queue and a segment, wrote 42");
    signal::raise(signal::SIGSTOP).call("raise")
}
