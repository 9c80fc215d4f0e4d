//! Waits for an order while signals come.

use labkit::Call;
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_open, mq_send};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal::SIGUSR1, kill, sigaction};
use nix::sys::{stat::Mode, time::TimeSpec, time::TimeValLike, wait};
use nix::time::{ClockId, clock_gettime};
use nix::unistd::{ForkResult, Pid, fork, getpid};
use std::{os::fd::AsRawFd, ptr, thread, time::Duration};

extern "C" fn note(_signal: i32) {}

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("orders");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let attr = MqAttr::new(0, 4, 16, 0);
    let queue = mq_open(name.as_str(), flags, Mode::S_IRUSR, Some(&attr)).call("mq_open")?;
    let action = SigAction::new(SigHandler::Handler(note), SaFlags::empty(), SigSet::empty());
    // SAFETY: the handler does nothing at all.
    unsafe { sigaction(SIGUSR1, &action) }.call("sigaction")?;

    let waiter = getpid();
    // SAFETY: this process has one thread, so the child may go on as it likes.
    let sender = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return disturb(waiter, &queue),
        ForkResult::Parent { child } => child,
    };

    let now = clock_gettime(ClockId::CLOCK_REALTIME).call("clock_gettime")?;
    let until = now + TimeSpec::seconds(1);
    println!("{name}: waiting for an order");
    let (mut buffer, fd) = ([0; 16], queue.as_raw_fd());
    let (to, size, none) = (buffer.as_mut_ptr().cast(), buffer.len(), ptr::null_mut());
    let receive = || {
        // SAFETY: the buffer has `size` bytes; the priority is not asked for.
        Errno::result(unsafe { libc::mq_timedreceive(fd, to, size, none, until.as_ref()) })
    };
    let received = receive();
    let length = received.call("mq_timedreceive")? as usize;

    assert_eq!(&buffer[..length], b"two teas", "not what was sent");
    println!("received {length} bytes");
    let status = wait::waitpid(sender, None).call("waitpid")?;
    assert_eq!(status, wait::WaitStatus::Exited(sender, 0));
    Ok(())
}

fn disturb(waiter: Pid, queue: &MqdT) -> labkit::Result {
    for _ in 0..5 {
        thread::sleep(Duration::from_millis(100));
        kill(waiter, SIGUSR1).call("kill")?;
    }
    mq_send(queue, b"two teas", 0).call("mq_send").map(drop)
}
