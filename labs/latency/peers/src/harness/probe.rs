//! The floor: two processors bounce two cache lines, one for each direction.

use super::shared::Shared;
use std::sync::atomic::Ordering::{Acquire, Release};

/// `count` times there and back, numbered from `first`.
pub fn lead(shared: &Shared, first: u64, count: u64) {
    for number in first..first + count {
        shared.there.0.store(number, Release);
        while shared.back.0.load(Acquire) != number {}
    }
}

/// Sends back what [`lead`] sends.
pub fn follow(shared: &Shared, first: u64, count: u64) {
    for number in first..first + count {
        while shared.there.0.load(Acquire) != number {}
        shared.back.0.store(number, Release);
    }
}
