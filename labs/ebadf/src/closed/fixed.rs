//! The log owns its descriptor: nobody else can close it.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_close, mq_open, mq_receive, mq_send};
use nix::sys::stat::Mode;

struct Log {
    queue: MqdT,
}

impl Log {
    fn write(&self, line: &str) -> nix::Result<()> {
        println!("log: {line}");
        mq_send(&self.queue, line.as_bytes(), 0)
    }
}

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("log");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_WRONLY;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let attr = MqAttr::new(0, 4, 16, 0);
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
    let log = Log { queue };

    log.write("started").call("mq_send")?;
    log.write("stopped").call("mq_send")?;
    mq_close(log.queue).call("mq_close")?;
    println!("{name}: closed");

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
