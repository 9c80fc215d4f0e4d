//! ENOENT where a POSIX message queue is opened, and its neighbours EEXIST,
//! EINVAL and EACCES, see mq_open(3) and mq_overview(7).

mod open {
    pub mod broken;
    pub mod fixed;
}
mod exclusive {
    pub mod broken;
    pub mod fixed;
}
mod names {
    pub mod broken;
    pub mod fixed;
}
mod slashes {
    pub mod broken;
    pub mod fixed;
}
mod mode {
    pub mod broken;
    pub mod fixed;
}
mod namespace {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Capability, Case, Lab, Need, Shows};
use nix::errno::Errno::{EACCES, EEXIST, EINVAL, ENOENT};
use std::{process::ExitCode, time::Duration};

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "open",
            open::broken::main,
            Shows::Errno("mq_open", ENOENT),
            open::fixed::main,
        )
        .limit(Duration::from_secs(2)),
        Case::new(
            "exclusive",
            exclusive::broken::main,
            Shows::Errno("mq_open", EEXIST),
            exclusive::fixed::main,
        )
        .limit(Duration::from_secs(2)),
        Case::new(
            "names",
            names::broken::main,
            Shows::Errno("mq_open", EINVAL),
            names::fixed::main,
        ),
        Case::new(
            "slashes",
            slashes::broken::main,
            Shows::Errno("mq_open", EACCES),
            slashes::fixed::main,
        ),
        Case::new(
            "mode",
            mode::broken::main,
            Shows::Errno("mq_open", EACCES),
            mode::fixed::main,
        )
        .needs(&[
            Need::Without(Capability::DacOverride),
            Need::Without(Capability::DacReadSearch),
        ]),
        Case::new(
            "namespace",
            namespace::broken::main,
            Shows::Errno("mq_open", ENOENT),
            namespace::fixed::main,
        )
        .limit(Duration::from_secs(2)),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
