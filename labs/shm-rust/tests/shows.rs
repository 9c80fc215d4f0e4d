//! What the lab promises, seen on this kernel.

use labkit::testing::{Bin, Run};
use nix::unistd::{SysconfVar, sysconf};

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-shm-rust"));

fn faults(run: Run, address: u64) -> Run {
    let run = run.ends("signal", 0);
    let signal = &run.record["signal"];
    assert_eq!(signal["name"], "SIGSEGV", "{run:?}");
    assert_eq!(signal["code_name"], "SEGV_MAPERR", "{run:?}");
    assert_eq!(signal["address"], address, "{run:?}");
    run
}

#[test]
fn a_pointer_leads_to_where_the_writer_had_the_segment() {
    faults(LAB.run(["broken", "pointer"]), 0x2000_0008);
    // The same without a word.
    faults(LAB.run::<&str>([]), 0x2000_0008);
}

#[test]
fn an_offset_leads_to_the_title() {
    let run = LAB.run(["fixed", "pointer"]).works();
    assert!(run.program_output().contains("the title is whole"));
}

#[test]
fn a_length_read_twice_leads_past_the_segment() {
    let page = sysconf(SysconfVar::PAGE_SIZE).expect("a page size");
    let page = u64::try_from(page.expect("a page size")).expect("not negative");
    let run = faults(LAB.run(["broken", "length"]), 0x2000_0000 + page);
    assert!(run.program_output().contains("5 bytes, they fit"));
    assert!(run.program_output().contains("copying 1000000 bytes"));
}

#[test]
fn a_length_read_once_stays_what_it_was() {
    let run = LAB.run(["fixed", "length"]).works();
    assert!(run.program_output().contains("5 bytes, they fit"));
    assert!(run.program_output().contains("copying 5 bytes"));
}

#[test]
fn two_layouts_disagree_and_no_call_fails() {
    let run = LAB.run(["broken", "layout"]).works();
    assert!(
        !run.program_output()
            .contains("reader: channel 7, value 2150"),
        "{run:?}"
    );
}

#[test]
fn one_layout_agrees() {
    let run = LAB.run(["fixed", "layout"]).works();
    assert!(
        run.program_output()
            .contains("reader: channel 7, value 2150"),
        "{run:?}"
    );
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
