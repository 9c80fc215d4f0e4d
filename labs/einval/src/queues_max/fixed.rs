//! One queue for all levels of alarm: the priority of a message is its level.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_receive, mq_send};
use nix::sys::stat::Mode;

const LEVELS: [&str; 4] = ["debug", "info", "warning", "alarm"];

pub fn main() -> labkit::Result {
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let attr = MqAttr::new(0, 4, 16, 0);

    let name = labkit::queue_name("levels");
    println!("opening {name}");
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
    for (priority, level) in (0..).zip(LEVELS) {
        mq_send(&queue, level.as_bytes(), priority).call("mq_send")?;
    }

    // The most urgent level first.
    for level in LEVELS.into_iter().rev() {
        let mut buffer = [0; 16];
        let length = mq_receive(&queue, &mut buffer, &mut 0).call("mq_receive")?;
        assert_eq!(&buffer[..length], level.as_bytes(), "not the most urgent");
        println!("received: {level}");
    }
    Ok(())
}
