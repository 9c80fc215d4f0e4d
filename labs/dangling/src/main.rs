//! What a program leaves behind when it ends before it tidies up: POSIX shared
//! memory, a semaphore, a queue, a System V segment.

mod shm {
    pub mod broken;
    pub mod fixed;
}
mod semaphore {
    pub mod broken;
    pub mod fixed;
}
mod queue {
    pub mod broken;
    pub mod fixed;
}
mod sysv {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Case, Lab, Shows};
use std::{process::ExitCode, time::Duration};

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new("shm", shm::broken::main, Shows::Success, shm::fixed::main)
            .limit(Duration::from_secs(2)),
        Case::new(
            "semaphore",
            semaphore::broken::main,
            Shows::Success,
            semaphore::fixed::main,
        )
        .limit(Duration::from_secs(2)),
        Case::new(
            "queue",
            queue::broken::main,
            Shows::Success,
            queue::fixed::main,
        )
        .limit(Duration::from_secs(2)),
        Case::new(
            "sysv",
            sysv::broken::main,
            Shows::Success,
            sysv::fixed::main,
        )
        .limit(Duration::from_secs(2)),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
