//! EINVAL, EMFILE and ENOSPC from mq_open(3): three limits, three answers, see
//! mq_overview(7).

mod limits {
    pub mod broken;
    pub mod fixed;
}
mod one_over {
    pub mod broken;
    pub mod fixed;
}
mod raise {
    pub mod broken;
    pub mod fixed;
}
mod budget {
    pub mod broken;
    pub mod fixed;
}
mod unpaid {
    pub mod broken;
    pub mod fixed;
}
mod queues_max {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Capability, Case, Lab, Need, Shows};
use nix::errno::Errno::{EINVAL, EMFILE, ENOSPC};
use std::{process::ExitCode, time::Duration};

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        // Over the hard ceilings, too: no capability would let it pass.
        Case::new(
            "limits",
            limits::broken::main,
            Shows::Errno("mq_open", EINVAL),
            limits::fixed::main,
        ),
        Case::new(
            "one-over",
            one_over::broken::main,
            Shows::Errno("mq_open", EINVAL),
            one_over::fixed::main,
        )
        .needs(&[Need::Without(Capability::SysResource)]),
        Case::new(
            "raise",
            raise::broken::main,
            Shows::Errno("mq_open", EINVAL),
            raise::fixed::main,
        )
        .needs(&[Need::Without(Capability::SysResource)])
        .limit(Duration::from_secs(2)),
        Case::new(
            "budget",
            budget::broken::main,
            Shows::Errno("mq_open", EMFILE),
            budget::fixed::main,
        )
        // A user namespace of its own has a sum of its own: what other programs of
        // this user have booked does not blur it.
        .needs(&[Need::PrivateIpc]),
        Case::new(
            "unpaid",
            unpaid::broken::main,
            Shows::Errno("mq_open", EMFILE),
            unpaid::fixed::main,
        )
        .needs(&[
            Need::Sysctl("fs/mqueue/msg_max", 128),
            Need::Sysctl("fs/mqueue/msgsize_max", 65536),
        ]),
        Case::new(
            "queues-max",
            queues_max::broken::main,
            Shows::Errno("mq_open", ENOSPC),
            queues_max::fixed::main,
        )
        .needs(&[
            Need::PrivateIpc,
            Need::Sysctl("fs/mqueue/queues_max", 3),
            Need::Without(Capability::SysResource),
        ]),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
