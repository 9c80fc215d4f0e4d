//! Runs the labs' programs for their records, several at a time.

use crate::record::{Case, Lab, Record, Shown, Variant};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    io::{self, Read as _},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

/// Most programs of this book spend their time waiting, not reckoning.
const AT_A_TIME_PER_CPU: usize = 4;

/// A lab ends a program itself when its time is up. This is for a lab that does not.
const GRACE: Duration = Duration::from_secs(30);

/// How long a lab may take to end and tidy up when it is asked to.
const TIDYING: Duration = Duration::from_secs(2);

/// More output than this is no record of ours.
const OUTPUT_MAX: u64 = 4 << 20;

/// A program that left no record: what it was asked, and what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mute {
    pub command: String,
    pub why: String,
}

/// Asks each lab for its cases and runs every program of each.
///
/// `step` hears how many programs are done, of how many.
pub fn all(
    labs: &[(String, std::path::PathBuf)],
    step: &(dyn Fn(usize, usize) + Sync),
) -> (Vec<Shown>, Vec<Mute>) {
    let lists = in_parallel(labs, &|(name, program)| {
        ask::<Lab>(name, program, &["list", "--json"], GRACE)
    });
    let mut mute = Vec::new();
    let mut shown = Vec::new();
    for list in lists {
        match list {
            Ok(lab) => shown.push(Shown {
                lab,
                records: Vec::new(),
            }),
            Err(error) => mute.push(error),
        }
    }
    let mut jobs = Vec::new();
    for Shown { lab, .. } in &shown {
        let Some((_, program)) = labs.iter().find(|(name, _)| *name == lab.lab) else {
            continue;
        };
        for case in &lab.cases {
            for variant in Variant::ALL {
                jobs.push((lab.lab.clone(), program.clone(), case.clone(), variant));
            }
        }
    }
    let done = AtomicUsize::new(0);
    step(0, jobs.len());
    let records = in_parallel(&jobs, &|(lab, program, case, variant)| {
        let record = run(lab, program, case, *variant);
        step(done.fetch_add(1, Ordering::Relaxed) + 1, jobs.len());
        record
    });
    for record in records {
        match record {
            Ok(record) => {
                if let Some(shown) = shown.iter_mut().find(|s| s.lab.lab == record.lab) {
                    shown.records.push(record);
                }
            }
            Err(error) => mute.push(error),
        }
    }
    (shown, mute)
}

fn run(lab: &str, program: &Path, case: &Case, variant: Variant) -> Result<Record, Mute> {
    let limit = Duration::from_millis(case.limit_ms) + GRACE;
    ask(lab, program, &[variant.word(), &case.name, "--json"], limit)
}

/// The JSON value in the last line that `program` prints.
fn ask<T: serde::de::DeserializeOwned>(
    name: &str,
    program: &Path,
    words: &[&str],
    limit: Duration,
) -> Result<T, Mute> {
    let mute = |why: String| Mute {
        command: format!("{name} {}", words.join(" ")),
        why,
    };
    let output = output(program, words, limit).map_err(|error| mute(error.to_string()))?;
    let last = output.lines().next_back().unwrap_or_default();
    serde_json::from_str(last).map_err(|error| mute(error.to_string()))
}

fn output(program: &Path, words: &[&str], limit: Duration) -> io::Result<String> {
    let mut child = Command::new(program)
        .args(words)
        // A record's texts are the C library's, whoever takes it.
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // What else a lab says there, such as what it could not remove, is for
        // whoever runs it by hand.
        .stderr(Stdio::null())
        .spawn()?;
    let mut stdout = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let (done, finished) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.by_ref().take(OUTPUT_MAX).read_to_end(&mut bytes);
        let _ = done.send(read.map(|_| bytes));
        let _ = io::copy(&mut stdout, &mut io::sink());
    });
    let bytes = match finished.recv_timeout(limit) {
        Ok(bytes) => bytes,
        Err(_) => {
            ask_to_end(&child);
            let late = finished.recv_timeout(TIDYING);
            late.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        }
    };
    // It has closed its output, so it ends at once, or it will never end by itself.
    let ended = wait(&mut child, TIDYING)?;
    if !ended {
        child.kill()?;
        child.wait()?;
    }
    let bytes = bytes?;
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// SIGTERM: a lab that is asked to end removes its objects first.
fn ask_to_end(child: &Child) {
    // Not waited for yet, so the number is still its own.
    if let Ok(pid) = i32::try_from(child.id()) {
        let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
    }
}

fn wait(child: &mut Child, limit: Duration) -> io::Result<bool> {
    const STEP: Duration = Duration::from_millis(2);
    let mut waited = Duration::ZERO;
    while child.try_wait()?.is_none() {
        if waited >= limit {
            return Ok(false);
        }
        thread::sleep(STEP);
        waited += STEP;
    }
    Ok(true)
}

/// `work` on every one of `items`, in their order.
fn in_parallel<I: Sync, O: Send>(items: &[I], work: &(dyn Fn(&I) -> O + Sync)) -> Vec<O> {
    let cpus = thread::available_parallelism().map_or(1, Into::into);
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..(AT_A_TIME_PER_CPU * cpus).min(items.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { break };
                    let result = work(item);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.push((at, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<_> = (0..100).collect();
        assert_eq!(in_parallel(&items, &|n| *n), items);
    }

    #[test]
    fn the_last_line_is_the_answer() {
        let sh = Path::new("/bin/sh");
        let asked = ask::<Vec<i32>>("x", sh, &["-c", "echo words; echo '[1]'"], GRACE);
        assert_eq!(asked, Ok(vec![1]));
    }

    #[test]
    fn a_program_without_an_answer_is_named() {
        let sh = Path::new("/bin/sh");
        for script in ["exit 0", "echo words", "kill -9 $$"] {
            let mute = ask::<Vec<i32>>("x", sh, &["-c", script], GRACE).expect_err("mute");
            assert_eq!(mute.command, format!("x -c {script}"));
        }
        assert!(ask::<Vec<i32>>("x", Path::new("/no/such"), &[], GRACE).is_err());
    }

    #[test]
    fn one_that_hangs_is_asked_to_end_and_then_made_to() {
        let limit = Duration::from_millis(100);
        let sh = Path::new("/bin/sh");
        let tidy = "trap 'echo [2]; exit' TERM; while :; do sleep 0.05; done";
        assert_eq!(ask::<Vec<i32>>("x", sh, &["-c", tidy], limit), Ok(vec![2]));
        let deaf = "trap '' TERM; exec 2>&-; while :; do sleep 0.05; done";
        assert!(ask::<Vec<i32>>("x", sh, &["-c", deaf], limit).is_err());
    }
}
