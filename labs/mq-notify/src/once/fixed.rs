//! Registers again after each notification, and only then empties the queue.

use labkit::Call;
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_getattr, mq_open, mq_receive, mq_send};
use nix::sys::signal::{SigSet, Signal::SIGCHLD, Signal::SIGUSR1};
use nix::sys::{stat::Mode, time::TimeSpec, wait::WaitStatus, wait::waitpid};
use nix::unistd::{ForkResult, fork};
use std::{mem, os::fd::AsRawFd, ptr, thread::sleep, time::Duration};

const ORDERS: [&[u8]; 3] = [b"tea", b"cake", b"soup"];

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("orders");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR | MQ_OFlag::O_NONBLOCK;
    let attr = MqAttr::new(0, 4, 16, 0);
    let queue = mq_open(name.as_str(), flags, Mode::S_IRUSR, Some(&attr)).call("mq_open")?;
    let (signals, second) = (SigSet::from(SIGUSR1), TimeSpec::new(1, 0));
    // SIGCHLD as well: the end of the guest must not interrupt the waiting.
    let blocked = SigSet::from_iter([SIGUSR1, SIGCHLD]);
    blocked.thread_block().call("pthread_sigmask")?;
    register(&queue).call("mq_notify")?;

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let ForkResult::Parent { child: guest } = unsafe { fork() }.call("fork")? else {
        for order in ORDERS {
            sleep(Duration::from_millis(200));
            mq_send(&queue, order, 0).call("mq_send")?;
        }
        return Ok(());
    };

    let (mut buffer, mut orders) = ([0; 16], ORDERS.iter());
    while orders.len() > 0 {
        // SAFETY: set and time are read during the call, nothing is written.
        let got = unsafe { libc::sigtimedwait(signals.as_ref(), ptr::null_mut(), second.as_ref()) };
        let notified = Errno::result(got);
        let waiting = mq_getattr(&queue).call("mq_getattr")?.curmsgs();
        println!("{name}: messages waiting: {waiting}");
        notified.call("sigtimedwait")?;
        register(&queue).call("mq_notify")?;
        while let Ok(length) = mq_receive(&queue, &mut buffer, &mut 0) {
            assert_eq!(orders.next(), Some(&&buffer[..length]), "not what was sent");
        }
    }
    assert_eq!(waitpid(guest, None), Ok(WaitStatus::Exited(guest, 0)));
    println!("all orders have come");
    Ok(())
}

fn register(queue: &MqdT) -> nix::Result<()> {
    // SAFETY: all zero is a sigevent, which is read during the call.
    unsafe {
        let mut event: libc::sigevent = mem::zeroed();
        event.sigev_notify = libc::SIGEV_SIGNAL;
        event.sigev_signo = libc::SIGUSR1;
        Errno::result(libc::mq_notify(queue.as_raw_fd(), &event)).map(drop)
    }
}
