//! What the lab promises, seen on this kernel.

use labkit::testing::Bin;
use nix::{errno::Errno, unistd::geteuid};
use std::time::{Duration, Instant};

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-sem-open"));

#[test]
fn nobody_has_made_it_yet() {
    for run in [LAB.run(["broken", "absent"]), LAB.run::<&str>([])] {
        let run = run.shows("sem_open", Errno::ENOENT);
        assert!(!run.program_output().contains("took a job"), "{run:?}");
    }
}

#[test]
fn a_worker_that_tries_again_finds_it() {
    let run = LAB.run(["fixed", "absent"]).works();
    assert!(run.program_output().contains("took a job"), "{run:?}");
}

/// The service is killed before it has made anything: the worker gives up by itself,
/// with the errno that sem_open gave.
#[test]
fn a_worker_without_a_service_gives_up() {
    let start = Instant::now();
    let run = LAB.run_bereft(["fixed", "absent"]).ends("errno", 1);
    assert_eq!(run.record["call"], "sem_open", "{run:?}");
    assert_eq!(run.record["errno"]["number"], Errno::ENOENT as i32);
    assert!(start.elapsed() >= Duration::from_secs(1), "{run:?}");
}

#[test]
fn a_second_creator_is_refused() {
    let run = LAB
        .run(["broken", "exists"])
        .shows("sem_open", Errno::EEXIST);
    assert!(!run.program_output().contains("are free"), "{run:?}");
}

#[test]
fn one_creates_and_the_other_opens() {
    let run = LAB.run(["fixed", "exists"]).works();
    assert!(run.program_output().contains("3 slots are free"), "{run:?}");
}

#[test]
fn an_old_semaphore_keeps_its_value() {
    let run = LAB
        .run(["broken", "value-ignored"])
        .shows("sem_timedwait", Errno::ETIMEDOUT);
    assert!(!run.program_output().contains("today: it is"), "{run:?}");
}

#[test]
fn who_creates_it_sets_the_value() {
    let run = LAB.run(["fixed", "value-ignored"]).works();
    for line in ["an old one is there", "today: it is my turn"] {
        assert!(run.program_output().contains(line), "{run:?}");
    }
}

#[test]
fn waiting_needs_write_permission() {
    LAB.run(["broken", "mode"]).shows("sem_open", Errno::EACCES);
    LAB.run(["fixed", "mode"]).works();
}

#[test]
fn the_umask_keeps_another_user_out() {
    let broken = LAB.run(["broken", "umask"]);
    let fixed = LAB.run(["fixed", "umask"]);
    if geteuid().is_root() {
        let broken = broken.shows("sem_open", Errno::EACCES);
        assert!(broken.program_output().contains("got 0644"), "{broken:?}");
        let fixed = fixed.works();
        assert!(fixed.program_output().contains("got 0666"), "{fixed:?}");
        assert!(fixed.program_output().contains("took a slot"), "{fixed:?}");
    } else {
        broken.cannot_be_shown("setresuid", Errno::EPERM);
        fixed.cannot_be_shown("setresuid", Errno::EPERM);
    }
}

/// Every program beside every other: they never meet.
#[test]
fn all_at_once() {
    let start = |variant: &'static str, case: &'static str| {
        std::thread::spawn(move || LAB.run([variant, case]))
    };
    let runs = ["absent", "exists", "value-ignored", "mode"]
        .map(|case| [start("broken", case), start("fixed", case)]);
    for [broken, fixed] in runs {
        broken.join().expect("ended").ends("errno", 0);
        fixed.join().expect("ended").works();
    }
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
