//! What Rust cannot know about memory that two processes share, see
//! shm_overview(7) and mmap(2).

mod pointer {
    pub mod broken;
    pub mod fixed;
}
mod length {
    pub mod broken;
    pub mod fixed;
}
mod layout {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Case, Lab, Shows};
use nix::sys::signal::Signal::SIGSEGV;
use std::{process::ExitCode, time::Duration};

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "pointer",
            pointer::broken::main,
            Shows::Signal(SIGSEGV),
            pointer::fixed::main,
        )
        .limit(Duration::from_secs(2)),
        Case::new(
            "length",
            length::broken::main,
            Shows::Signal(SIGSEGV),
            length::fixed::main,
        )
        .limit(Duration::from_secs(2)),
        Case::new(
            "layout",
            layout::broken::main,
            Shows::Success,
            layout::fixed::main,
        )
        .limit(Duration::from_secs(2)),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
