//! What the lab promises, seen on this kernel.

use labkit::testing::{Bin, Run};
use nix::errno::Errno;

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-eacces-mmap"));

/// What the two processes read, in this order.
fn read(run: &Run) -> Vec<&str> {
    let lines = run.program_output().lines();
    lines
        .filter_map(|line| line.split_once(" reads ").map(|(_, number)| number))
        .collect()
}

/// The kernel ended it by this signal with this code, at the first byte of a
/// page, after it had said that it would write.
fn faults(case: &str, name: &str, code: &str) {
    let run = LAB.run(["broken", case]).ends("signal", 0);
    let signal = &run.record["signal"];
    assert_eq!(signal["name"], name, "{run:?}");
    assert_eq!(signal["code_name"], code, "{run:?}");
    let address = signal["address"].as_u64().expect("an address");
    assert!(address > 0 && address.is_multiple_of(4096), "{run:?}");
    assert!(run.program_output().contains("writing 42\n"), "{run:?}");
}

fn another_process_reads_it(case: &str) -> Run {
    let run = LAB.run(["fixed", case]).works();
    assert_eq!(read(&run).last(), Some(&"42"), "{run:?}");
    run
}

#[test]
fn a_descriptor_for_reading_is_not_mapped_for_writing() {
    LAB.run(["broken", "shared"]).shows("mmap", Errno::EACCES);
    // The same without a word.
    LAB.run::<&str>([]).shows("mmap", Errno::EACCES);
    another_process_reads_it("shared");
}

#[test]
fn without_a_size_the_failure_only_moves() {
    faults("half-mended", "SIGBUS", "BUS_ADRERR");
    another_process_reads_it("half-mended");
}

#[test]
fn what_is_written_privately_stays_private() {
    let run = LAB.run(["broken", "private"]).works();
    assert_eq!(read(&run), ["42", "0"], "{run:?}");
    let run = another_process_reads_it("private");
    assert_eq!(read(&run), ["42", "42"], "{run:?}");
}

#[test]
fn a_mapping_for_reading_is_not_written() {
    faults("protected", "SIGSEGV", "SEGV_ACCERR");
    another_process_reads_it("protected");
}

#[test]
fn mprotect_adds_nothing_that_the_descriptor_lacks() {
    let run = LAB
        .run(["broken", "mprotect"])
        .shows("mprotect", Errno::EACCES);
    assert_eq!(read(&run), ["0"], "{run:?}");
    another_process_reads_it("mprotect");
}

/// Each waits for the reader that it forked. Where that is killed, the program
/// finds that it did not end well.
#[test]
fn a_reader_that_is_killed_is_noticed() {
    LAB.run_bereft(["broken", "private"]).ends("panic", 1);
    for case in ["shared", "half-mended", "private", "protected", "mprotect"] {
        LAB.run_bereft(["fixed", case]).ends("panic", 1);
    }
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
