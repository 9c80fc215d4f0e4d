//! The process that measures: stage after stage, and tells what came out.

use crate::{
    contenders::{Error, Follow, Lead, iceoryx::Way, ring::Rings, rtrb},
    harness::{
        Shared, Who, follower,
        pair::{Pair, Ready},
        processors,
    },
    litter::Litter,
    outcome::{self, Outcome},
    plan::{self, BATCH, RING, STREAM_SLOTS, Stage},
    rounds::{self, Block},
};
use std::{sync::mpsc, thread};

/// How many rounds are gone through before a restless machine is given up, for each
/// that is wanted.
const PATIENCE: usize = 4;

const PANICKED: &str = "the thread that follows panicked";

type Rounds = Vec<Vec<Option<Block>>>;

pub struct Leader<'a> {
    pub shared: &'static Shared,
    pub rings: &'a Rings,
    pub litter: &'a Litter,
    /// Good rounds wanted.
    pub wanted: usize,
    /// Where the thread that follows belongs.
    pub other_processor: usize,
    /// The next sequence number; the probe's first must differ from zeroed memory.
    pub next: u64,
}

impl Leader<'_> {
    /// All stages; `tell` is given each stage's results as soon as it is over.
    ///
    /// # Errors
    /// Whatever keeps a contender from opening, and a message that is not right.
    pub fn run(
        mut self,
        mut tell: impl FnMut(&[Outcome]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for stage in Stage::ALL {
            let rounds = match stage {
                Stage::Exchange(size) => self.exchange(size)?,
                Stage::Stream => self.stream()?,
            };
            tell(&outcome::outcomes(stage, &rounds))?;
        }
        Pair::new(self.shared, Who::Process, &mut self.next).end();
        Ok(())
    }

    fn exchange(&mut self, size: usize) -> Result<Rounds, Error> {
        let stage = Stage::Exchange(size);
        let mut pair = Pair::new(self.shared, Who::Process, &mut self.next);
        let contenders = pair.open(stage, || {
            let mut contenders: Vec<Box<dyn Lead>> = vec![Box::new(self.rings.lead(size))];
            for way in Way::ALL {
                contenders.push(way.lead(self.litter, size)?);
            }
            Ok(contenders)
        })?;
        let mut contenders = ready(&mut pair, contenders)?;
        let bounces = pair.calibrate_probe();
        let names = plan::names(stage);
        let compared: Vec<_> = (1..names.len()).map(|theirs| [0, theirs]).collect();
        gather(self.wanted, &compared, |backwards| {
            Ok(rounds::round(
                &mut pair,
                bounces,
                &mut contenders,
                backwards,
            )?)
        })
    }

    /// With two followers that take turns on one processor: the other process for the
    /// ring, a thread for the ring and for rtrb, which lives on the heap.
    fn stream(&mut self) -> Result<Rounds, Error> {
        let (one, one_follows) = rtrb::one_by_one(STREAM_SLOTS);
        let (many, many_follows) = rtrb::chunks(STREAM_SLOTS, BATCH);
        let [single, batched] = &self.rings.threads;
        let (single_follows, batched_follows) = (single.into(), batched.into());
        let (shared, processor) = (self.shared, self.other_processor);
        let mut follows: Option<(_, _, _, _)> =
            Some((one_follows, many_follows, single_follows, batched_follows));
        // Both processors must be free for the thread until it has its own: where
        // the processes have real-time priority, nobody else makes room.
        Pair::new(self.shared, Who::Process, &mut self.next).park();
        let (pinned, is_pinned) = mpsc::channel();
        let thread = thread::spawn(move || {
            processors::pin(processor).map_err(|e| e.to_string())?;
            pinned.send(()).map_err(|e| e.to_string())?;
            follower::serve(shared, Who::Thread, |_| {
                let (a, b, c, d) = follows.take().ok_or("opened twice")?;
                let all: Vec<Box<dyn Follow>> =
                    vec![Box::new(a), Box::new(b), Box::new(c), Box::new(d)];
                Ok(all)
            })
            .map_err(|e| e.to_string())
        });

        // An error here is the thread's, and the join below has it.
        if is_pinned.recv().is_err() {
            thread.join().map_err(|_| PANICKED)??;
            return Err(PANICKED.into());
        }

        let mut process = Pair::new(self.shared, Who::Process, &mut self.next);
        let [alone, batches] = &self.rings.processes;
        let ours: Vec<Box<dyn Lead>> = vec![Box::new(alone.out()), Box::new(batches.batches())];
        let ours = process.open(Stage::Stream, || Ok(ours))?;
        let mut ours = ready(&mut process, ours)?;
        let bounces = process.calibrate_probe();
        process.park();

        let mut beside = Pair::new(self.shared, Who::Thread, &mut self.next);
        let theirs: Vec<Box<dyn Lead>> = vec![
            Box::new(one),
            Box::new(many),
            Box::new(single.out()),
            Box::new(batched.batches()),
        ];
        let theirs = beside.open(Stage::Stream, || Ok(theirs))?;
        let mut theirs = ready(&mut beside, theirs)?;
        beside.park();

        let names = plan::names(Stage::Stream);
        let place = |name| {
            names
                .iter()
                .position(|n| *n == name)
                .expect("is in the stage")
        };
        let compared = plan::STREAMS.map(|(ours, theirs, _)| [place(ours), place(theirs)]);
        let rounds = gather(self.wanted, &compared, |backwards| {
            let mut round = Vec::new();
            for (who, contenders) in [(Who::Process, &mut ours), (Who::Thread, &mut theirs)] {
                let mut pair = Pair::new(self.shared, who, &mut self.next);
                round.extend(rounds::round(&mut pair, bounces, contenders, backwards)?);
                pair.park();
            }
            Ok(round)
        })?;
        debug_assert_eq!(names[0], RING, "the process's contenders come first");
        Pair::new(self.shared, Who::Thread, &mut self.next).end();
        thread.join().map_err(|_| PANICKED)??;
        Ok(rounds)
    }
}

fn ready(pair: &mut Pair, contenders: Vec<Box<dyn Lead>>) -> Result<Vec<Ready>, Error> {
    let indices = contenders.into_iter().enumerate();
    indices
        .map(|(index, lead)| pair.ready(index, lead))
        .collect()
}

/// Rounds until each of the compared pairs has been measured well so often.
fn gather(
    wanted: usize,
    compared: &[[usize; 2]],
    mut round: impl FnMut(bool) -> Result<Vec<Option<Block>>, Error>,
) -> Result<Rounds, Error> {
    let mut rounds = Rounds::new();
    let enough = |rounds: &Rounds| {
        let mut good = compared
            .iter()
            .map(|[a, b]| outcome::good_rounds(rounds, *a, *b));
        good.all(|good| good >= wanted)
    };
    while rounds.len() < wanted * PATIENCE && !enough(&rounds) {
        rounds.push(round(rounds.len() % 2 == 1)?);
    }
    Ok(rounds)
}
