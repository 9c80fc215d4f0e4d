//! All commands of all pages: each distinct one is run once, and both languages
//! show that one run.

use crate::{
    command::{Command, Program},
    kept::Kept,
    labs::Built,
    live::{self, End, Job},
    mask::mask,
    project::Project,
    snippet,
};
use anyhow::{Result, anyhow};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// What a page shows of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// Its output.
    Output {
        text: String,
        varies: bool,
        /// The program was still waiting when its time was up, after all it printed.
        timed_out: bool,
    },
    /// It cannot be shown on this machine: the reason by language code.
    Unavailable(BTreeMap<String, String>),
}

/// The runs of one build, by command.
pub type Runs = BTreeMap<Command, Result<Shown, String>>;

/// The part of a lab's record that decides what a page shows.
#[derive(Deserialize)]
struct Record {
    output: String,
    varies: bool,
    ending: String,
    reason: Option<BTreeMap<String, String>>,
}

/// Most programs of this book spend their time waiting, not reckoning.
const AT_A_TIME_PER_CPU: usize = 4;

/// Runs every command once, some at a time; where `fresh` is false, not those that
/// an earlier build ran when all was the same.
#[must_use]
pub fn run(
    project: &Project,
    built: &Built,
    commands: &BTreeSet<Command>,
    limit: Duration,
    fresh: bool,
) -> Runs {
    let kept = Kept::open(project, !fresh);
    let cpus = thread::available_parallelism().map_or(1, Into::into);
    let commands: Vec<_> = commands.iter().collect();
    let next = AtomicUsize::new(0);
    let runs = Mutex::new(Runs::new());
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME_PER_CPU * cpus {
            scope.spawn(|| {
                while let Some(command) = commands.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let shown = run_one(project, built, command, limit, &kept);
                    let shown = shown.map_err(|error| format!("{error:#}"));
                    let mut runs = runs.lock().unwrap_or_else(PoisonError::into_inner);
                    runs.insert((*command).clone(), shown);
                }
            });
        }
    });
    kept.forget_others();
    runs.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn run_one(
    project: &Project,
    built: &Built,
    command: &Command,
    limit: Duration,
    kept: &Kept,
) -> Result<Shown> {
    let program = program(project, built, &command.program)?;
    kept.or(command, &program, || run_now(command, &program, limit))
}

fn run_now(command: &Command, program: &Path, limit: Duration) -> Result<Shown> {
    let mut args = command.args.clone();
    if command.has_record() {
        args.push("--json".to_owned());
    }
    let outcome = live::run(&Job {
        program: program.to_path_buf(),
        args,
        limit,
    })?;
    judge(command, &outcome.output, &outcome.end).map_err(|why| {
        // stdout as it came, or the record, which says more.
        anyhow!("{why}\n{}", outcome.output.trim_end())
    })
}

fn program(project: &Project, built: &Built, program: &Program) -> Result<PathBuf> {
    match program {
        Program::Lab(lab) => {
            let found = built.programs.get(&format!("lab-{lab}"));
            found
                .cloned()
                .ok_or_else(|| anyhow!("cargo built no program lab-{lab}"))
        }
        Program::Snippet { lab, id } => snippet::compile(project, built, lab, id),
    }
}

/// What a page may show of a run that ended like this, or why the build fails.
fn judge(command: &Command, output: &str, end: &End) -> Result<Shown, String> {
    let status = match end {
        End::Exit(status) => *status,
        End::Signal(signal) => return Err(format!("it was ended by signal {signal}; it printed:")),
        End::TimeOut(limit) => {
            return Err(format!(
                "it did not end within {} s; it printed:",
                limit.as_secs_f32()
            ));
        }
        End::Absent(why) => return Err(format!("it cannot be started: {why}")),
    };
    let record = command.has_record().then(|| {
        let record = output
            .lines()
            .rev()
            .find_map(|line| serde_json::from_str::<Record>(line).ok());
        record.ok_or(format!(
            "it ended with status {status} and without a record; it printed:"
        ))
    });
    let record = record.transpose()?;
    if status == 3
        && command.status != 3
        && let Some(Record {
            reason: Some(reason),
            ..
        }) = record
    {
        return Ok(Shown::Unavailable(reason));
    }
    if status != command.status {
        return Err(format!(
            "it ended with status {status} instead of {}; it printed:",
            command.status
        ));
    }
    let (text, varies, timed_out) = match record {
        Some(record) => (record.output, record.varies, record.ending == "timeout"),
        None => (output.to_owned(), false, false),
    };
    Ok(Shown::Output {
        text: mask(&text),
        varies,
        timed_out,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(text: &str) -> Command {
        Command::parse(text, &["emsgsize".to_owned()]).expect("plain")
    }

    const RECORD: &str =
        r#"{"output":"/lab-x-1-abcd: hi\n","varies":false,"ending":"errno","reason":null}"#;

    #[test]
    fn a_kept_promise_is_shown_masked() {
        let shown = judge(&command("lab-emsgsize"), RECORD, &End::Exit(0));
        assert_eq!(
            shown,
            Ok(Shown::Output {
                text: "/lab-x-PID: hi\n".into(),
                varies: false,
                timed_out: false,
            })
        );
    }

    #[test]
    fn another_end_fails_the_build() {
        for end in [
            End::Exit(1),
            End::Exit(2),
            End::Exit(3),
            End::Signal(11),
            End::TimeOut(Duration::from_secs(1)),
            End::Absent("no".into()),
        ] {
            assert!(
                judge(&command("lab-emsgsize"), RECORD, &end).is_err(),
                "{end:?}"
            );
        }
        assert!(judge(&command("lab-emsgsize"), "no record", &End::Exit(0)).is_err());
    }

    #[test]
    fn an_expected_status_is_no_failure() {
        let shown = judge(
            &command("-2 lab-emsgsize nonsense"),
            "Unknown",
            &End::Exit(2),
        );
        assert_eq!(
            shown,
            Ok(Shown::Output {
                text: "Unknown".into(),
                varies: false,
                timed_out: false,
            })
        );
        assert!(
            judge(
                &command("-2 lab-emsgsize nonsense"),
                "Unknown",
                &End::Exit(0)
            )
            .is_err()
        );
    }

    #[test]
    fn what_cannot_be_shown_here_gives_its_reason() {
        let record =
            r#"{"output":"","varies":false,"ending":"errno","reason":{"vi":"v","en":"e"}}"#;
        let shown = judge(&command("lab-emsgsize"), record, &End::Exit(3));
        assert!(matches!(shown, Ok(Shown::Unavailable(reason)) if reason["vi"] == "v"));
    }
}
