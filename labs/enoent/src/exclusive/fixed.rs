//! Two workers start together: one makes the queue, the other opens it,
//! whichever comes first.

use labkit::Call;
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_open, mq_receive, mq_send};
use nix::sys::{stat::Mode, wait::WaitStatus, wait::waitpid};
use nix::unistd::{ForkResult, fork};
use std::{thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("jobs");
    // SAFETY: this process has one thread, so the child may go on as it likes.
    match unsafe { fork() }.call("fork")? {
        ForkResult::Child => {
            sleep(Duration::from_millis(100));
            let queue = worker_queue(&name)?;
            return mq_send(&queue, b"job 1", 0).call("mq_send");
        }
        // We start later still: when the other one is done.
        ForkResult::Parent { child } => {
            let status = waitpid(child, None).call("waitpid")?;
            assert_eq!(status, WaitStatus::Exited(child, 0));
        }
    }

    let queue = worker_queue(&name)?;
    let mut buffer = [0; 16];
    let length = mq_receive(&queue, &mut buffer, &mut 0).call("mq_receive")?;
    assert_eq!(&buffer[..length], b"job 1");
    println!("received what the first worker sent");
    Ok(())
}

fn worker_queue(name: &str) -> labkit::Result<MqdT> {
    let make = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let (mode, attr) = (Mode::S_IRUSR | Mode::S_IWUSR, MqAttr::new(0, 4, 16, 0));
    loop {
        println!("{name}: making it");
        match mq_open(name, make, mode, Some(&attr)) {
            Err(Errno::EEXIST) => println!("{name}: somebody has; opening it"),
            made => return made.call("mq_open"),
        }
        match mq_open(name, MQ_OFlag::O_RDWR, Mode::empty(), None) {
            Err(Errno::ENOENT) => println!("{name}: removed in between; once more"),
            found => return found.call("mq_open"),
        }
    }
}
