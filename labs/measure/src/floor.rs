//! What this machine cannot go below, measured as everything else is.
//!
//! The floor of a round trip is a cache line that two processors hand to each
//! other, with a line for each direction: nothing is carried but the news. On one
//! processor it is two processes that yield to each other. The floor of a stream is
//! a bare loop that hands over one buffer after another behind one flag.

mod bounce;
mod stream;

pub use bounce::Lines;

use crate::{channel::Take, clock::now, fault::Fault, message};
use std::hint::black_box;

/// Two processes bouncing cache lines; yielding between two looks, where they share
/// a processor.
///
/// # Errors
/// Those of mmap(2).
pub fn bounce(lines: Lines, yielding: bool) -> Result<Take, Fault> {
    bounce::open(lines, yielding)
}

/// Buffers of `size` bytes behind one flag.
///
/// # Errors
/// Those of mmap(2).
pub fn stream(size: usize, yielding: bool) -> Result<Take, Fault> {
    stream::open(size, yielding)
}

/// Nanoseconds for copying `size` bytes within a process: the median of several
/// rounds.
#[must_use]
pub fn memcpy(size: usize) -> f64 {
    let mut from = vec![0; size];
    let mut to = vec![0; size];
    message::write(1, &mut from);
    let times = (100_000_000 / (20 * size + 10_000)).clamp(10, 2_000);
    median((0..15).map(|_| {
        each(times, || {
            black_box(&mut to[..]).copy_from_slice(black_box(&from));
        })
    }))
}

/// Nanoseconds for a system call that does nothing: getppid(2), which the C library
/// does not answer by itself.
#[must_use]
pub fn system_call() -> f64 {
    median((0..15).map(|_| {
        each(2_000, || {
            black_box(nix::unistd::getppid());
        })
    }))
}

/// Nanoseconds for one of `times` times.
fn each(times: usize, mut work: impl FnMut()) -> f64 {
    let start = now();
    for _ in 0..times {
        work();
    }
    (now() - start) as f64 / times as f64
}

/// The middle of `values`; NaN where there are none.
#[must_use]
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
