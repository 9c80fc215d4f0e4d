//! EACCES from mmap(2) and mprotect(2): a mapping may do no more than the
//! descriptor it was made from.

mod shared {
    pub mod broken;
    pub mod fixed;
}
mod half_mended {
    pub mod broken;
}
mod private {
    pub mod broken;
    pub mod fixed;
}
mod protected {
    pub mod broken;
    pub mod fixed;
}
mod mprotect {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Case, Lab, Shows};
use nix::{
    errno::Errno::EACCES,
    sys::signal::Signal::{SIGBUS, SIGSEGV},
};
use std::{process::ExitCode, time::Duration};

/// For programs that wait for another process.
const PATIENCE: Duration = Duration::from_secs(2);

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "shared",
            shared::broken::main,
            Shows::Errno("mmap", EACCES),
            shared::fixed::main,
        )
        .limit(PATIENCE),
        // One line of the mending without the other: the same mending.
        Case::new(
            "half-mended",
            half_mended::broken::main,
            Shows::Signal(SIGBUS),
            shared::fixed::main,
        )
        .limit(PATIENCE),
        Case::new(
            "private",
            private::broken::main,
            Shows::Success,
            private::fixed::main,
        )
        .limit(PATIENCE),
        Case::new(
            "protected",
            protected::broken::main,
            Shows::Signal(SIGSEGV),
            protected::fixed::main,
        )
        .limit(PATIENCE),
        Case::new(
            "mprotect",
            mprotect::broken::main,
            Shows::Errno("mprotect", EACCES),
            mprotect::fixed::main,
        )
        .limit(PATIENCE),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
