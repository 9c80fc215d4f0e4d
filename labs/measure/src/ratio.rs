//! A relation between two things in one run, judged.
//!
//! One pair of processes holds both and the floor, in short blocks one after the
//! other, so that what disturbs one disturbs all. A round whose two floors differ
//! does not count. Where too few rounds are left, nothing is said.

use crate::{
    channel::Take,
    fault::Fault,
    floor::{self, Lines},
    pair::{self, Ended, Lead},
    place::Place,
    rounds::alike,
};
use std::{fmt, time::Duration};

const ROUNDS: usize = 60;
/// Fewer alike rounds than this are no ground for a verdict.
const ENOUGH: usize = 20;

/// What the relation must keep.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// A time, as a multiple of the other's.
    TimeAtMost(f64),
    /// A rate, as a multiple of the other's.
    RateAtLeast(f64),
}

/// The work of a block.
#[derive(Debug, Clone, Copy)]
pub enum Work {
    RoundTrips { count: usize },
    Stream { count: usize, batch: usize },
}

/// What is compared.
pub struct Check {
    pub name: String,
    pub bound: Bound,
    pub cores: u32,
    pub target: (Take, Work),
    /// The floor of round trips, where there is nothing else.
    pub other: Option<(Take, Work)>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    Kept,
    Broken,
    /// With the reason.
    Inconclusive(String),
}

/// A relation as it was seen.
#[derive(Debug, Clone)]
pub struct Seen {
    pub name: String,
    pub bound: Bound,
    /// Quartiles of the relation over the rounds that count.
    pub quartiles: Option<[f64; 3]>,
    pub rounds: usize,
    /// The floor itself, in nanoseconds: which of its states the machine was in.
    pub floor_ns: f64,
    pub verdict: Verdict,
}

const PROBES: usize = 1_000;
const PROBES_ON_ONE_CORE: usize = 30;

/// Sees how the relation is.
///
/// # Errors
/// What went wrong in the pair.
pub fn see(place: &Place, check: Check) -> Result<Seen, Ended> {
    let Check {
        name,
        bound,
        cores,
        target,
        other,
    } = check;
    if cores == 2 && !place.has_two() {
        return Ok(Seen {
            name,
            bound,
            quartiles: None,
            rounds: 0,
            floor_ns: f64::NAN,
            verdict: Verdict::Inconclusive("one processor".to_owned()),
        });
    }
    let probe = floor::bounce(Lines::Two, cores == 1).map_err(Ended::Fault)?;
    let (target, work) = target;
    let (mut channels, mut works) = (vec![probe, target], vec![work]);
    if let Some((other, work)) = other {
        channels.push(other);
        works.push(work);
    }
    let probes = if cores == 1 {
        PROBES_ON_ONE_CORE
    } else {
        PROBES
    };
    let rounds = pair::run(place, cores, channels, Duration::from_secs(60), |lead| {
        // Warm up.
        for round in 0..ROUNDS / 10 {
            once(lead, &works, probes, round)?;
        }
        (0..ROUNDS)
            .map(|round| once(lead, &works, probes, round))
            .collect::<Result<Vec<_>, _>>()
    })?;
    let floor_ns = floor::median(rounds.iter().map(|(before, ..)| *before));
    let mut good: Vec<f64> = rounds
        .into_iter()
        .filter(|(before, after, _)| alike(*before, *after))
        .map(|(.., ratio)| match bound {
            Bound::TimeAtMost(_) => ratio,
            Bound::RateAtLeast(_) => 1.0 / ratio,
        })
        .collect();
    good.sort_by(f64::total_cmp);
    let quartiles = [1, 2, 3].map(|q| good.get(good.len() * q / 4).copied().unwrap_or(f64::NAN));
    let verdict = match bound {
        _ if good.len() < ENOUGH => Verdict::Inconclusive(format!(
            "the floors were alike in {} of {ROUNDS} rounds",
            good.len()
        )),
        Bound::TimeAtMost(most) if quartiles[1] <= most => Verdict::Kept,
        Bound::RateAtLeast(least) if quartiles[1] >= least => Verdict::Kept,
        _ => Verdict::Broken,
    };
    Ok(Seen {
        name,
        bound,
        quartiles: Some(quartiles),
        rounds: good.len(),
        floor_ns,
        verdict,
    })
}

/// The floor before and after, and the target's time as a multiple of the other's.
fn once(
    lead: &mut Lead,
    works: &[Work],
    probes: usize,
    round: usize,
) -> Result<(f64, f64, f64), Fault> {
    let probe = |lead: &mut Lead| block(lead, 0, Work::RoundTrips { count: probes });
    let before = probe(lead)?;
    let ratio = match works {
        [target, other] => {
            // In turns, so that neither always comes after the other.
            if round.is_multiple_of(2) {
                let target = block(lead, 1, *target)?;
                target / block(lead, 2, *other)?
            } else {
                let other = block(lead, 2, *other)?;
                block(lead, 1, *target)? / other
            }
        }
        works => {
            let mut sum = 0.0;
            for (channel, work) in (1..).zip(works) {
                sum += block(lead, channel, *work)?;
            }
            sum
        }
    };
    let after = probe(lead)?;
    let ratio = if works.len() == 1 {
        ratio / before.midpoint(after)
    } else {
        ratio
    };
    Ok((before, after, ratio))
}

/// Nanoseconds a message.
fn block(lead: &mut Lead, channel: usize, work: Work) -> Result<f64, Fault> {
    let (ns, count) = match work {
        Work::RoundTrips { count } => (lead.tight_round_trips(channel, count)?.wall_ns, count),
        Work::Stream { count, batch } => (lead.stream(channel, count, batch)?.wall_ns, count),
    };
    Ok(ns as f64 / count as f64)
}

impl fmt::Display for Seen {
    /// Relation, bound, quartiles, verdict, in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, bound) = match self.bound {
            Bound::TimeAtMost(most) => ("≤", most),
            Bound::RateAtLeast(least) => ("≥", least),
        };
        write!(f, "{:<58} {sign} {bound:<5}", self.name)?;
        if let Some([low, median, high]) = self.quartiles {
            write!(
                f,
                " {median:7.3} ({low:.3} to {high:.3}, {} rounds, floor {:.0} ns)",
                self.rounds, self.floor_ns
            )?;
        }
        match &self.verdict {
            Verdict::Kept => write!(f, "  PASS"),
            Verdict::Broken => write!(f, "  FAIL"),
            Verdict::Inconclusive(why) => write!(f, "  INCONCLUSIVE: {why}"),
        }
    }
}
