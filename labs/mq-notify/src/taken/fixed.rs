//! The old service gives its registration up before the new one asks for it.

use labkit::Call;
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_open, mq_receive, mq_send};
use nix::sys::signal::{SigSet, Signal::SIGUSR1, kill};
use nix::sys::{stat::Mode, wait::WaitStatus, wait::waitpid};
use nix::unistd::{ForkResult, fork, pipe, read, write};
use std::{mem, os::fd::AsRawFd, os::fd::OwnedFd, ptr, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("orders");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let attr = MqAttr::new(0, 4, 16, 0);
    let queue = mq_open(name.as_str(), flags, Mode::S_IRUSR, Some(&attr)).call("mq_open")?;
    SigSet::from(SIGUSR1)
        .thread_block()
        .call("pthread_sigmask")?;
    let (ready, tell) = pipe().call("pipe")?;

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let ForkResult::Parent { child: old } = unsafe { fork() }.call("fork")? else {
        return old_service(&queue, &tell);
    };
    drop(tell);
    assert_eq!(read(&ready, &mut [0]), Ok(1), "the old service is gone");

    println!("{name}: the new service registers");
    register(&queue).call("mq_notify")?;
    kill(old, SIGUSR1).call("kill")?;
    SigSet::from(SIGUSR1).wait().call("sigwait")?;
    let mut buffer = [0; 16];
    let length = mq_receive(&queue, &mut buffer, &mut 0).call("mq_receive")?;
    assert_eq!(&buffer[..length], b"tea", "not what was sent");
    println!("notified, and received {length} bytes");
    assert_eq!(waitpid(old, None), Ok(WaitStatus::Exited(old, 0)));
    Ok(())
}

/// Has registered earlier, and has one order left to pass on.
fn old_service(queue: &MqdT, tell: &OwnedFd) -> labkit::Result {
    sleep(Duration::from_millis(200));
    register(queue).call("mq_notify")?;
    // SAFETY: no event means that the registration is given up.
    Errno::result(unsafe { libc::mq_notify(queue.as_raw_fd(), ptr::null()) }).call("mq_notify")?;
    write(tell, b"!").call("write")?;
    SigSet::from(SIGUSR1).wait().call("sigwait")?;
    mq_send(queue, b"tea", 0).call("mq_send")
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
