//! Sends three readings while nobody reads, 100 milliseconds at most for each.

use labkit::Call;
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_open, mq_receive};
use nix::sys::{stat::Mode, time::TimeSpec, wait};
use nix::time::{ClockId, clock_gettime};
use nix::unistd::{ForkResult, fork};
use std::{os::fd::AsRawFd, thread, time::Duration};

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("readings");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let attr = MqAttr::new(0, 2, 16, 0);
    let queue = mq_open(name.as_str(), flags, Mode::S_IRUSR, Some(&attr)).call("mq_open")?;
    println!("{name}: room for 2 readings, and nobody reads");

    let lost = 0;
    for reading in ["21.5", "21.6", "21.7"] {
        send(&queue, reading, 100)?;
        println!("{reading}: done, {lost} lost so far");
    }

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let reader = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return read(&queue),
        ForkResult::Parent { child } => child,
    };
    send(&queue, &format!("lost: {lost}"), 1000)?;
    let status = wait::waitpid(reader, None).call("waitpid")?;
    assert_eq!(status, wait::WaitStatus::Exited(reader, 0));
    Ok(())
}

fn send(queue: &MqdT, text: &str, millis: u64) -> labkit::Result {
    let now = clock_gettime(ClockId::CLOCK_REALTIME).call("clock_gettime")?;
    let until = now + TimeSpec::from(Duration::from_millis(millis));
    let (fd, from) = (queue.as_raw_fd(), text.as_ptr().cast());
    // SAFETY: the text has `len` bytes.
    let sent = unsafe { libc::mq_timedsend(fd, from, text.len(), 0, until.as_ref()) };
    Errno::result(sent).call("mq_timedsend").map(drop)
}

fn read(queue: &MqdT) -> labkit::Result {
    thread::sleep(Duration::from_millis(100)); // it starts late
    let mut buffer = [0; 16];
    for expected in ["21.5", "21.6", "lost: 1"] {
        let length = mq_receive(queue, &mut buffer, &mut 0).call("mq_receive")?;
        assert_eq!(&buffer[..length], expected.as_bytes());
        println!("the reader has {expected:?}");
    }
    Ok(())
}
