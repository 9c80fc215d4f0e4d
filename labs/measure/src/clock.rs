//! The clocks, see clock_gettime(2).

use nix::time::{ClockId, clock_gettime};

fn read(clock: ClockId) -> u64 {
    clock_gettime(clock).map_or(0, |time| {
        (time.tv_sec() * 1_000_000_000 + time.tv_nsec()) as u64
    })
}

/// CLOCK_MONOTONIC in nanoseconds: one clock for all processes.
#[inline]
#[must_use]
pub fn now() -> u64 {
    read(ClockId::CLOCK_MONOTONIC)
}

/// The processor time of this process in nanoseconds. A system call, so not inside
/// of what is timed.
#[must_use]
pub fn processor_time() -> u64 {
    read(ClockId::CLOCK_PROCESS_CPUTIME_ID)
}
