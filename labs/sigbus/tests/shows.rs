//! What the lab promises, seen on this kernel.

use labkit::testing::{Bin, Run};
use nix::errno::Errno;

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-sigbus"));

/// The kernel ended it for a page that has no object behind it.
fn bus_error(case: &str) -> Run {
    let run = LAB.run(["broken", case]).ends("signal", 0);
    let signal = &run.record["signal"];
    assert_eq!(signal["name"], "SIGBUS", "{run:?}");
    assert_eq!(signal["code_name"], "BUS_ADRERR", "{run:?}");
    assert!(signal["address"].as_u64().is_some_and(|a| a > 0), "{run:?}");
    run
}

/// The number at the end of a line.
fn number(line: &str) -> Option<usize> {
    line.rsplit(' ').next()?.parse().ok()
}

#[test]
fn an_object_without_size_has_no_first_byte() {
    let run = bus_error("no-ftruncate");
    // Nothing was touched before: it is the first byte of the mapping.
    assert_eq!(
        run.record["signal"]["address"].as_u64().expect("one") % 4096,
        0
    );
    // The same without a word.
    LAB.run::<&str>([]).ends("signal", 0);
}

#[test]
fn with_a_size_another_process_reads_the_greeting() {
    let run = LAB.run(["fixed", "no-ftruncate"]).works();
    assert!(run.program_output().ends_with(": hello\n"), "{run:?}");
}

#[test]
fn an_object_shrinks_under_its_mapping() {
    let run = bus_error("shrunk");
    let address = run.record["signal"]["address"].as_u64();
    assert_eq!(address.expect("one") % 4096, 0);
}

#[test]
fn a_sealed_object_does_not() {
    let run = LAB.run(["fixed", "shrunk"]).works();
    let output = run.program_output();
    assert!(output.contains("ftruncate: EPERM: "), "{run:?}");
    assert_eq!(output.lines().last().and_then(number), Some(42), "{run:?}");
}

#[test]
fn a_full_place_gives_pages_until_it_is_full() {
    let run = bus_error("full");
    // 4 × 16 KiB fit into 64 KiB; the fifth frame, number 4, has no first byte.
    // The line after it is the lab's, for a dead program.
    let last = run.program_output().lines().nth_back(1).and_then(number);
    assert_eq!(last, Some(4), "{run:?}");
    assert_eq!(
        run.record["signal"]["address"].as_u64().expect("one") % 4096,
        0
    );
}

#[test]
fn memory_is_reserved_or_refused_at_once() {
    let run = LAB.run(["fixed", "full"]).works();
    let output = run.program_output();
    assert_eq!(
        output.matches("posix_fallocate: ENOSPC: ").count(),
        4,
        "{run:?}"
    );
    // All refusals come before the first frame, and as many frames as fit.
    let written = output.split_once("writing").expect("frames").1;
    assert!(!written.contains("ENOSPC"), "{run:?}");
    assert_eq!(written.matches("frame").count(), 4 + 1, "{run:?}");
}

#[test]
fn no_mapping_has_length_0() {
    LAB.run(["broken", "length-zero"])
        .shows("mmap", Errno::EINVAL);
}

#[test]
fn both_sides_may_set_the_size() {
    let run = LAB.run(["fixed", "length-zero"]).works();
    let last = run.program_output().lines().last().and_then(number);
    assert_eq!(last, Some(7), "{run:?}");
}

#[test]
fn past_the_end_in_the_last_page_is_silence() {
    let run = LAB.run(["broken", "same-page"]).works();
    assert!(run.program_output().contains(" 100 bytes"), "{run:?}");
}

#[test]
fn an_object_as_long_as_the_record_holds_it() {
    let run = LAB.run(["fixed", "same-page"]).works();
    let last = run.program_output().lines().last();
    assert!(
        last.is_some_and(|line| line.ends_with(" 4096 bytes")),
        "{run:?}"
    );
}

/// Each of these waits for a process; where that is killed, they notice. (The
/// broken length-zero has failed before its writer comes to anything.)
#[test]
fn without_its_peer_it_ends_by_itself() {
    for program in [
        ["broken", "shrunk"],
        ["fixed", "shrunk"],
        ["fixed", "no-ftruncate"],
        ["fixed", "length-zero"],
        ["broken", "same-page"],
        ["fixed", "same-page"],
    ] {
        LAB.run_bereft(program).ends("panic", 1);
    }
}

/// What is mapped is gone with its process, and the name with the run.
#[test]
fn nothing_is_left() {
    let script = r#"
        for case in no-ftruncate shrunk full length-zero same-page; do
            "$LAB" broken $case --bare >output 2>&1 || cat output
            "$LAB" fixed $case --bare >output 2>&1 || cat output
        done
        rm output
        count; rest | wc -l
    "#;
    assert_eq!(LAB.in_private(script), "0\n0\n");
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
