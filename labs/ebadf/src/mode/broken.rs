//! Makes a queue that its mode allows nobody to send to.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_receive, mq_send};
use nix::sys::stat::Mode;

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("orders");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let mode = Mode::S_IRUSR;
    let attr = MqAttr::new(0, 4, 16, 0);
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;

    let mut buffer = [0; 16];
    mq_send(&queue, b"one tea", 0).call("mq_send")?;
    mq_receive(&queue, &mut buffer, &mut 0).call("mq_receive")?;
    println!("{name}: its maker sends and receives");

    println!("opening it again, to send");
    let (flags, none) = (MQ_OFlag::O_WRONLY, Mode::empty());
    let sender = mq_open(name.as_str(), flags, none, None).call("mq_open")?;

    mq_send(&sender, b"one cake", 0).call("mq_send")?;
    let length = mq_receive(&queue, &mut buffer, &mut 0).call("mq_receive")?;
    assert_eq!(&buffer[..length], b"one cake", "not what was sent");
    println!("received {length} bytes");
    Ok(())
}
