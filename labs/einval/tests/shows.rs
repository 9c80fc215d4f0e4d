//! What the lab promises, seen on this kernel.

use labkit::testing::{Bin, Run};
use nix::{
    errno::Errno,
    mqueue::{MQ_OFlag, MqAttr, mq_open, mq_unlink},
    sys::stat::Mode,
};
use std::fs;

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-einval"));

fn msg_max() -> u64 {
    let text = fs::read_to_string("/proc/sys/fs/mqueue/msg_max").expect("readable");
    text.trim().parse().expect("a number")
}

fn says(run: &Run, what: &str) {
    assert!(run.program_output().contains(what), "{what:?} in {run:#?}");
}

#[test]
fn a_million_messages_are_refused() {
    LAB.run(["broken", "limits"])
        .shows("mq_open", Errno::EINVAL);
    // The same without a word.
    LAB.run::<&str>([]).shows("mq_open", Errno::EINVAL);
}

#[test]
fn what_is_allowed_works() {
    let run = LAB.run(["fixed", "limits"]).works();
    says(&run, "received: picture 1");
}

/// There are limits to the limits, and the million is beyond them.
#[test]
fn no_raising_makes_room_for_a_million() {
    let text = LAB.in_private(
        r#"
        limit=/proc/sys/fs/mqueue/msg
        echo 65536 >${limit}_max && echo 16777216 >${limit}size_max || exit 1
        echo 65537 2>/dev/null >${limit}_max && exit 1
        echo 16777217 2>/dev/null >${limit}size_max && exit 1
        $LAB broken limits --json
        "#,
    );
    Run::of_text(&text).shows("mq_open", Errno::EINVAL);
}

#[test]
fn one_over_either_limit_is_refused() {
    let run = LAB
        .run(["broken", "one-over"])
        .shows("mq_open", Errno::EINVAL);
    assert_eq!(run.program_output().matches("refused").count(), 2);
    says(&run, &format!("messages: {}", msg_max() + 1));
}

#[test]
fn just_the_limit_works() {
    let run = LAB.run(["fixed", "one-over"]).works();
    assert_eq!(run.program_output().matches("opened").count(), 2);
    says(&run, &format!("messages: {}", msg_max()));
}

#[test]
fn the_limits_are_those_of_the_namespace() {
    let text = LAB.in_private(
        r#"
        echo 3 >/proc/sys/fs/mqueue/msg_max
        $LAB broken one-over --json
        "#,
    );
    let run = Run::of_text(&text).shows("mq_open", Errno::EINVAL);
    says(&run, "messages: 4, bytes in each: 16: refused");
}

#[test]
fn ten_more_are_refused() {
    LAB.run(["broken", "raise"]).shows("mq_open", Errno::EINVAL);
}

#[test]
fn a_limit_is_raised_without_root_and_the_machine_keeps_its_own() {
    let before = msg_max();
    let run = LAB.run(["fixed", "raise"]).works();
    let wanted = before + 10;
    says(&run, &format!("{wanted} messages are waiting"));
    says(&run, &format!("outside, msg_max is {before}\n"));
    assert_eq!(msg_max(), before);
}

#[test]
fn without_its_witness_the_program_ends_by_itself() {
    let run = LAB.run_bereft(["fixed", "raise"]).ends("panic", 1);
    says(&run, "messages are waiting");
}

/// What the program would meet without its line about `gid_map`.
#[test]
fn a_queue_needs_a_group_that_the_namespace_knows() {
    let text = LAB.in_private("unshare --user --ipc --map-user=0 $LAB fixed limits --json; true");
    let run = Run::of_text(&text).ends("errno", 1);
    assert_eq!(run.record["call"], "mq_open", "{run:#?}");
    assert_eq!(run.record["errno"]["number"], Errno::EOVERFLOW as i32);
}

