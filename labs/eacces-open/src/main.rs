//! EACCES from shm_open(3): the mode of the object, and the umask(2) that made
//! it smaller.

mod mode {
    pub mod broken;
    pub mod fixed;
}
mod umask {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Capability, Case, Lab, Need, Shows};
use nix::errno::Errno::EACCES;
use std::{process::ExitCode, time::Duration};

/// For programs that wait for another process.
const PATIENCE: Duration = Duration::from_secs(2);

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "mode",
            mode::broken::main,
            Shows::Errno("shm_open", EACCES),
            mode::fixed::main,
        )
        .needs(&[Need::Without(Capability::DacOverride)])
        .limit(PATIENCE),
        // The same programs with the capability: in a namespace of one's own,
        // everybody has it.
        Case::new(
            "root",
            mode::broken::main,
            Shows::Success,
            mode::fixed::main,
        )
        .needs(&[Need::DevShm(64 * 1024)])
        .limit(PATIENCE),
        Case::new(
            "umask",
            umask::broken::main,
            Shows::Errno("shm_open", EACCES),
            umask::fixed::main,
        )
        .needs(&[Need::AnotherUser])
        .limit(PATIENCE),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
