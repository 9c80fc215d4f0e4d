//! Runs one program in a child process, waits for it with a time limit, and
//! tells how it ended.

use super::{
    child::{self, Orders},
    ending::Ending,
    lab::{Need, Program},
    report::Message,
};
use nix::{
    errno::Errno,
    fcntl::{FcntlArg, OFlag, fcntl},
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::{
        signal::{SigSet, SigmaskHow, Signal, kill, killpg},
        signalfd::{SfdFlags, SignalFd},
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    unistd::{ForkResult, Pid, fork, getpid, pipe2, read, setpgid},
};
use std::{
    fs,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    time::{Duration, Instant},
};

/// More output than this is read and thrown away.
const OUTPUT_MAX: usize = 1 << 20;

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
        let signals: SigSet = [
            Signal::SIGCHLD,
            Signal::SIGINT,
            Signal::SIGTERM,
            Signal::SIGHUP,
            Signal::SIGQUIT,
        ]
        .into_iter()
        .collect();
        let before = signals.thread_swap_mask(SigmaskHow::SIG_BLOCK);
        Self {
            signals,
            before: before.unwrap_or_else(|_| SigSet::empty()),
        }
    }
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
pub fn supervise(job: &Job<'_>, blocked: &Blocked) -> nix::Result<Seen> {
    let flags = SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK;
    let signals = SignalFd::with_flags(&blocked.signals, flags)?;
    let (report, report_child) = pipe2(OFlag::O_CLOEXEC)?;
    let (output, output_child) = if job.capture {
        let (read, write) = pipe2(OFlag::O_CLOEXEC)?;
        (Some(read), Some(write))
    } else {
        (None, None)
    };
    // What a program leaves running becomes our child, to be ended and reaped.
    let _ = nix::sys::prctl::set_child_subreaper(true);

    let supervisor = getpid();
    // SAFETY: this process has one thread, so the child may do what it likes.
    let pid = match unsafe { fork() }? {
        ForkResult::Child => child::run(Orders {
            supervisor,
            report: report_child,
            output: output_child,
            program: job.program,
            needs: job.needs,
        }),
        ForkResult::Parent { child } => child,
    };
    drop((report_child, output_child));
    // The child does the same; whoever comes first, killpg finds the group.
    let _ = setpgid(pid, pid);

    let mut ears = Ears {
        report: Ear::new(report)?,
        output: output.map(Ear::new).transpose()?,
    };
    let end = wait(pid, job.limit, &signals, &mut ears)?;
    end_descendants(pid);
    ears.listen();
    Ok(ears.conclude(pid, end))
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
        // Before every sleep: SIGCHLD may have come for another child.
        match waitpid(pid, Some(WaitPidFlag::WNOHANG))? {
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
    loop {
        let _ = killpg(pid, Signal::SIGKILL);
        for orphan in children() {
            let _ = kill(orphan, Signal::SIGKILL);
        }
        // Blocks until the next one is gone; their own children come to us then.
        if waitpid(None, None) == Err(Errno::ECHILD) {
            return;
        }
    }
}

fn children() -> Vec<Pid> {
    let list = fs::read_to_string("/proc/thread-self/children").unwrap_or_default();
    list.split_whitespace()
        .filter_map(|pid| pid.parse().ok().map(Pid::from_raw))
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
    fn new(pipe: OwnedFd) -> nix::Result<Self> {
        fcntl(&pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        Ok(Self {
            pipe,
            heard: Vec::new(),
            closed: false,
        })
    }

    /// Takes what is there, without waiting.
    fn listen(&mut self) {
        let mut buffer = [0; 1 << 16];
        while !self.closed {
            match read(&self.pipe, &mut buffer) {
                Ok(0) => self.closed = true,
                Ok(n) => {
                    let room = OUTPUT_MAX.saturating_sub(self.heard.len()).min(n);
                    self.heard.extend_from_slice(&buffer[..room]);
                    // A program that never stops writing must not keep us here.
                    if n < buffer.len() {
                        return;
                    }
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
        };
        let (mut told, mut fault_told) = (None, None);
        // The program's own children report too; only its own word counts here.
        let own = text
            .lines()
            .filter_map(Message::parse)
            .filter(|(from, _)| *from == pid.as_raw());
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
