//! What the child tells the supervisor, over a pipe of their own.
//!
//! One line a message: `PID WORD REST`. A line is shorter than PIPE_BUF, so that
//! the lines of a program's own children never mix, see pipe(7).

use super::{ending::Fault, failure::Failure};
use nix::{errno::Errno, sys::signal::Signal};
use std::{
    fmt::Write as _,
    os::fd::{AsRawFd, BorrowedFd, OwnedFd, RawFd},
    sync::atomic::{AtomicI32, Ordering},
};

/// The pipe's writing end in the child; -1 in a program that nobody supervises.
static PIPE: AtomicI32 = AtomicI32::new(-1);

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// What the program finds around it, as JSON.
    Surroundings(String),
    /// A capability was given up.
    GaveUp(String),
    /// The soft limit of a resource was raised to its hard limit.
    Raised(String),
    /// An arrangement failed.
    Unavailable(String, Errno),
    /// A program returned its first failed call.
    Failed(String, Errno),
    /// A program returned `Ok(())`.
    Done,
    /// An assertion failed.
    Panicked(String),
    /// A fault, noted by its handler.
    Fault(Signal, Fault),
}

impl Message {
    fn line(&self) -> String {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        match self {
            Self::Surroundings(json) => format!("surroundings {}", flat(json)),
            Self::GaveUp(name) => format!("gave-up {name}"),
            Self::Raised(name) => format!("raised {name}"),
            Self::Unavailable(step, errno) => format!("unavailable {} {step}", *errno as i32),
            Self::Failed(call, errno) => format!("failed {} {call}", *errno as i32),
            Self::Done => "done".to_owned(),
            Self::Panicked(message) => {
                let message: String = flat(message).chars().take(500).collect();
                format!("panicked {message}")
            }
            Self::Fault(signal, fault) => {
                format!("fault {} {} {}", *signal as i32, fault.code, fault.address)
            }
        }
    }

    /// Reads one line back: who sent it, and what it says.
    #[must_use]
    pub fn parse(line: &str) -> Option<(i32, Self)> {
        let (pid, rest) = line.split_once(' ')?;
        let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let number = |text: &str| text.parse::<i32>().ok();
        let with_errno = || {
            let (errno, text) = rest.split_once(' ')?;
            Some((text.to_owned(), Errno::from_raw(number(errno)?)))
        };
        let message = match word {
            "surroundings" => Self::Surroundings(rest.to_owned()),
            "gave-up" => Self::GaveUp(rest.to_owned()),
            "raised" => Self::Raised(rest.to_owned()),
            "unavailable" => with_errno().map(|(step, e)| Self::Unavailable(step, e))?,
            "failed" => with_errno().map(|(call, e)| Self::Failed(call, e))?,
            "done" => Self::Done,
            "panicked" => Self::Panicked(rest.to_owned()),
            "fault" => {
                let mut fields = rest.split(' ');
                let signal = Signal::try_from(number(fields.next()?)?).ok()?;
                let code = number(fields.next()?)?;
                let address = fields.next()?.parse().ok()?;
                Self::Fault(signal, Fault { code, address })
            }
            _ => return None,
        };
        Some((number(pid)?, message))
    }
}

impl From<Failure> for Message {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure.call.to_owned(), failure.errno)
    }
}

/// Makes `pipe` the way to the supervisor. It stays open until the process ends.
pub fn connect(pipe: OwnedFd) {
    PIPE.store(pipe.as_raw_fd(), Ordering::Relaxed);
    std::mem::forget(pipe);
}

/// Tells the supervisor; without one, nobody.
pub fn send(message: &Message) {
    let mut line = String::new();
    // Writing into a String cannot fail.
    let _ = writeln!(line, "{} {}", nix::unistd::getpid(), message.line());
    write_all(PIPE.load(Ordering::Relaxed), line.as_bytes());
}

fn write_all(fd: RawFd, bytes: &[u8]) {
    if fd >= 0 {
        // SAFETY: connect() keeps the pipe open for the life of the process.
        let fd = unsafe { BorrowedFd::borrow_raw(fd) };
        // The supervisor may be gone; there is nobody left to tell.
        let _ = nix::unistd::write(fd, bytes);
    }
}

/// Notes a fault from inside its signal handler: no allocation, no lock, only
/// what signal-safety(7) allows.
pub fn send_fault(signal: i32, fault: Fault) {
    let mut line = [0u8; 96];
    let mut end = 0;
    let mut put = |bytes: &[u8]| {
        for byte in bytes {
            if let Some(slot) = line.get_mut(end) {
                *slot = *byte;
                end += 1;
            }
        }
    };
    let mut digits = [0u8; 20];
    let pid = std::process::id() as usize;
    put(decimal(pid, &mut digits));
    put(b" fault ");
    put(decimal(signal.unsigned_abs() as usize, &mut digits));
    put(if fault.code < 0 { b" -" } else { b" " });
    put(decimal(fault.code.unsigned_abs() as usize, &mut digits));
    put(b" ");
    put(decimal(fault.address, &mut digits));
    put(b"\n");
    write_all(PIPE.load(Ordering::Relaxed), &line[..end]);
}

/// The decimal digits of `number`, in the end of `digits` (20 hold any u64).
fn decimal(mut number: usize, digits: &mut [u8; 20]) -> &[u8] {
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        if number == 0 {
            return &digits[start..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_survives_the_pipe() {
        let fault = Fault {
            code: 2,
            address: 0x7f00_dead_b000,
        };
        for message in [
            Message::Surroundings("{\"uid\":0}".into()),
            Message::GaveUp("CAP_DAC_OVERRIDE".into()),
            Message::Raised("RLIMIT_MSGQUEUE".into()),
            Message::Unavailable("unshare".into(), Errno::EPERM),
            Message::Failed("mq_send".into(), Errno::EMSGSIZE),
            Message::Done,
            Message::Panicked("left: 1 right: 2".into()),
            Message::Fault(Signal::SIGBUS, fault),
        ] {
            let line = format!("42 {}", message.line());
            assert_eq!(Message::parse(&line), Some((42, message)));
        }
    }

    #[test]
    fn decimal_writes_every_size() {
        let mut digits = [0; 20];
        assert_eq!(decimal(0, &mut digits), b"0");
        assert_eq!(
            decimal(usize::MAX, &mut digits),
            usize::MAX.to_string().as_bytes()
        );
    }
}
