//! The real program: what it prints, and what it leaves behind. Figures are never
//! asserted: two rounds are too few for any verdict.

use nix::{
    sched::{CpuSet, sched_getaffinity, sched_setaffinity},
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::Duration,
};

fn peers(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peers"));
    command.args(arguments);
    command
}

/// What process `pid` has in /dev/shm.
fn left_by(pid: u32) -> Vec<String> {
    let names = fs::read_dir("/dev/shm").unwrap().flatten();
    let names = names.map(|e| e.file_name().to_string_lossy().into_owned());
    names
        .filter(|name| name.starts_with(&format!("peers-{pid}-")))
        .collect()
}

/// Runs to the end; status, standard output, and what is left in /dev/shm.
fn run(command: &mut Command) -> (ExitStatus, String, Vec<String>) {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut output = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut output)
        .unwrap();
    let status = child.wait().unwrap();
    (status, output, left_by(child.id()))
}

/// A run in the middle of its work: its first row is there.
fn in_the_middle() -> Child {
    let mut child = peers(&["--rounds", "1000", "--lang", "en"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    lines.next().unwrap().unwrap();
    while left_by(child.id()).len() < 2 {
        thread::sleep(Duration::from_millis(5));
    }
    child
}

/// Fewer rounds than a verdict needs, and each outcome has its keys.
#[test]
fn json_has_every_comparison_and_nothing_is_left() {
    let (status, output, left) = run(&mut peers(&["--json", "--rounds", "2"]));
    assert_eq!(status.code(), Some(0));
    let document: Value = serde_json::from_str(&output).unwrap();
    assert!(document["machine"]["kernel"].is_string());
    let outcomes = document["outcomes"].as_array().unwrap();
    if document["machine"]["pinned"].is_null() {
        assert_eq!(document["complete"], false);
        assert!(outcomes.is_empty());
    } else {
        assert_eq!(document["complete"], true);
        for size in [8, 64, 1024, 4096, 65536] {
            let there_and_back = |o: &&Value| o["kind"] == "there-and-back" && o["size"] == size;
            assert_eq!(outcomes.iter().filter(there_and_back).count(), 6, "{size}");
        }
        assert_eq!(outcomes.iter().filter(|o| o["kind"] == "stream").count(), 6);
        for outcome in outcomes {
            assert_ne!(outcome["verdict"], "fail");
            assert_ne!(outcome["verdict"], "pass");
        }
    }
    assert_eq!(left, Vec::<String>::new());
}

/// Both languages have the same rows, in their own words.
#[test]
fn both_languages_say_the_same() {
    let [(_, vi, _), (_, en, _)] =
        ["vi", "en"].map(|lang| run(&mut peers(&["--rounds", "1", "--lang", lang])));
    assert_eq!(vi.lines().count(), en.lines().count());
    assert_ne!(vi.lines().last(), en.lines().last());
}

/// One processor is no failure: it is said, and nothing is measured.
#[test]
fn one_processor_is_no_failure() {
    let ours = sched_getaffinity(Pid::from_raw(0)).unwrap();
    let first = (0..CpuSet::count())
        .find(|cpu| ours.is_set(*cpu).unwrap())
        .unwrap();
    let mut one = CpuSet::new();
    one.set(first).unwrap();
    let mut command = peers(&["--json"]);
    // SAFETY: one system call, which is safe between fork and exec.
    unsafe {
        command.pre_exec(move || Ok(sched_setaffinity(Pid::from_raw(0), &one)?));
    }
    let (status, output, left) = run(&mut command);
    assert_eq!(status.code(), Some(0));
    let document: Value = serde_json::from_str(&output).unwrap();
    assert_eq!(document["complete"], false);
    assert!(document["machine"]["pinned"].is_null());
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn an_interrupted_run_leaves_nothing() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let mut child = in_the_middle();
        let pid = Pid::from_raw(child.id().try_into().unwrap());
        kill(pid, signal).unwrap();
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(128 + signal as i32));
        assert_eq!(left_by(child.id()), Vec::<String>::new());
    }
}

/// Both sides end with their parent, and the next run removes what all three left.
#[test]
fn a_killed_run_is_cleaned_up_by_the_next() {
    let mut child = in_the_middle();
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(libc::SIGKILL));
    assert_ne!(left_by(child.id()), Vec::<String>::new());
    // The sides may take a moment to die, and hold the lock as long.
    for _ in 0..50 {
        run(&mut peers(&["--json", "--rounds", "1"]));
        if left_by(child.id()).is_empty() {
            return;
        }
    }
    panic!("still there: {:?}", left_by(child.id()));
}

#[test]
fn wrong_usage_is_2() {
    for arguments in [&["--rounds", "0"][..], &["--lang", "fr"], &["more"]] {
        let output = peers(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
