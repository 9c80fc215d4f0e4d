//! Messages that leave at times set before, whatever happened to the one before.
//!
//! A sender that waits for a slow message before it sends the next leaves out all
//! those that would have had to wait, and its percentiles with them: *coordinated
//! omission*. So each message carries two times: when it was due and when the
//! sender got round to it. Counted from the second, all is well; counted from the
//! first, it is what the message's user would have seen.

use crate::{
    clock::{now, processor_time},
    fault::Fault,
    loops::{End, Span, timed},
    message,
    percentiles::Percentiles,
    record::Times,
};
use serde::{Deserialize, Serialize};
use std::hint::spin_loop;

/// When messages are due.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// Bytes a message, 32 at least.
    pub size: usize,
    /// From one to the next.
    pub period_ns: f64,
    pub count: u64,
    /// How long it may take at most: a channel that cannot keep the rate would go
    /// on for ever later.
    pub at_most_ns: u64,
}

/// What the receiver saw.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Arrivals {
    pub messages: u64,
    /// How long the sender sent.
    pub seconds: f64,
    /// Of both processes, in all.
    pub cpu_ns: u64,
    pub naive: Times,
    pub corrected: Times,
}

/// Where a message's two times stand; before them its number, after them its
/// pattern.
const DUE: usize = 8;
const SENT: usize = 16;
const PATTERN: usize = 24;
/// The number of the message that ends a run.
const END: u64 = u64::MAX;

/// The sender's side.
///
/// # Errors
/// The call that failed.
pub fn depart(end: &mut dyn End, schedule: &Schedule) -> Result<Span, Fault> {
    let mut message = vec![0; schedule.size.max(PATTERN)];
    timed(|| {
        // A moment, so that the receiver is there before the first.
        let start = now() + 200_000;
        for number in 0..schedule.count {
            message::write(number, &mut message[PATTERN..]);
            let due = start + (number as f64 * schedule.period_ns) as u64;
            let mut sent = now();
            // Late or not, it is sent as soon as possible. No sleep is as precise.
            while sent < due {
                spin_loop();
                sent = now();
            }
            if sent - start > schedule.at_most_ns {
                break;
            }
            head(&mut message, number, due, sent);
            end.put(&message)?;
        }
        head(&mut message, END, 0, 0);
        end.put(&message)
    })
}

fn head(message: &mut [u8], number: u64, due: u64, sent: u64) {
    for (place, word) in [(0, number), (DUE, due), (SENT, sent)] {
        message[place..place + 8].copy_from_slice(&word.to_ne_bytes());
    }
}

fn word(message: &[u8], place: usize) -> u64 {
    message[place..]
        .first_chunk()
        .map_or(0, |bytes| u64::from_ne_bytes(*bytes))
}

/// The receiver's side.
///
/// # Errors
/// The call that failed, or a message that was lost, out of order or torn.
pub fn arrive(end: &mut dyn End, size: usize) -> Result<Arrivals, Fault> {
    let mut message = vec![0; size.max(PATTERN)];
    let [mut naive, mut corrected] = [Percentiles::new(), Percentiles::new()];
    let cpu = processor_time();
    for expected in 0.. {
        end.get(&mut message)?;
        let arrived = now();
        let number = word(&message, 0);
        if number == END {
            return Ok(Arrivals {
                messages: expected,
                seconds: 0.0,
                cpu_ns: processor_time() - cpu,
                naive: naive.times(),
                corrected: corrected.times(),
            });
        }
        if number != expected {
            return Err(Fault::Corrupt(format!(
                "message {number} in place of {expected}"
            )));
        }
        message::check(number, &message[PATTERN..])?;
        corrected.record(arrived.saturating_sub(word(&message, DUE)) as f64);
        naive.record(arrived.saturating_sub(word(&message, SENT)) as f64);
    }
    Err(Fault::Gone)
}
