//! What sem_open(3) answers: no such semaphore, one there already, not for you, and
//! an old one with another value. See sem_overview(7).

mod absent {
    pub mod broken;
    pub mod fixed;
}
mod exists {
    pub mod broken;
    pub mod fixed;
}
mod value_ignored {
    pub mod broken;
    pub mod fixed;
}
mod mode {
    pub mod broken;
    pub mod fixed;
}
mod umask {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Capability, Case, Lab, Need, Shows};
use nix::errno::Errno::{EACCES, EEXIST, ENOENT, ETIMEDOUT};
use std::{process::ExitCode, time::Duration};

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "absent",
            absent::broken::main,
            Shows::Errno("sem_open", ENOENT),
            absent::fixed::main,
        )
        .limit(Duration::from_secs(2)),
        Case::new(
            "exists",
            exists::broken::main,
            Shows::Errno("sem_open", EEXIST),
            exists::fixed::main,
        )
        .limit(Duration::from_secs(2)),
        Case::new(
            "value-ignored",
            value_ignored::broken::main,
            Shows::Errno("sem_timedwait", ETIMEDOUT),
            value_ignored::fixed::main,
        )
        .limit(Duration::from_secs(2)),
        Case::new(
            "mode",
            mode::broken::main,
            Shows::Errno("sem_open", EACCES),
            mode::fixed::main,
        )
        .needs(&[Need::Without(Capability::DacOverride)])
        .limit(Duration::from_secs(2)),
        Case::new(
            "umask",
            umask::broken::main,
            Shows::Errno("sem_open", EACCES),
            umask::fixed::main,
        )
        .needs(&[Need::AnotherUser])
        .limit(Duration::from_secs(2)),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
