//! From rounds to a verdict.

use crate::{
    contenders::iceoryx::Way,
    plan::{self, Bound, RING, STREAM_SIZE, STREAMS, Stage},
    rounds::Block,
};
use serde::{Deserialize, Serialize};

/// With fewer good rounds a median says nothing.
pub const ENOUGH: usize = 20;

/// One line of the table: ours beside theirs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub kind: Kind,
    /// Bytes in a message.
    pub size: usize,
    pub ours: String,
    pub theirs: String,
    /// There and back: our time as a multiple of theirs. Stream: our rate as a
    /// multiple of theirs. Absent where no round was good.
    pub ratio: Option<Spread>,
    /// Times of a message (there and back, or one way), as multiples of the probe.
    pub ours_floors: Option<Spread>,
    pub theirs_floors: Option<Spread>,
    /// Medians, in nanoseconds; between runs they say less than the ratios.
    pub ours_ns: Option<f64>,
    pub theirs_ns: Option<f64>,
    /// The probe itself, there and back: which of its paces the machine was in.
    pub probe_ns: Option<f64>,
    /// Rounds in which the machine held still for both, out of so many.
    pub good: usize,
    pub rounds: usize,
    pub at_most: Option<f64>,
    pub at_least: Option<f64>,
    pub verdict: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    ThereAndBack,
    Stream,
}

/// Median and quartiles.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Pass,
    Fail,
    Inconclusive,
    /// Nothing was promised: it is there to be seen.
    Seen,
}

/// Of `values`, if there are any.
#[must_use]
pub fn spread(mut values: Vec<f64>) -> Option<Spread> {
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    let at = |part: f64| {
        let place = part * last as f64;
        let (below, above) = (
            values[place.floor() as usize],
            values[place.ceil() as usize],
        );
        below + (above - below) * place.fract()
    };
    Some(Spread {
        median: at(0.5),
        low: at(0.25),
        high: at(0.75),
    })
}

/// What a bound makes of a median.
#[must_use]
pub fn judge(bound: Option<Bound>, ratio: Option<Spread>, good: usize) -> Verdict {
    match (bound, ratio) {
        (_, Some(_)) if good < ENOUGH => Verdict::Inconclusive,
        (_, None) => Verdict::Inconclusive,
        (None, _) => Verdict::Seen,
        (Some(bound), Some(ratio)) if bound.holds(ratio.median) => Verdict::Pass,
        _ => Verdict::Fail,
    }
}

/// How often each pair of a stage that is compared was measured well.
#[must_use]
pub fn good_rounds(rounds: &[Vec<Option<Block>>], ours: usize, theirs: usize) -> usize {
    rounds
        .iter()
        .filter(|round| round[ours].is_some() && round[theirs].is_some())
        .count()
}

/// The comparisons of a stage; there and back, the fastest way of iceoryx2 first. Two
/// of its ways are judged: that one, and the plain one, which its users write.
#[must_use]
pub fn outcomes(stage: Stage, rounds: &[Vec<Option<Block>>]) -> Vec<Outcome> {
    let names = plan::names(stage);
    let place = |name: &str| {
        names
            .iter()
            .position(|n| *n == name)
            .expect("is in the stage")
    };
    match stage {
        Stage::Exchange(size) => {
            let mut ways: Vec<_> = Way::ALL
                .into_iter()
                .map(|way| {
                    compare(
                        Kind::ThereAndBack,
                        size,
                        rounds,
                        &names,
                        [place(RING), place(way.name())],
                        None,
                    )
                })
                .collect();
            let time =
                |outcome: &Outcome| outcome.theirs_floors.map_or(f64::INFINITY, |f| f.median);
            ways.sort_by(|a, b| time(a).total_cmp(&time(b)));
            let bound = plan::exchange_bound(size);
            ways[0].bound(Some(bound));
            let plain = |outcome: &&mut Outcome| outcome.theirs == Way::Plain.name();
            ways.iter_mut()
                .filter(plain)
                .for_each(|w| w.bound(Some(bound)));
            ways
        }
        Stage::Stream => STREAMS
            .into_iter()
            .map(|(ours, theirs, bound)| {
                compare(
                    Kind::Stream,
                    STREAM_SIZE,
                    rounds,
                    &names,
                    [place(ours), place(theirs)],
                    bound,
                )
            })
            .collect(),
    }
}

