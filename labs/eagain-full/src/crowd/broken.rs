//! Four producers send 100,000 orders, and do not look at what mq_send answers.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_receive, mq_send};
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::stat::Mode;
use nix::unistd::{ForkResult, fork};
use std::os::fd::AsFd;

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
                let _ = mq_send(&queue, &order, 0);
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
