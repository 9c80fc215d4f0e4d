//! Moves into an IPC namespace of its own, as a container does, and looks for
//! the queue of the host there.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_receive, mq_send};
use nix::sched::{CloneFlags, unshare};
use nix::sys::{stat::Mode, wait::WaitStatus, wait::waitpid};
use nix::unistd::{ForkResult, fork};
use std::{thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("orders");
    // SAFETY: this process has one thread, so the child may go on as it likes.
    match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return host(&name),
        ForkResult::Parent { child } => {
            let status = waitpid(child, None).call("waitpid")?;
            assert_eq!(status, WaitStatus::Exited(child, 0));
        }
    }

    println!("moving into an IPC namespace of our own");
    unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWIPC).call("unshare")?;

    println!("opening the same name");
    let (read, none) = (MQ_OFlag::O_RDONLY, Mode::empty());
    let queue = mq_open(name.as_str(), read, none, None).call("mq_open")?;

    let mut buffer = [0; 16];
    let length = mq_receive(&queue, &mut buffer, &mut 0).call("mq_receive")?;
    assert_eq!(&buffer[..length], b"two teapots");
    println!("received {length} bytes");
    Ok(())
}

/// A process of the host: makes the queue, sends, and is done.
fn host(name: &str) -> labkit::Result {
    sleep(Duration::from_millis(100));
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_WRONLY;
    let (mode, attr) = (Mode::S_IRUSR | Mode::S_IWUSR, MqAttr::new(0, 4, 16, 0));
    let queue = mq_open(name, flags, mode, Some(&attr)).call("mq_open")?;
    mq_send(&queue, b"two teapots", 0).call("mq_send")?;
    println!("{name}: made by the host");
    Ok(())
}
