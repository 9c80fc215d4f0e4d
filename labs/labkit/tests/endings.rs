//! How a program ended is told apart, and compared with the promise.

use labkit::testing::{Bin, Run};
use nix::errno::Errno;
use serde_json::json;
use std::os::unix::process::CommandExt as _;

const SPECIMEN: Bin = Bin(env!("CARGO_BIN_EXE_specimen"));

#[test]
fn an_errno_comes_with_its_call() {
    SPECIMEN
        .run(["broken", "errno"])
        .shows("mq_open", Errno::ENOENT);
}

#[test]
fn success_is_success() {
    SPECIMEN.run(["fixed", "errno"]).works();
}

#[test]
fn a_program_that_waits_for_ever_is_ended() {
    let run = SPECIMEN.run(["broken", "hang"]).ends("timeout", 0);
    assert_eq!(run.program_output(), "waiting\n");
    SPECIMEN.run(["fixed", "hang"]).ends("timeout", 1);
}

#[test]
fn a_program_whose_peer_is_killed_goes_on() {
    SPECIMEN.run_bereft(["broken", "family"]).ends("success", 1);
}

#[test]
fn a_fault_comes_with_code_and_address() {
    let run = SPECIMEN.run(["broken", "sigbus"]).ends("signal", 0);
    let signal = &run.record["signal"];
    assert_eq!(signal["name"], "SIGBUS");
    assert_eq!(signal["code_name"], "BUS_ADRERR");
    let lines: Vec<_> = run.program_output().lines().collect();
    assert_eq!(lines[0], signal["address"].to_string());
    let address = signal["address"].as_u64().expect("a number");
    let line = format!(
        "SIGBUS: Bus error ({}), BUS_ADRERR at {address:#x}",
        libc::SIGBUS
    );
    assert_eq!(lines[1..], [line]);

    let run = SPECIMEN.run(["broken", "segv"]).ends("signal", 0);
    let signal = &run.record["signal"];
    assert_eq!(
        (&signal["name"], &signal["code_name"]),
        (&json!("SIGSEGV"), &json!("SEGV_MAPERR"))
    );
    assert_eq!(signal["address"], 4096);
}

#[test]
fn a_signal_from_elsewhere_has_no_address() {
    let run = SPECIMEN.run(["fixed", "segv"]).ends("signal", 1);
    assert_eq!(run.record["signal"]["name"], "SIGKILL");
    assert_eq!(run.record["signal"]["address"], json!(null));
}

#[test]
fn a_failed_check_of_the_program_is_no_success() {
    let run = SPECIMEN.run(["broken", "panic"]).ends("panic", 1);
    assert_eq!(run.record["panic"], "what arrived is not what was sent");
    let output = SPECIMEN.output(["broken", "panic"]);
    let text = [output.stdout, output.stderr].concat();
    assert!(!String::from_utf8_lossy(&text).contains("panicked at"));
}

#[test]
fn leaving_without_a_word_is_no_success() {
    SPECIMEN.run(["broken", "exit"]).ends("exit", 1);
    SPECIMEN.run(["fixed", "exit"]).ends("exit", 1);
}

#[test]
fn a_promise_that_is_not_kept_is_status_1() {
    let run = SPECIMEN.run(["broken", "boast"]).ends("success", 1);
    assert_eq!(run.record["kept"], false);
    assert_eq!(
        run.record["promise"]["errno"]["number"],
        Errno::EMSGSIZE as i32
    );
    SPECIMEN.run(["fixed", "boast"]).ends("errno", 1);
}

#[test]
fn both_streams_keep_their_order() {
    let run = SPECIMEN.run(["broken", "order"]).works();
    let numbers: Vec<usize> = run
        .program_output()
        .lines()
        .map(|n| n.parse().expect("a number"))
        .collect();
    assert_eq!(numbers, (0..200).collect::<Vec<_>>());
}

#[test]
fn a_flood_is_cut_and_does_not_keep_the_lab() {
    let run = SPECIMEN.run(["broken", "flood"]).works();
    assert_eq!(run.program_output().len(), 1 << 20);
}

#[test]
fn what_a_program_leaves_running_is_ended() {
    let run = SPECIMEN.run(["broken", "orphans"]).works();
    let pids: Vec<i32> = run
        .program_output()
        .lines()
        .filter_map(|line| line.parse().ok())
        .collect();
    assert_eq!(pids.len(), 2, "{run:?}");
    for pid in pids {
        let alive = nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), None);
        assert_eq!(alive, Err(Errno::ESRCH));
    }
}

#[test]
fn a_group_that_hangs_is_ended_with_its_program() {
    let run = SPECIMEN.run(["broken", "family"]).ends("timeout", 0);
    let pid = run.program_output().trim().parse().expect("a pid");
    let alive = nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), None);
    assert_eq!(alive, Err(Errno::ESRCH));
}

#[test]
fn who_starts_the_lab_may_ignore_its_children() {
    let mut command = SPECIMEN.command();
    // SAFETY: only signal(2) between fork and exec.
    unsafe {
        command.pre_exec(|| {
            libc::signal(libc::SIGCHLD, libc::SIG_IGN);
            Ok(())
        });
    }
    Run::of(command.args(["broken", "errno", "--json"])).shows("mq_open", Errno::ENOENT);
}

#[test]
fn a_record_says_where_it_was_made() {
    let record = SPECIMEN.run(["fixed", "errno"]).record;
    assert_eq!(record["uid"], nix::unistd::geteuid().as_raw());
    let kernel = nix::sys::utsname::uname().expect("uname");
    assert_eq!(
        record["kernel"]["release"],
        kernel.release().to_string_lossy().as_ref()
    );
    assert!(record["limits"]["RLIMIT_MSGQUEUE"].is_object());
    assert!(record["capabilities"].is_array());
    assert_eq!(record["varies"], false);
    assert_eq!(SPECIMEN.run(["broken", "figures"]).record["varies"], true);
    assert_eq!(SPECIMEN.run(["fixed", "figures"]).record["varies"], false);
}
