//! EBADF from a POSIX message queue: opened for the other direction, or no longer
//! open, see mq_send(3), mq_receive(3) and mq_close(3).

mod receive {
    pub mod broken;
    pub mod fixed;
}
mod send {
    pub mod broken;
    pub mod fixed;
}
mod closed {
    pub mod broken;
    pub mod fixed;
}
mod mode {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Capability, Case, Lab, Need, Shows};
use nix::errno::Errno::{EACCES, EBADF};
use std::{process::ExitCode, time::Duration};

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "receive",
            receive::broken::main,
            Shows::Errno("mq_receive", EBADF),
            receive::fixed::main,
        ),
        Case::new(
            "send",
            send::broken::main,
            Shows::Errno("mq_send", EBADF),
            send::fixed::main,
        )
        .limit(Duration::from_secs(2)),
        Case::new(
            "closed",
            closed::broken::main,
            Shows::Errno("mq_send", EBADF),
            closed::fixed::main,
        ),
        // EACCES comes from the mode of the queue, EBADF from how it was opened.
        Case::new(
            "mode",
            mode::broken::main,
            Shows::Errno("mq_open", EACCES),
            mode::fixed::main,
        )
        .needs(&[Need::Without(Capability::DacOverride)]),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
