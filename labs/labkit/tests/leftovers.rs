//! Nothing is left behind, whatever is killed; and nobody else's is touched.

use labkit::testing::{Bin, Run};
use nix::{
    errno::Errno,
    mqueue::{MQ_OFlag, mq_open},
    sys::{
        signal::{Signal, kill},
        stat::Mode,
    },
    unistd::Pid,
};
use std::{
    io::Read as _,
    os::unix::process::ExitStatusExt as _,
    process::{Child, Stdio},
};

const SPECIMEN: Bin = Bin(env!("CARGO_BIN_EXE_specimen"));

/// Starts a lab that makes one of each and waits; comes back when all are there.
const HOLD: &str = "hold() { \"$LAB\" fixed $1 >/dev/null 2>&1 & p=$!; \
                    until [ \"$(count)\" -ge 6 ]; do :; done; }\n";

fn in_private(script: &str) -> String {
    SPECIMEN.in_private(&format!("{HOLD}{script}; true"))
}

#[test]
fn every_kind_of_object_is_removed() {
    let run = SPECIMEN.run(["broken", "leaves"]).works();
    let kinds: Vec<_> = run.record["objects"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|object| object.as_str()?.split(' ').next())
        .collect();
    assert_eq!(
        kinds,
        [
            "queue",
            "shm",
            "semaphore",
            "sysv-queue",
            "sysv-shm",
            "sysv-semaphore"
        ]
    );
    let script = "\"$LAB\" broken leaves --bare && count; rest";
    assert_eq!(in_private(script), "0\n");
}

#[test]
fn a_signal_to_the_lab_removes_everything_at_once() {
    for signal in ["INT", "TERM", "HUP", "QUIT"] {
        let script = format!("hold leaves; count; kill -{signal} $p; wait $p; count; rest");
        assert_eq!(in_private(&script), "6\n0\n", "{signal}");
    }
}

#[test]
fn the_next_lab_removes_what_a_killed_one_left() {
    let script = "hold leaves; kill -KILL $p; wait $p; count; \"$LAB\" fixed errno; count; rest";
    let told = in_private(script);
    assert!(told.starts_with("6\n") && told.ends_with("\n0\n"), "{told}");
}

#[test]
fn a_hundred_kills_at_random_leave_nothing() {
    let script = "for ms in $(seq 0 99); do \
                    \"$LAB\" broken leaves >/dev/null 2>&1 & p=$!; \
                    sleep 0.0$((ms / 50))$((ms % 10)); kill -KILL $p; wait $p; \
                  done; \"$LAB\" fixed errno --bare; count; rest";
    assert_eq!(in_private(script), "0\n");
}

/// What cannot be removed stays in the journal, for the next lab.
#[test]
fn what_could_not_be_removed_is_tried_again() {
    let mut command = SPECIMEN.refused(&[libc::SYS_mq_unlink], libc::EPERM);
    let run = Run::of(command.args(["broken", "leaves", "--json"]));
    let left = run.record["left"][0].as_str().expect("the queue");
    let name = left.strip_prefix("queue ").expect("a queue");
    SPECIMEN.run(["fixed", "errno"]).works();
    let gone = mq_open(name, MQ_OFlag::O_RDONLY, Mode::empty(), None);
    assert_eq!(gone.map(drop), Err(Errno::ENOENT));
}

/// Of the files that sem_open(3) may have left half made, only the dead run's go.
#[test]
fn a_half_made_semaphore_is_removed_and_no_other() {
    let script = "hold leaves; for name in before during opened; do : >/dev/shm/sem.$name; done; \
                  touch -d '1 hour ago' /dev/shm/sem.before; exec 9</dev/shm/sem.opened; \
                  kill -KILL $p; wait $p; \"$LAB\" fixed errno --bare; ls /dev/shm";
    assert_eq!(in_private(script), "sem.before\nsem.opened\n");
}

