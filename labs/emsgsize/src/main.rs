//! EMSGSIZE from both ends of a POSIX message queue, see mq_send(3) and
//! mq_receive(3).

mod send {
    pub mod broken;
    pub mod fixed;
}
mod receive {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Case, Lab, Shows};
use nix::errno::Errno::EMSGSIZE;
use std::process::ExitCode;

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "send",
            send::broken::main,
            Shows::Errno("mq_send", EMSGSIZE),
            send::fixed::main,
        ),
        Case::new(
            "receive",
            receive::broken::main,
            Shows::Errno("mq_receive", EMSGSIZE),
            receive::fixed::main,
        ),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
