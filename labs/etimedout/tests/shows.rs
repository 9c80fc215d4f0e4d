//! What the lab promises, seen on this kernel.

use labkit::testing::{Bin, Run};
use nix::errno::Errno;
use std::thread;

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-etimedout"));

fn prints(run: &Run, text: &str) {
    assert!(run.program_output().contains(text), "{run:#?}");
}

#[test]
fn a_relative_time_is_long_past() {
    let run = LAB
        .run(["broken", "relative"])
        .shows("mq_timedreceive", Errno::ETIMEDOUT);
    prints(&run, "full seconds waited: 0\n");
    // The same without a word.
    LAB.run::<&str>([])
        .shows("mq_timedreceive", Errno::ETIMEDOUT);
}

#[test]
fn a_moment_ahead_waits_for_the_message() {
    let run = LAB.run(["fixed", "relative"]).works();
    prints(&run, "received 8 bytes\n");
}

#[test]
fn a_full_queue_times_out() {
    let run = LAB
        .run(["broken", "full"])
        .shows("mq_timedsend", Errno::ETIMEDOUT);
    prints(&run, "21.6: done, 0 lost so far\n");
}

#[test]
fn what_is_lost_is_counted() {
    let run = LAB.run(["fixed", "full"]).works();
    prints(
        &run,
        "the reader has \"21.6\"\nthe reader has \"lost: 1\"\n",
    );
}

#[test]
fn too_many_nanoseconds_are_refused() {
    LAB.run(["broken", "bad-time"])
        .shows("mq_timedsend", Errno::EINVAL);
}

#[test]
fn carried_over_they_wait_for_room() {
    let run = LAB.run(["fixed", "bad-time"]).works();
    prints(&run, "both jobs have arrived\n");
}

#[test]
fn a_signal_interrupts() {
    LAB.run(["broken", "interrupted"])
        .shows("mq_timedreceive", Errno::EINTR);
}

#[test]
fn the_same_moment_outlasts_the_signals() {
    let run = LAB.run(["fixed", "interrupted"]).works();
    prints(&run, "received 8 bytes\n");
}

/// The process that the program waits for is killed: the deadline ends the wait.
#[test]
fn every_program_ends_alone() {
    let ends = |variant, case, call| {
        let run = LAB.run_bereft([variant, case]).ends("errno", 1);
        assert_eq!(run.record["call"], call, "{run:#?}");
        assert_eq!(run.record["errno"]["name"], "ETIMEDOUT", "{run:#?}");
    };
    thread::scope(|scope| {
        scope.spawn(|| ends("fixed", "relative", "mq_timedreceive"));
        scope.spawn(|| ends("fixed", "full", "mq_timedsend"));
        scope.spawn(|| ends("fixed", "bad-time", "mq_timedsend"));
        scope.spawn(|| ends("broken", "interrupted", "mq_timedreceive"));
        scope.spawn(|| ends("fixed", "interrupted", "mq_timedreceive"));
    });
}

/// What the part's introduction says of seeing queues: ls(1) lists the POSIX
/// queues where their file system is mounted, ipcs(1) those of System V.
#[test]
fn both_kinds_of_queues_can_be_seen() {
    let seen = LAB.in_private(
        r#"
        $LAB fixed interrupted --bare >/dev/null &
        until ls $QUEUES | grep -q orders; do sleep 0.02; done
        ls $QUEUES | grep -c lab-etimedout-orders
        wait
        ipcmk -Q >/dev/null
        ipcs -q | grep -c ^0x
        ls /proc/sys/fs/mqueue/msg_max /proc/sys/kernel/msgmax
        "#,
    );
    assert_eq!(
        seen,
        "1\n1\n/proc/sys/fs/mqueue/msg_max\n/proc/sys/kernel/msgmax\n"
    );
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
