//! Wants room for ten messages more than this system allows.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_getattr, mq_open, mq_send};
use nix::sys::stat::Mode;
use std::fs;

const MSG_MAX: &str = "/proc/sys/fs/mqueue/msg_max";

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("backlog");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let wanted = msg_max() + 10;

    println!("msg_max is {}, asking for {wanted}", msg_max());
    let attr = MqAttr::new(0, wanted, 16, 0);
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
    for _ in 0..wanted {
        mq_send(&queue, b"order", 0).call("mq_send")?;
    }
    let waiting = mq_getattr(&queue).call("mq_getattr")?.curmsgs();
    println!("{waiting} messages are waiting");
    Ok(())
}

fn msg_max() -> i64 {
    let text = fs::read_to_string(MSG_MAX).expect("a file");
    text.trim().parse().expect("a number")
}
