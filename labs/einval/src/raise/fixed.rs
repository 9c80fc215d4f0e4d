//! Raises the limit in an IPC namespace of its own, which takes no root.

use labkit::Call;
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_getattr, mq_open, mq_send};
use nix::sched::{CloneFlags, unshare};
use nix::sys::stat::Mode;
use nix::sys::wait::{WaitStatus, wait};
use nix::unistd::{ForkResult, fork, getgid, getuid, pipe, read};
use std::{fs, io, thread, time::Duration};

const MSG_MAX: &str = "/proc/sys/fs/mqueue/msg_max";

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("backlog");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let wanted = msg_max() + 10;

    // The child stays outside, and looks there when all is done in here.
    let (done, work) = pipe().call("pipe")?;
    // SAFETY: this process has one thread.
    if let ForkResult::Child = unsafe { fork() }.call("fork")? {
        drop(work);
        read(&done, &mut [0]).call("read")?;
        thread::sleep(Duration::from_millis(100));
        println!("outside, msg_max is {}", msg_max());
        return Ok(());
    }
    let (root, group) = (format!("0 {} 1", getuid()), format!("0 {} 1", getgid()));
    unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWIPC).call("unshare")?;
    write("/proc/self/uid_map", &root)?;
    write("/proc/self/setgroups", "deny")?;
    write("/proc/self/gid_map", &group)?;
    write(MSG_MAX, &wanted.to_string())?;

    println!("msg_max is {}, asking for {wanted}", msg_max());
    let attr = MqAttr::new(0, wanted, 16, 0);
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
    for _ in 0..wanted {
        mq_send(&queue, b"order", 0).call("mq_send")?;
    }
    let waiting = mq_getattr(&queue).call("mq_getattr")?.curmsgs();
    println!("{waiting} messages are waiting");
    drop(work);
    let ended = wait().call("wait")?;
    assert!(matches!(ended, WaitStatus::Exited(_, 0)));
    Ok(())
}

fn msg_max() -> i64 {
    let text = fs::read_to_string(MSG_MAX).expect("a file");
    text.trim().parse().expect("a number")
}

fn write(path: &str, text: &str) -> labkit::Result {
    let errno = |error: io::Error| Errno::from_raw(error.raw_os_error().unwrap_or(0));
    fs::write(path, text).map_err(errno).call("write")
}
