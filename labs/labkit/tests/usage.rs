//! The command line: what is understood, what is not, and who listens.

use labkit::testing::Bin;
use std::{
    ffi::OsStr,
    fs::File,
    io::Read as _,
    os::unix::ffi::OsStrExt as _,
    process::{Command, Output, Stdio},
};

const SPECIMEN: Bin = Bin(env!("CARGO_BIN_EXE_specimen"));

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.clone(), output.stderr.clone()].concat()).into_owned()
}

#[test]
fn what_is_not_understood_is_answered_with_what_is_known() {
    for args in [
        &["nonsense"][..],
        &["errno"],
        &["broken", "nonsense"],
        &["broken", "errno", "more"],
        &["broken", "fixed"],
        &["list", "errno"],
        &["--nonsense"],
        &["-x"],
        &["--lang", "xx"],
        &["--lang"],
        &["--lang", "--json"],
        &["--lang", ""],
        &["--json=1"],
        &["--json", "--bare"],
        &["broken", "\u{1f980}"],
        &[""],
    ] {
        for language in ["vi_VN.UTF-8", "en_US.UTF-8"] {
            let output = SPECIMEN
                .command()
                .env("LC_ALL", language)
                .args(args)
                .output()
                .expect("started");
            assert_eq!(output.status.code(), Some(2), "{args:?}");
            assert!(output.stdout.is_empty(), "{args:?}");
            let told = text(&output);
            for known in [
                "broken", "fixed", "list", "errno", "--json", "--bare", "--lang", "--help",
            ] {
                assert!(told.contains(known), "{args:?}: {told}");
            }
            assert!(!told.contains("panicked at"), "{told}");
        }
    }
}

#[test]
fn a_word_that_is_no_text_is_wrong_usage() {
    let output = SPECIMEN.output([OsStr::from_bytes(b"\xff\xfe"), OsStr::new("--json")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!text(&output).contains("panicked at"));
}

#[test]
fn the_first_case_broken_is_what_runs_without_words() {
    let record = SPECIMEN.run::<&str>([]).record;
    assert_eq!(
        (&record["case"], &record["variant"]),
        (&"errno".into(), &"broken".into())
    );
    let record = SPECIMEN.run(["fixed"]).record;
    assert_eq!(
        (&record["case"], &record["variant"]),
        (&"errno".into(), &"fixed".into())
    );
}

#[test]
fn the_language_is_asked_for_or_that_of_the_environment() {
    let help = |set: &[(&str, &str)], args: &[&str]| {
        let mut command = SPECIMEN.command();
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            command.env_remove(name);
        }
        text(
            &command
                .envs(set.iter().copied())
                .args(args)
                .arg("--help")
                .output()
                .expect("started"),
        )
    };
    let (vi, en) = (help(&[], &["--lang", "vi"]), help(&[], &["--lang=en"]));
    assert_ne!(vi, en);
    for (expected, set) in [
        (&en, &[][..]),
        (&vi, &[("LANG", "vi_VN.UTF-8")]),
        (&vi, &[("LANG", "vi")]),
        (
            &vi,
            &[("LC_ALL", ""), ("LC_MESSAGES", ""), ("LANG", "vi_VN")],
        ),
        (
            &vi,
            &[("LC_MESSAGES", "vi_VN.UTF-8"), ("LANG", "en_US.UTF-8")],
        ),
        (
            &en,
            &[
                ("LC_ALL", "C.UTF-8"),
                ("LC_MESSAGES", "vi_VN.UTF-8"),
                ("LANG", "vi_VN.UTF-8"),
            ],
        ),
        (&en, &[("LANG", "fr_FR.UTF-8")]),
        (&en, &[("LANG", "C")]),
    ] {
        assert_eq!(&help(set, &[]), expected, "{set:?}");
    }
    assert_eq!(help(&[("LC_ALL", "vi_VN.UTF-8")], &["--lang", "en"]), en);
}

#[test]
fn the_program_says_the_same_in_every_language() {
    let bare = |language| {
        SPECIMEN
            .output(["broken", "exit", "--bare", "--lang", language])
            .stdout
    };
    assert_eq!(bare("vi"), bare("en"));
}

#[test]
fn the_list_names_every_case_and_promise() {
    let told = text(&SPECIMEN.output(["list"]));
    for word in ["errno", "ENOENT", "sigbus", "SIGBUS", "hang"] {
        assert!(told.contains(word), "{told}");
    }
    SPECIMEN.is_described();
}

#[test]
fn nobody_listening_is_no_error() {
    for args in [
        &["broken", "flood"][..],
        &["broken", "errno"],
        &["list"],
        &["--help"],
        &["broken", "flood", "--json"],
    ] {
        let mut child = SPECIMEN
            .command()
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        drop(child.stdout.take());
        let mut told = String::new();
        child
            .stderr
            .take()
            .expect("piped")
            .read_to_string(&mut told)
            .expect("text");
        let status = child.wait().expect("ended");
        assert!(status.success(), "{args:?}: {status}");
        assert!(
            !told.contains("panicked at") && !told.contains("Broken pipe"),
            "{args:?}: {told}"
        );
    }
}

#[test]
fn a_full_disk_is_told_without_a_panic() {
    for args in [
        &["broken", "errno"][..],
        &["broken", "flood", "--bare"],
        &["broken", "errno", "--json"],
        &["list"],
    ] {
        let full = File::options()
            .write(true)
            .open("/dev/full")
            .expect("/dev/full");
        let output = SPECIMEN
            .command()
            .args(args)
            .stdout(full)
            .output()
            .expect("started");
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(!text(&output).contains("panicked at"), "{}", text(&output));
    }
}

#[test]
fn closed_streams_change_nothing() {
    for redirection in [">&-", "2>&-", ">&- 2>&- <&-", "2>/dev/full"] {
        let mut sh = Command::new("sh");
        sh.args(["-c", &format!("exec \"$0\" broken errno {redirection}")]);
        let output = sh.arg(SPECIMEN.0).output().expect("sh starts");
        assert_eq!(output.status.code(), Some(0), "{redirection}: {output:?}");
        assert!(!text(&output).contains("panicked at"));
    }
}

#[test]
fn a_record_is_one_line_of_json() {
    let output = SPECIMEN.output(["broken", "order", "--json"]);
    assert_eq!(
        output.stdout.iter().filter(|byte| **byte == b'\n').count(),
        1
    );
    assert!(output.stderr.is_empty());
}
