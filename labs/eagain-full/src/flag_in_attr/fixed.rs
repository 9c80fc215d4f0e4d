//! Never wants to wait, and says so when it opens the queue.

use labkit::Call;
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_attr_member_t, mq_getattr, mq_open, mq_receive, mq_send};
use nix::sys::stat::Mode;

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("orders");
    let nonblock = mq_attr_member_t::from(MQ_OFlag::O_NONBLOCK.bits());
    let flags = MQ_OFlag::O_NONBLOCK | MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let attr = MqAttr::new(0, 2, 8, 0);
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
    let set = mq_getattr(&queue).call("mq_getattr")?.flags() == nonblock;
    println!("{name}: room for 2, non-blocking: {set}");

    let mut kept = Vec::new();
    for order in 1..=3u64 {
        println!("sending order {order}");
        match mq_send(&queue, &order.to_le_bytes(), 0).call("mq_send") {
            Err(full) if full.errno == Errno::EAGAIN => {
                println!("{full}: kept for later");
                kept.push(order);
            }
            sent => sent?,
        }
    }

    let mut order = [0; 8];
    for expected in 1..=3u64 {
        mq_receive(&queue, &mut order, &mut 0).call("mq_receive")?;
        println!("received order {}", u64::from_le_bytes(order));
        assert_eq!(u64::from_le_bytes(order), expected);
        for order in kept.drain(..) {
            println!("sending order {order} again");
            mq_send(&queue, &order.to_le_bytes(), 0).call("mq_send")?;
        }
    }
    Ok(())
}
