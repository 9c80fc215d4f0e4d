//! Asks for as much of that as this system allows.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_receive, mq_send};
use nix::sys::stat::Mode;
use std::fs;

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("uploads");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let (messages, size) = (1_000_000, 1024 * 1024);
    let messages = messages.min(limit("msg_max"));
    let size = size.min(limit("msgsize_max"));

    println!("{name}: asking for {messages} messages of {size} bytes");
    let attr = MqAttr::new(0, messages, size, 0);
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;

    mq_send(&queue, b"picture 1", 0).call("mq_send")?;
    let mut buffer = vec![0; size as usize];
    let length = mq_receive(&queue, &mut buffer, &mut 0).call("mq_receive")?;
    assert_eq!(&buffer[..length], b"picture 1", "not what was sent");
    println!("received: {}", String::from_utf8_lossy(&buffer[..length]));
    Ok(())
}

/// One of the limits that hold here, see mq_overview(7).
fn limit(name: &str) -> i64 {
    let text = fs::read_to_string(format!("/proc/sys/fs/mqueue/{name}"));
    text.expect("a file").trim().parse().expect("a number")
}
