//! The same calls in another place: a small /dev/shm, an IPC namespace and a mount
//! of one's own, see namespaces(7), ipc_namespaces(7) and shm_overview(7).

mod small_shm {
    pub mod broken;
    pub mod fixed;
}
mod other_ipc {
    pub mod broken;
    pub mod fixed;
}
mod other_mount {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Case, Lab, Need, Shows};
use nix::errno::Errno::{ENOENT, ENOSPC};
use std::{process::ExitCode, time::Duration};

/// What Docker gives a container.
const DOCKERS: u64 = 64 << 20;

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "small-shm",
            small_shm::broken::main,
            Shows::Errno("posix_fallocate", ENOSPC),
            small_shm::fixed::main,
        )
        .needs(&[Need::DevShm(DOCKERS)]),
        Case::new(
            "other-ipc",
            other_ipc::broken::main,
            Shows::Errno("shmget", ENOENT),
            other_ipc::fixed::main,
        )
        .needs(&[Need::PrivateIpc])
        .limit(Duration::from_secs(2)),
        Case::new(
            "other-mount",
            other_mount::broken::main,
            Shows::Errno("shm_open", ENOENT),
            other_mount::fixed::main,
        )
        .needs(&[Need::DevShm(DOCKERS)])
        .limit(Duration::from_secs(2)),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
