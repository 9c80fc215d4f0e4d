//! Places where the kernel, or something in front of it, answers otherwise; and
//! the places that a case arranges for itself.

use labkit::{
    Capability,
    testing::{Bin, Run},
};
use nix::errno::Errno;
use serde_json::json;
use std::fs;

const SPECIMEN: Bin = Bin(env!("CARGO_BIN_EXE_specimen"));

#[test]
fn a_soft_limit_is_raised_to_the_hard_one() {
    let mut command = SPECIMEN.limited(libc::RLIMIT_MSGQUEUE, 0, 65536);
    let run = Run::of(command.args(["broken", "leaves", "--json"])).works();
    assert_eq!(run.record["raised"], json!(["RLIMIT_MSGQUEUE"]));
    assert_eq!(run.record["limits"]["RLIMIT_MSGQUEUE"]["soft"], 65536);
}

#[test]
fn without_a_queue_budget_it_says_so() {
    let mut command = SPECIMEN.limited(libc::RLIMIT_MSGQUEUE, 0, 0);
    Run::of(command.args(["broken", "leaves", "--json"])).cannot_be_shown("mq_open", Errno::EMFILE);
}

#[test]
fn a_kernel_without_queues_is_named() {
    let mut command = SPECIMEN.refused(&[libc::SYS_mq_open], libc::ENOSYS);
    Run::of(command.args(["broken", "errno", "--json"])).cannot_be_shown("mq_open", Errno::ENOSYS);
}

#[test]
fn a_filter_in_front_of_the_kernel_is_named() {
    let mut command = SPECIMEN.refused(&[libc::SYS_mq_open], libc::EPERM);
    Run::of(command.args(["broken", "errno", "--json"])).cannot_be_shown("mq_open", Errno::EPERM);
}

/// The program's own part is to wait for its child, and to miss it.
#[test]
fn what_another_process_was_refused_is_the_reason() {
    let mut command = SPECIMEN.refused(&[libc::SYS_mq_open], libc::EPERM);
    let run = Run::of(command.args(["fixed", "peer", "--json"]));
    run.cannot_be_shown("mq_open", Errno::EPERM);
}

/// A filter in front of System V is told by the program's own call.
#[test]
fn a_key_is_not_looked_for_in_vain() {
    let mut command = SPECIMEN.refused(&[libc::SYS_msgget], libc::EACCES);
    let run = Run::of(command.args(["broken", "leaves", "--json"])).ends("errno", 1);
    assert_eq!(run.record["call"], "msgget");
}

