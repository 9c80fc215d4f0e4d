//! Locks that never come free: two taken in opposite orders, one taken twice,
//! one whose holder was killed. See sem_wait(3), pthread_mutex_lock(3p),
//! pthread_mutexattr_setrobust(3) and semop(2).

mod abba {
    pub mod broken;
    pub mod fixed;
}
mod forever {
    pub mod broken;
    pub mod fixed;
}
mod try_lock {
    pub mod broken;
    pub mod fixed;
}
mod relock {
    pub mod broken;
    pub mod fixed;
}
mod owner_died {
    pub mod broken;
    pub mod fixed;
}
mod unrepaired {
    pub mod broken;
    pub mod fixed;
}
mod lost_holder {
    pub mod broken;
    pub mod fixed;
}

use labkit::{Case, Lab, Shows};
use nix::errno::Errno::{EAGAIN, EDEADLK, ENOTRECOVERABLE, ETIMEDOUT};
use std::{process::ExitCode, time::Duration};

const LIMIT: Duration = Duration::from_secs(2);

const LAB: Lab = Lab {
    name: env!("CARGO_PKG_NAME"),
    about: include_str!("../lab.toml"),
    cases: &[
        Case::new(
            "abba",
            abba::broken::main,
            Shows::Errno("sem_timedwait", ETIMEDOUT),
            abba::fixed::main,
        )
        .limit(LIMIT),
        Case::new(
            "forever",
            forever::broken::main,
            Shows::TimeOut,
            forever::fixed::main,
        )
        .limit(LIMIT),
        Case::new(
            "try",
            try_lock::broken::main,
            Shows::Errno("sem_trywait", EAGAIN),
            try_lock::fixed::main,
        )
        .limit(LIMIT),
        Case::new(
            "relock",
            relock::broken::main,
            Shows::Errno("pthread_mutex_lock", EDEADLK),
            relock::fixed::main,
        )
        .limit(LIMIT),
        Case::new(
            "owner-died",
            owner_died::broken::main,
            Shows::Errno("pthread_mutex_timedlock", ETIMEDOUT),
            owner_died::fixed::main,
        )
        .limit(LIMIT),
        Case::new(
            "unrepaired",
            unrepaired::broken::main,
            Shows::Errno("pthread_mutex_lock", ENOTRECOVERABLE),
            unrepaired::fixed::main,
        )
        .limit(LIMIT),
        Case::new(
            "lost-holder",
            lost_holder::broken::main,
            Shows::Errno("sem_timedwait", ETIMEDOUT),
            lost_holder::fixed::main,
        )
        .limit(LIMIT),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}
