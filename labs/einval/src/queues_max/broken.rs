//! A queue for every level of alarm, where only three queues may be.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_receive, mq_send};
use nix::sys::stat::Mode;

const LEVELS: [&str; 4] = ["debug", "info", "warning", "alarm"];

pub fn main() -> labkit::Result {
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let attr = MqAttr::new(0, 4, 16, 0);

    let mut queues = Vec::new();
    for level in LEVELS {
        let name = labkit::queue_name(level);
        println!("opening {name}");
        queues.push(mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?);
    }
    for (queue, level) in queues.iter().zip(LEVELS) {
        mq_send(queue, level.as_bytes(), 0).call("mq_send")?;
    }

    // The most urgent level first.
    for (queue, level) in queues.iter().zip(LEVELS).rev() {
        let mut buffer = [0; 16];
        let length = mq_receive(queue, &mut buffer, &mut 0).call("mq_receive")?;
        assert_eq!(&buffer[..length], level.as_bytes(), "not the most urgent");
        println!("received: {level}");
    }
    Ok(())
}
