//! One message over the limit, and one byte over the limit.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open};
use nix::sys::stat::Mode;
use std::fs;

pub fn main() -> labkit::Result {
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let (most, largest) = (limit("msg_max"), limit("msgsize_max"));
    println!("allowed: {most} messages of {largest} bytes");

    let mut results = Vec::new();
    for (what, messages, size) in [("many", most + 1, 16), ("large", 1, largest + 1)] {
        let name = labkit::queue_name(what);
        let attr = MqAttr::new(0, messages, size, 0);
        let result = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open");
        let answer = if result.is_ok() { "opened" } else { "refused" };
        println!("messages: {messages}, bytes in each: {size}: {answer}");
        results.push(result);
    }

    for result in results {
        result?;
    }
    println!("both are open");
    Ok(())
}

/// One of the limits that hold here, see mq_overview(7).
fn limit(name: &str) -> i64 {
    let text = fs::read_to_string(format!("/proc/sys/fs/mqueue/{name}"));
    text.expect("a file").trim().parse().expect("a number")
}
