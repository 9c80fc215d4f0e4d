//! Races between two processes in shared memory: a message that is read half
//! old, half new, and a counter that loses. See shm_overview(7),
//! pthread_mutexattr_setpshared(3) and sem_overview(7).

mod torn {
    pub mod broken;
    pub mod fixed;
}
mod torn_mutex {
    pub mod broken;
    pub mod fixed;
}
mod torn_seqlock {
    pub mod broken;
    pub mod fixed;
}
mod lost {
    pub mod broken;
    pub mod fixed;
}
mod lost_free {
    pub mod broken;
    pub mod fixed;
}
mod lost_mutex {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Case, Lab, Shows};
use std::{process::ExitCode, time::Duration};

// No call fails in a race: every program ends well, and what it prints is the
// lesson. The first of each kind is stopped at the worst place, so that every
// run shows it; the others run free.
const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "torn",
            torn::broken::main,
            Shows::Success,
            torn::fixed::main,
        )
        .limit(LIMIT),
        Case::new(
            "torn-mutex",
            torn_mutex::broken::main,
            Shows::Success,
            torn_mutex::fixed::main,
        )
        .varies()
        .fixed_varies(),
        Case::new(
            "torn-seqlock",
            torn_seqlock::broken::main,
            Shows::Success,
            torn_seqlock::fixed::main,
        )
        .varies()
        .fixed_varies(),
        Case::new(
            "lost",
            lost::broken::main,
            Shows::Success,
            lost::fixed::main,
        )
        .limit(LIMIT),
        Case::new(
            "lost-free",
            lost_free::broken::main,
            Shows::Success,
            lost_free::fixed::main,
        )
        .varies(),
        Case::new(
            "lost-mutex",
            lost_mutex::broken::main,
            Shows::Success,
            lost_mutex::fixed::main,
        )
        .varies(),
    ],
};

const LIMIT: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    labkit::run(&LAB)
}
