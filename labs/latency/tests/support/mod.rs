//! Starts the lab itself, one at a time: two would measure each other.

use measure::record::{Failed, Outcome, Report};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    fs,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A lab about to be started.
pub struct Lab {
    pub command: Command,
    turn: MutexGuard<'static, ()>,
}

impl Lab {
    pub fn new() -> Self {
        Self::of(&["--quick", "--json"])
    }

    pub fn of(args: &[&str]) -> Self {
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab-latency"));
        command.args(args).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { command, turn }
    }

    pub fn start(mut self) -> Running {
        let child = self.command.spawn().expect("the lab starts");
        Running {
            child,
            _turn: self.turn,
        }
    }

    /// Exit status and report of a whole run.
    pub fn report(self) -> (Option<i32>, Report) {
        self.start().finish()
    }

    /// The same, ended early by Ctrl-C.
    pub fn interrupted(self, after: Duration) -> (Option<i32>, Report) {
        let (status, output) = self.start().after(after);
        (status, parse(&output))
    }
}

/// A lab that runs.
pub struct Running {
    child: Child,
    _turn: MutexGuard<'static, ()>,
}

impl Running {
    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed())
    }

    /// The two processes of a row, as soon as both are there.
    pub fn pair(&self) -> Vec<Pid> {
        loop {
            let pair = children(self.pid());
            if pair.len() == 2 {
                return pair;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    pub fn wait(mut self) {
        self.child.wait().expect("waited");
    }

    pub fn finish(self) -> (Option<i32>, Report) {
        let output = self.child.wait_with_output().expect("waited");
        (output.status.code(), parse(&output))
    }

    /// Ends it by SIGINT after a while; it must end soon.
    pub fn after(self, after: Duration) -> (Option<i32>, Output) {
        thread::sleep(after);
        let _ = kill(self.pid(), Signal::SIGINT);
        let output = self.child.wait_with_output().expect("waited");
        (output.status.code(), output)
    }
}

fn parse(output: &Output) -> Report {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {output:?}");
    })
}

/// The children of a process, see proc(5).
pub fn children(pid: Pid) -> Vec<Pid> {
    let text = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let text = text.unwrap_or_default();
    let pids = text.split_whitespace().filter_map(|pid| pid.parse().ok());
    pids.map(Pid::from_raw).collect()
}

/// The signal that ended a row's process.
pub fn failed(row: &Outcome) -> Option<&str> {
    match &row.failed {
        Some(Failed::Killed(signal)) => Some(signal),
        _ => None,
    }
}

/// Every row that failed otherwise than by the kernel's refusal.
pub fn failures(report: &Report) -> Vec<&Outcome> {
    let failed = |row: &&Outcome| !matches!(row.failed, None | Some(Failed::Refused(_)));
    report.results.iter().filter(failed).collect()
}

/// The file of this name, somewhere below `folder`.
pub fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        if path.is_dir() {
            find(&path, name)
        } else {
            (entry.file_name() == name).then_some(path)
        }
    })
}

/// Has the kernel answer EPERM to these system calls, see seccomp(2).
pub fn refuse(command: &mut Command, calls: &'static [libc::c_long]) {
    let statement = |code: u32, jt: u8, jf: u8, k: u32| libc::sock_filter {
        code: code as u16,
        jt,
        jf,
        k,
    };
    let (load, equal, give) = (
        libc::BPF_LD | libc::BPF_W | libc::BPF_ABS,
        libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K,
        libc::BPF_RET | libc::BPF_K,
    );
    // The number of the call is the first word of struct seccomp_data.
    let mut filter = vec![statement(load, 0, 0, 0)];
    for call in calls {
        filter.push(statement(equal, 0, 1, *call as u32));
        filter.push(statement(
            give,
            0,
            0,
            libc::SECCOMP_RET_ERRNO | libc::EPERM as u32,
        ));
    }
    filter.push(statement(give, 0, 0, libc::SECCOMP_RET_ALLOW));
    // SAFETY: two system calls, with a filter that was made before and outlives them.
    unsafe {
        command.pre_exec(move || {
            let program = libc::sock_fprog {
                len: filter.len() as u16,
                filter: filter.as_ptr().cast_mut(),
            };
            let done = libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
                && libc::prctl(
                    libc::PR_SET_SECCOMP,
                    libc::SECCOMP_MODE_FILTER,
                    &raw const program,
                ) == 0;
            if done {
                Ok(())
            } else {
                Err(std::io::Error::last_os_error())
            }
        });
    }
}
