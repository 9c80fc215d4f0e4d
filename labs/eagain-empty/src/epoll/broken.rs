//! Serves three queues in the order of a list, though the first is empty and
//! the last is not.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_getattr, mq_open, mq_receive, mq_send};
use nix::sys::{stat::Mode, wait::WaitStatus, wait::waitpid};
use nix::unistd::{ForkResult, fork};
use std::{thread::sleep, time::Duration};

/// What each queue carries, and after how many milliseconds.
const QUEUES: [(&str, u64); 3] = [("orders", 400), ("returns", 200), ("alarms", 0)];

pub fn main() -> labkit::Result {
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR | MQ_OFlag::O_NONBLOCK;
    let (mode, attr) = (Mode::S_IRUSR | Mode::S_IWUSR, MqAttr::new(0, 4, 16, 0));
    let (mut queues, mut producers) = (Vec::new(), Vec::new());
    for (what, delay) in QUEUES {
        let name = labkit::queue_name(what);
        let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
        // SAFETY: this process has one thread, so the child may go on as it likes.
        match unsafe { fork() }.call("fork")? {
            ForkResult::Child => return produce(&queue, what, delay),
            ForkResult::Parent { child } => producers.push(child),
        }
        queues.push(queue);
    }
    let done = |producer| waitpid(producer, None) == Ok(WaitStatus::Exited(producer, 0));
    // The alarm is sent before anybody looks.
    assert!(done(producers[2]));
    for ((what, _), queue) in QUEUES.iter().zip(&queues) {
        let waiting = mq_getattr(queue).call("mq_getattr")?.curmsgs();
        println!("{what}: {waiting} waiting");
    }

    let mut buffer = [0; 16];
    for number in 0..QUEUES.len() {
        let length = mq_receive(&queues[number], &mut buffer, &mut 0).call("mq_receive")?;
        assert_eq!(&buffer[..length], QUEUES[number].0.as_bytes());
        println!("{}: received", QUEUES[number].0);
    }

    assert!(done(producers[0]) && done(producers[1]));
    Ok(())
}

/// One of three other processes.
fn produce(queue: &MqdT, what: &str, delay: u64) -> labkit::Result {
    sleep(Duration::from_millis(delay));
    mq_send(queue, what.as_bytes(), 0).call("mq_send")
}
