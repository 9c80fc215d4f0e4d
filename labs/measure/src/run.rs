//! A whole run: every row, the floors, and what a reader must know about both.

use crate::{
    channel::{Plan, Take, Traffic},
    cli::{Nothing, Options, Planned},
    fault::{Fault, refusal},
    floor::{self, Lines},
    limits::Limits,
    open_loop::{Arrivals, Schedule},
    pair::{self, Ended},
    place::{self, Place},
    plan::{self, OPEN_LOOP_SIZE, RATES},
    progress::Progress,
    record::{
        Failed, Floor, Floors, Kind, OpenLoop, Outcome, Refusal, Remark, Report, Times, VERSION,
        Waiting,
    },
    rounds::{self, Effort, Row},
};
use nix::errno::Errno;
use std::time::{Duration, Instant, SystemTime};

/// Seconds that a whole run is given to measure in; what is around it (forks, pages
/// to touch, checks) takes about a tenth more.
const FULL_SECONDS: f64 = 50.0;
const QUICK_SECONDS: f64 = 3.6;
/// How much of a run its open loops get.
const OPEN_LOOP_SHARE: f64 = 0.2;

/// Measures what [`plan::latency`] lists.
///
/// # Errors
/// Where there is no processor, or no process can be forked.
pub fn latency(options: &Options, progress: &mut dyn Progress) -> Result<Report, Nothing> {
    run("lab-latency", options, plan::latency(options), progress)
}

/// Measures what [`plan::throughput`] lists.
///
/// # Errors
/// As [`latency`].
pub fn throughput(options: &Options, progress: &mut dyn Progress) -> Result<Report, Nothing> {
    run(
        "lab-throughput",
        options,
        plan::throughput(options),
        progress,
    )
}

/// One row of a plan, at one size or rate.
#[derive(Debug, Clone, Copy)]
struct Cell<'a> {
    row: &'a Planned,
    size: usize,
    rate: Option<u32>,
}

fn run(
    lab: &str,
    options: &Options,
    plan: Vec<Planned>,
    progress: &mut dyn Progress,
) -> Result<Report, Nothing> {
    let start = Instant::now();
    let date = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let _own = labkit::Own::begin(lab);
    pair::listen();
    let place = Place::find();
    if place.processors() == 0 {
        return Err(Nothing(refusal(
            "sched_getaffinity".to_owned(),
            Errno::last_raw(),
        )));
    }
    let machine = place::machine(&place);
    let limits = Limits::enter(&machine.limits);
    let cells: Vec<_> = plan
        .iter()
        .filter(|row| row.cores == 1 || place.has_two())
        .flat_map(cells)
        .collect();
    progress.steps(cells.len() as u64);
    let run = Run {
        place: &place,
        limits: &limits,
        budget: Budget::of(options, &cells),
    };
    let mut floors = run.floors(&cells);
    let mut results = Vec::with_capacity(cells.len());
    let mut quality = Quality::default();
    for cell in &cells {
        if pair::enough() {
            break;
        }
        progress.now(&crate::text::word(&cell.row.mechanism));
        match run.cell(cell, &mut floors, &mut quality) {
            Some(outcome) => results.push(outcome),
            None => break,
        }
        progress.step();
    }
    let mut remarks = Vec::new();
    for (so, remark) in [
        (!place.has_two(), Remark::OneCore),
        (quality.busy(), Remark::Busy),
        (!place.pinned, Remark::NotPinned),
        (!place::good_clock(&machine.clock), Remark::SlowClock),
        (!limits.raised, Remark::NotRaised),
        (pair::enough(), Remark::Interrupted),
    ] {
        if so {
            remarks.push(remark);
        }
    }
    Ok(Report {
        lab: lab.to_owned(),
        version: VERSION,
        quick: options.quick,
        date,
        seconds: start.elapsed().as_secs_f64(),
        machine,
        raised: limits.raised,
        remarks,
        floors,
        results,
    })
}

fn cells(row: &Planned) -> Vec<Cell<'_>> {
    let cell = |size, rate| Cell { row, size, rate };
    match row.kind {
        Kind::OpenLoop => RATES.map(|rate| cell(OPEN_LOOP_SIZE, Some(rate))).to_vec(),
        Kind::RoundTrip | Kind::Stream => row.sizes.iter().map(|size| cell(*size, None)).collect(),
    }
}

