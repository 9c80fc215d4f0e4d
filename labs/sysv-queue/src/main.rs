//! System V message queues, see sysvipc(7), msgget(2), msgop(2) and msgctl(2).

mod unchecked {
    pub mod broken;
    pub mod fixed;
}
mod no_message {
    pub mod broken;
    pub mod fixed;
}
mod small_buffer {
    pub mod broken;
    pub mod fixed;
}
mod too_long {
    pub mod broken;
    pub mod fixed;
}
mod bad_type {
    pub mod broken;
    pub mod fixed;
}
mod full {
    pub mod broken;
    pub mod fixed;
}
mod never_fits {
    pub mod broken;
    pub mod fixed;
}
mod removed {
    pub mod broken;
    pub mod fixed;
}
mod not_yours {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Capability, Case, Lab, Need, Shows};
use nix::errno::Errno::{E2BIG, EACCES, EAGAIN, EIDRM, EINVAL, ENOMSG};
use std::{process::ExitCode, time::Duration};

/// With this one, root may use every queue whatever its mode says.
const OTHERS_QUEUE: &[Need] = &[Need::Without(Capability::IpcOwner)];
/// For programs that wait for another process.
const PEER: Duration = Duration::from_secs(2);

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "unchecked",
            unchecked::broken::main,
            Shows::Success,
            unchecked::fixed::main,
        )
        .needs(OTHERS_QUEUE)
        .limit(PEER),
        Case::new(
            "no-message",
            no_message::broken::main,
            Shows::Errno("msgrcv", ENOMSG),
            no_message::fixed::main,
        )
        .limit(PEER),
        Case::new(
            "small-buffer",
            small_buffer::broken::main,
            Shows::Errno("msgrcv", E2BIG),
            small_buffer::fixed::main,
        ),
        Case::new(
            "too-long",
            too_long::broken::main,
            Shows::Errno("msgsnd", EINVAL),
            too_long::fixed::main,
        )
        .limit(PEER),
        Case::new(
            "bad-type",
            bad_type::broken::main,
            Shows::Errno("msgsnd", EINVAL),
            bad_type::fixed::main,
        ),
        Case::new(
            "full",
            full::broken::main,
            Shows::Errno("msgsnd", EAGAIN),
            full::fixed::main,
        )
        .limit(PEER),
        Case::new(
            "never-fits",
            never_fits::broken::main,
            Shows::Errno("msgsnd", EAGAIN),
            never_fits::fixed::main,
        )
        .limit(PEER),
        Case::new(
            "removed",
            removed::broken::main,
            Shows::Errno("msgrcv", EIDRM),
            removed::fixed::main,
        )
        .limit(PEER),
        Case::new(
            "not-yours",
            not_yours::broken::main,
            Shows::Errno("msgrcv", EACCES),
            not_yours::fixed::main,
        )
        .needs(OTHERS_QUEUE)
        .limit(PEER),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
