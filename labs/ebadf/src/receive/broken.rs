//! Opens a queue for sending only, and wants to take an order back.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_getattr, mq_open, mq_receive, mq_send};
use nix::sys::stat::Mode;

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("orders");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_WRONLY;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let attr = MqAttr::new(0, 4, 16, 0);
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;

    mq_send(&queue, b"one tea", 0).call("mq_send")?;
    println!("{name}: ordered one tea");

    println!("taking the order back");
    let mut buffer = [0; 16];
    let received = mq_receive(&queue, &mut buffer, &mut 0);
    let waiting = mq_getattr(&queue).call("mq_getattr")?.curmsgs();
    println!("messages waiting now: {waiting}");
    let length = received.call("mq_receive")?;

    assert_eq!(&buffer[..length], b"one tea", "another order came back");
    println!("took back {length} bytes");
    Ok(())
}
