//! A queue for each day's reports: no larger than they are, closed and unlinked in
//! the evening.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_close, mq_open, mq_receive, mq_send, mq_unlink};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::stat::Mode;

pub fn main() -> labkit::Result {
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let (messages, size) = (10, 64);
    let attr = MqAttr::new(0, messages, size, 0);
    let cost = messages * (size + 48) + messages * 48;

    // A small budget of our own, so as not to take all that this user has.
    let budget = Resource::RLIMIT_MSGQUEUE;
    let (_, hard) = getrlimit(budget).call("getrlimit")?;
    setrlimit(budget, hard.min(40_000), hard).call("setrlimit")?;
    let (limit, _) = getrlimit(budget).call("getrlimit")?;

    let mut spent = 0;
    for day in ["Mon", "Tue", "Wed", "Thu", "Fri"] {
        println!("{day}: {spent} + {cost} = {} of {limit}", spent + cost);
        let name = labkit::queue_name(day);
        let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
        spent += cost;

        mq_send(&queue, day.as_bytes(), 0).call("mq_send")?;
        let mut buffer = vec![0; size as usize];
        let length = mq_receive(&queue, &mut buffer, &mut 0).call("mq_receive")?;
        assert_eq!(&buffer[..length], day.as_bytes(), "not what was sent");
        mq_close(queue).call("mq_close")?;
        mq_unlink(name.as_str()).call("mq_unlink")?;
        spent -= cost;
    }
    println!("five days, all received");
    Ok(())
}