fn compare(
    kind: Kind,
    size: usize,
    rounds: &[Vec<Option<Block>>],
    names: &[&str],
    [ours, theirs]: [usize; 2],
    bound: Option<Bound>,
) -> Outcome {
    let both: Vec<_> = rounds
        .iter()
        .filter_map(|r| r[ours].zip(r[theirs]))
        .collect();
    let of = |value: &dyn Fn(&(Block, Block)) -> f64| spread(both.iter().map(value).collect());
    let mut outcome = Outcome {
        kind,
        size,
        ours: names[ours].to_owned(),
        theirs: names[theirs].to_owned(),
        ratio: of(&|(ours, theirs)| match kind {
            Kind::ThereAndBack => ours.floors / theirs.floors,
            Kind::Stream => theirs.floors / ours.floors,
        }),
        ours_floors: of(&|(ours, _)| ours.floors),
        theirs_floors: of(&|(_, theirs)| theirs.floors),
        ours_ns: of(&|(ours, _)| ours.ns).map(|s| s.median),
        theirs_ns: of(&|(_, theirs)| theirs.ns).map(|s| s.median),
        probe_ns: of(&|(ours, _)| ours.ns / ours.floors).map(|s| s.median),
        good: both.len(),
        rounds: rounds.len(),
        at_most: None,
        at_least: None,
        verdict: Verdict::Seen,
    };
    outcome.bound(bound);
    outcome
}

impl Outcome {
    fn bound(&mut self, bound: Option<Bound>) {
        (self.at_most, self.at_least) = match bound {
            Some(Bound::AtMost(most)) => (Some(most), None),
            Some(Bound::AtLeast(least)) => (None, Some(least)),
            None => (None, None),
        };
        self.verdict = judge(bound, self.ratio, self.good);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(floors: &[f64]) -> Vec<Option<Block>> {
        floors
            .iter()
            .map(|floors| {
                Some(Block {
                    ns: floors * 100.0,
                    floors: *floors,
                })
            })
            .collect()
    }

    #[test]
    fn median_and_quartiles() {
        assert_eq!(spread(vec![]), None);
        let spread = spread(vec![5.0, 1.0, 3.0, 2.0, 4.0]).unwrap();
        assert_eq!(
            spread,
            Spread {
                median: 3.0,
                low: 2.0,
                high: 4.0
            }
        );
        assert_eq!(super::spread(vec![1.0, 2.0]).unwrap().median, 1.5);
    }

    #[test]
    fn the_fastest_way_of_the_peer_is_judged_and_the_plain_one() {
        let rounds = vec![blocks(&[1.0, 9.0, 8.0, 3.0, 9.0, 9.0, 9.0]); ENOUGH];
        let outcomes = outcomes(Stage::Exchange(8), &rounds);
        assert_eq!(outcomes[0].theirs, Way::ALL[2].name());
        assert_eq!(outcomes[0].at_most, Some(0.25));
        assert_eq!(outcomes[0].verdict, Verdict::Fail);
        for other in &outcomes[1..] {
            let plain = other.theirs == Way::Plain.name();
            let expected = if plain { Verdict::Pass } else { Verdict::Seen };
            assert_eq!(other.verdict, expected, "{}", other.theirs);
        }
    }

    #[test]
    fn a_stream_compares_rates_and_an_exchange_times() {
        let exchange = vec![blocks(&[1.0, 5.0, 6.0, 6.0, 6.0, 6.0, 6.0]); ENOUGH];
        let exchange = outcomes(Stage::Exchange(8), &exchange);
        assert_eq!(exchange[0].ratio.unwrap().median, 0.2);
        assert_eq!(exchange[0].verdict, Verdict::Pass);
        let stream = vec![blocks(&[4.0, 2.0, 3.0, 1.0, 4.0, 4.0]); ENOUGH];
        let stream = outcomes(Stage::Stream, &stream);
        assert_eq!(stream[0].ratio.unwrap().median, 1.5);
        assert_eq!(stream[0].verdict, Verdict::Pass);
    }

    #[test]
    fn too_few_good_rounds_are_no_verdict() {
        let mut rounds = vec![blocks(&[1.0; 7]); ENOUGH - 1];
        rounds.extend(vec![vec![None; 7]; 50]);
        let outcome = &outcomes(Stage::Exchange(8), &rounds)[0];
        assert_eq!((outcome.good, outcome.rounds), (ENOUGH - 1, ENOUGH + 49));
        assert_eq!(outcome.verdict, Verdict::Inconclusive);
        let outcome = &outcomes(Stage::Stream, &[])[0];
        assert_eq!(outcome.verdict, Verdict::Inconclusive);
    }
}
