//! mq_notify(3): one registration a queue, one notification a registration, and
//! only when a message meets an empty queue.

mod once {
    pub mod broken;
    pub mod fixed;
}
mod taken {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Case, Lab, Shows};
use nix::errno::Errno::{EAGAIN, EBUSY};
use std::{process::ExitCode, time::Duration};

/// Both wait for another process.
const LIMIT: Duration = Duration::from_secs(2);

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "once",
            once::broken::main,
            Shows::Errno("sigtimedwait", EAGAIN),
            once::fixed::main,
        )
        .limit(LIMIT),
        Case::new(
            "taken",
            taken::broken::main,
            Shows::Errno("mq_notify", EBUSY),
            taken::fixed::main,
        )
        .limit(LIMIT),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
