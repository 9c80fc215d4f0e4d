//! A log keeps the number of a descriptor that somebody else closes.

use labkit::Call;
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_close, mq_open, mq_receive};
use nix::sys::stat::Mode;
use std::os::fd::{AsRawFd, RawFd};

struct Log {
    queue: RawFd,
}

impl Log {
    fn write(&self, line: &str) -> nix::Result<()> {
        println!("log: {line}");
        let (at, length) = (line.as_ptr().cast(), line.len());
        // SAFETY: the line stays where it is during the call.
        Errno::result(unsafe { libc::mq_send(self.queue, at, length, 0) }).map(drop)
    }
}

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("log");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_WRONLY;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let attr = MqAttr::new(0, 4, 16, 0);
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
    let log = Log {
        queue: queue.as_raw_fd(),
    };

    log.write("started").call("mq_send")?;
    mq_close(queue).call("mq_close")?;
    println!("{name}: closed");
    log.write("stopped").call("mq_send")?;

    let reader = MQ_OFlag::O_RDONLY | MQ_OFlag::O_NONBLOCK;
    let reader = mq_open(name.as_str(), reader, mode, None).call("mq_open")?;
    let mut buffer = [0; 16];
    for line in ["started", "stopped"] {
        let length = mq_receive(&reader, &mut buffer, &mut 0).call("mq_receive")?;
        assert_eq!(&buffer[..length], line.as_bytes(), "a line is missing");
    }
    println!("both lines are in the queue");
    Ok(())
}
