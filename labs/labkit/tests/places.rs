//! Places where the kernel, or something in front of it, answers otherwise; and
//! the places that a case arranges for itself.

mod support;

use labkit::testing::{Run, in_private_ipc};
use nix::errno::Errno;
use serde_json::{Value, json};
use std::fs;
use support::{SPECIMEN, limit_queues, refusing};

/// Asserts that the lab says, in both languages, that it cannot be shown, and
/// with which errno.
fn cannot_be_shown(run: Run, errno: Errno) -> Run {
    assert_eq!(run.record["errno"]["number"], errno as i32, "{run:#?}");
    assert_eq!(
        (run.status, &run.record["exit_status"]),
        (Some(3), &json!(3)),
        "{run:#?}"
    );
    for language in ["vi", "en"] {
        let reason = run.record["reason"][language].as_str().expect("a reason");
        assert!(reason.contains(&format!("{errno:?}")), "{reason}");
    }
    run
}

#[test]
fn a_soft_limit_is_raised_to_the_hard_one() {
    let mut command = SPECIMEN.command();
    command.args(["broken", "leaves", "--json"]);
    limit_queues(&mut command, 0, 819_200);
    let run = Run::of(&mut command).works();
    assert_eq!(run.record["raised"], json!(["RLIMIT_MSGQUEUE"]));
}

#[test]
fn without_a_queue_budget_it_says_so() {
    let mut command = SPECIMEN.command();
    command.args(["broken", "leaves", "--json"]);
    limit_queues(&mut command, 0, 0);
    cannot_be_shown(Run::of(&mut command), Errno::EMFILE);
}

#[test]
fn a_kernel_without_queues_is_named() {
    let mut command = refusing(&[libc::SYS_mq_open], libc::ENOSYS);
    cannot_be_shown(
        Run::of(command.args(["broken", "errno", "--json"])),
        Errno::ENOSYS,
    );
}

#[test]
fn a_filter_in_front_of_the_kernel_is_named() {
    let mut command = refusing(&[libc::SYS_mq_open], libc::EPERM);
    cannot_be_shown(
        Run::of(command.args(["broken", "errno", "--json"])),
        Errno::EPERM,
    );
}

#[test]
fn the_answer_and_its_meaning_come_in_the_readers_language() {
    let told = |language: &str| {
        let mut command = refusing(&[libc::SYS_mq_open], libc::EPERM);
        let output = command
            .args(["broken", "errno", "--lang", language])
            .output()
            .expect("started");
        assert_eq!(output.status.code(), Some(3));
        let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
        assert!(
            text.contains("EPERM") && !text.contains("panicked at"),
            "{text}"
        );
        text
    };
    assert_ne!(told("vi"), told("en"));
}

#[test]
fn a_capability_that_hides_the_error_is_given_up() {
    let run = SPECIMEN
        .run(["broken", "unreadable"])
        .shows("shm_open", Errno::EACCES);
    let capabilities = run.record["capabilities"].as_array().expect("a list");
    assert!(!capabilities.contains(&json!("CAP_DAC_OVERRIDE")));
    let gave_up = if nix::unistd::geteuid().is_root() {
        json!(["CAP_DAC_OVERRIDE"])
    } else {
        json!([])
    };
    assert_eq!(run.record["gave_up"], gave_up);
}

#[test]
fn limits_change_in_a_namespace_and_not_on_the_machine() {
    let limit = || fs::read_to_string("/proc/sys/fs/mqueue/msg_max").expect("msg_max");
    let before = limit();
    let run = SPECIMEN.run(["broken", "private"]).works();
    assert_eq!(run.record["private"], true);
    assert_eq!(run.record["limits"]["fs/mqueue/msg_max"], 20);
    assert_eq!(limit(), before);
}

#[test]
fn a_small_dev_shm_is_full_at_its_page() {
    let run = SPECIMEN.run(["broken", "small-shm"]).ends("signal", 0);
    assert_eq!(run.record["signal"]["name"], "SIGBUS");
    let start: u64 = run.program_output().trim().parse().expect("an address");
    let address = run.record["signal"]["address"]
        .as_u64()
        .expect("an address");
    assert_eq!((address - start) / 4096, 16);
}

#[test]
fn forbidden_namespaces_are_named() {
    let mut command = refusing(&[libc::SYS_unshare], libc::EPERM);
    let run = Run::of(command.args(["broken", "private", "--json"]));
    let run = cannot_be_shown(run, Errno::EPERM);
    assert_eq!(
        (&run.record["ending"], &run.record["call"]),
        (&json!("unavailable"), &json!("unshare"))
    );
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    // What AppArmor does on Ubuntu: the namespace is there, but without rights.
    let mut command = refusing(&[libc::SYS_mount], libc::EACCES);
    let run = Run::of(command.args(["broken", "private", "--json"]));
    cannot_be_shown(run, Errno::EACCES);
}

#[test]
fn where_the_machine_is_full_it_runs_in_a_namespace_of_its_own() {
    let script = "echo 0 > /proc/sys/fs/mqueue/queues_max && \"$LAB\" broken leaves --json";
    let output = in_private_ipc(SPECIMEN, script);
    let record: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    assert_eq!(
        (&record["ending"], &record["private"]),
        (&json!("success"), &json!(true))
    );
}

#[test]
fn where_no_namespace_can_be_had_a_full_machine_is_named() {
    // The namespace's own count of user namespaces is 0 after this.
    let script = "echo 0 > /proc/sys/fs/mqueue/queues_max && \
                  echo 0 > /proc/sys/user/max_ipc_namespaces && \"$LAB\" broken leaves --json";
    let output = in_private_ipc(SPECIMEN, script);
    let record: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    assert_eq!(
        (&record["exit_status"], &record["call"]),
        (&json!(3), &json!("mq_open"))
    );
    assert_eq!(record["errno"]["number"], Errno::ENOSPC as i32);
}

#[test]
fn without_proc_and_tmp_it_still_shows_its_errno() {
    // A tmpfs over each hides what was there; /tmp is read-only then.
    let script = "mount -t tmpfs -o ro none /var/tmp; mount -t tmpfs -o ro none /dev/shm; \
                  cp \"$LAB\" \"$MQUEUE/../specimen-$$\"; L=\"$MQUEUE/../specimen-$$\"; \
                  exec 3<\"$L\"; rm \"$L\"; mount -t tmpfs none /mnt; cat <&3 >/mnt/lab; chmod +x /mnt/lab; \
                  mount -t tmpfs -o ro none /tmp; umount -l /proc; /mnt/lab broken errno --json";
    let output = in_private_ipc(SPECIMEN, script);
    let record: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    assert_eq!(record["kept"], true, "{output:?}");
}
