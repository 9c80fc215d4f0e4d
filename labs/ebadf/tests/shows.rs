//! What the lab promises, seen on this kernel.

use labkit::testing::Bin;
use nix::errno::Errno;

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-ebadf"));

#[test]
fn a_sender_cannot_receive_and_the_message_stays() {
    for run in [LAB.run(["broken", "receive"]), LAB.run::<&str>([])] {
        let run = run.shows("mq_receive", Errno::EBADF);
        assert!(
            run.program_output().contains("messages waiting now: 1"),
            "{run:?}"
        );
    }
}

#[test]
fn both_directions_take_the_message_out() {
    let run = LAB.run(["fixed", "receive"]).works();
    assert!(
        run.program_output().contains("messages waiting now: 0"),
        "{run:?}"
    );
}

#[test]
fn a_receiver_cannot_send() {
    let run = LAB.run(["broken", "send"]).shows("mq_send", Errno::EBADF);
    assert!(!run.program_output().contains("done:"), "{run:?}");
}

#[test]
fn one_descriptor_for_each_direction() {
    let run = LAB.run(["fixed", "send"]).works();
    assert_eq!(run.program_output().matches("done:").count(), 2, "{run:?}");
}

#[test]
fn a_killed_worker_is_not_waited_for() {
    let run = LAB.run_bereft(["fixed", "send"]).ends("panic", 1);
    assert!(!run.program_output().contains("all jobs"), "{run:?}");
}

#[test]
fn a_closed_number_is_refused() {
    LAB.run(["broken", "closed"]).shows("mq_send", Errno::EBADF);
    LAB.run(["fixed", "closed"]).works();
}

#[test]
fn the_mode_is_another_error() {
    LAB.run(["broken", "mode"]).shows("mq_open", Errno::EACCES);
    LAB.run(["fixed", "mode"]).works();
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
