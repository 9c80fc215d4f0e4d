//! Runs one program in a child process, waits for it with a time limit, and
//! tells how it ended.

use super::{
    child::{self, Orders},
    ending::Ending,
    lab::{Need, Program},
    namespace::{Refused, step},
    report::Message,
    surroundings,
};
use nix::{
    errno::Errno,
    fcntl::{FcntlArg, OFlag, fcntl},
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::{
        signal::{
            SaFlags, SigAction, SigHandler, SigSet, SigmaskHow, Signal, kill, killpg, sigaction,
        },
        signalfd::{SfdFlags, SignalFd},
        wait::{Id, WaitPidFlag, WaitStatus, waitid, waitpid},
    },
    unistd::{ForkResult, Pid, fork, getpid, pipe2, read, setpgid},
};
use std::{
    fs,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    thread,
    time::{Duration, Instant},
};

/// More output than this is read and thrown away.
const OUTPUT_MAX: usize = 1 << 20;

/// The largest pipe that an ordinary user may have, see pipe(7).
const PIPE_MAX: usize = 1 << 20;

/// What to run, and how.
pub struct Job<'a> {
    pub program: Program,
    pub needs: &'a [Need],
    pub limit: Duration,
    /// Keep stdout and stderr, in the order of the writes, instead of letting
    /// them through.
    pub capture: bool,
}

/// What was seen.
pub struct Seen {
    pub ending: Ending,
    /// The child's process number.
    pub pid: i32,
    /// What was captured.
    pub output: Vec<u8>,
    /// What the program found around it, as JSON; absent if it never got there.
    pub surroundings: Option<String>,
    /// Capabilities that were given up.
    pub gave_up: Vec<String>,
    /// Limits that were raised.
    pub raised: Vec<String>,
    /// The first failed call that another process of the program gave back.
    pub peer: Option<(String, Errno)>,
}

impl Seen {
    /// What is seen where `step` was refused before there was a child.
    #[must_use]
    pub fn refused(refused: Refused) -> Self {
        let Refused { step, errno } = refused;
        Self {
            ending: Ending::Unavailable { step, errno },
            pid: 0,
            output: Vec::new(),
            surroundings: Some(surroundings::look().to_string()),
            gave_up: Vec::new(),
            raised: Vec::new(),
            peer: None,
        }
    }
}

/// The signals that the supervisor waits for, kept from interrupting anything
/// as long as this lives: its child's, and those by which a reader or the system
/// asks it to end.
#[must_use = "the signals are let through again when this is dropped"]
pub struct Blocked {
    signals: SigSet,
    before: SigSet,
}

impl Blocked {
    pub fn new() -> Self {
        let mut signals: SigSet = [
            Signal::SIGCHLD,
            Signal::SIGINT,
            Signal::SIGTERM,
            Signal::SIGQUIT,
        ]
        .into_iter()
        .collect();
        // Where SIGCHLD was ignored by who started us, nobody could wait.
        was_ignored(Signal::SIGCHLD, false);
        // nohup(1) wants this one ignored.
        if !was_ignored(Signal::SIGHUP, true) {
            signals.add(Signal::SIGHUP);
        }
        let before = signals.thread_swap_mask(SigmaskHow::SIG_BLOCK);
        Self {
            signals,
            before: before.unwrap_or_else(|_| SigSet::empty()),
        }
    }
}

/// Sets the default action for `signal`, unless it was ignored and `keep` says to
/// leave it so; whether it was ignored.
fn was_ignored(signal: Signal, keep: bool) -> bool {
    let action = |handler| SigAction::new(handler, SaFlags::empty(), SigSet::empty());
    // SAFETY: neither the default action nor "ignore" runs code of ours.
    let set = |handler| unsafe { sigaction(signal, &action(handler)) };
    let before = set(SigHandler::SigDfl);
    let ignored = before.is_ok_and(|before| matches!(before.handler(), SigHandler::SigIgn));
    if ignored && keep {
        let _ = set(SigHandler::SigIgn);
    }
    ignored
}

impl Drop for Blocked {
    fn drop(&mut self) {
        let _ = self.before.thread_set_mask();
    }
}

