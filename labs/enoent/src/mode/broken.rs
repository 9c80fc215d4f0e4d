//! Makes a queue that its owner may only write, and opens it for reading.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_receive, mq_send};
use nix::sys::stat::Mode;

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("orders");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_WRONLY;
    let (mode, attr) = (Mode::S_IWUSR, MqAttr::new(0, 4, 16, 0));
    let shop = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
    mq_send(&shop, b"two teapots", 0).call("mq_send")?;
    println!("{name}: made, mode {:03o}", mode.bits());

    println!("opening it for reading");
    let (read, none) = (MQ_OFlag::O_RDONLY, Mode::empty());
    let kitchen = mq_open(name.as_str(), read, none, None).call("mq_open")?;

    let mut buffer = [0; 16];
    let length = mq_receive(&kitchen, &mut buffer, &mut 0).call("mq_receive")?;
    assert_eq!(&buffer[..length], b"two teapots");
    println!("received {length} bytes");
    Ok(())
}
