//! Sends a report of 64 bytes through a queue whose messages hold 16.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_send};
use nix::sys::stat::Mode;

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("reports");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let attr = MqAttr::new(0, 4, 16, 0);
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
    println!("{name}: room for 4 messages, 16 bytes each");

    let report: Vec<u8> = (0..64).collect();

    println!("sending {} bytes in one message", report.len());
    mq_send(&queue, &report, 0).call("mq_send")?;

    println!("sent");
    Ok(())
}
