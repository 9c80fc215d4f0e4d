//! Two processes, pinned, that talk through the channels they were given.
//!
//! The first conducts: it says what the second does next, through a mailbox that is
//! no part of what is timed. Both are children of the process that started them,
//! which ends them when one dies, hangs, or the reader has enough; they die with
//! it.

mod orders;

pub use orders::{Block, Lead};

use crate::{
    channel::{Side, Take},
    fault::Fault,
    place::Place,
};
use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::{
        signal::{SigHandler, Signal, kill, signal},
        wait::{WaitStatus, waitpid},
    },
    unistd::{ForkResult, Pid, fork, getpid, getppid, pipe2},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shm_ring::Mapping;
use std::{
    fs::File,
    io::{Read as _, Write as _},
    os::fd::{AsFd as _, OwnedFd},
    panic::{AssertUnwindSafe, catch_unwind},
    process,
    sync::atomic::{AtomicBool, AtomicI32, Ordering},
    thread,
    time::{Duration, Instant},
};

/// Why a pair brought no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    Fault(Fault),
    /// One of the two was killed.
    Killed(Signal),
    TimedOut,
    /// The reader wants no more.
    Interrupted,
}

/// Set by SIGINT and SIGTERM.
static ENOUGH: AtomicBool = AtomicBool::new(false);

/// From now on SIGINT and SIGTERM end what runs, and what was measured is told.
pub fn listen() {
    extern "C" fn enough(_: i32) {
        ENOUGH.store(true, Ordering::Relaxed);
    }
    for wanted in [Signal::SIGINT, Signal::SIGTERM] {
        // SAFETY: the handler only stores to an atomic.
        let _ = unsafe { signal(wanted, SigHandler::Handler(enough)) };
    }
}

/// Whether the reader wants no more.
#[must_use]
pub fn enough() -> bool {
    ENOUGH.load(Ordering::Relaxed)
}

/// What a child tells its parent in the end.
#[derive(Serialize, Deserialize)]
enum Report<T> {
    Done(T),
    Fault(Fault),
}

/// Runs `lead` in the first of two new processes, which share `channels`.
///
/// # Errors
/// What went wrong in either.
pub fn run<T: Serialize + DeserializeOwned>(
    place: &Place,
    cores: u32,
    channels: Vec<Take>,
    limit: Duration,
    lead: impl FnOnce(&mut Lead) -> Result<T, Fault>,
) -> Result<T, Ended> {
    let trouble = |call: &str, errno: Errno| {
        Ended::Fault(Fault::Refused {
            call: call.to_owned(),
            errno: errno as i32,
        })
    };
    // Where each process finds the other's number, and the mailbox of orders.
    let shared = Mapping::anonymous(orders::BYTES).map_err(|e| trouble("mmap", e))?;
    let pids = |side: Side| {
        // SAFETY: inside the mapping, aligned; used as an atomic by all.
        unsafe { AtomicI32::from_ptr(shared.base().add(side as usize * 4).cast().as_ptr()) }
    };
    let parent = getpid();
    let mut channels = Some(channels);
    let mut lead = Some(lead);
    let mut children: Vec<Child> = Vec::new();
    for side in Side::BOTH {
        let (read, write) = pipe2(nix::fcntl::OFlag::O_CLOEXEC).map_err(|e| trouble("pipe2", e))?;
        // SAFETY: this process has one thread.
        match unsafe { fork() } {
            Ok(ForkResult::Child) => {
                drop(read);
                // Only forked processes get here, each with its own copy.
                let (Some(channels), Some(lead)) = (channels.take(), lead.take()) else {
                    process::exit(1);
                };
                prepare(parent, place, cores, side);
                let other = match side {
                    Side::First => Side::Second,
                    Side::Second => Side::First,
                };
                let peer = wait_for(pids(other));
                let work = || {
                    let mut me = orders::take(&shared, side, peer, channels, cores)?;
                    if side == Side::Second {
                        return me.obey().map(|()| None);
                    }
                    let value = lead(&mut me)?;
                    me.stop()?;
                    Ok(Some(value))
                };
                // A panic must not come out of here: above lies the parent's own work.
                match catch_unwind(AssertUnwindSafe(work)) {
                    Ok(result) => tell(write, result),
                    Err(_) => process::abort(),
                }
            }
            Ok(ForkResult::Parent { child }) => {
                children.push(Child {
                    pid: child,
                    report: Some(read),
                });
                pids(side).store(child.as_raw(), Ordering::Release);
            }
            Err(errno) => return Err(trouble("fork", errno)),
        }
    }
    // What was made for the two is removed after their end, not before.
    let result = supervise::<T>(&mut children, limit);
    drop(children);
    drop(channels);
    result
}

