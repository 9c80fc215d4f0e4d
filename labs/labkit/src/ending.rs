//! How a supervised program ended, see wait(2) and sigaction(2).

use nix::{errno::Errno, sys::signal::Signal};
use std::{ffi::CStr, time::Duration};

/// What became of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It returned `Ok(())`.
    Success,
    /// A call that it named failed, and it gave that back.
    Failed { call: String, errno: Errno },
    /// A signal ended it. Code and address are known where the signal came from
    /// a fault (`si_code`, `si_addr`).
    Signal {
        signal: Signal,
        fault: Option<Fault>,
    },
    /// It was still running after this long, and was ended.
    TimeOut { after: Duration },
    /// An assertion of its own failed: this is what it said.
    Panicked { message: String },
    /// It left with this status without saying more.
    Exited { status: i32 },
    /// What it needs cannot be arranged here: this step of the arrangement
    /// failed with this errno.
    Unavailable { step: String, errno: Errno },
    /// The reader (or the system) asked the lab itself to end.
    Interrupted { signal: Signal },
}

impl Ending {
    /// The line that a dead program cannot print itself, as a shell prints it:
    /// `SIGBUS: Bus error (7), BUS_ADRERR at 0x7f12a4b5c000`.
    #[must_use]
    pub fn last_words(&self) -> Option<String> {
        let Self::Signal { signal, fault } = self else {
            return None;
        };
        // SAFETY: strsignal(3) gives a C string, and nobody asks for another one
        // before it is copied.
        let text = unsafe { CStr::from_ptr(libc::strsignal(*signal as i32)) };
        let mut line = format!("{signal}: {} ({})", text.to_string_lossy(), *signal as i32);
        if let Some(fault) = fault {
            let number = fault.code.to_string();
            let code = fault.code_name(*signal).unwrap_or(&number);
            line += &format!(", {code} at {:#x}", fault.address);
        }
        Some(line)
    }
}

/// Where and why a fault happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// `si_code`, such as 2 (`BUS_ADRERR`).
    pub code: i32,
    /// `si_addr`, the byte that was touched.
    pub address: usize,
}

impl Fault {
    /// The name that sigaction(2) gives to this code for `signal`.
    #[must_use]
    pub fn code_name(&self, signal: Signal) -> Option<&'static str> {
        Some(match (signal, self.code) {
            (Signal::SIGBUS, libc::BUS_ADRALN) => "BUS_ADRALN",
            (Signal::SIGBUS, libc::BUS_ADRERR) => "BUS_ADRERR",
            (Signal::SIGBUS, libc::BUS_OBJERR) => "BUS_OBJERR",
            (Signal::SIGSEGV, SEGV_MAPERR) => "SEGV_MAPERR",
            (Signal::SIGSEGV, SEGV_ACCERR) => "SEGV_ACCERR",
            _ => return None,
        })
    }
}

// Absent from libc 0.2; values from asm-generic/siginfo.h, the same on every
// architecture.
const SEGV_MAPERR: i32 = 1;
const SEGV_ACCERR: i32 = 2;
