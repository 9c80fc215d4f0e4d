//! One run, from the command line to the exit status.

use crate::{
    args::Args,
    contenders::{Error, Follow, iceoryx::Way, ring::Rings},
    harness::{
        Shared, Who, follower, processors,
        supervisor::{self, End},
    },
    leader::Leader,
    litter::Litter,
    machine::Machine,
    outcome::{Outcome, Verdict},
    plan::Stage,
    report, text,
};
use iceoryx2::prelude::{LogLevel, set_log_level};
use labkit::Language;
use serde_json::json;
use std::{
    io::{self, PipeWriter, Write},
    process::ExitCode,
};

const FAIL: u8 = 1;
const NOT_MEASURED: u8 = 3;

/// Measures and prints; the status is explained in [`Args`].
pub fn run(args: &Args) -> ExitCode {
    let language = args.lang.unwrap_or_else(Language::of_environment);
    match measure(args, language) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("peers: {error}");
            NOT_MEASURED.into()
        }
    }
}

fn measure(args: &Args, language: Language) -> Result<ExitCode, Error> {
    let pinned = processors::two()?;
    let machine = Machine::look(pinned);
    if !args.json {
        say(&report::head(&machine, language));
    }
    let mut outcomes = Vec::new();
    let mut end = End::Complete;
    if let Some(pinned) = pinned {
        let litter = Litter::new()?;
        let result = compare(&litter, args.rounds.into(), pinned, |mut outcome| {
            if !machine.optimised && outcome.verdict != Verdict::Seen {
                outcome.verdict = Verdict::Inconclusive;
            }
            if !args.json {
                say(&(report::row(&outcome, language) + "\n"));
            }
            outcomes.push(outcome);
        });
        litter.remove()?;
        end = result?;
    }
    if args.json {
        let document = json!({
            "machine": machine,
            "complete": end == End::Complete && pinned.is_some(),
            "outcomes": outcomes,
        });
        say(&format!("{document:#}\n"));
    }
    Ok(conclude(end, &outcomes, language))
}

fn conclude(end: End, outcomes: &[Outcome], language: Language) -> ExitCode {
    let (why, status) = match end {
        End::Complete => {
            let failed = outcomes
                .iter()
                .any(|outcome| outcome.verdict == Verdict::Fail);
            return if failed {
                FAIL.into()
            } else {
                ExitCode::SUCCESS
            };
        }
        End::Failed => (text::FAILED, NOT_MEASURED),
        End::TooLong => (text::TOO_LONG, NOT_MEASURED),
        // As a shell reports a program that a signal ended.
        End::Signal(number) => (
            text::INTERRUPTED,
            u8::try_from(128 + number).unwrap_or(NOT_MEASURED),
        ),
    };
    eprintln!("{}", why.of(language));
    status.into()
}

/// Forks both sides and passes on each result.
fn compare(
    litter: &Litter,
    wanted: usize,
    [first, second]: [usize; 2],
    mut hear: impl FnMut(Outcome),
) -> Result<End, Error> {
    // Before the fork: this is how both sides come to share it.
    let shared = Shared::new()?;
    let rings = Rings::new()?;
    let follow = || {
        prepare(second)?;
        let open = |stage| follows(stage, &rings, litter);
        follower::serve(shared, Who::Process, open).map_err(|error| error.to_string())
    };
    let lead = |mut writer: PipeWriter| {
        prepare(first)?;
        let leader = Leader {
            shared,
            rings: &rings,
            litter,
            wanted,
            other_processor: second,
            next: 1,
        };
        let told = leader.run(|outcomes| {
            for outcome in outcomes {
                writeln!(writer, "{}", serde_json::to_string(outcome)?)?;
            }
            Ok(())
        });
        told.map_err(|error| error.to_string())
    };
    let mut garbled = None;
    let end = supervisor::run(follow, lead, |line| match serde_json::from_str(line) {
        Ok(outcome) => hear(outcome),
        Err(error) => garbled = Some(error),
    })?;
    garbled.map_or(Ok(end), |error| Err(error.into()))
}

/// In each child: no chatter, and a processor of its own.
fn prepare(processor: usize) -> Result<(), String> {
    set_log_level(LogLevel::Error);
    processors::pin(processor).map_err(|errno| format!("sched_setaffinity: {errno}"))
}

fn follows(stage: Stage, rings: &Rings, litter: &Litter) -> Result<Vec<Box<dyn Follow>>, Error> {
    let mut follows: Vec<Box<dyn Follow>> = Vec::new();
    match stage {
        Stage::Exchange(size) => {
            follows.push(Box::new(rings.follow(size)));
            for way in Way::ALL {
                follows.push(way.follow(litter, size)?);
            }
        }
        Stage::Stream => {
            let [alone, batched] = &rings.processes;
            follows.push(Box::new(alone.into()));
            follows.push(Box::new(batched.into()));
        }
    }
    Ok(follows)
}

/// A reader that has gone away is no error: `peers | head` is quiet.
fn say(text: &str) {
    let _ = io::stdout()
        .write_all(text.as_bytes())
        .and_then(|()| io::stdout().flush());
}
