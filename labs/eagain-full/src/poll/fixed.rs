//! Sleeps until the kernel says that there is room, and then tries again.

use labkit::Call;
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_open, mq_receive, mq_send};
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::{stat::Mode, wait};
use nix::unistd::{ForkResult, fork};
use std::os::fd::AsFd;
use std::{thread::sleep, time::Duration};

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
        send(&queue, &order.to_le_bytes())?;
    }
    let status = wait::waitpid(consumer, None).call("waitpid")?;
    assert_eq!(status, wait::WaitStatus::Exited(consumer, 0));
    Ok(())
}

/// Sends, and does not give up at the first refusal.
fn send(queue: &MqdT, message: &[u8]) -> labkit::Result {
    for _ in 0..100 {
        match mq_send(queue, message, 0) {
            Err(Errno::EAGAIN) => {}
            result => return result.call("mq_send"),
        }
        let mut room = [PollFd::new(queue.as_fd(), PollFlags::POLLOUT)];
        if poll(&mut room, 1000u16).call("poll")? == 0 {
            break; // a second has gone by
        }
    }
    mq_send(queue, message, 0).call("mq_send")
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
