//! Waits for an order until one second from now.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_send};
use nix::sys::{stat::Mode, time::TimeSpec, time::TimeValLike, wait};
use nix::time::{ClockId, clock_gettime};
use nix::{errno::Errno, unistd::ForkResult, unistd::fork};
use std::{os::fd::AsRawFd, ptr, thread, time};

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("orders");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let attr = MqAttr::new(0, 4, 16, 0);
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let sender = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => {
            thread::sleep(time::Duration::from_millis(100));
            mq_send(&queue, b"two teas", 0).call("mq_send")?;
            return Ok(());
        }
        ForkResult::Parent { child } => child,
    };

    let now = clock_gettime(ClockId::CLOCK_REALTIME).call("clock_gettime")?;
    let until = now + TimeSpec::seconds(1);

    println!("{name}: waiting for an order");
    let start = time::Instant::now();
    let (mut buffer, queue) = ([0; 16], queue.as_raw_fd());
    let (to, size) = (buffer.as_mut_ptr().cast(), buffer.len());
    // SAFETY: the buffer has `size` bytes; the priority is not asked for.
    let received =
        unsafe { libc::mq_timedreceive(queue, to, size, ptr::null_mut(), until.as_ref()) };
    println!("full seconds waited: {}", start.elapsed().as_secs());
    let length = Errno::result(received).call("mq_timedreceive")? as usize;

    assert_eq!(&buffer[..length], b"two teas", "not what was sent");
    println!("received {length} bytes");
    let status = wait::waitpid(sender, None).call("waitpid")?;
    assert_eq!(status, wait::WaitStatus::Exited(sender, 0));
    Ok(())
}
