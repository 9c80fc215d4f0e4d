//! What the lab promises, seen on this kernel.

use labkit::testing::{Bin, Run};
use nix::errno::Errno;

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-enoent"));

#[test]
fn nobody_has_made_it_yet() {
    LAB.run(["broken", "open"]).shows("mq_open", Errno::ENOENT);
    // The same without a word.
    LAB.run::<&str>([]).shows("mq_open", Errno::ENOENT);
}

#[test]
fn trying_again_finds_it() {
    let run = LAB.run(["fixed", "open"]).works();
    assert!(
        run.program_output().contains("received 11 bytes"),
        "{run:?}"
    );
}

#[test]
fn two_cannot_make_the_same() {
    LAB.run(["broken", "exclusive"])
        .shows("mq_open", Errno::EEXIST);
}

#[test]
fn one_makes_it_and_the_other_finds_it() {
    let run = LAB.run(["fixed", "exclusive"]).works();
    let count = |what| run.program_output().matches(what).count();
    assert_eq!(count("making it"), 2, "{run:?}");
    assert_eq!(count("opening it"), 1, "{run:?}");
}

#[test]
fn a_name_without_a_slash_is_refused() {
    LAB.run(["broken", "names"]).shows("mq_open", Errno::EINVAL);
    LAB.run(["fixed", "names"]).works();
}

#[test]
fn a_name_with_two_slashes_is_refused() {
    LAB.run(["broken", "slashes"])
        .shows("mq_open", Errno::EACCES);
    LAB.run(["fixed", "slashes"]).works();
}

#[test]
fn a_mode_that_forbids_reading_is_obeyed() {
    LAB.run(["broken", "mode"]).shows("mq_open", Errno::EACCES);
    LAB.run(["fixed", "mode"]).works();
}

/// Behind a filter that refuses the system call, only the program whose name
/// never reaches the kernel ends as it always does.
#[test]
fn the_c_library_refuses_the_one_and_the_kernel_the_other() {
    let filtered = |case| {
        let mut command = LAB.refused(&[libc::SYS_mq_open], libc::ENOSYS);
        Run::of(command.args(["broken", case, "--json"]))
    };
    filtered("names").shows("mq_open", Errno::EINVAL);
    filtered("slashes").cannot_be_shown("mq_open", Errno::ENOSYS);
}

#[test]
fn another_namespace_has_other_queues() {
    LAB.run(["broken", "namespace"])
        .shows("mq_open", Errno::ENOENT);
}

#[test]
fn a_descriptor_goes_along_into_the_namespace() {
    let run = LAB.run(["fixed", "namespace"]).works();
    assert!(
        run.program_output().contains("received 11 bytes"),
        "{run:?}"
    );
}

/// What `readlink /proc/self/ns/ipc` prints names the namespace.
#[test]
fn another_namespace_has_another_number() {
    let ours = std::fs::read_link("/proc/self/ns/ipc").expect("a link");
    let theirs = LAB.in_private("readlink /proc/self/ns/ipc");
    assert!(theirs.starts_with("ipc:["), "{theirs}");
    assert_ne!(ours.to_str(), Some(theirs.trim()));
}

#[test]
fn where_namespaces_are_forbidden_that_is_said() {
    for variant in ["broken", "fixed"] {
        let mut command = LAB.refused(&[libc::SYS_unshare], libc::EPERM);
        Run::of(command.args([variant, "namespace", "--json"]))
            .cannot_be_shown("unshare", Errno::EPERM);
    }
}

/// All that wait: the broken `open` does not.
#[test]
fn without_the_other_process_every_program_ends() {
    let run = LAB.run_bereft(["fixed", "open"]).ends("errno", 1);
    assert_eq!(run.record["call"], "mq_open", "{run:?}");
    assert_eq!(
        run.record["errno"]["number"],
        Errno::ENOENT as i32,
        "{run:?}"
    );
    // The others see by its exit status that something happened to it.
    for case in ["exclusive", "namespace"] {
        for variant in ["broken", "fixed"] {
            LAB.run_bereft([variant, case]).ends("panic", 1);
        }
    }
}

#[test]
fn a_mounted_folder_lists_what_was_made() {
    let listed = LAB.in_private(
        r#"
        for case in open exclusive names slashes mode namespace; do
            $LAB broken $case --json >/dev/null || echo "broken $case"
            $LAB fixed $case --json >/dev/null || echo "fixed $case"
        done
        rest
        count
        $LAB fixed open --json >record &
        while [ -z "$(ls -A $QUEUES)" ]; do :; done
        wait
        grep -c '"left":\[\]' record
        count
        "#,
    );
    assert_eq!(listed, "0\n1\n0\n");
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}
