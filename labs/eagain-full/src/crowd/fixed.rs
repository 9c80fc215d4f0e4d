//! Four producers send 100,000 orders, and wait where the queue is full.

use labkit::Call;
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_open, mq_receive, mq_send};
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::stat::Mode;
use nix::unistd::{ForkResult, fork, getpid};
use std::hash::{BuildHasher, RandomState};
use std::{os::fd::AsFd, thread::sleep, time::Duration, time::Instant};

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("orders");
    let flags = MQ_OFlag::O_NONBLOCK | MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let (mode, attr) = (Mode::S_IRUSR | Mode::S_IWUSR, MqAttr::new(0, 2, 8, 0));
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;

    for producer in 0..4 {
        // SAFETY: this process has one thread, so the child may go on as it likes.
        if let ForkResult::Child = unsafe { fork() }.call("fork")? {
            for number in 0..25_000u64 {
                let order = (number << 8 | producer).to_le_bytes();
                send_patiently(&queue, &order)?;
            }
            return Ok(());
        }
    }
    let (mut order, mut next) = ([0; 8], [0; 4]);
    let mut ready = [PollFd::new(queue.as_fd(), PollFlags::POLLIN)];
    for arrived in 0..100_000 {
        // After a second without an order, no more will come.
        poll(&mut ready, 1000u16).call("poll")?;
        mq_receive(&queue, &mut order, &mut 0)
            .inspect_err(|_| println!("only {arrived} of 100000 arrived"))
            .call("mq_receive")?;
        let (producer, number) = (order[0] as usize, u64::from_le_bytes(order) >> 8);
        assert!(next[producer] <= number, "twice, or out of turn");
        next[producer] = number + 1;
    }
    println!("all 100000 arrived, each once and in its turn");
    Ok(())
}

/// Pauses for longer and longer, but for no more than a second in all.
fn send_patiently(queue: &MqdT, message: &[u8]) -> labkit::Result {
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
