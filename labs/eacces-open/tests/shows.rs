//! What the lab promises, seen on this kernel.

use labkit::testing::Bin;
use nix::{errno::Errno, unistd::geteuid};

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-eacces-open"));

#[test]
fn its_own_maker_may_not_write_it_later() {
    let run = LAB.run(["broken", "mode"]).shows("shm_open", Errno::EACCES);
    // While making it, it could.
    let output = run.program_output();
    assert!(output.contains("first start: counted 1\n"), "{run:?}");
    assert!(!output.contains("counted 2"), "{run:?}");
    // The same without a word.
    LAB.run::<&str>([]).shows("shm_open", Errno::EACCES);
}

#[test]
fn with_0600_the_second_start_finds_the_first() {
    let run = LAB.run(["fixed", "mode"]).works();
    assert!(run.program_output().ends_with("counted 2\n"), "{run:?}");
}

#[test]
fn root_hides_it() {
    for variant in ["broken", "fixed"] {
        let run = LAB.run([variant, "root"]).works();
        assert!(run.program_output().ends_with("counted 2\n"), "{run:?}");
    }
}

#[test]
fn the_umask_keeps_another_user_from_writing() {
    let run = LAB.run(["broken", "umask"]);
    if geteuid().is_root() {
        let run = run.shows("shm_open", Errno::EACCES);
        // It came as far as that: reading was allowed.
        assert_eq!(run.program_output().lines().count(), 3, "{run:?}");
        assert!(run.program_output().contains(" got 0644\n"), "{run:?}");
    } else {
        run.cannot_be_shown("setresuid", Errno::EPERM);
    }
}

#[test]
fn fchmod_lets_another_user_write() {
    let run = LAB.run(["fixed", "umask"]);
    if geteuid().is_root() {
        let run = run.works();
        assert!(run.program_output().contains(" got 0666\n"), "{run:?}");
        assert!(run.program_output().ends_with("two teas\n"), "{run:?}");
    } else {
        run.cannot_be_shown("setresuid", Errno::EPERM);
    }
}

/// Each waits for a process that it forked. Where that is killed, the program
/// finds that it did not end well.
#[test]
fn a_peer_that_is_killed_is_noticed() {
    for variant in ["broken", "fixed"] {
        for case in ["mode", "root"] {
            LAB.run_bereft([variant, case]).ends("panic", 1);
        }
    }
    if geteuid().is_root() {
        // The other user fails before it would miss the owner.
        LAB.run_bereft(["broken", "umask"]).ends("errno", 0);
        LAB.run_bereft(["fixed", "umask"]).ends("panic", 1);
    }
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
