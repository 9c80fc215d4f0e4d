//! Nothing is left behind, whatever is killed; and nobody else's is touched.

mod support;

use labkit::testing::in_private_ipc;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::json;
use std::{
    fs,
    io::Read as _,
    os::unix::process::ExitStatusExt as _,
    process::{Child, Stdio},
};
use support::SPECIMEN;

/// Counts every object of ours in the namespace: queues, System V, /dev/shm.
const COUNT: &str = "count() { { ls \"$MQUEUE\"; tail -qn +2 /proc/sysvipc/msg /proc/sysvipc/shm \
                     /proc/sysvipc/sem; ls /dev/shm | grep specimen; } | wc -l; }\n";
/// Starts a lab that makes one of each and waits; comes back when all are there.
const HOLD: &str = "hold() { \"$LAB\" fixed leaves >/dev/null 2>&1 & p=$!; \
                    until [ \"$(count)\" -ge $1 ]; do :; done; }\n";

fn in_private(script: &str) -> String {
    let shm = "mount -t tmpfs none /dev/shm\n";
    let output = in_private_ipc(SPECIMEN, &format!("{shm}{COUNT}{HOLD}{script}"));
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn every_kind_of_object_is_removed() {
    let run = SPECIMEN.run(["broken", "leaves"]).works();
    let kinds: Vec<_> = run.record["objects"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|object| object.as_str()?.split(' ').next())
        .collect();
    assert_eq!(
        kinds,
        [
            "queue",
            "shm",
            "semaphore",
            "sysv-queue",
            "sysv-shm",
            "sysv-semaphore"
        ]
    );
    assert_eq!(in_private("\"$LAB\" broken leaves --bare && count"), "0\n");
}

#[test]
fn a_signal_to_the_lab_removes_everything_at_once() {
    for signal in ["INT", "TERM", "HUP", "QUIT"] {
        let script = format!("hold 6; count; kill -{signal} $p; wait $p 2>/dev/null; count");
        assert_eq!(in_private(&script), "6\n0\n", "{signal}");
    }
}

#[test]
fn the_next_lab_removes_what_a_killed_one_left() {
    let script =
        "hold 6; kill -KILL $p; wait $p 2>/dev/null; count; \"$LAB\" fixed errno --bare; count";
    assert_eq!(in_private(script), "6\n0\n");
}

#[test]
fn a_hundred_kills_at_random_leave_nothing() {
    let script = "i=0; while [ $i -lt 100 ]; do \
                    \"$LAB\" broken leaves >/dev/null 2>&1 & p=$!; \
                    sleep 0.00$((i % 10)); kill -KILL $p 2>/dev/null; wait $p 2>/dev/null; \
                    i=$((i + 1)); \
                  done; \"$LAB\" fixed errno --bare; count; ls /proc | grep -c '^[0-9]'";
    // Init (the script's shell), ls and grep are all the processes there are.
    assert_eq!(in_private(script), "0\n3\n");
}

#[test]
fn a_living_run_is_not_touched() {
    let script =
        "hold 6; \"$LAB\" fixed errno --bare; count; kill -INT $p; wait $p 2>/dev/null; count";
    assert_eq!(in_private(script), "6\n0\n");
}

/// A lab that has made its objects and waits, in a process of its own.
fn waiting() -> Child {
    let mut child = SPECIMEN
        .command()
        .args(["fixed", "leaves", "--bare"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut word = [0; 8];
    child
        .stdout
        .as_mut()
        .expect("piped")
        .read_exact(&mut word)
        .expect("a word");
    assert_eq!(&word, b"waiting\n");
    child
}

#[test]
fn a_lab_that_is_asked_to_end_ends_by_that_signal() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        let mut child = waiting();
        let pid = Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
        kill(pid, signal).expect("signalled");
        assert_eq!(child.wait().expect("ended").signal(), Some(signal as i32));
    }
}

#[test]
fn a_journal_goes_with_its_run() {
    let run = SPECIMEN.run(["broken", "leaves"]).works();
    let id = run.record["run"].as_str().expect("an id");
    for folder in ["/tmp", "/var/tmp", "/dev/shm"] {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            assert!(!entry.path().join(id).exists());
        }
    }
    assert_eq!(run.record["left"], json!([]));
}
