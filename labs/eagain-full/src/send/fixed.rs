//! Waits a little where the queue is full, and tries again.

use labkit::Call;
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_open, mq_receive, mq_send};
use nix::sys::{stat::Mode, wait};
use nix::unistd::{ForkResult, fork, getpid};
use std::hash::{BuildHasher, RandomState};
use std::{thread::sleep, time::Duration, time::Instant};

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("orders");
    let flags = MQ_OFlag::O_NONBLOCK | MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_WRONLY;
    let (mode, attr) = (Mode::S_IRUSR | Mode::S_IWUSR, MqAttr::new(0, 2, 8, 0));
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
    println!("{name}: room for 2 orders");

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let consumer = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return consume(&name),
        ForkResult::Parent { child } => child,
    };
    for order in 1..=6u64 {
        println!("sending order {order}");
        send_patiently(&queue, &order.to_le_bytes())?;
    }
    let status = wait::waitpid(consumer, None).call("waitpid")?;
    assert_eq!(status, wait::WaitStatus::Exited(consumer, 0));
    Ok(())
}

/// Pauses for longer and longer, but for no more than a second in all.
pub fn send_patiently(queue: &MqdT, message: &[u8]) -> labkit::Result {
    let (start, mut pause) = (Instant::now(), 50);
    loop {
        match mq_send(queue, message, 0) {
            Err(Errno::EAGAIN) if start.elapsed() < Duration::from_secs(1) => {}
            result => return result.call("mq_send"),
        }
        // Chance keeps producers out of step; a fork copies chance, but not the pid.
        let jitter = RandomState::new().hash_one(getpid()) % pause;
        sleep(Duration::from_micros(pause + jitter));
        pause = (2 * pause).min(10_000);
    }
}

/// Takes the orders in a process of its own, which is late.
fn consume(name: &str) -> labkit::Result {
    let queue = mq_open(name, MQ_OFlag::O_RDONLY, Mode::empty(), None).call("mq_open")?;
    sleep(Duration::from_millis(200));
    let mut order = [0; 8];
    for expected in 1..=6 {
        mq_receive(&queue, &mut order, &mut 0).call("mq_receive")?;
        assert_eq!(u64::from_le_bytes(order), expected);
    }
    println!("received 6 orders, each in its turn");
    Ok(())
}