#[test]
fn without_processes_or_descriptors_it_says_so() {
    let calls = &[libc::SYS_clone, libc::SYS_clone3];
    let mut command = SPECIMEN.refused(calls, libc::EAGAIN);
    let run = Run::of(command.args(["broken", "errno", "--json"]));
    run.cannot_be_shown("fork", Errno::EAGAIN);
    // Room for the three streams, a journal, and no pipe.
    let mut command = SPECIMEN.limited(libc::RLIMIT_NOFILE, 6, 6);
    let run = Run::of(command.args(["broken", "errno", "--json"]));
    run.cannot_be_shown("pipe2", Errno::EMFILE);
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
fn only_root_can_be_two_users() {
    let run = SPECIMEN.run(["broken", "another"]);
    if nix::unistd::geteuid().is_root() {
        assert_eq!(run.works().program_output().trim(), "65534");
    } else {
        run.cannot_be_shown("setresuid", Errno::EPERM);
    }
}

#[test]
fn limits_change_in_a_namespace_and_not_on_the_machine() {
    let limit = || fs::read_to_string("/proc/sys/fs/mqueue/msg_max").expect("msg_max");
    let before = limit();
    let run = SPECIMEN.run(["broken", "private"]).works();
    assert_eq!(run.record["private"], true);
    assert_eq!(run.record["limits"]["fs/mqueue/msg_max"], 20);
    assert_eq!(limit(), before);
    // Every program is root in a namespace of its own, but given up is only what
    // the reader had.
    let status = fs::read_to_string("/proc/self/status").expect("proc(5)");
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let effective = u64::from_str_radix(effective.expect("a set").trim(), 16).expect("a number");
    let gave_up = if effective & 1 << Capability::SysResource as u32 == 0 {
        json!([])
    } else {
        json!(["CAP_SYS_RESOURCE"])
    };
    assert_eq!(run.record["gave_up"], gave_up);
}

#[test]
fn a_small_dev_shm_is_full_at_its_page() {
    let run = SPECIMEN.run(["broken", "small-shm"]).ends("signal", 0);
    assert_eq!(run.record["signal"]["name"], "SIGBUS");
    let start = run.program_output().lines().next();
    let start: u64 = start
        .and_then(|line| line.parse().ok())
        .expect("an address");
    let address = run.record["signal"]["address"]
        .as_u64()
        .expect("an address");
    assert_eq!((address - start) / 4096, 16);
}

#[test]
fn forbidden_namespaces_are_named() {
    let mut command = SPECIMEN.refused(&[libc::SYS_unshare], libc::EPERM);
    let run = Run::of(command.args(["broken", "private", "--json"]));
    let record = run.cannot_be_shown("unshare", Errno::EPERM).record;
    assert_eq!(
        (&record["ending"], &record["private"]),
        (&json!("unavailable"), &json!(false))
    );
    // Above all then, a reader wants to know where.
    assert!(record["kernel"]["release"].is_string());
    assert!(record["limits"].is_object());
}

#[test]
fn used_up_namespaces_are_named() {
    let script = "echo 0 >/proc/sys/user/max_user_namespaces; \
                  setpriv --bounding-set=-all \"$LAB\" broken private --json";
    Run::of_text(&SPECIMEN.in_private(&format!("{script}; true")))
        .cannot_be_shown("unshare", Errno::ENOSPC);
}

#[test]
fn root_can_do_without_a_user_namespace() {
    let script = "echo 0 >/proc/sys/user/max_user_namespaces; \"$LAB\" broken private --json";
    let run = Run::of_text(&SPECIMEN.in_private(script)).works();
    assert_eq!(run.record["limits"]["fs/mqueue/msg_max"], 20);
}

/// What AppArmor does on Ubuntu: the namespace is there, but without rights.
#[test]
fn a_namespace_without_rights_is_named() {
    let mut command = SPECIMEN.refused(&[libc::SYS_mount], libc::EACCES);
    let run = Run::of(command.args(["broken", "private", "--json"]));
    run.cannot_be_shown("mount", Errno::EACCES);
}

#[test]
fn where_the_machine_is_full_it_runs_in_a_namespace_of_its_own() {
    let script = "echo 1 >/proc/sys/fs/mqueue/queues_max; : >\"$QUEUES/full\"; \
                  \"$LAB\" broken leaves --json";
    let run = Run::of_text(&SPECIMEN.in_private(script)).works();
    assert_eq!(run.record["private"], true);
}

#[test]
fn where_no_namespace_can_be_had_a_full_machine_is_named() {
    let script = "echo 0 >/proc/sys/fs/mqueue/queues_max; \
                  echo 0 >/proc/sys/user/max_ipc_namespaces; \"$LAB\" broken leaves --json; true";
    let run = Run::of_text(&SPECIMEN.in_private(script));
    let record = run.cannot_be_shown("mq_open", Errno::ENOSPC).record;
    assert_eq!(record["private"], false);
}

/// Nowhere to write a journal, and no /proc to ask.
#[test]
fn without_proc_and_tmp_it_shows_its_errno_and_tidies_up() {
    let script = "for folder in /tmp /var/tmp; do mount -t tmpfs -o ro none $folder; done; \
                  mount -o remount,ro /dev/shm; umount -l /proc; \
                  \"$LAB\" broken errno --json; \
                  \"$LAB\" broken leaves --bare >&2; ls \"$QUEUES\"";
    Run::of_text(&SPECIMEN.in_private(script)).shows("mq_open", Errno::ENOENT);
}

/// Processes that left the group cannot be found then, and must not be waited for.
#[test]
fn without_proc_it_does_not_wait_for_ever() {
    let script = "umount -l /proc; \"$LAB\" broken orphans --json";
    Run::of_text(&SPECIMEN.in_private(script)).works();
}

/// The numbers in this /proc are those of other processes here.
#[test]
fn another_pid_namespaces_proc_is_not_trusted() {
    let script = "unshare --pid --fork \"$LAB\" broken orphans --json";
    Run::of_text(&SPECIMEN.in_private(script)).works();
}