#[test]
fn a_new_namespace_starts_with_the_defaults_and_shares_no_queue() {
    let text = LAB.in_private(
        r#"
        echo 20 >/proc/sys/fs/mqueue/msg_max
        touch "$QUEUES/ours"
        unshare --ipc --mount sh -c '
            cat /proc/sys/fs/mqueue/msg_max
            mount -t mqueue none "$0" && ls -A "$0"
        ' "$QUEUES"
        "#,
    );
    assert_eq!(text, "10\n");
}

#[test]
fn where_namespaces_are_forbidden_it_says_so() {
    let mut command = LAB.refused(&[libc::SYS_unshare], libc::EPERM);
    Run::of(command.args(["fixed", "raise", "--json"])).cannot_be_shown("unshare", Errno::EPERM);
    for case in ["budget", "unpaid", "queues-max"] {
        let mut command = LAB.refused(&[libc::SYS_unshare], libc::EPERM);
        Run::of(command.args(["broken", case, "--json"])).cannot_be_shown("unshare", Errno::EPERM);
    }
}

/// Another queue of this user, held meanwhile, does not change the sum.
#[test]
fn the_fourth_queue_is_not_paid() {
    let name = format!("/einval-test-{}", std::process::id());
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let attr = MqAttr::new(0, 10, 4096, 0);
    let queue = mq_open(name.as_str(), flags, Mode::S_IRUSR, Some(&attr));
    let run = LAB.run(["broken", "budget"]);
    mq_unlink(name.as_str()).expect("unlinked");
    queue.expect("opened");

    let run = run.shows("mq_open", Errno::EMFILE);
    let sums: Vec<_> = run
        .program_output()
        .lines()
        .filter_map(|line| line.split(" = ").nth(1))
        .collect();
    let expected = [11200, 22400, 33600, 44800].map(|sum| format!("{sum} of 40000"));
    assert_eq!(sums, expected, "{run:#?}");
}

#[test]
fn smaller_and_unlinked_five_days_pass() {
    let run = LAB.run(["fixed", "budget"]).works();
    says(&run, "Fri: 0 + 1600 = 1600 of 40000");
    says(&run, "five days, all received");
}

#[test]
fn a_user_with_no_budget_is_told() {
    let run = |variant| {
        let mut command = LAB.limited(libc::RLIMIT_MSGQUEUE, 0, 0);
        Run::of(command.args([variant, "budget", "--json"]))
    };
    let broken = run("broken").shows("mq_open", Errno::EMFILE);
    says(&broken, "Mon: 0 + 11200 = 11200 of 0");
    run("fixed").cannot_be_shown("mq_open", Errno::EMFILE);
}

/// The sum of the book, to the byte: nobody else spends in this namespace.
#[test]
fn a_queue_costs_what_the_book_says() {
    let text = LAB.in_private(
        r#"
        prlimit --msgqueue=82880:82880 $LAB fixed limits --json
        prlimit --msgqueue=82879:82879 $LAB fixed limits --json
        true
        "#,
    );
    let (enough, less) = text.trim().split_once('\n').expect("two records");
    Run::of_text(enough).works();
    Run::of_text(less).cannot_be_shown("mq_open", Errno::EMFILE);
}

#[test]
fn what_the_raised_limits_allow_is_not_paid() {
    let run = LAB
        .run(["broken", "unpaid"])
        .shows("mq_open", Errno::EMFILE);
    says(&run, "8400896 bytes");
}

#[test]
fn many_small_messages_are_paid() {
    let run = LAB.run(["fixed", "unpaid"]).works();
    says(&run, "they cost 143360 bytes");
}

#[test]
fn the_fourth_queue_finds_no_place() {
    let run = LAB
        .run(["broken", "queues-max"])
        .shows("mq_open", Errno::ENOSPC);
    assert_eq!(run.program_output().matches("opening").count(), 4);
}

#[test]
fn one_queue_serves_all_levels() {
    let run = LAB.run(["fixed", "queues-max"]).works();
    let received: Vec<_> = run
        .program_output()
        .lines()
        .filter_map(|line| line.strip_prefix("received: "))
        .collect();
    assert_eq!(received, ["alarm", "warning", "info", "debug"]);
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
