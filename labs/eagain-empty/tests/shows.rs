//! What the lab promises, seen on this kernel.

use labkit::testing::Bin;
use nix::errno::Errno;
use std::thread;

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-eagain-empty"));

#[test]
fn an_empty_queue_answers_at_once() {
    LAB.run(["broken", "receive"])
        .shows("mq_receive", Errno::EAGAIN);
    // The same without a word.
    LAB.run::<&str>([]).shows("mq_receive", Errno::EAGAIN);
}

#[test]
fn waiting_gets_the_job() {
    let run = LAB.run(["fixed", "receive"]).works();
    assert!(
        run.program_output().contains("got a job of 13 bytes"),
        "{run:?}"
    );
}

#[test]
fn a_thousand_questions_do_not_help() {
    let run = LAB
        .run(["broken", "poll"])
        .shows("mq_receive", Errno::EAGAIN);
    assert!(
        run.program_output().contains("times asked: 1000"),
        "{run:?}"
    );
}

#[test]
fn poll_wakes_up_for_the_job() {
    let run = LAB.run(["fixed", "poll"]).works();
    for line in ["queues with a message: 1", "got a job of 13 bytes"] {
        assert!(run.program_output().contains(line), "{run:?}");
    }
}

#[test]
fn the_first_of_three_is_empty_while_the_last_is_not() {
    let run = LAB
        .run(["broken", "epoll"])
        .shows("mq_receive", Errno::EAGAIN);
    for line in ["orders: 0 waiting", "alarms: 1 waiting"] {
        assert!(run.program_output().contains(line), "{run:?}");
    }
}

#[test]
fn epoll_serves_them_as_they_come() {
    let run = LAB.run(["fixed", "epoll"]).works();
    let received: Vec<_> = run
        .program_output()
        .lines()
        .filter_map(|line| line.strip_suffix(": received"))
        .collect();
    assert_eq!(received, ["alarms", "returns", "orders"], "{run:?}");
}

/// The broken ones do not wait for anybody.
#[test]
fn without_its_producer_every_fixed_program_ends() {
    let gives_up = |case| {
        let run = LAB.run_bereft(["fixed", case]).ends("errno", 1);
        assert_eq!(run.record["call"], "mq_receive", "{run:?}");
        let errno = &run.record["errno"]["number"];
        assert_eq!(*errno, Errno::EAGAIN as i32, "{run:?}");
    };
    thread::scope(|scope| {
        // mq_receive itself would wait for ever: here the lab's time limit ends it.
        scope.spawn(|| LAB.run_bereft(["fixed", "receive"]).ends("timeout", 1));
        scope.spawn(|| gives_up("poll"));
        scope.spawn(|| gives_up("epoll"));
    });
}

#[test]
fn nothing_is_left_behind() {
    let counted = LAB.in_private(
        r#"
        for case in receive poll epoll; do
            $LAB broken $case --json >/dev/null || echo "broken $case"
            $LAB fixed $case --json >/dev/null || echo "fixed $case"
        done
        rest
        count
        "#,
    );
    assert_eq!(counted.trim(), "0");
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
