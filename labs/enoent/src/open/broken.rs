//! Opens the queue a moment before another process has made it.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_receive, mq_send};
use nix::sys::{stat::Mode, wait::WaitStatus, wait::waitpid};
use nix::unistd::{ForkResult, fork};
use std::{thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("orders");
    // SAFETY: this process has one thread, so the child may go on as it likes.
    let shop = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return start_shop(&name),
        ForkResult::Parent { child } => child,
    };

    println!("{name}: opening");
    let (read, none) = (MQ_OFlag::O_RDONLY, Mode::empty());
    let opened = mq_open(name.as_str(), read, none, None);
    let queue = opened.call("mq_open")?;
    println!("opened");

    let mut buffer = [0; 16];
    let length = mq_receive(&queue, &mut buffer, &mut 0).call("mq_receive")?;
    assert_eq!(&buffer[..length], b"two teapots");
    println!("received {length} bytes");

    let status = waitpid(shop, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(shop, 0));
    Ok(())
}

/// The other process: it needs a fifth of a second until its queue is there.
fn start_shop(name: &str) -> labkit::Result {
    sleep(Duration::from_millis(200));
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_WRONLY;
    let (mode, attr) = (Mode::S_IRUSR | Mode::S_IWUSR, MqAttr::new(0, 4, 16, 0));
    let queue = mq_open(name, flags, mode, Some(&attr)).call("mq_open")?;
    mq_send(&queue, b"two teapots", 0).call("mq_send")
}
