//! Asks for a job without waiting, a moment before the producer sends it.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_open, mq_receive, mq_send};
use nix::sys::{stat::Mode, wait::WaitStatus, wait::waitpid};
use nix::unistd::{ForkResult, fork};
use std::{thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("jobs");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR | MQ_OFlag::O_NONBLOCK;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let attr = MqAttr::new(0, 4, 16, 0);
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let producer = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return produce(&queue),
        ForkResult::Parent { child } => child,
    };

    println!("{name}: asking for a job");
    let mut buffer = [0; 16];
    let length = mq_receive(&queue, &mut buffer, &mut 0).call("mq_receive")?;
    assert_eq!(&buffer[..length], b"resize 17.jpg");
    println!("got a job of {length} bytes");

    let status = waitpid(producer, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(producer, 0));
    Ok(())
}

/// The other process: its job is ready a fifth of a second later.
fn produce(queue: &MqdT) -> labkit::Result {
    sleep(Duration::from_millis(200));
    mq_send(queue, b"resize 17.jpg", 0).call("mq_send")
}