/// Nanoseconds for a cell.
#[derive(Debug, Clone, Copy)]
struct Budget {
    closed: u64,
    open: u64,
}

impl Budget {
    fn of(options: &Options, cells: &[Cell<'_>]) -> Self {
        let seconds = if options.quick {
            QUICK_SECONDS
        } else {
            FULL_SECONDS
        };
        let open = cells.iter().filter(|cell| cell.rate.is_some()).count();
        let share = if open == 0 { 0.0 } else { OPEN_LOOP_SHARE };
        let each =
            |share: f64, number: usize| (seconds * share * 1e9 / number.max(1) as f64) as u64;
        Self {
            closed: each(1.0 - share, cells.len() - open),
            open: each(share, open),
        }
    }
}

/// How often two floors of a round were unlike, over the run.
#[derive(Debug, Default)]
struct Quality {
    rounds: u32,
    alike: u32,
}

impl Quality {
    fn busy(&self) -> bool {
        self.rounds > 0 && self.alike * 2 < self.rounds
    }
}

struct Run<'a> {
    place: &'a Place,
    limits: &'a Limits,
    budget: Budget,
}

impl Run<'_> {
    /// Those floors that no row takes with it.
    fn floors(&self, cells: &[Cell<'_>]) -> Floors {
        let budget = self.budget.closed;
        let once = |lines, cores| {
            let channels = vec![floor::bounce(lines, cores == 1).ok()?];
            let limit = patience(budget);
            let count = if cores == 1 { 50 } else { 100 };
            pair::run(self.place, cores, channels, limit, |lead| {
                let end = crate::clock::now() + budget / 2;
                let mut seen = Vec::new();
                while seen.len() < 5 || crate::clock::now() < end {
                    let block = lead.round_trips(0, count, None)?;
                    seen.push(block.wall_ns as f64 / count as f64);
                }
                Ok(floor::median(seen))
            })
            .ok()
        };
        // Everything is compared with these: a second try, should the first pair be
        // killed.
        let bounce = |lines, cores| once(lines, cores).or_else(|| once(lines, cores));
        let two = self.place.has_two();
        let mut sizes: Vec<_> = cells.iter().map(|cell| cell.size).collect();
        sizes.sort_unstable();
        sizes.dedup();
        Floors {
            one_line_ns: two.then(|| bounce(Lines::One, 2)).flatten(),
            two_lines_ns: two.then(|| bounce(Lines::Two, 2)).flatten(),
            yield_ns: bounce(Lines::Two, 1),
            system_call_ns: Some(floor::system_call()),
            memcpy_ns: sizes
                .into_iter()
                .map(|size| (size, floor::memcpy(size)))
                .collect(),
            stream_ns: Default::default(),
        }
    }

    /// Measures one cell; nothing where the reader wants no more.
    fn cell(&self, cell: &Cell<'_>, floors: &mut Floors, quality: &mut Quality) -> Option<Outcome> {
        let plan = Plan {
            mechanism: cell.row.mechanism,
            waiting: cell.row.waiting,
            payload: cell.row.payload,
            size: cell.size,
            traffic: match cell.row.kind {
                Kind::RoundTrip => Traffic::RoundTrips,
                Kind::Stream | Kind::OpenLoop => Traffic::Stream,
            },
        };
        let limit = self.limits.refuses(&plan);
        let outcome = outcome(cell, limit);
        let measured = match cell.rate {
            Some(rate) => self
                .open_loop(&plan, rate)
                .map(|arrivals| arrived(rate, &arrivals, &outcome)),
            None => self.closed(cell, &plan).map(|row| {
                if cell.row.cores == 2 {
                    quality.rounds += row.rounds;
                    quality.alike += row.alike;
                }
                rowed(&row, &outcome)
            }),
        };
        let outcome = match measured {
            Ok(outcome) => outcome,
            Err(Ended::Interrupted) => return None,
            Err(ended) => Outcome {
                failed: Some(failed(ended)),
                ..outcome
            },
        };
        if let (Some(Floor::Stream), Some(ns)) = (outcome.floor, outcome.floor_ns)
            && outcome.cores == 2
        {
            let best = floors.stream_ns.entry(cell.size).or_insert(ns);
            *best = best.min(ns);
        }
        Some(outcome)
    }

    fn closed(&self, cell: &Cell<'_>, plan: &Plan) -> Result<Row, Ended> {
        let one = cell.row.cores == 1;
        let streams = cell.row.kind == Kind::Stream;
        let opened = || -> Result<Vec<Take>, Fault> {
            let floor = if streams {
                floor::stream(cell.size, one)?
            } else {
                floor::bounce(Lines::Two, one)?
            };
            Ok(vec![plan.open()?, floor])
        };
        let channels = opened().map_err(Ended::Fault)?;
        let effort = Effort {
            budget_ns: self.budget.closed,
            sleeps: plan.waiting == Waiting::Sleep,
            size: cell.size,
            batch: cell.row.batch as usize,
            floor_count: match (streams, one) {
                // About a tenth of a millisecond, or as much as that is worth.
                (false, false) => 1_000,
                (false, true) => 30,
                (true, _) => (512 * 1024 / cell.size).clamp(8, 1 << 14),
            },
        };
        let limit = patience(self.budget.closed);
        pair::run(self.place, cell.row.cores, channels, limit, |lead| {
            if streams {
                rounds::stream(lead, &effort)
            } else {
                rounds::round_trips(lead, &effort)
            }
        })
    }

    fn open_loop(&self, plan: &Plan, rate: u32) -> Result<Arrivals, Ended> {
        let channels = vec![plan.open().map_err(Ended::Fault)?];
        let budget = self.budget.open;
        let count = (f64::from(rate) * budget as f64 / 1e9) as u64;
        let schedule = |count| Schedule {
            size: plan.size,
            period_ns: 1e9 / f64::from(rate),
            count,
            at_most_ns: 2 * budget,
        };
        pair::run(self.place, 2, channels, patience(budget), |lead| {
            // A tenth of it first, to warm up.
            lead.open_loop(0, &schedule(count / 10))?;
            lead.open_loop(0, &schedule(count))
        })
    }
}

