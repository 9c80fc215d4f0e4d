//! EAGAIN from the empty end of a POSIX message queue, see mq_receive(3).

mod receive {
    pub mod broken;
    pub mod fixed;
}
mod poll {
    pub mod broken;
    pub mod fixed;
}
mod epoll {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Case, Lab, Shows};
use nix::errno::Errno::EAGAIN;
use std::{process::ExitCode, time::Duration};

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "receive",
            receive::broken::main,
            Shows::Errno("mq_receive", EAGAIN),
            receive::fixed::main,
        )
        .limit(Duration::from_secs(2)),
        Case::new(
            "poll",
            poll::broken::main,
            Shows::Errno("mq_receive", EAGAIN),
            poll::fixed::main,
        )
        .limit(Duration::from_secs(2)),
        Case::new(
            "epoll",
            epoll::broken::main,
            Shows::Errno("mq_receive", EAGAIN),
            epoll::fixed::main,
        )
        .limit(Duration::from_secs(2)),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
