//! Asks the queue for its limit, and sends the report in pieces that fit.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_getattr, mq_open, mq_receive, mq_send};
use nix::sys::{stat::Mode, wait::waitpid};
use nix::unistd::{ForkResult, fork};

pub fn main() -> labkit::Result {
    let name = labkit::queue_name("reports");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let attr = MqAttr::new(0, 4, 16, 0);
    let queue = mq_open(name.as_str(), flags, mode, Some(&attr)).call("mq_open")?;
    println!("{name}: room for 4 messages, 16 bytes each");

    let report: Vec<u8> = (0..64).collect();

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let receiver = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return receive(&queue, &report),
        ForkResult::Parent { child } => child,
    };

    let limit = mq_getattr(&queue).call("mq_getattr")?.msgsize() as usize;
    println!(
        "sending {} bytes, at most {limit} in a message",
        report.len()
    );
    // The receiver cannot guess where the report ends: the length goes first.
    let length = (report.len() as u64).to_le_bytes();
    mq_send(&queue, &length, 0).call("mq_send")?;
    for piece in report.chunks(limit) {
        mq_send(&queue, piece, 0).call("mq_send")?;
    }

    let status = waitpid(receiver, None).call("waitpid")?;
    assert_eq!(status, nix::sys::wait::WaitStatus::Exited(receiver, 0));
    Ok(())
}

/// Puts the pieces together again, in a process of its own.
fn receive(queue: &MqdT, sent: &[u8]) -> labkit::Result {
    let limit = mq_getattr(queue).call("mq_getattr")?.msgsize() as usize;
    let mut piece = vec![0; limit];
    let mut length = [0; 8];
    let n = mq_receive(queue, &mut piece, &mut 0).call("mq_receive")?;
    length[..n].copy_from_slice(&piece[..n]);

    let mut report = Vec::new();
    while report.len() < u64::from_le_bytes(length) as usize {
        let n = mq_receive(queue, &mut piece, &mut 0).call("mq_receive")?;
        println!("received a piece of {n} bytes");
        report.extend_from_slice(&piece[..n]);
    }
    assert_eq!(report, sent, "what arrived is not what was sent");
    println!("the report is whole: {} bytes", report.len());
    Ok(())
}
