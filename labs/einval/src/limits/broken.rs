//! Asks for room for a million messages of 1 MiB, to be on the safe side.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_receive, mq_send};
use nix::sys::stat::Mode;

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("uploads");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let (messages, size) = (1_000_000, 1024 * 1024);

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
