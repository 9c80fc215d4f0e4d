//! Help, wrong usage, language, colour, closed pipes.

mod support;

use std::{io::Read as _, path::Path, process::Stdio};
use support::{Ran, elsewhere, lab, run};
use unicode_width::UnicodeWidthStr as _;

const COMMANDS: [&[&str]; 3] = [&[], &["compare"], &["errno"]];

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn help_fits_a_terminal_and_speaks_one_language() {
    for language in ["vi", "en"] {
        for command in COMMANDS {
            let args = [command, &["--help", "--lang", language]].concat();
            let ran = run(here(), &args);
            assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
            for line in ran.stdout.lines() {
                assert!(line.width() <= 80, "{line}");
            }
            // What clap would say by itself.
            for word in ["Print help", "possible values", "default:", "[aliases"] {
                assert!(!ran.stdout.contains(word), "{word}: {}", ran.stdout);
            }
            let english = ["Usage", "Options", "OPTIONS", "Commands", "Arguments"];
            let found = english.iter().any(|word| ran.stdout.contains(word));
            assert_eq!(found, language == "en", "{}", ran.stdout);
        }
    }
}

#[test]
fn the_language_is_chosen_as_by_the_labs() {
    let help = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = lab(here(), args);
        command.envs(variables.iter().copied());
        Ran::of(command).stdout
    };
    let vietnamese = help(&["--help", "--lang=vi"], &[]);
    let english = help(&["--help", "--lang=en"], &[]);
    assert_ne!(vietnamese, english);
    assert_eq!(help(&["--help"], &[]), english);
    assert_eq!(help(&["--help"], &[("LANG", "vi_VN.UTF-8")]), vietnamese);
    let both = [("LANG", "vi_VN.UTF-8"), ("LC_ALL", "C")];
    assert_eq!(help(&["--help"], &both), english);
    assert_eq!(help(&["--lang", "vi", "--help"], &both), vietnamese);
}

#[test]
fn wrong_usage_ends_with_2_in_the_readers_language() {
    for args in [
        &[][..],
        &["erno"],
        &["--nonsense"],
        &["errno", "--jsn"],
        &["errno", "--lang"],
        &["errno", "--lang", "fr"],
        &["errno", "--color", "sometimes"],
        &["errno", "--json=yes"],
        &["errno", "--json", "--json"],
        &["errno", "--lang", "vi", "--lang", "en"],
        &["compare"],
        &["compare", "a"],
        &["compare", "a", "b", "c"],
    ] {
        let english = run(here(), args);
        let mut vietnamese = lab(here(), args);
        vietnamese.env("LC_ALL", "vi_VN.UTF-8");
        let vietnamese = Ran::of(vietnamese);
        for ran in [&english, &vietnamese] {
            ran.refused(2);
        }
        if !args.contains(&"vi") {
            assert_ne!(english.stderr, vietnamese.stderr, "{args:?}");
            assert!(
                !vietnamese.stderr.contains("error"),
                "{}",
                vietnamese.stderr
            );
        }
    }
}

#[test]
fn a_typo_is_answered_with_what_was_meant() {
    assert!(run(here(), &["erno"]).stderr.contains("errno"));
    assert!(run(here(), &["errno", "--jsn"]).stderr.contains("--json"));
    let known = run(here(), &["errno", "--color", "x"]).stderr;
    assert!(known.contains("auto") && known.contains("never"), "{known}");
}

#[test]
fn colour_is_for_terminals_or_when_asked_for() {
    let escapes = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = lab(here(), args);
        command.envs(variables.iter().copied());
        Ran::of(command).stderr.contains('\x1b')
    };
    assert!(!escapes(&["errno", "EMFLIE"], &[]));
    let nothing = ["compare", "--color", "always", "no", "such"];
    assert!(escapes(&nothing, &[]));
    assert!(escapes(&nothing, &[("NO_COLOR", "1")]), "asked for by name");
    let never = ["compare", "--color", "never", "no", "such"];
    assert!(!escapes(&never, &[("CLICOLOR_FORCE", "1")]));
    assert!(!escapes(&["compare", "no", "such"], &[("NO_COLOR", "1")]));
}

#[test]
fn a_reader_who_has_seen_enough_hears_no_complaint() {
    let mut command = lab(here(), &["errno", "--help"]);
    let (read, write) = std::io::pipe().expect("a pipe");
    drop(read);
    command.stdout(write).stderr(Stdio::piped());
    let mut child = command.spawn().expect("started");
    let mut stderr = String::new();
    let mut pipe = child.stderr.take().expect("a pipe");
    pipe.read_to_string(&mut stderr).expect("read");
    assert!(child.wait().expect("waited").success());
    assert_eq!(stderr, "");
}

#[test]
fn a_full_disk_is_an_error() {
    let mut command = lab(here(), &["errno", "--help"]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    command.stdout(full.expect("/dev/full"));
    assert!(Ran::of(command).refused(1).contains("ENOSPC"));
}

#[test]
fn outside_the_clone_it_says_so() {
    let folder = elsewhere();
    run(folder.path(), &["errno", "EMFILE"]).refused(1);
}
