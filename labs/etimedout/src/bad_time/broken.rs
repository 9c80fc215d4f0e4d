//! Waits for room until 1.2 seconds from now, all of it added as nanoseconds.

use labkit::Call;
use libc::{mq_timedsend, timespec};
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_open, mq_receive, mq_send};
use nix::sys::{stat::Mode, wait};
use nix::time::{ClockId, clock_gettime};
use nix::unistd::{ForkResult, fork};
use std::{os::fd::AsRawFd, thread, time::Duration};

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("jobs");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let attr = MqAttr::new(0, 1, 16, 0);
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
    mq_send(&queue, b"job 1", 0).call("mq_send")?;
    println!("{name}: full with 1 job");

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let worker = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return work(&queue),
        ForkResult::Parent { child } => child,
    };

    let now = clock_gettime(ClockId::CLOCK_REALTIME).call("clock_gettime")?;
    let mut until: timespec = *now.as_ref();
    until.tv_nsec += 1_200_000_000;

    println!("waiting for room");
    let (from, length) = (b"job 2".as_ptr().cast(), b"job 2".len());
    // SAFETY: there are `length` bytes to send.
    let sent = unsafe { mq_timedsend(queue.as_raw_fd(), from, length, 0, &until) };
    Errno::result(sent).call("mq_timedsend")?;
    println!("job 2 is in the queue");

    let status = wait::waitpid(worker, None).call("waitpid")?;
    assert_eq!(status, wait::WaitStatus::Exited(worker, 0));
    println!("both jobs have arrived");
    Ok(())
}

fn work(queue: &MqdT) -> labkit::Result {
    thread::sleep(Duration::from_millis(100)); // it is busy
    let mut buffer = [0; 16];
    for expected in [b"job 1", b"job 2"] {
        let length = mq_receive(queue, &mut buffer, &mut 0).call("mq_receive")?;
        assert_eq!(&buffer[..length], expected, "not what was sent");
    }
    Ok(())
}
