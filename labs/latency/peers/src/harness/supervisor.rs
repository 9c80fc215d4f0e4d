//! The process that forks both sides, listens to the leader, and outlives them.

use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::{
        prctl,
        signal::{SigSet, Signal, kill},
        signalfd::{SfdFlags, SignalFd},
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    unistd::{ForkResult, Pid, fork, getpid, getppid},
};
use std::{
    io::{self, PipeReader, PipeWriter, Read},
    os::fd::AsFd,
    panic::{AssertUnwindSafe, catch_unwind},
    process,
    time::{Duration, Instant},
};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Both sides did all that they should.
    Complete,
    /// One of them failed; it has said why itself.
    Failed,
    /// The user, or the system, asked for an end.
    Signal(i32),
    /// It took longer than it may.
    TooLong,
}

/// Longer than the slowest machine needs.
const LIMIT: Duration = Duration::from_secs(120);

/// Runs both sides in processes of their own and gives `hear` every line of the
/// leader's as it comes. When this returns, both are gone.
///
/// # Errors
/// Those of signalfd(2), pipe(2) and fork(2).
pub fn run(
    follow: impl FnOnce() -> Result<(), String>,
    lead: impl FnOnce(PipeWriter) -> Result<(), String>,
    mut hear: impl FnMut(&str),
) -> io::Result<End> {
    // Blocked before the fork, so in the children too: Ctrl-C goes to all three, and
    // only this one must act on it.
    let endings = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP];
    let mut signals: SigSet = endings.into_iter().collect();
    signals.add(Signal::SIGCHLD);
    signals.thread_block()?;
    let signals = SignalFd::with_flags(&signals, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC)?;
    let (mut reader, writer) = io::pipe()?;

    let mut children = Children(Vec::new());
    children.fork(follow)?;
    children.fork(|| lead(writer))?;
    let end = watch(&signals, &mut reader, &mut children, &mut hear);
    drop(children);
    end
}

fn watch(
    signals: &SignalFd,
    reader: &mut PipeReader,
    children: &mut Children,
    hear: &mut impl FnMut(&str),
) -> io::Result<End> {
    let deadline = Instant::now() + LIMIT;
    let mut heard = Vec::new();
    let mut listening = true;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(End::TooLong);
        }
        let mut ready = vec![PollFd::new(signals.as_fd(), PollFlags::POLLIN)];
        if listening {
            ready.push(PollFd::new(reader.as_fd(), PollFlags::POLLIN));
        }
        match poll(
            &mut ready,
            PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX),
        ) {
            Err(Errno::EINTR) => continue,
            other => other?,
        };
        let speaks = ready.get(1).is_some_and(|fd| fd.any().unwrap_or(true));
        if speaks {
            listening = listen(reader, &mut heard, hear)?;
        }
        while let Some(signal) = signals.read_signal()? {
            let number = signal.ssi_signo as i32;
            if number != libc::SIGCHLD {
                return Ok(End::Signal(number));
            }
        }
        if !children.reap()? {
            return Ok(End::Failed);
        }
        if children.0.is_empty() && !listening {
            return Ok(End::Complete);
        }
    }
}

/// Reads what is there and passes on whole lines; whether there may be more.
fn listen(
    reader: &mut PipeReader,
    heard: &mut Vec<u8>,
    hear: &mut impl FnMut(&str),
) -> io::Result<bool> {
    let mut buffer = [0; 4096];
    let length = reader.read(&mut buffer)?;
    heard.extend_from_slice(&buffer[..length]);
    while let Some(end) = heard.iter().position(|byte| *byte == b'\n') {
        let line: Vec<_> = heard.drain(..=end).collect();
        hear(String::from_utf8_lossy(&line).trim_end());
    }
    Ok(length > 0)
}

/// Killed and reaped when dropped.
struct Children(Vec<Pid>);

impl Children {
    fn fork(&mut self, run: impl FnOnce() -> Result<(), String>) -> io::Result<()> {
        let parent = getpid();
        // SAFETY: this process has one thread, so the child may do anything.
        match unsafe { fork()? } {
            ForkResult::Parent { child } => self.0.push(child),
            ForkResult::Child => {
                // Nobody polls for ever for a parent that was killed. It may have
                // been killed already.
                let _ = prctl::set_pdeathsig(Signal::SIGKILL);
                if getppid() != parent {
                    process::exit(1);
                }
                let done = catch_unwind(AssertUnwindSafe(run));
                process::exit(match done {
                    Ok(Ok(())) => 0,
                    Ok(Err(why)) => {
                        eprintln!("peers: {why}");
                        1
                    }
                    Err(_) => 1,
                });
            }
        }
        Ok(())
    }

    /// Takes leave of those that have ended; false if one of them failed.
    fn reap(&mut self) -> io::Result<bool> {
        let mut well = true;
        let mut left = Vec::new();
        for child in self.0.drain(..) {
            match waitpid(child, Some(WaitPidFlag::WNOHANG))? {
                WaitStatus::StillAlive => left.push(child),
                status => well &= matches!(status, WaitStatus::Exited(_, 0)),
            }
        }
        self.0 = left;
        Ok(well)
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        for child in self.0.drain(..) {
            let _ = kill(child, Signal::SIGKILL);
            let _ = waitpid(child, None);
        }
    }
}