/// A child process; killed and waited for when dropped.
struct Child {
    pid: Pid,
    report: Option<OwnedFd>,
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = kill(self.pid, Signal::SIGKILL);
        let _ = waitpid(self.pid, None);
    }
}

fn prepare(parent: Pid, place: &Place, cores: u32, side: Side) {
    let _ = nix::sys::prctl::set_pdeathsig(Signal::SIGKILL);
    if getppid() != parent {
        process::exit(1);
    }
    for wanted in [Signal::SIGINT, Signal::SIGTERM] {
        // SAFETY: the default action runs no code of ours.
        let _ = unsafe { signal(wanted, SigHandler::SigDfl) };
    }
    place.pin(cores, side as usize);
}

fn wait_for(pid: &AtomicI32) -> Pid {
    loop {
        match pid.load(Ordering::Acquire) {
            0 => thread::yield_now(),
            pid => return Pid::from_raw(pid),
        }
    }
}

fn tell<T: Serialize>(pipe: OwnedFd, result: Result<Option<T>, Fault>) -> ! {
    let report = match result {
        Ok(value) => Report::Done(value),
        Err(fault) => Report::Fault(fault),
    };
    let done =
        serde_json::to_vec(&report).is_ok_and(|bytes| File::from(pipe).write_all(&bytes).is_ok());
    process::exit(i32::from(!done));
}

fn supervise<T: DeserializeOwned>(children: &mut [Child], limit: Duration) -> Result<T, Ended> {
    let end = Instant::now() + limit;
    let mut texts = vec![Vec::new(); children.len()];
    let mut found = None;
    while children.iter().any(|child| child.report.is_some()) {
        if enough() {
            return Err(Ended::Interrupted);
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Ended::TimedOut);
        }
        let open: Vec<_> = (0..children.len())
            .filter(|i| children[*i].report.is_some())
            .collect();
        let mut fds: Vec<_> = open
            .iter()
            .filter_map(|i| children[*i].report.as_ref())
            .map(|report| PollFd::new(report.as_fd(), PollFlags::POLLIN))
            .collect();
        let step =
            PollTimeout::try_from(left.min(Duration::from_secs(1))).unwrap_or(PollTimeout::ZERO);
        if poll(&mut fds, step).unwrap_or(0) == 0 {
            continue;
        }
        let ready: Vec<_> = fds
            .iter()
            .map(|fd| fd.revents().is_some_and(|e| !e.is_empty()))
            .collect();
        for (i, ready) in open.into_iter().zip(ready) {
            let Some(report) = children[i].report.take_if(|_| ready) else {
                continue;
            };
            // A child writes once, all at once, and ends.
            let _ = File::from(report).read_to_end(&mut texts[i]);
            match serde_json::from_slice::<Report<Option<T>>>(&texts[i]) {
                Ok(Report::Done(value)) => found = value.or(found),
                // It is the other one who knows why.
                Ok(Report::Fault(Fault::Gone)) => {}
                Ok(Report::Fault(fault)) => return Err(Ended::Fault(fault)),
                Err(_) => return Err(ending(&mut children[i])),
            }
        }
    }
    found.ok_or(Ended::Fault(Fault::Gone))
}

/// How a child ended that said nothing.
fn ending(child: &mut Child) -> Ended {
    match waitpid(child.pid, None) {
        Ok(WaitStatus::Signaled(_, signal, _)) => Ended::Killed(signal),
        _ => Ended::Fault(Fault::Gone),
    }
}
