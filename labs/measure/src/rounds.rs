//! One row: blocks of the thing itself between blocks of the floor.
//!
//! A virtual machine's processors are moved about, and a figure with them; what
//! stays is its relation to a figure taken right before and right after. So each
//! round is a block of the floor, blocks of the thing, a block of the floor again,
//! and counts for the relation only where the two floors are alike.

use crate::{
    clock::now, fault::Fault, floor::median, pair::Lead, percentiles::Percentiles, record::Times,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The channels of a pair: what is measured, and its floor.
pub const TARGET: usize = 0;
pub const FLOOR: usize = 1;

/// How much the floors of a round may differ.
const ALIKE: f64 = 0.15;
/// Fewer alike rounds than this, and a relation is not worth much: it is then that
/// of the medians.
const ENOUGH: usize = 3;

/// What a row's rounds brought.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Row {
    pub messages: u64,
    pub times: Times,
    /// Streams: a message, by the clock.
    pub message_ns: Option<f64>,
    pub cpu_ns: Option<f64>,
    pub floor_ns: Option<f64>,
    pub times_floor: Option<f64>,
    /// Rounds, and how many of them had alike floors.
    pub rounds: u32,
    pub alike: u32,
}

/// How to measure a row.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    pub budget_ns: u64,
    /// Whether a waiter sleeps: then the first message of a block finds it awake.
    pub sleeps: bool,
    /// Bytes a message.
    pub size: usize,
    /// Streams: messages published at once.
    pub batch: usize,
    /// There and back in a block of the floor; messages of a stream.
    pub floor_count: usize,
}

/// Bytes of messages that are under way in a block, so that all can be checked
/// after it; few enough to stay in the processor's caches.
const BLOCK_BYTES: usize = 256 << 10;
const FAST_BLOCK_BYTES: usize = 32 << 10;
/// Below this a clock that ticks in tens of nanoseconds and costs as much to read
/// would be a part of the figure: a sample is then the mean of a block.
const FAST_NS: f64 = 2_000.0;
/// Longer than anybody takes to fall asleep.
const ASLEEP: Duration = Duration::from_micros(200);
/// A round lasts about so long.
const ROUND_NS: u64 = 2_000_000;

/// Round trips through [`TARGET`], beside those through [`FLOOR`].
///
/// # Errors
/// What went wrong in this process.
pub fn round_trips(lead: &mut Lead, effort: &Effort) -> Result<Row, Fault> {
    let end = now() + effort.budget_ns;
    let pause = if effort.sleeps {
        ASLEEP
    } else {
        Duration::ZERO
    };
    lead.let_sleep(pause);
    let pilot = warm_up(effort.budget_ns / 10, |count| {
        let count = count.min(BLOCK_BYTES / effort.size).max(1);
        Ok((count, lead.round_trips(TARGET, count, None)?.wall_ns))
    })?;
    let fast = pilot < FAST_NS;
    let bytes = if fast { FAST_BLOCK_BYTES } else { BLOCK_BYTES };
    // The first of a block sets the pace.
    let extra = usize::from(effort.sleeps);
    let count = (bytes / effort.size).clamp(1, 32) + extra;
    let mut probe = Probe {
        count: Probe::FEW,
        most: effort.floor_count,
    };
    probe.take(lead, pause)?;
    let mut all = Percentiles::new();
    let mut tally = Tally::default();
    let mut times = Vec::with_capacity(count);
    loop {
        let before = probe.take(lead, pause)?;
        let mut round = Vec::new();
        let stop = end.min(now() + ROUND_NS);
        loop {
            times.clear();
            let block = lead.round_trips(TARGET, count, (!fast).then_some(&mut times))?;
            tally.cpu(block.cpu_ns, count);
            if fast {
                round.push(ratio(block.wall_ns, count));
            } else {
                round.extend(times.iter().skip(extra).map(|ns| ratio(*ns, 1)));
            }
            if now() >= stop {
                break;
            }
        }
        let after = probe.take(lead, pause)?;
        for ns in &round {
            all.record(*ns);
        }
        tally.round(median(round), before, after);
        if now() >= end {
            break;
        }
    }
    Ok(Row {
        times: all.times(),
        ..tally.row()
    })
}

/// The floor of round trips: as many as take a tenth of a millisecond. Where two
/// spinners come to share a processor, each takes a time slice.
struct Probe {
    count: usize,
    most: usize,
}

const PROBE_NS: f64 = 100_000.0;

impl Probe {
    const FEW: usize = 10;

