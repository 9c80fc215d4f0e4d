//! The child's side: arrange what the case needs, run the program, report.

use super::{
    ending::Fault,
    lab::{Need, Program, another_user},
    namespace,
    report::{self, Message},
    surroundings,
};
use nix::{
    sys::{
        resource::{Resource, getrlimit, setrlimit},
        signal::{self, SaFlags, SigAction, SigHandler, SigSet, Signal},
    },
    unistd::{Pid, dup2_stderr, dup2_stdin, dup2_stdout, geteuid, getppid, seteuid, setpgid},
};
use std::{
    fs::File,
    io::Write as _,
    os::fd::{IntoRawFd as _, OwnedFd},
    panic, process,
};

/// What the supervisor hands to its child.
pub struct Orders<'a> {
    pub supervisor: Pid,
    /// A pipe whose other end closes when the supervisor dies.
    pub lifeline: OwnedFd,
    pub report: OwnedFd,
    /// Where stdout and stderr go together, in the order of the writes; the
    /// lab's own where there is none.
    pub output: Option<OwnedFd>,
    pub program: Program,
    pub needs: &'a [Need],
}

/// Runs in the child after fork(2), and never returns.
pub fn run(orders: Orders<'_>) -> ! {
    let status = match prepare(orders) {
        Ok(program) => conduct(program),
        Err(refused) => {
            report::send(&Message::Surroundings(surroundings::look().to_string()));
            report::send(&Message::Unavailable(refused.step, refused.errno));
            1
        }
    };
    process::exit(status)
}

fn prepare(orders: Orders<'_>) -> Result<Program, namespace::Refused> {
    // A group of its own, so that the supervisor can end all of it at once.
    let _ = setpgid(Pid::from_raw(0), Pid::from_raw(0));
    // Should the supervisor be killed, so are we. It may have died already.
    let _ = nix::sys::prctl::set_pdeathsig(Signal::SIGKILL);
    if getppid() != orders.supervisor {
        process::exit(1);
    }
    hang_on(orders.lifeline);
    restore_signals();
    report::connect(orders.report);
    if let Ok(null) = File::open("/dev/null") {
        let _ = dup2_stdin(null);
    }
    if let Some(output) = orders.output {
        let _ = dup2_stdout(&output);
        let _ = dup2_stderr(&output);
    }
    panic::set_hook(Box::new(|info| {
        report::send(&Message::Panicked(
            info.payload_as_str().unwrap_or("panic").to_owned(),
        ));
    }));
    watch_for_faults();
    leave_no_core();
    raise_soft_limits();

    let unwanted = orders.needs.iter().filter_map(|need| match need {
        Need::Without(capability) => Some(*capability),
        _ => None,
    });
    // Asked before: in a namespace of its own, every program has all of them.
    let unwanted: Vec<_> = unwanted
        .map(|capability| (capability, capability.is_effective()))
        .collect();
    if orders.needs.iter().any(Need::is_private) {
        namespace::enter(orders.needs)?;
    }
    if orders.needs.iter().any(|n| matches!(n, Need::AnotherUser)) {
        // There and back, so that the kernel says whether it may.
        let me = geteuid();
        namespace::step("setresuid", seteuid(another_user()))?;
        namespace::step("setresuid", seteuid(me))?;
    }
    for (capability, had) in unwanted {
        if capability.is_effective() {
            namespace::step("capset", capability.give_up())?;
            if had || capability.counts_in_namespace() {
                report::send(&Message::GaveUp(capability.name().to_owned()));
            }
        }
    }
    report::send(&Message::Surroundings(surroundings::look().to_string()));
    Ok(orders.program)
}

/// Has the kernel end our whole group when the supervisor's end of `lifeline`
/// closes: PR_SET_PDEATHSIG ends only this process, not those that the program
/// forks. See F_SETOWN, F_SETSIG and O_ASYNC in fcntl(2).
fn hang_on(lifeline: OwnedFd) {
    // Absent from libc 0.2; the same on every architecture.
    const F_SETSIG: libc::c_int = 10;
    let fd = lifeline.into_raw_fd();
    // SAFETY: plain numbers, and a descriptor that stays open.
    unsafe {
        libc::fcntl(fd, libc::F_SETOWN, -libc::getpid());
        libc::fcntl(fd, F_SETSIG, libc::SIGKILL);
        libc::fcntl(fd, libc::F_SETFL, libc::O_ASYNC);
    }
}

fn conduct(program: Program) -> i32 {
    let result = panic::catch_unwind(program);
    let status = match result {
        Ok(Ok(())) => {
            report::send(&Message::Done);
            0
        }
        Ok(Err(failure)) => {
            // stdout first: the two streams may be one pipe.
            let _ = std::io::stdout().flush();
            // One write, or the lines of two labs on one terminal would mix.
            let _ = std::io::stderr().write_all(format!("{failure}\n").as_bytes());
            report::send(&failure.into());
            1
        }
        // The hook has told.
        Err(_) => 101,
    };
    let _ = std::io::stdout().flush();
    status
}

/// A program meets the signals as a shell would give them to it. Rust ignores
/// SIGPIPE and the supervisor blocks some; SIGTTOU is ignored, because our group
/// is not the terminal's and `stty tostop` would stop us at the first word.
fn restore_signals() {
    // SAFETY: the default action and "ignore" run no code of ours.
    unsafe {
        let _ = signal::signal(Signal::SIGPIPE, SigHandler::SigDfl);
        let _ = signal::signal(Signal::SIGTTOU, SigHandler::SigIgn);
    }
    let _ = SigSet::empty().thread_set_mask();
}

/// Has the address and code of a fault reported before it ends the process.
fn watch_for_faults() {
    extern "C" fn note(signal: i32, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
        // SAFETY: SA_SIGINFO makes the kernel pass a valid siginfo_t, and for
        // these signals it has an address.
        let (code, address) = unsafe { ((*info).si_code, (*info).si_addr() as usize) };
        report::send_fault(signal, Fault { code, address });
        // SA_RESETHAND: the same instruction now meets the default action.
    }
    let flags = SaFlags::SA_SIGINFO | SaFlags::SA_RESETHAND | SaFlags::SA_ONSTACK;
    let action = SigAction::new(SigHandler::SigAction(note), flags, SigSet::empty());
    for signal in [
        Signal::SIGBUS,
        Signal::SIGSEGV,
        Signal::SIGILL,
        Signal::SIGFPE,
    ] {
        // SAFETY: the handler only formats numbers into its own stack and calls
        // getpid(2) and write(2), which signal-safety(7) allows.
        let _ = unsafe { signal::sigaction(signal, &action) };
    }
}

/// Signals are among the lessons; a core file in the reader's folder is not.
fn leave_no_core() {
    let resource = Resource::RLIMIT_CORE;
    if let Ok((_, hard)) = getrlimit(resource) {
        let _ = setrlimit(resource, 0, hard);
    }
}

/// A soft limit below the hard one is the reader's shell being careful, not the
/// kernel's answer; whatever may be raised without asking anybody is.
fn raise_soft_limits() {
    let resource = Resource::RLIMIT_MSGQUEUE;
    if let Ok((soft, hard)) = getrlimit(resource)
        && soft < hard
        && setrlimit(resource, hard, hard).is_ok()
    {
        report::send(&Message::Raised("RLIMIT_MSGQUEUE".to_owned()));
    }
}