/// Runs `job`; every process it left has ended when this returns.
///
/// The calling process must have one thread.
///
/// # Errors
/// Where not even a pipe or a process can be had.
pub fn supervise(job: &Job<'_>, blocked: &Blocked) -> Result<Seen, Refused> {
    let flags = SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK;
    let signals = step("signalfd", SignalFd::with_flags(&blocked.signals, flags))?;
    let pipe = || step("pipe2", pipe2(OFlag::O_CLOEXEC));
    let (report, report_child) = pipe()?;
    // Nothing is ever written into it: it closes when we die.
    let (lifeline_child, lifeline) = pipe()?;
    let (output, output_child) = if job.capture {
        let (read, write) = pipe()?;
        (Some(read), Some(write))
    } else {
        (None, None)
    };
    // What a program leaves running becomes our child, to be ended and reaped.
    let _ = nix::sys::prctl::set_child_subreaper(true);

    let supervisor = getpid();
    // SAFETY: this process has one thread, so the child may do what it likes.
    let pid = match step("fork", unsafe { fork() })? {
        ForkResult::Child => {
            drop((signals, report, output, lifeline));
            child::run(Orders {
                supervisor,
                lifeline: lifeline_child,
                report: report_child,
                output: output_child,
                program: job.program,
                needs: job.needs,
            })
        }
        ForkResult::Parent { child } => child,
    };
    drop((report_child, output_child, lifeline_child));
    // The child does the same; whoever comes first, killpg finds the group.
    let _ = setpgid(pid, pid);

    let mut ears = Ears {
        report: Ear::new(report),
        output: output.map(Ear::new),
    };
    let end = wait(pid, job.limit, &signals, &mut ears);
    end_descendants(pid);
    ears.listen();
    Ok(ears.conclude(pid, step("wait", end)?))
}

/// Why the wait ended.
enum End {
    Status(WaitStatus),
    TimeOut(Duration),
    Asked(Signal),
}

fn wait(pid: Pid, limit: Duration, signals: &SignalFd, ears: &mut Ears) -> nix::Result<End> {
    let start = Instant::now();
    loop {
        // Before every sleep: SIGCHLD may have come for another child. It is not
        // reaped yet, so that its number, which is its group's, stays its own.
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        match waitid(Id::Pid(pid), flags)? {
            WaitStatus::StillAlive => {}
            status => return Ok(End::Status(status)),
        }
        let Some(left) = limit.checked_sub(start.elapsed()) else {
            return Ok(End::TimeOut(limit));
        };
        // Rounded up, or the last millisecond would be spent spinning.
        let left =
            PollTimeout::try_from(left + Duration::from_millis(1)).unwrap_or(PollTimeout::MAX);
        let mut fds = vec![PollFd::new(signals.as_fd(), PollFlags::POLLIN)];
        fds.extend(ears.open().map(|fd| PollFd::new(fd, PollFlags::POLLIN)));
        match poll(&mut fds, left) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno),
        }
        ears.listen();
        while let Ok(Some(signal)) = signals.read_signal() {
            match i32::try_from(signal.ssi_signo).map(Signal::try_from) {
                Ok(Ok(Signal::SIGCHLD)) | Err(_) | Ok(Err(_)) => {}
                Ok(Ok(signal)) => return Ok(End::Asked(signal)),
            }
        }
    }
}

/// Ends and reaps the child's group, and whatever left that group.
fn end_descendants(pid: Pid) {
    // Once is enough: a process with this signal pending cannot fork.
    let _ = killpg(pid, Signal::SIGKILL);
    let patience = Instant::now() + Duration::from_secs(1);
    loop {
        let known = children();
        for orphan in &known {
            let _ = kill(*orphan, Signal::SIGKILL);
        }
        // Without /proc nobody tells the numbers of those that left the group,
        // and it could be for ever that we wait for them.
        let flags = known.is_empty().then_some(WaitPidFlag::WNOHANG);
        match waitpid(None, flags) {
            // Their own children have come to us now.
            Ok(WaitStatus::StillAlive) if Instant::now() < patience => {
                thread::sleep(Duration::from_millis(1));
            }
            Ok(WaitStatus::StillAlive) | Err(Errno::ECHILD) => return,
            Ok(_) | Err(_) => {}
        }
    }
}