    fn take(&mut self, lead: &mut Lead, pause: Duration) -> Result<f64, Fault> {
        lead.let_sleep(Duration::ZERO);
        let block = lead.round_trips(FLOOR, self.count, None)?;
        lead.let_sleep(pause);
        let each = ratio(block.wall_ns, self.count);
        self.count = ((PROBE_NS / each.max(1.0)) as usize).clamp(Self::FEW, self.most);
        Ok(each)
    }
}

/// A stream through [`TARGET`], beside one through [`FLOOR`].
///
/// # Errors
/// What went wrong in this process.
pub fn stream(lead: &mut Lead, effort: &Effort) -> Result<Row, Fault> {
    let end = now() + effort.budget_ns;
    // Whole batches, two at least, and no more than can be kept to be checked.
    let whole = |count: usize| {
        let most = (2 * BLOCK_BYTES / effort.size).clamp(8, 1 << 16);
        (count.min(most) / effort.batch).max(2) * effort.batch
    };
    let pilot = warm_up(effort.budget_ns / 10, |count| {
        let count = whole(count);
        Ok((count, lead.stream(TARGET, count, effort.batch)?.wall_ns))
    })?;
    let count = whole((ROUND_NS as f64 / pilot.max(0.1)) as usize);
    let mut tally = Tally::default();
    let mut all = Vec::new();
    loop {
        let before = floor_of_stream(lead, effort)?;
        let mut round = Vec::new();
        let stop = end.min(now() + ROUND_NS / 2);
        loop {
            let block = lead.stream(TARGET, count, effort.batch)?;
            tally.cpu(block.cpu_ns, count);
            round.push(ratio(block.wall_ns, count));
            if now() >= stop {
                break;
            }
        }
        let after = floor_of_stream(lead, effort)?;
        all.extend_from_slice(&round);
        tally.round(median(round), before, after);
        if now() >= end {
            break;
        }
    }
    Ok(Row {
        message_ns: Some(median(all)),
        ..tally.row()
    })
}

fn floor_of_stream(lead: &mut Lead, effort: &Effort) -> Result<f64, Fault> {
    let count = effort.floor_count;
    Ok(ratio(lead.stream(FLOOR, count, 1)?.wall_ns, count))
}

/// Runs blocks of growing size for a while; gives the time a message took at last.
fn warm_up(
    budget_ns: u64,
    mut block: impl FnMut(usize) -> Result<(usize, u64), Fault>,
) -> Result<f64, Fault> {
    let end = now() + budget_ns;
    let mut count = 2;
    loop {
        let (done, ns) = block(count)?;
        if now() >= end {
            return Ok(ratio(ns, done));
        }
        count = (count * 2).min(1 << 16);
    }
}

fn ratio(ns: u64, count: usize) -> f64 {
    ns as f64 / count.max(1) as f64
}

/// What is added up over the rounds.
#[derive(Debug, Default)]
struct Tally {
    messages: u64,
    cpu_ns: u64,
    rounds: u32,
    medians: Vec<f64>,
    floors: Vec<f64>,
    ratios: Vec<f64>,
}

impl Tally {
    fn cpu(&mut self, cpu_ns: u64, count: usize) {
        self.cpu_ns += cpu_ns;
        self.messages += count as u64;
    }

    fn round(&mut self, median: f64, before: f64, after: f64) {
        self.rounds += 1;
        self.medians.push(median);
        self.floors.extend([before, after]);
        if alike(before, after) {
            self.ratios.push(median / before.midpoint(after));
        }
    }

    fn row(self) -> Row {
        let alike = self.ratios.len();
        let floor = median(self.floors);
        let ratio = if alike >= ENOUGH {
            median(self.ratios)
        } else {
            median(self.medians) / floor
        };
        Row {
            messages: self.messages,
            cpu_ns: Some(self.cpu_ns as f64 / self.messages as f64),
            floor_ns: Some(floor),
            times_floor: Some(ratio),
            rounds: self.rounds,
            alike: u32::try_from(alike).unwrap_or(u32::MAX),
            ..Row::default()
        }
    }
}

/// Whether two floors are alike enough that what lies between can be compared with
/// them.
#[must_use]
pub fn alike(before: f64, after: f64) -> bool {
    (before / after - 1.0).abs() < ALIKE && (after / before - 1.0).abs() < ALIKE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_between_unlike_floors_does_not_count() {
        let mut tally = Tally::default();
        tally.cpu(1000, 10);
        for _ in 0..3 {
            tally.round(200.0, 100.0, 100.0);
        }
        for _ in 0..9 {
            tally.round(1000.0, 100.0, 400.0);
        }
        let row = tally.row();
        assert_eq!((row.rounds, row.alike), (12, 3));
        assert_eq!(row.times_floor, Some(2.0));
        assert_eq!(row.cpu_ns, Some(100.0));
    }
}
