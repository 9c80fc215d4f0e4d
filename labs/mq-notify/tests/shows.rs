//! What the lab promises, seen on this kernel.

use labkit::testing::Bin;
use nix::errno::Errno;

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-mq-notify"));

#[test]
fn the_second_notification_does_not_come() {
    for run in [LAB.run(["broken", "once"]), LAB.run::<&str>([])] {
        let run = run.shows("sigtimedwait", Errno::EAGAIN);
        // Yet there is a message.
        let waiting = run.program_output().lines().rev().nth(1);
        assert!(
            waiting.is_some_and(|line| !line.ends_with(": 0")),
            "{run:?}"
        );
    }
}

#[test]
fn registering_again_misses_nothing() {
    let run = LAB.run(["fixed", "once"]).works();
    assert!(run.program_output().contains("all orders"), "{run:?}");
}

#[test]
fn a_killed_guest_is_not_waited_for() {
    for variant in ["broken", "fixed"] {
        let run = LAB.run_bereft([variant, "once"]);
        let status = i32::from(variant == "fixed");
        let run = run.ends("errno", status);
        assert_eq!(run.record["call"], "sigtimedwait", "{run:?}");
        assert_eq!(
            run.record["errno"]["number"],
            Errno::EAGAIN as i32,
            "{run:?}"
        );
    }
}

#[test]
fn the_place_is_taken() {
    LAB.run(["broken", "taken"])
        .shows("mq_notify", Errno::EBUSY);
}

#[test]
fn the_place_is_given_back() {
    let run = LAB.run(["fixed", "taken"]).works();
    assert!(run.program_output().contains("notified"), "{run:?}");
}

#[test]
fn a_killed_old_service_is_not_waited_for() {
    for variant in ["broken", "fixed"] {
        LAB.run_bereft([variant, "taken"]).ends("panic", 1);
    }
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
