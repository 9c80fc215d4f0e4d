//! What the lab promises, seen on this kernel.

use labkit::testing::{Bin, Run};
use nix::errno::Errno;
use std::{
    os::unix::process::CommandExt as _,
    process::{Command, Stdio},
};

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-emsgsize"));

#[test]
fn too_long_a_message_is_refused() {
    LAB.run(["broken", "send"])
        .shows("mq_send", Errno::EMSGSIZE);
    // The same without a word.
    LAB.run::<&str>([]).shows("mq_send", Errno::EMSGSIZE);
}

#[test]
fn a_small_buffer_is_refused_and_the_message_stays() {
    let run = LAB
        .run(["broken", "receive"])
        .shows("mq_receive", Errno::EMSGSIZE);
    assert!(
        run.program_output().contains("messages waiting now: 1"),
        "{run:?}"
    );
}

#[test]
fn the_pieces_make_a_whole() {
    let run = LAB.run(["fixed", "send"]).works();
    assert_eq!(
        run.program_output()
            .matches("received a piece of 16 bytes")
            .count(),
        4,
        "{run:?}"
    );
    assert!(
        run.program_output()
            .contains("the report is whole: 64 bytes"),
        "{run:?}"
    );
}

#[test]
fn a_buffer_of_the_queues_own_size_receives() {
    let run = LAB.run(["fixed", "receive"]).works();
    assert!(
        run.program_output().contains("messages waiting now: 0"),
        "{run:?}"
    );
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}

#[test]
fn bare_is_the_output_of_the_record() {
    let output = LAB
        .command()
        .args(["broken", "send", "--bare"])
        .output()
        .expect("started");
    let bare = [output.stdout, output.stderr].concat();
    let run = LAB.run(["broken", "send"]);
    let id = run.record["run"].as_str().expect("an id");
    let lines = |text: &str| {
        text.lines()
            .map(|line| line.split(':').skip(1).collect())
            .collect::<Vec<String>>()
    };
    assert_eq!(
        lines(&String::from_utf8_lossy(&bare)),
        lines(run.program_output())
    );
    assert!(run.program_output().contains(id));
}

/// Twenty at the same time; where root runs the tests, every other one as
/// another user, from a copy of the program that this user can reach.
#[test]
fn twenty_at_once_all_show_it() {
    let others = nix::unistd::geteuid().is_root();
    let copy = std::env::temp_dir().join(format!("lab-emsgsize-{}", std::process::id()));
    // By cp(1): a program that we hold open for writing, even for a moment in a
    // child of another test, could not be started (ETXTBSY).
    let copied = Command::new("cp").arg(LAB.0).arg(&copy).status();
    assert!(copied.expect("cp starts").success());
    let start = |number: usize| {
        let mut command = Command::new(&copy);
        command
            .args(["broken", "send", "--json"])
            .stdout(Stdio::piped());
        if others && number.is_multiple_of(2) {
            command.uid(65534).gid(65534);
        }
        command.spawn().expect("started")
    };
    let children: Vec<_> = (0..20).map(start).collect();
    for child in children {
        Run::of_output(&child.wait_with_output().expect("ended")).shows("mq_send", Errno::EMSGSIZE);
    }
    std::fs::remove_file(copy).expect("removed");
}
