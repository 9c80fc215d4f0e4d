//! What the lab promises, seen on this kernel.

use labkit::testing::{Bin, Run};

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-dangling"));

/// How the three workers end: by an error, by a panic, by SIGKILL.
const ENDINGS: [&str; 3] = [
    "error: exit status 1",
    "panic: exit status 101",
    "kill: killed",
];

/// Asserts that nothing was there before, that the workers ended in three ways, and
/// that after them those of `left` are there, and no others; then, as after every
/// run, that labkit has removed even these.
fn leaves(run: Run, left: &[&str]) {
    let run = run.works();
    let output = run.program_output();
    assert!(output.starts_with("before: 0 left\n"), "{run:?}");
    for ending in ENDINGS {
        assert!(output.contains(ending), "{run:?}");
    }
    let (_, after) = output.split_once("after: ").expect("a list after");
    let mut lines = after.lines();
    assert_eq!(lines.next(), Some(&*format!("{} left", left.len())));
    for how in left {
        let line = lines.next().unwrap_or_default();
        assert!(line.contains(how), "{how} in {run:?}");
    }
    assert_eq!(lines.next(), None, "{run:?}");
}

#[test]
fn whatever_was_made_stays() {
    for case in ["shm", "semaphore", "queue", "sysv"] {
        leaves(LAB.run(["broken", case]), &["error", "panic", "kill"]);
    }
    leaves(LAB.run::<&str>([]), &["error", "panic", "kill"]);
}

#[test]
fn memory_without_a_name_cannot_stay() {
    leaves(LAB.run(["fixed", "shm"]), &[]);
}

#[test]
fn a_name_that_went_early_cannot_stay() {
    leaves(LAB.run(["fixed", "semaphore"]), &[]);
    leaves(LAB.run(["fixed", "sysv"]), &[]);
}

#[test]
fn a_guard_survives_all_but_sigkill() {
    leaves(LAB.run(["fixed", "queue"]), &["kill"]);
}

/// In a place of its own, where everything can be counted: the lab leaves nothing.
#[test]
fn nothing_is_left_by_the_lab_itself() {
    let counted = LAB.in_private(
        "for case in shm semaphore queue sysv; do
            $LAB broken $case >/dev/null 2>&1 || echo failed
            $LAB fixed $case >/dev/null 2>&1 || echo failed
        done
        count; rest; true",
    );
    assert_eq!(counted.trim(), "0");
}

/// The commands that the chapter names for what is left already.
#[test]
fn it_can_be_removed_by_hand() {
    let counted = LAB.in_private(
        "touch /dev/shm/cache /dev/shm/sem.turn $QUEUES/jobs
        ipcmk -M 4096 >/dev/null; ipcmk -Q >/dev/null; ipcmk -S 1 >/dev/null
        count
        ls /dev/shm
        rm /dev/shm/cache /dev/shm/sem.turn
        rm $QUEUES/jobs
        ipcrm -m $(ipcs -m | awk '$1 ~ /^0x/ {print $2}')
        ipcrm -q $(ipcs -q | awk '$1 ~ /^0x/ {print $2}')
        ipcrm -s $(ipcs -s | awk '$1 ~ /^0x/ {print $2}')
        count",
    );
    let lines: Vec<_> = counted.split_whitespace().collect();
    assert_eq!(lines, ["6", "cache", "sem.turn", "0"]);
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
