//! The command line of a measuring lab, as a person would try it.

mod fixture;

use labkit::testing::Bin;
use measure::record::Report;
use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-fixture"));

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The lab with this report, started here.
    fn lab(&self, report: &str) -> Command {
        let mut command = LAB.command();
        command.current_dir(self.0.path()).env("FIXTURE", report);
        command.env("TMPDIR", self.0.path()).env_remove("COLUMNS");
        command
    }

    /// What is in a folder here, in order.
    fn names(&self, folder: &str) -> Vec<String> {
        names(&self.path(folder))
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn run(command: &mut Command) -> Output {
    command.output().expect("the lab starts")
}

fn status(command: &mut Command) -> Option<i32> {
    run(command).status.code()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

#[test]
fn it_shows_the_table_and_keeps_report_and_plots() {
    let place = Place::new();
    let output = run(place.lab("latency").args(["--out", "here/there"]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let files = ["latency-open-loop.svg", "latency.json", "latency.svg"];
    assert_eq!(place.names("here/there"), files);
    for file in files {
        assert!(stdout(&output).contains(&format!("here/there/{file}")));
    }
    let kept = fs::read_to_string(place.path("here/there/latency.json")).expect("written");
    let kept: Report = serde_json::from_str(&kept).expect("a report");
    assert_eq!(kept.results.len(), fixture::latency().results.len());
}

#[test]
fn without_a_folder_it_keeps_them_in_cargo_s() {
    let place = Place::new();
    let target = place.path("target");
    fs::create_dir_all(target.join("release")).expect("a folder");
    fs::write(target.join("CACHEDIR.TAG"), "").expect("a file");
    // Copied by another process: while this one holds a program open for writing,
    // nobody can run it.
    let program = target.join("release/lab-fixture");
    let copied = Command::new("cp").arg(LAB.0).arg(&program).status();
    assert!(copied.expect("cp").success());
    let mut lab = Command::new(&program);
    let lab = lab.current_dir(place.0.path()).env("FIXTURE", "throughput");
    assert_eq!(status(lab), Some(0));
    assert_eq!(
        names(&target.join("measured")),
        ["throughput.json", "throughput.svg"]
    );
    assert_eq!(place.names("."), ["target"]);
}

#[test]
fn json_is_the_report_and_nothing_else() {
    let place = Place::new();
    let output = run(place.lab("refused").args(["--json", "--quick"]));
    let report: Report = serde_json::from_slice(&output.stdout).expect("one report");
    assert!(report.quick);
    assert_eq!(output.status.code(), Some(0), "a refusal is an answer");
    assert!(place.names(".").is_empty(), "stdout is where it is kept");
}

#[test]
fn a_report_is_told_again_without_measuring() {
    let place = Place::new();
    let first = run(place.lab("one-core").args(["--out", "."]));
    let again = |args: &[&str]| {
        // If it measured, it would measure nothing.
        run(place
            .lab("nothing")
            .args(["--from", "latency.json"])
            .args(args))
    };
    let told = again(&[]);
    assert_eq!(told.status.code(), Some(0));
    assert!(stdout(&first).starts_with(stdout(&told).trim_end()));
    assert_eq!(place.names("."), ["latency.json", "latency.svg"]);
    assert!(stdout(&again(&["--markdown"])).contains("| --: |"));
    let svg = stdout(&again(&["--svg"]));
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
    assert_eq!(stdout(&told), stdout(&again(&["--lang", "en"])));
    assert_ne!(stdout(&told), stdout(&again(&["--lang=vi"])));
    assert_eq!(again(&["--svg", "--open-loop"]).status.code(), Some(3));
    assert_eq!(again(&["--out", "more"]).status.code(), Some(0));
    assert_eq!(place.names("more"), ["latency.json", "latency.svg"]);
}

#[test]
fn the_width_is_the_reader_s() {
    let place = Place::new();
    let output = run(place
        .lab("latency")
        .args(["--out", "o"])
        .env("COLUMNS", "40"));
    let told = stdout(&output);
    let (table, _) = told.split_once("\n\nWritten").expect("files are named");
    let widest = table.lines().map(textwrap::core::display_width).max();
    assert!(widest <= Some(40), "{widest:?}");
}

#[test]
fn exit_statuses_say_what_became_of_it() {
    let place = Place::new();
    let of = |report, args: &[&str]| status(place.lab(report).args(["--out", "o"]).args(args));
    assert_eq!(of("latency", &[]), Some(0));
    assert_eq!(of("refused", &[]), Some(0));
    assert_eq!(of("failures", &[]), Some(1));
    assert_eq!(of("failures", &["--json"]), Some(1));
    assert_eq!(of("interrupted", &[]), Some(1));
    assert_eq!(of("empty", &[]), Some(3));
    let nothing = run(&mut place.lab("nothing"));
    assert_eq!(nothing.status.code(), Some(3));
    assert!(nothing.stdout.is_empty());
    // The call, its errno and the C library's text.
    for part in ["fork", "EFIXTURE", "Made up for a test", "4711"] {
        assert!(stderr(&nothing).contains(part));
    }
}

#[test]
fn wrong_usage_is_2_and_says_what_is_known() {
    let place = Place::new();
    fs::write(place.path("other.json"), "{}").expect("a file");
    for args in [
        &["fast"][..],
        &["--fast"],
        &["-q"],
        &["--quick=yes"],
        &["--lang", "fr"],
        &["--lang"],
        &["--out"],
        &["--out="],
        &["--from"],
        &["--json", "--markdown"],
        &["--open-loop"],
        &["--json", "--open-loop"],
        &["list", "--json"],
        &["list", "list"],
        &["--from", "missing.json"],
        &["--from", "."],
        &["--from", "other.json"],
    ] {
        let output = run(place.lab("latency").args(args));
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        assert!(!output.stderr.is_empty(), "{args:?}");
    }
    assert_eq!(place.names("."), ["other.json"], "nothing was measured");
}

#[test]
fn help_and_list_measure_nothing() {
    let place = Place::new();
    for lang in ["vi", "en"] {
        let help = stdout(&run(place.lab("nothing").args(["--help", "--lang", lang])));
        for option in [
            "--quick",
            "--json",
            "--markdown",
            "--svg",
            "--from",
            "--out",
            "--lang",
        ] {
            assert!(help.contains(option), "{lang}: {option}");
        }
        assert!(
            help.lines()
                .all(|line| textwrap::core::display_width(line) <= 80)
        );
        let list = stdout(&run(place
            .lab("nothing")
            .args(["list", "--quick", "--lang", lang])));
        let row: Vec<_> = list
            .lines()
            .last()
            .expect("a row")
            .split_whitespace()
            .collect();
        assert_eq!(
            row,
            ["round-trip", "ring", "sleep", "copied", "2", "8", "64"]
        );
    }
    assert!(place.names(".").is_empty());
}

#[test]
fn where_the_folder_cannot_be_written_the_files_go_elsewhere() {
    let place = Place::new();
    fs::write(place.path("file"), "as it was").expect("a file");
    for folder in ["file", "file/below", "/proc/nowhere"] {
        let output = run(place.lab("latency").args(["--out", folder]));
        assert_eq!(output.status.code(), Some(1), "{folder}");
        let told = stdout(&output);
        assert!(told.contains(folder), "{folder}");
        let mut elsewhere = told.lines().filter(|line| line.ends_with("/latency.json"));
        let line = elsewhere.next_back().expect("where it is");
        let at = line.find('/').expect("a path");
        let kept = fs::read_to_string(&line[at..]).expect("it is there");
        serde_json::from_str::<Report>(&kept).expect("the report");
    }
    assert_eq!(
        fs::read_to_string(place.path("file")).ok().as_deref(),
        Some("as it was")
    );
}

#[test]
fn where_nothing_can_be_written_the_report_is_on_stdout() {
    let place = Place::new();
    let lost = |args: &[&str]| {
        let mut lab = place.lab("latency");
        run(lab
            .env("TMPDIR", "/proc/nowhere")
            .args(["--out", "/proc/nowhere"])
            .args(args))
    };
    let output = lost(&[]);
    assert_eq!(output.status.code(), Some(1));
    let told = stdout(&output);
    let json = &told[told.find("\n{\n").expect("the report") + 1..];
    serde_json::from_str::<Report>(json).expect("the whole report");
    let json = lost(&["--json"]);
    assert_eq!(json.status.code(), Some(1));
    serde_json::from_slice::<Report>(&json.stdout).expect("once, and nothing else");
    assert!(place.names(".").is_empty());
}

#[test]
fn a_file_that_is_there_is_replaced_as_a_whole() {
    let place = Place::new();
    fs::write(place.path("latency.json"), "old and long ".repeat(100_000)).expect("a file");
    assert_eq!(status(place.lab("one-core").args(["--out", "."])), Some(0));
    assert_eq!(place.names("."), ["latency.json", "latency.svg"]);
    let kept = fs::read_to_string(place.path("latency.json")).expect("written");
    serde_json::from_str::<Report>(&kept).expect("nothing of the old one");
}

#[test]
fn a_reader_who_goes_away_is_no_error() {
    let place = Place::new();
    let mut lab = place.lab("latency");
    let lab = lab
        .args(["--out", "o"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = lab.spawn().expect("the lab starts");
    drop(child.stdout.take());
    let mut said = String::new();
    let mut stderr = child.stderr.take().expect("a pipe");
    stderr.read_to_string(&mut said).expect("UTF-8");
    assert_eq!(child.wait().expect("a child").code(), Some(0));
    assert!(!said.contains("stdout"), "{said}");
    assert!(place.names("o").contains(&"latency.json".to_owned()));
}

#[test]
fn stdout_that_is_full_is_an_error() {
    let place = Place::new();
    let full = fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("a device");
    let mut lab = place.lab("latency");
    assert_eq!(status(lab.args(["--json"]).stdout(full)), Some(1));
}
