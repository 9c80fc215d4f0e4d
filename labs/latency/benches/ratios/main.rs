//! The relations that this part of the book stands on, in one run:
//!
//! ```console
//! $ cargo bench -p lab-latency --bench ratios
//! ```
//!
//! With words behind `--`, only those checks of [`CHECKS`] whose names contain one.
//! Exit status 1 where one of them is broken; on a machine that is too restless, or
//! has one processor, a line says INCONCLUSIVE and why.

mod bare;

use measure::{
    channel::{Plan, Take, Traffic},
    fault::Fault,
    floor,
    pair::Ended,
    place::Place,
    ratio::{Bound, Check, Verdict, Work, see},
    record::{Mechanism, Payload, Waiting},
};
use std::{env, process::ExitCode};

fn plan(mechanism: Mechanism, waiting: Waiting, size: usize, traffic: Traffic) -> Plan {
    Plan {
        mechanism,
        waiting,
        payload: Payload::Copied,
        size,
        traffic,
    }
}

fn open(
    mechanism: Mechanism,
    waiting: Waiting,
    size: usize,
    traffic: Traffic,
) -> Result<Take, Fault> {
    plan(mechanism, waiting, size, traffic).open()
}

/// There and back, spinning, beside the bounce of two cache lines.
fn round_trip(mechanism: Mechanism, size: usize, most: f64) -> Result<Check, Fault> {
    Ok(Check {
        name: format!("{mechanism:?} {size} B there and back / two cache lines").to_lowercase(),
        bound: Bound::TimeAtMost(most),
        cores: 2,
        target: (
            open(mechanism, Waiting::Spin, size, Traffic::RoundTrips)?,
            Work::RoundTrips { count: 3_000 },
        ),
        other: None,
    })
}

/// Our channel beside a bare loop of the same calls.
fn beside_c(mechanism: Mechanism, waiting: Waiting, cores: u32) -> Result<Check, Fault> {
    let plan = plan(mechanism, waiting, 8, Traffic::RoundTrips);
    let work = Work::RoundTrips {
        count: if cores == 1 { 200 } else { 500 },
    };
    Ok(Check {
        name: format!("{mechanism:?} 8 B there and back, {waiting:?}, {cores} core(s) / in C")
            .to_lowercase(),
        bound: Bound::TimeAtMost(1.05),
        cores,
        target: (plan.open()?, work),
        other: Some((bare::open(&plan)?, work)),
    })
}

fn stream_beside_queue() -> Result<Check, Fault> {
    Ok(Check {
        name: "ring 8 B stream / posix queue, both polled".to_owned(),
        bound: Bound::RateAtLeast(90.0),
        cores: 2,
        target: (
            open(Mechanism::Ring, Waiting::Spin, 8, Traffic::Stream)?,
            Work::Stream {
                count: 16_000,
                batch: 1,
            },
        ),
        other: Some((
            open(Mechanism::PosixQueue, Waiting::Spin, 8, Traffic::Stream)?,
            Work::Stream {
                count: 1_000,
                batch: 1,
            },
        )),
    })
}

fn stream_beside_floor() -> Result<Check, Fault> {
    let work = Work::Stream {
        count: 512,
        batch: 1,
    };
    Ok(Check {
        name: "ring 4 KiB stream / one buffer after another behind a flag".to_owned(),
        bound: Bound::RateAtLeast(0.85),
        cores: 2,
        target: (
            open(Mechanism::Ring, Waiting::Spin, 4096, Traffic::Stream)?,
            work,
        ),
        other: Some((floor::stream(4096, false)?, work)),
    })
}

type Prepare = fn() -> Result<Check, Fault>;

const CHECKS: [(&str, Prepare); 9] = {
    use Mechanism::{Mailbox, PosixQueue, Ring, SysvQueue};
    [
        ("mailbox-8", || round_trip(Mailbox, 8, 0.75)),
        ("ring-8", || round_trip(Ring, 8, 1.1)),
        ("ring-64", || round_trip(Ring, 64, 1.2)),
        ("stream-queue", stream_beside_queue),
        ("stream-floor", stream_beside_floor),
        ("posix-c-polled", || beside_c(PosixQueue, Waiting::Spin, 2)),
        ("sysv-c-polled", || beside_c(SysvQueue, Waiting::Spin, 2)),
        ("posix-c-one-core", || {
            beside_c(PosixQueue, Waiting::Sleep, 1)
        }),
        ("sysv-c-one-core", || beside_c(SysvQueue, Waiting::Sleep, 1)),
    ]
};

fn main() -> ExitCode {
    let _own = labkit::Own::begin("lab-latency");
    measure::pair::listen();
    let place = Place::find();
    let mut status = ExitCode::SUCCESS;
    // cargo adds a flag of its own; the words are parts of names in CHECKS.
    let wanted: Vec<_> = env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let chosen = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word));
    for (_, check) in CHECKS.iter().filter(|(name, _)| chosen(name)) {
        match check()
            .map_err(Ended::Fault)
            .and_then(|check| see(&place, check))
        {
            Ok(seen) => {
                println!("{seen}");
                if seen.verdict == Verdict::Broken {
                    status = ExitCode::FAILURE;
                }
            }
            Err(ended) => {
                println!("{ended:?}");
                status = ExitCode::FAILURE;
            }
        }
        if measure::pair::enough() {
            return ExitCode::FAILURE;
        }
    }
    status
}
