//! What the lab promises, seen on this kernel.

use labkit::testing::Bin;
use nix::errno::Errno;

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-eagain-full"));

#[test]
fn the_third_message_is_refused() {
    let run = LAB.run(["broken", "send"]).shows("mq_send", Errno::EAGAIN);
    assert_eq!(run.program_output().matches("sending order").count(), 3);
    // The same without a word.
    LAB.run::<&str>([]).shows("mq_send", Errno::EAGAIN);
}

#[test]
fn patience_delivers_all() {
    let run = LAB.run(["fixed", "send"]).works();
    assert!(run.program_output().contains("received 6 orders"));
}

#[test]
fn a_hundred_tries_in_a_row_are_as_good_as_one() {
    let run = LAB.run(["broken", "poll"]).shows("mq_send", Errno::EAGAIN);
    assert_eq!(run.program_output().matches("sending order").count(), 3);
}

#[test]
fn poll_delivers_all() {
    let run = LAB.run(["fixed", "poll"]).works();
    assert!(run.program_output().contains("received 6 orders"));
}

#[test]
fn an_old_queue_keeps_its_room() {
    let run = LAB.run(["broken", "stale"]).shows("mq_send", Errno::EAGAIN);
    assert_eq!(run.program_output().matches("sending order").count(), 3);
}

#[test]
fn an_old_queue_is_noticed_and_replaced() {
    let run = LAB.run(["fixed", "stale"]).works();
    let exists = format!("{:?}", Errno::EEXIST);
    assert!(run.program_output().contains(&exists), "{run:?}");
    assert!(run.program_output().contains("received 8 orders"));
}

#[test]
fn mq_open_does_not_read_the_flag_in_the_attributes() {
    let run = LAB.run(["broken", "flag-in-attr"]).ends("timeout", 0);
    let output = run.program_output();
    assert!(output.contains("non-blocking: false"), "{run:?}");
    assert_eq!(output.matches("sending order").count(), 3, "{run:?}");
}

#[test]
fn mq_open_reads_the_flag_among_its_flags() {
    let run = LAB.run(["fixed", "flag-in-attr"]).works();
    let output = run.program_output();
    assert!(output.contains("non-blocking: true"), "{run:?}");
    assert!(output.contains(&format!("{:?}", Errno::EAGAIN)), "{run:?}");
    assert_eq!(output.matches("received order").count(), 3, "{run:?}");
}

/// The consumer sleeps for 200 ms before it takes anything, so it dies with all
/// of its work undone. The broken programs never wait for it.
#[test]
fn without_a_consumer_it_gives_up_by_itself() {
    for case in ["send", "poll"] {
        let run = LAB.run_bereft(["fixed", case]).ends("errno", 1);
        assert_eq!(run.record["call"], "mq_send", "{run:?}");
        assert_eq!(run.record["errno"]["number"], Errno::EAGAIN as i32);
    }
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
