//! Takes all that the raised limits allow: many messages, and large ones.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_receive, mq_send};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::stat::Mode;
use std::fs;

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("everything");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let (messages, size) = (limit("msg_max"), limit("msgsize_max"));

    // No more than most systems give to a user.
    let budget = Resource::RLIMIT_MSGQUEUE;
    let (_, hard) = getrlimit(budget).call("getrlimit")?;
    setrlimit(budget, hard.min(819_200), hard).call("setrlimit")?;
    let (bytes, _) = getrlimit(budget).call("getrlimit")?;

    println!("{messages} messages of {size} bytes are allowed here");
    let cost = messages * (size + 48) + messages * 48;
    println!("they cost {cost} bytes, this user may have {bytes}");
    let attr = MqAttr::new(0, messages, size, 0);
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;

    mq_send(&queue, b"reading", 0).call("mq_send")?;
    let mut buffer = vec![0; size as usize];
    let length = mq_receive(&queue, &mut buffer, &mut 0).call("mq_receive")?;
    assert_eq!(&buffer[..length], b"reading", "not what was sent");
    println!("opened, sent, received");
    Ok(())
}

/// One of the limits that hold here, see mq_overview(7).
fn limit(name: &str) -> i64 {
    let text = fs::read_to_string(format!("/proc/sys/fs/mqueue/{name}"));
    text.expect("a file").trim().parse().expect("a number")
}
