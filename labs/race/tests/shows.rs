//! What the lab promises, seen on this kernel.
//!
//! No test says how much a free-running race loses: some runs lose nothing.

use labkit::testing::{Bin, Run};
use nix::errno::Errno;
use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
};

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-race"));

/// The numbers in what the program printed, in their order.
fn numbers(run: &Run) -> Vec<u64> {
    let output = run.program_output();
    let words = output.split(|c: char| !c.is_ascii_digit());
    words.filter_map(|word| word.parse().ok()).collect()
}

#[test]
fn the_reader_sees_the_new_length_and_old_bytes() {
    let run = LAB.run(["broken", "torn"]).works();
    // The number of the message, the length, new bytes, old bytes.
    assert_eq!(numbers(&run), [2, 256, 0, 64], "{run:#?}");
}

#[test]
fn the_reader_has_to_wait_for_its_turn() {
    let run = LAB.run(["fixed", "torn"]).works();
    let refused = format!("sem_trywait: {:?}", Errno::EAGAIN);
    assert!(run.program_output().contains(&refused), "{run:#?}");
    assert!(numbers(&run).ends_with(&[256, 256, 0]), "{run:#?}");
}

#[test]
fn both_load_before_either_stores_and_half_is_lost() {
    for _ in 0..10 {
        let run = LAB.run(["broken", "lost"]).works();
        assert_eq!(numbers(&run), [2_000, 2_000], "{run:#?}");
    }
}

#[test]
fn what_is_added_in_one_step_is_not_lost() {
    let run = LAB.run(["fixed", "lost"]).works();
    assert_eq!(numbers(&run), [2_000, 4_000], "{run:#?}");
}

/// However much they lose.
#[test]
fn races_that_run_free_end_well() {
    for case in ["torn-mutex", "torn-seqlock"] {
        let run = LAB.run(["broken", case]).works();
        assert_eq!(numbers(&run)[1], 1_000_000, "{run:#?}");
        assert!(numbers(&run)[2] <= 1_000_000, "{run:#?}");
    }
    for case in ["lost-free", "lost-mutex"] {
        let run = LAB.run(["broken", case]).works();
        assert_eq!(numbers(&run)[0], 1_000_000, "{run:#?}");
        assert!(numbers(&run)[1] < 2_000_000, "{run:#?}");
    }
}

/// Ten runs of a million rounds each, while two threads keep the processors busy
/// from the first run to the last, and the four programs each other.
#[test]
fn under_load_nothing_is_torn_and_nothing_lost() {
    let enough = AtomicBool::new(false);
    let busy = || {
        while !enough.load(Relaxed) {
            std::hint::spin_loop();
        }
    };
    let ten_runs =
        |case: &'static str| -> Vec<Run> { (0..10).map(|_| LAB.run(["fixed", case])).collect() };
    let cases = ["torn-mutex", "torn-seqlock", "lost-free", "lost-mutex"];
    let runs = thread::scope(|scope| {
        scope.spawn(busy);
        scope.spawn(busy);
        let started = cases.map(|case| scope.spawn(move || ten_runs(case)));
        let runs = started.map(thread::ScopedJoinHandle::join);
        // Before anything may panic: otherwise the two would be waited for.
        enough.store(true, Relaxed);
        runs.map(|runs| runs.expect("each run has its record"))
    });
    for (case, runs) in cases.iter().zip(runs) {
        let mut written = 0;
        for run in runs {
            let run = run.works();
            let told = numbers(&run);
            if case.starts_with("torn") {
                written += told[0];
                assert_eq!(told[1..], [1_000_000, 0], "{run:#?}");
            } else {
                assert_eq!(told, [1_000_000, 0], "{run:#?}");
            }
        }
        // There was something to tear.
        assert!(
            !case.starts_with("torn") || written > 10,
            "{case}: {written}"
        );
    }
}

/// The process that a program waits for is killed: the program ends all the same.
#[test]
fn nobody_waits_for_the_dead() {
    for args in [
        ["broken", "torn"],
        ["fixed", "torn"],
        ["broken", "lost"],
        ["fixed", "lost"],
        ["broken", "torn-mutex"],
        ["broken", "torn-seqlock"],
    ] {
        LAB.run_bereft(args).ends("panic", 1);
    }
}

/// If it was killed half-way, its lock or its odd number stays: labkit ends that.
#[test]
fn who_died_half_way_is_not_waited_for_in_vain() {
    thread::scope(|scope| {
        for case in ["torn-mutex", "torn-seqlock", "lost-mutex"] {
            scope.spawn(move || {
                let run = LAB.run_bereft(["fixed", case]);
                let ending = run.record["ending"].as_str().unwrap_or_default().to_owned();
                assert!(["panic", "timeout"].contains(&&*ending), "{run:#?}");
                run.ends(&ending, 1);
            });
        }
    });
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
