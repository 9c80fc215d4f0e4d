//! SIGBUS: a page of the mapping, and no object behind it; see mmap(2) and
//! shm_open(3).

mod no_ftruncate {
    pub mod broken;
    pub mod fixed;
}
mod shrunk {
    pub mod broken;
    pub mod fixed;
}
mod full {
    pub mod broken;
    pub mod fixed;
}
mod length_zero {
    pub mod broken;
    pub mod fixed;
}
mod same_page {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Case, Lab, Need, Shows};
use nix::{errno::Errno::EINVAL, sys::signal::Signal::SIGBUS};
use std::{process::ExitCode, time::Duration};

/// For programs that wait for another process.
const PATIENCE: Duration = Duration::from_secs(2);

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "no-ftruncate",
            no_ftruncate::broken::main,
            Shows::Signal(SIGBUS),
            no_ftruncate::fixed::main,
        )
        .limit(PATIENCE),
        Case::new(
            "shrunk",
            shrunk::broken::main,
            Shows::Signal(SIGBUS),
            shrunk::fixed::main,
        )
        .limit(PATIENCE),
        Case::new(
            "full",
            full::broken::main,
            Shows::Signal(SIGBUS),
            full::fixed::main,
        )
        .needs(&[Need::DevShm(64 * 1024)]),
        Case::new(
            "length-zero",
            length_zero::broken::main,
            Shows::Errno("mmap", EINVAL),
            length_zero::fixed::main,
        )
        .limit(PATIENCE),
        Case::new(
            "same-page",
            same_page::broken::main,
            Shows::Success,
            same_page::fixed::main,
        )
        .limit(PATIENCE),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
