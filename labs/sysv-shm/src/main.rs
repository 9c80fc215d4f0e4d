//! System V shared memory, see sysvipc(7), shmget(2), shmop(2) and shmctl(2).

mod unchecked {
    pub mod broken;
    pub mod fixed;
}
mod bigger {
    pub mod broken;
    pub mod fixed;
}
mod exists {
    pub mod broken;
    pub mod fixed;
}
mod absent {
    pub mod broken;
    pub mod fixed;
}
mod not_yours {
    pub mod broken;
    pub mod fixed;
}
mod read_only {
    pub mod broken;
    pub mod fixed;
}
mod removed {
    pub mod broken;
    pub mod fixed;
}
mod full {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Capability, Case, Lab, Need, Shows};
use nix::errno::Errno::{EACCES, EEXIST, EINVAL, ENOENT, ENOSPC};
use nix::sys::signal::Signal::SIGSEGV;
use std::{process::ExitCode, time::Duration};

/// For programs that wait for another process.
const PEER: Duration = Duration::from_secs(2);

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "unchecked",
            unchecked::broken::main,
            Shows::Signal(SIGSEGV),
            unchecked::fixed::main,
        )
        .limit(PEER),
        Case::new(
            "bigger",
            bigger::broken::main,
            Shows::Errno("shmget", EINVAL),
            bigger::fixed::main,
        )
        .limit(PEER),
        Case::new(
            "exists",
            exists::broken::main,
            Shows::Errno("shmget", EEXIST),
            exists::fixed::main,
        )
        .limit(PEER),
        Case::new(
            "absent",
            absent::broken::main,
            Shows::Errno("shmget", ENOENT),
            absent::fixed::main,
        )
        .limit(PEER),
        Case::new(
            "not-yours",
            not_yours::broken::main,
            Shows::Errno("shmat", EACCES),
            not_yours::fixed::main,
        )
        // With this one, root may attach every segment whatever its mode says.
        .needs(&[Need::Without(Capability::IpcOwner)])
        .limit(PEER),
        Case::new(
            "read-only",
            read_only::broken::main,
            Shows::Signal(SIGSEGV),
            read_only::fixed::main,
        )
        .limit(PEER),
        Case::new(
            "removed",
            removed::broken::main,
            Shows::Errno("shmget", ENOENT),
            removed::fixed::main,
        )
        .limit(PEER),
        Case::new(
            "full",
            full::broken::main,
            Shows::Errno("shmget", ENOSPC),
            full::fixed::main,
        )
        .needs(&[Need::Sysctl("kernel/shmmni", 1)])
        .limit(PEER),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
