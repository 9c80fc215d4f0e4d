//! Waiting with a time limit on a POSIX message queue, see mq_receive(3),
//! mq_send(3) and signal(7).

mod relative {
    pub mod broken;
    pub mod fixed;
}
mod full {
    pub mod broken;
    pub mod fixed;
}
mod bad_time {
    pub mod broken;
    pub mod fixed;
}
mod interrupted {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Case, Lab, Shows};
use nix::errno::Errno::{EINTR, EINVAL, ETIMEDOUT};
use std::{process::ExitCode, time::Duration};

/// Every program waits for another process; see the tests `…_alone`.
const LIMIT: Duration = Duration::from_secs(2);

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "relative",
            relative::broken::main,
            Shows::Errno("mq_timedreceive", ETIMEDOUT),
            relative::fixed::main,
        )
        .limit(LIMIT),
        Case::new(
            "full",
            full::broken::main,
            Shows::Errno("mq_timedsend", ETIMEDOUT),
            full::fixed::main,
        )
        .limit(LIMIT),
        Case::new(
            "bad-time",
            bad_time::broken::main,
            Shows::Errno("mq_timedsend", EINVAL),
            bad_time::fixed::main,
        )
        .limit(LIMIT),
        Case::new(
            "interrupted",
            interrupted::broken::main,
            Shows::Errno("mq_timedreceive", EINTR),
            interrupted::fixed::main,
        )
        .limit(LIMIT),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
