//! What the lab promises, seen on this kernel.

use labkit::testing::{Bin, Run};
use nix::errno::Errno;
use std::fs;

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-elsewhere"));
const CASES: [&str; 3] = ["small-shm", "other-ipc", "other-mount"];

#[test]
fn four_frames_do_not_fit_and_only_fallocate_says_so() {
    let run = LAB
        .run(["broken", "small-shm"])
        .shows("posix_fallocate", Errno::ENOSPC);
    assert!(
        run.program_output().contains("ftruncate: 4 frames, 96 MiB"),
        "{run:?}"
    );
    // The same without a word.
    LAB.run::<&str>([]).shows("posix_fallocate", Errno::ENOSPC);
}

#[test]
fn what_fits_is_written_to_the_last_page() {
    let run = LAB.run(["fixed", "small-shm"]).works();
    let output = run.program_output();
    assert!(output.contains("statvfs: 64 MiB"), "{run:?}");
    assert!(output.ends_with("2 frames written\n"), "{run:?}");
}

#[test]
fn neither_queue_nor_segment_is_found_in_another_ipc_namespace() {
    let run = LAB
        .run(["broken", "other-ipc"])
        .shows("shmget", Errno::ENOENT);
    let output = run.program_output();
    assert!(output.contains("wrote 42"), "{run:?}");
    assert!(output.contains("mq_open: ENOENT"), "{run:?}");
}

#[test]
fn both_are_found_in_the_producers() {
    let run = LAB.run(["fixed", "other-ipc"]).works();
    assert!(run.program_output().contains("the queue: Ok"), "{run:?}");
    assert!(run.program_output().ends_with("read 42\n"), "{run:?}");
}

#[test]
fn shared_memory_follows_the_mount_and_not_the_ipc_namespace() {
    let run = LAB
        .run(["broken", "other-mount"])
        .shows("shm_open", Errno::ENOENT);
    assert!(
        run.program_output().contains("and the object is there"),
        "{run:?}"
    );
    let run = LAB.run(["fixed", "other-mount"]).works();
    assert!(run.program_output().ends_with("read 42\n"), "{run:?}");
}

#[test]
fn a_killed_producer_is_not_waited_for() {
    LAB.run_bereft(["broken", "other-ipc"]).ends("errno", 0);
    LAB.run_bereft(["fixed", "other-ipc"]).ends("errno", 1);
    LAB.run_bereft(["broken", "other-mount"]).ends("panic", 1);
    LAB.run_bereft(["fixed", "other-mount"]).ends("panic", 1);
}

#[test]
fn the_machine_keeps_its_mounts() {
    let mounts = || fs::read_to_string("/proc/self/mountinfo").expect("proc(5)");
    let before = mounts();
    LAB.run(["fixed", "other-mount"]).works();
    assert_eq!(mounts(), before);
}

#[test]
fn where_namespaces_are_forbidden_it_says_so() {
    for case in CASES {
        for variant in ["broken", "fixed"] {
            let mut command = LAB.refused(&[libc::SYS_unshare], libc::EPERM);
            Run::of(command.args([variant, case, "--json"]))
                .cannot_be_shown("unshare", Errno::EPERM);
        }
    }
}

#[test]
fn root_can_do_without_a_user_namespace() {
    for (case, call, errno) in [
        ("small-shm", "posix_fallocate", Errno::ENOSPC),
        ("other-ipc", "shmget", Errno::ENOENT),
        ("other-mount", "shm_open", Errno::ENOENT),
    ] {
        let none = "echo 0 >/proc/sys/user/max_user_namespaces";
        let script = |variant| format!("{none}; \"$LAB\" {variant} {case} --json");
        Run::of_text(&LAB.in_private(&script("broken"))).shows(call, errno);
        Run::of_text(&LAB.in_private(&script("fixed"))).works();
    }
}

#[test]
fn nothing_is_left() {
    for case in CASES {
        for variant in ["broken", "fixed"] {
            let script = format!("\"$LAB\" {variant} {case} --bare >/dev/null; count; rest; true");
            assert_eq!(LAB.in_private(&script).trim(), "0", "{variant} {case}");
        }
    }
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
