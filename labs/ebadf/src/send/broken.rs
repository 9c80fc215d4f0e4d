//! Opens a queue for receiving, because that is what its worker does with it,
//! and then sends with the same descriptor.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_open, mq_receive, mq_send};
use nix::sys::stat::Mode;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::{thread::sleep, time::Duration};

const JOBS: [&str; 2] = ["wash", "iron"];

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("jobs");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDONLY;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let attr = MqAttr::new(0, 4, 16, 0);
    let jobs = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let worker = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return work(&jobs),
        ForkResult::Parent { child } => child,
    };

    println!("{name}: sending {} jobs", JOBS.len());
    for job in JOBS {
        mq_send(&jobs, job.as_bytes(), 0).call("mq_send")?;
    }

    let status = waitpid(worker, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(worker, 0), "jobs are left");
    println!("all jobs are done");
    Ok(())
}

/// Does the jobs, in a process of its own.
fn work(jobs: &MqdT) -> labkit::Result {
    let mut buffer = [0; 16];
    for job in JOBS {
        let length = mq_receive(jobs, &mut buffer, &mut 0).call("mq_receive")?;
        assert_eq!(&buffer[..length], job.as_bytes(), "not what was sent");
        sleep(Duration::from_millis(100));
        println!("done: {job}");
    }
    Ok(())
}
