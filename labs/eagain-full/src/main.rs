//! EAGAIN from the sending end of a POSIX message queue, see mq_send(3) and
//! mq_overview(7).

mod send {
    pub mod broken;
    pub mod fixed;
}
mod poll {
    pub mod broken;
    pub mod fixed;
}
mod crowd {
    pub mod broken;
    pub mod fixed;
}
mod stale {
    pub mod broken;
    pub mod fixed;
}
mod flag_in_attr {
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
            "send",
            send::broken::main,
            Shows::Errno("mq_send", EAGAIN),
            send::fixed::main,
        )
        .limit(Duration::from_secs(2)),
        Case::new(
            "poll",
            poll::broken::main,
            Shows::Errno("mq_send", EAGAIN),
            poll::fixed::main,
        )
        .limit(Duration::from_secs(2)),
        Case::new(
            "crowd",
            crowd::broken::main,
            Shows::Errno("mq_receive", EAGAIN),
            crowd::fixed::main,
        )
        .limit(Duration::from_secs(60))
        .varies(),
        Case::new(
            "stale",
            stale::broken::main,
            Shows::Errno("mq_send", EAGAIN),
            stale::fixed::main,
        ),
        Case::new(
            "flag-in-attr",
            flag_in_attr::broken::main,
            Shows::TimeOut,
            flag_in_attr::fixed::main,
        )
        .limit(Duration::from_secs(1)),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