/// Our children, as far as /proc knows them: one that was mounted for another
/// PID namespace has other numbers, of which none is a child of ours.
fn children() -> Vec<Pid> {
    let list = fs::read_to_string("/proc/thread-self/children").unwrap_or_default();
    let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    list.split_whitespace()
        .filter_map(|pid| pid.parse().ok().map(Pid::from_raw))
        .filter(|pid| waitid(Id::Pid(*pid), look).is_ok())
        .collect()
}

/// The two pipes that the supervisor listens to.
struct Ears {
    report: Ear,
    output: Option<Ear>,
}

struct Ear {
    pipe: OwnedFd,
    heard: Vec<u8>,
    closed: bool,
}

impl Ear {
    fn new(pipe: OwnedFd) -> Self {
        let _ = fcntl(&pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK));
        Self {
            pipe,
            heard: Vec::new(),
            closed: false,
        }
    }

    /// Takes what is there, without waiting.
    fn listen(&mut self) {
        let mut buffer = [0; 1 << 16];
        let mut taken = 0;
        // No pipe holds more; a program that never stops writing must not keep us
        // here.
        while !self.closed && taken <= PIPE_MAX {
            match read(&self.pipe, &mut buffer) {
                Ok(0) => self.closed = true,
                Ok(n) => {
                    let room = OUTPUT_MAX.saturating_sub(self.heard.len()).min(n);
                    self.heard.extend_from_slice(&buffer[..room]);
                    taken += n;
                }
                Err(Errno::EINTR) => {}
                Err(_) => return,
            }
        }
    }
}

impl Ears {
    fn open(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let ears = [Some(&self.report), self.output.as_ref()];
        ears.into_iter()
            .flatten()
            .filter(|ear| !ear.closed)
            .map(|ear| ear.pipe.as_fd())
    }

    fn listen(&mut self) {
        self.report.listen();
        if let Some(output) = &mut self.output {
            output.listen();
        }
    }

    fn conclude(self, pid: Pid, end: End) -> Seen {
        let text = String::from_utf8_lossy(&self.report.heard).into_owned();
        let mut seen = Seen {
            ending: Ending::Exited { status: 0 },
            pid: pid.as_raw(),
            output: self.output.map(|ear| ear.heard).unwrap_or_default(),
            surroundings: None,
            gave_up: Vec::new(),
            raised: Vec::new(),
            peer: None,
        };
        let (mut told, mut fault_told) = (None, None);
        // The program's own children report too; how it ended is its own word.
        let (own, others): (Vec<_>, Vec<_>) = text
            .lines()
            .filter_map(Message::parse)
            .partition(|(from, _)| *from == pid.as_raw());
        seen.peer = others.into_iter().find_map(|(_, message)| match message {
            Message::Failed(call, errno) => Some((call, errno)),
            _ => None,
        });
        for (_, message) in own {
            match message {
                Message::Surroundings(json) => seen.surroundings = Some(json),
                Message::GaveUp(name) => seen.gave_up.push(name),
                Message::Raised(name) => seen.raised.push(name),
                Message::Unavailable(step, errno) => {
                    told = Some(Ending::Unavailable { step, errno });
                }
                Message::Failed(call, errno) => told = Some(Ending::Failed { call, errno }),
                Message::Done => told = Some(Ending::Success),
                // The first panic; others follow from it.
                Message::Panicked(message) => {
                    told.get_or_insert(Ending::Panicked { message });
                }
                Message::Fault(signal, fault) => fault_told = Some((signal, fault)),
            }
        }
        seen.ending = match end {
            End::TimeOut(after) => Ending::TimeOut { after },
            End::Asked(signal) => Ending::Interrupted { signal },
            End::Status(WaitStatus::Signaled(_, signal, _)) => Ending::Signal {
                signal,
                fault: fault_told
                    .filter(|(s, _)| *s == signal)
                    .map(|(_, fault)| fault),
            },
            End::Status(WaitStatus::Exited(_, status)) => match told {
                // "Done" and then another status: something ended it in between.
                Some(Ending::Success) if status != 0 => Ending::Exited { status },
                Some(ending) => ending,
                None => Ending::Exited { status },
            },
            End::Status(_) => Ending::Exited { status: -1 },
        };
        seen
    }
}
