//! What the lab promises, seen on this kernel.

use labkit::testing::{Bin, Run};
use nix::errno::Errno;
use std::{
    fs,
    process::Stdio,
    thread::{self, sleep},
    time::{Duration, Instant},
};

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-deadlock"));

const CASES: [&str; 7] = [
    "abba",
    "forever",
    "try",
    "relock",
    "owner-died",
    "unrepaired",
    "lost-holder",
];

#[test]
fn opposite_orders_wait_for_each_other() {
    let run = LAB
        .run(["broken", "abba"])
        .shows("sem_timedwait", Errno::ETIMEDOUT);
    // Both held a lock; it is not that the other one never came.
    assert!(run.program_output().contains("each has one"), "{run:?}");
    // The same without a word.
    LAB.run::<&str>([]).shows("sem_timedwait", Errno::ETIMEDOUT);
}

#[test]
fn one_order_lets_both_through() {
    let run = LAB.run(["fixed", "abba"]).works();
    assert_eq!(
        run.program_output().matches("has the cash").count(),
        2,
        "{run:?}"
    );
}

/// Without a limit, both are still asleep when two seconds are over, and neither
/// has used the processor meanwhile.
#[test]
fn without_a_limit_both_sleep_for_ever() {
    let begun = Instant::now();
    let lab = LAB
        .command()
        .args(["broken", "forever", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the lab starts");
    let sellers = loop {
        let program = children(lab.id()).into_iter().next();
        let sellers = program.map(children).unwrap_or_default();
        if let [_, _] = sellers[..] {
            break sellers;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "no two sellers");
    };
    // They meet in half a second at most.
    sleep(Duration::from_millis(800));
    let look = || sellers.iter().map(|pid| stat(*pid)).collect::<Vec<_>>();
    let before = look();
    sleep(Duration::from_millis(300));
    assert_eq!(look(), before, "a sleeper has run");
    for (state, _) in before {
        assert_eq!(state, "S");
    }

    let run = Run::of_output(&lab.wait_with_output().expect("the lab ends"));
    let run = run.ends("timeout", 0);
    assert!(begun.elapsed() >= Duration::from_secs(2));
    assert_eq!(
        run.program_output().matches("S (sleeping)").count(),
        2,
        "{run:?}"
    );
    for pid in sellers {
        assert!(
            !fs::exists(format!("/proc/{pid}")).expect("known"),
            "{pid} is still there"
        );
    }
}

fn children(pid: u32) -> Vec<u32> {
    let list = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let list = list.unwrap_or_default();
    list.split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .collect()
}

/// State and processor time of a process, see proc_pid_stat(5).
fn stat(pid: u32) -> (String, [String; 2]) {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it lives");
    let (_, rest) = stat.rsplit_once(") ").expect("a name in brackets");
    let field = |number: usize| rest.split(' ').nth(number).expect("there").to_owned();
    (field(0), [field(11), field(12)])
}

#[test]
fn with_one_order_both_have_ended() {
    let run = LAB.run(["fixed", "forever"]).works();
    assert!(!run.program_output().contains("S (sleeping)"), "{run:?}");
}

#[test]
fn trying_without_giving_back_is_no_way_out() {
    LAB.run(["broken", "try"])
        .shows("sem_trywait", Errno::EAGAIN);
}

#[test]
fn giving_back_and_trying_again_is_one() {
    let run = LAB.run(["fixed", "try"]).works();
    assert!(run.program_output().contains("both have sold"), "{run:?}");
}

#[test]
fn a_checking_mutex_refuses_its_own_holder() {
    LAB.run(["broken", "relock"])
        .shows("pthread_mutex_lock", Errno::EDEADLK);
    let run = LAB.run(["fixed", "relock"]).works();
    assert!(run.program_output().contains("left in stock: 8"), "{run:?}");
}

/// It is glibc that refuses: where the kernel would answer every futex(2) with
/// an error, the answer is the same.
#[test]
fn the_kernel_has_no_part_in_it() {
    let relock = ["broken", "relock", "--json"];
    let mut command = LAB.refused(&[libc::SYS_futex], libc::EPERM);
    Run::of(command.args(relock)).shows("pthread_mutex_lock", Errno::EDEADLK);
}

#[test]
fn a_plain_mutex_does_not_notice_a_death() {
    let run = LAB
        .run(["broken", "owner-died"])
        .shows("pthread_mutex_timedlock", Errno::ETIMEDOUT);
    assert!(run.program_output().contains("taken 1, paid 0"), "{run:?}");
}

#[test]
fn a_robust_mutex_tells_and_the_data_are_mended() {
    let run = LAB.run(["fixed", "owner-died"]).works();
    assert!(run.program_output().contains("taken 1, paid 1"), "{run:?}");
}

#[test]
fn a_robust_mutex_that_was_not_mended_is_lost() {
    let run = LAB
        .run(["broken", "unrepaired"])
        .shows("pthread_mutex_lock", Errno::ENOTRECOVERABLE);
    assert_eq!(
        run.program_output().matches("one has").count(),
        1,
        "{run:?}"
    );
    let run = LAB.run(["fixed", "unrepaired"]).works();
    assert_eq!(
        run.program_output().matches("one has").count(),
        2,
        "{run:?}"
    );
}

/// It is the kernel that tells of the death: by the list of robust mutexes that
/// each thread hands to it, see set_robust_list(2). Without, nobody hears of it.
#[test]
fn without_the_robust_list_nobody_hears_of_a_death() {
    let mut command = LAB.refused(&[libc::SYS_set_robust_list], libc::ENOSYS);
    let run = Run::of(command.args(["fixed", "owner-died", "--json"]));
    assert!(!run.program_output().contains("EOWNERDEAD"), "{run:?}");
    run.ends("errno", 1);
}

#[test]
fn a_semaphore_has_no_owner() {
    LAB.run(["broken", "lost-holder"])
        .shows("sem_timedwait", Errno::ETIMEDOUT);
    let run = LAB.run(["fixed", "lost-holder"]).works();
    assert!(run.program_output().contains("one has the lock"), "{run:?}");
}

/// Whatever its peer's death leaves behind, a program ends in its time.
#[test]
fn a_killed_peer_keeps_nobody() {
    let ends = |variant, case| {
        let run = LAB.run_bereft([variant, case]);
        let left = run.record["left"].as_array().expect("a list");
        assert!(left.is_empty(), "{run:?}");
        // Only a wait without a limit of its own takes the lab's.
        let for_ever = case == "forever" || (variant, case) == ("fixed", "try");
        assert!(for_ever || run.record["ending"] != "timeout", "{run:?}");
    };
    thread::scope(|scope| {
        // relock is about one process.
        for case in CASES.into_iter().filter(|case| *case != "relock") {
            for variant in ["broken", "fixed"] {
                scope.spawn(move || ends(variant, case));
            }
        }
    });
}

#[test]
fn nothing_stays() {
    let seen = LAB.in_private(
        r#"
        for case in abba forever try relock owner-died unrepaired lost-holder; do
            $LAB broken $case --bare &
            $LAB fixed $case --bare &
        done >/dev/null 2>&1
        wait
        count
        rest
        true"#,
    );
    assert_eq!(seen.trim(), "0", "{seen}");
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