/// What the program forked dies with the lab, without another lab's help.
#[test]
fn a_killed_lab_leaves_no_process_of_its_programs_group() {
    let script = "\"$LAB\" broken waits --bare >out & p=$!; until [ -s out ]; do :; done; \
                  kill -KILL $p; wait $p; until [ -z \"$(rest | grep '(lab)')\" ]; do :; done; \
                  \"$LAB\" fixed errno --bare; rest";
    assert_eq!(in_private(script), "");
}

/// What has left the group holds the journal, and the next lab ends it.
#[test]
fn the_next_lab_ends_what_a_killed_ones_program_left_running() {
    let script = "\"$LAB\" fixed waits --bare >out & p=$!; \
                  until [ \"$(grep -c waiting out)\" = 3 ]; do :; done; kill -KILL $p; wait $p; \
                  \"$LAB\" fixed errno --bare; rest";
    assert_eq!(in_private(script), "");
}

/// Entering a namespace changes credentials, which may undo PR_SET_PDEATHSIG.
#[test]
fn a_killed_lab_leaves_no_process_in_a_namespace() {
    let script = "\"$LAB\" fixed private --bare >out & p=$!; until [ -s out ]; do :; done; \
                  kill -KILL $p; wait $p; until [ -z \"$(rest | grep '(lab)')\" ]; do :; done; \
                  \"$LAB\" fixed errno --bare; count; rest";
    assert_eq!(in_private(script), "0\n");
}

#[test]
fn a_living_run_is_not_touched() {
    let script = "hold leaves; \"$LAB\" fixed errno --bare; count; \
                  kill -TERM $p; wait $p; count; rest";
    assert_eq!(in_private(script), "6\n0\n");
}

/// Names that somebody else has taken in /tmp, and files that are no journals.
#[test]
fn a_folder_of_somebody_else_is_neither_used_nor_tidied() {
    let script = "mkdir elsewhere; : >elsewhere/12-0a1b; chmod 700 elsewhere; \
                  ln -s \"$PWD/elsewhere\" /tmp/linux-ipc-labs-0; \
                  : >/tmp/linux-ipc-labs-0.1; \
                  mkdir -m 700 /tmp/linux-ipc-labs-0.2; echo x >/tmp/linux-ipc-labs-0.2/notes; \
                  hold leaves; kill -KILL $p; wait $p; \"$LAB\" fixed errno --bare; count; \
                  ls elsewhere /tmp/linux-ipc-labs-0.2";
    let told = in_private(script);
    assert_eq!(
        told,
        "0\n/tmp/linux-ipc-labs-0.2:\nnotes\n\nelsewhere:\n12-0a1b\n"
    );
}

/// Queues of a run elsewhere are out of reach, so its journal must stay.
#[test]
fn a_journal_of_another_ipc_namespace_stays() {
    let script = "unshare --ipc sh -c '\"$LAB\" fixed leaves --bare >out & p=$!; \
                    until [ -s out ]; do :; done; kill -KILL $p; wait $p'; \
                  \"$LAB\" fixed errno --bare; ls /tmp/linux-ipc-labs-0 | wc -l";
    assert_eq!(in_private(&format!("export LAB; {script}")), "1\n");
}

/// A lab that has made its objects and waits, in a process of its own.
fn waiting() -> Child {
    let mut child = SPECIMEN
        .command()
        .args(["fixed", "leaves", "--bare"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut word = [0; 8];
    child
        .stdout
        .as_mut()
        .expect("piped")
        .read_exact(&mut word)
        .expect("a word");
    assert_eq!(&word, b"waiting\n");
    child
}

#[test]
fn a_lab_that_is_asked_to_end_ends_by_that_signal() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        let mut child = waiting();
        let pid = Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
        kill(pid, signal).expect("signalled");
        assert_eq!(child.wait().expect("ended").signal(), Some(signal as i32));
    }
}

#[test]
fn nohup_keeps_a_lab_from_hanging_up() {
    let script =
        "trap '' HUP; hold leaves; kill -HUP $p; kill -TERM $p; wait $p; echo $(($? - 128))";
    let term = Signal::SIGTERM as i32;
    assert_eq!(in_private(script), format!("{term}\n"));
}
