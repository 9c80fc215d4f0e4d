//! Sorts its queues into folders, as one would do with files.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_receive, mq_send};
use nix::sys::stat::Mode;

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("shop.orders").replace('.', "/");
    println!("the name: {name}");

    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let (mode, attr) = (Mode::S_IRUSR | Mode::S_IWUSR, MqAttr::new(0, 4, 16, 0));
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;

    mq_send(&queue, b"two teapots", 0).call("mq_send")?;
    let mut buffer = [0; 16];
    let length = mq_receive(&queue, &mut buffer, &mut 0).call("mq_receive")?;
    assert_eq!(&buffer[..length], b"two teapots");
    println!("made, and a message went through it");
    Ok(())
}