/// A row that takes so much longer than it was given hangs.
fn patience(budget_ns: u64) -> Duration {
    Duration::from_nanos(budget_ns) * 20 + Duration::from_secs(10)
}

fn outcome(cell: &Cell<'_>, limit: Option<Refusal>) -> Outcome {
    Outcome {
        kind: cell.row.kind,
        mechanism: cell.row.mechanism,
        waiting: cell.row.waiting,
        payload: cell.row.payload,
        cores: cell.row.cores,
        size: cell.size,
        batch: cell.row.batch,
        messages: 0,
        times: Times::default(),
        messages_per_second: None,
        bytes_per_second: None,
        open_loop: cell.rate.map(|rate| OpenLoop {
            rate: f64::from(rate),
            reached: 0.0,
            naive: Times::default(),
            corrected: Times::default(),
        }),
        cpu_ns: None,
        floor: None,
        floor_ns: None,
        times_floor: None,
        limit,
        failed: None,
    }
}

fn rowed(row: &Row, outcome: &Outcome) -> Outcome {
    let streams = outcome.kind == Kind::Stream;
    let rate = row.message_ns.map(|ns| 1e9 / ns);
    let size = outcome.size as f64;
    Outcome {
        messages: row.messages,
        times: row.times,
        messages_per_second: rate,
        bytes_per_second: rate.map(|rate| rate * size),
        cpu_ns: row.cpu_ns,
        floor: Some(match (streams, outcome.cores) {
            (true, _) => Floor::Stream,
            (false, 1) => Floor::Yield,
            (false, _) => Floor::TwoLines,
        }),
        floor_ns: row.floor_ns,
        times_floor: row.times_floor,
        ..outcome.clone()
    }
}

fn arrived(rate: u32, arrivals: &Arrivals, outcome: &Outcome) -> Outcome {
    Outcome {
        messages: arrivals.messages,
        open_loop: Some(OpenLoop {
            rate: f64::from(rate),
            reached: arrivals.messages as f64 / arrivals.seconds,
            naive: arrivals.naive,
            corrected: arrivals.corrected,
        }),
        cpu_ns: Some(arrivals.cpu_ns as f64 / arrivals.messages.max(1) as f64),
        ..outcome.clone()
    }
}

fn failed(ended: Ended) -> Failed {
    match ended {
        Ended::Fault(fault) => fault.into(),
        Ended::Killed(signal) => Failed::Killed(signal.as_str().to_owned()),
        Ended::TimedOut | Ended::Interrupted => Failed::TimedOut,
    }
}
