//! Asks for room for eight orders, where a queue from an earlier run has two.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_receive, mq_send};
use nix::sys::stat::Mode;

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("orders");
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    // The version of yesterday: it ended without mq_unlink.
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let attr = MqAttr::new(0, 2, 8, 0);
    mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
    println!("{name}: made yesterday with room for 2");

    // The version of today.
    let flags = MQ_OFlag::O_NONBLOCK | MQ_OFlag::O_CREAT | MQ_OFlag::O_RDWR;
    let attr = MqAttr::new(0, 8, 8, 0);
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
    println!("opened today, asking for room for {}", attr.maxmsg());

    for order in 1..=8u64 {
        println!("sending order {order}");
        mq_send(&queue, &order.to_le_bytes(), 0).call("mq_send")?;
    }
    let mut order = [0; 8];
    for expected in 1..=8 {
        mq_receive(&queue, &mut order, &mut 0).call("mq_receive")?;
        assert_eq!(u64::from_le_bytes(order), expected);
    }
    println!("received 8 orders");
    Ok(())
}
