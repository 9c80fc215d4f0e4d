//! The lab in places where it cannot do all it wants: it says so, measures the rest,
//! and leaves nothing behind. No figure is asserted, only what is said and kept.

mod support;

use libc::{SYS_sched_setaffinity, SYS_unshare};
use measure::record::{Failed, Mechanism, Remark, Report};
use nix::{
    sched::{CpuSet, sched_setaffinity},
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    fs,
    os::unix::process::CommandExt as _,
    thread,
    time::{Duration, Instant},
};
use support::{Lab, children, failed, refuse};

/// Long enough for some rows, and too short for all.
const A_WHILE: Duration = Duration::from_millis(1_500);

fn has_two() -> bool {
    thread::available_parallelism().is_ok_and(|n| n.get() > 1)
}

fn told(report: &Report, remark: Remark) -> bool {
    report.remarks.contains(&remark)
}

#[test]
fn one_processor_measures_what_one_can() {
    let mut lab = Lab::new();
    // SAFETY: one system call, which a child may make before exec.
    unsafe {
        lab.command.pre_exec(|| {
            let mut set = CpuSet::new();
            set.set(0)?;
            sched_setaffinity(Pid::from_raw(0), &set)?;
            Ok(())
        });
    }
    let (status, report) = lab.report();
    assert_eq!(status, Some(0));
    assert!(told(&report, Remark::OneCore));
    assert!(report.results.iter().all(|row| row.cores == 1));
    assert!(report.results.iter().all(|row| row.failed.is_none()));
    assert_eq!(report.floors.two_lines_ns, None);
}

#[test]
fn what_the_machine_refuses_is_in_the_table() {
    let mut lab = Lab::new();
    // Neither pinning nor a namespace of its own, in which limits could be raised.
    refuse(&mut lab.command, &[SYS_sched_setaffinity, SYS_unshare]);
    let (status, report) = lab.report();
    let failed = support::failures(&report);
    assert_eq!(status, Some(0), "a refusal is a result: {failed:#?}");
    assert!(told(&report, Remark::NotPinned) && told(&report, Remark::NotRaised));
    let of = |mechanism, size| {
        let row = report
            .results
            .iter()
            .find(|r| r.mechanism == mechanism && r.size == size);
        row.unwrap_or_else(|| panic!("no row for {mechanism:?} {size}"))
    };
    for (mechanism, file) in [
        (Mechanism::PosixQueue, "fs/mqueue/msgsize_max"),
        (Mechanism::SysvQueue, "kernel/msgmax"),
    ] {
        let within = of(mechanism, 8);
        assert!(within.failed.is_none() && within.times.p50_ns.is_some());
        let fits = report.machine.limits[file] >= 65536;
        match &of(mechanism, 65536).failed {
            Some(Failed::Refused(refusal)) => assert_eq!(refusal.errno.name, "EINVAL"),
            other => assert!(fits && other.is_none(), "{mechanism:?}: {other:?}"),
        }
    }
    assert!(of(Mechanism::Ring, 65536).failed.is_none());
}

#[test]
fn a_slow_clock_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("source");
    fs::write(&source, "hpet\n").expect("written");
    let mut lab = Lab::new();
    // SAFETY: system calls, in a child of its own; the path was made before.
    unsafe {
        lab.command.pre_exec(move || {
            labkit::namespace::enter(&[]).map_err(|refused| refused.errno)?;
            let target = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
            let none = None::<&str>;
            let bind = nix::mount::MsFlags::MS_BIND;
            nix::mount::mount(Some(&source), target, none, bind, none)?;
            Ok(())
        });
    }
    let (_, report) = lab.interrupted(A_WHILE);
    assert!(told(&report, Remark::SlowClock));
    assert_eq!(report.machine.clock.source, "hpet");
}

#[test]
fn a_row_whose_process_is_killed_says_so_and_the_others_are_measured() {
    let lab = Lab::new().start();
    // The floors come first, three pairs; those are taken again.
    let mut seen = Vec::new();
    while seen.len() < 5 {
        let pair = lab.pair();
        if !seen.contains(&pair) {
            seen.push(pair);
        }
        thread::sleep(Duration::from_millis(1));
    }
    for victims in [1, 2] {
        let pair = lab.pair();
        for pid in &pair[..victims] {
            let _ = kill(*pid, Signal::SIGKILL);
        }
        // The next pair is another one.
        while children(lab.pid()).iter().any(|pid| pair.contains(pid)) {
            thread::sleep(Duration::from_millis(1));
        }
    }
    let (status, report) = lab.finish();
    assert_eq!(status, Some(1));
    let killed = report
        .results
        .iter()
        .filter(|row| failed(row) == Some("SIGKILL"));
    assert!((1..=2).contains(&killed.count()), "one row a kill");
    let measured = report.results.iter().filter(|row| row.failed.is_none());
    assert!(measured.count() + 2 >= report.results.len());
}

#[test]
fn whoever_is_interrupted_keeps_what_was_measured() {
    for after in [50, 400, 1_500] {
        let (status, report) = Lab::new().interrupted(Duration::from_millis(after));
        assert_eq!(status, Some(1), "after {after} ms");
        assert!(told(&report, Remark::Interrupted));
        assert!(report.results.iter().all(|row| row.failed.is_none()));
    }
}

#[test]
fn a_killed_lab_takes_both_processes_along() {
    let lab = Lab::new().start();
    let pair = lab.pair();
    kill(lab.pid(), Signal::SIGKILL).expect("killed");
    lab.wait();
    let end = Instant::now() + Duration::from_secs(2);
    while pair
        .iter()
        .any(|pid| fs::exists(format!("/proc/{pid}/exe")).unwrap_or(false))
    {
        assert!(Instant::now() < end, "still there: {pair:?}");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn figures_that_cannot_be_written_are_kept_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let (blocked, elsewhere) = (folder.path().join("file"), folder.path().join("elsewhere"));
    fs::write(&blocked, "in the way").expect("written");
    fs::create_dir(&elsewhere).expect("made");
    let mut lab = Lab::of(&["--quick", "--lang", "en"]);
    lab.command
        .arg("--out")
        .arg(blocked.join("in-it"))
        .env("TMPDIR", &elsewhere);
    let (status, output) = lab.start().after(A_WHILE);
    assert_eq!(status, Some(1));
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains(&*blocked.to_string_lossy()), "{told}");
    let kept = support::find(&elsewhere, "latency.json").expect("kept elsewhere");
    let text = fs::read_to_string(kept).expect("readable");
    assert!(serde_json::from_str::<Report>(&text).is_ok());
}

#[test]
fn nothing_is_left_in_dev_shm_or_among_the_queues() {
    let (_, report) = Lab::new().interrupted(A_WHILE);
    assert_eq!(report.raised, !told(&report, Remark::NotRaised));
    let names = fs::read_dir("/dev/shm").into_iter().flatten().flatten();
    let ours = names.filter(|n| n.file_name().to_string_lossy().contains("lab-latency"));
    assert_eq!(ours.count(), 0);
    assert_eq!(has_two(), report.machine.processors > 1);
}
