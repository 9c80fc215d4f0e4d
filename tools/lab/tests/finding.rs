//! `cargo lab errno`: on a small project whose lab does what a test needs, and on
//! the labs of this book.

mod support;

use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use support::{Ran, clone, elsewhere, lab, run};
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr as _;

/// A lab without any dependency, which counts its runs in a file beside it.
const SPECIMEN: &str = r##"
use std::io::Write;
const ENDED: &str = r#""call":"mq_send","errno":{"number":90,"name":"EMSGSIZE","text":"t"},"exit_status":0,"reason":null"#;
const FINE: &str = r#""call":null,"errno":null,"exit_status":0,"reason":null"#;
const OTHERWISE: &str = r#""call":"mq_open","errno":{"number":24,"name":"EMFILE","text":"t"},"exit_status":1,"reason":null"#;
const HIDDEN: &str = r#""call":"unshare","errno":{"number":1,"name":"EPERM","text":"t"},"exit_status":3,"reason":{"vi":"lý do","en":"reason"}"#;
fn case(name: &str) -> String {
    let promise = r#"{"ending":"errno","call":"mq_send","errno":{"number":90,"name":"EMSGSIZE","text":"t"}}"#;
    format!(r#"{{"name":"{name}","title":{{"vi":"tên {name}","en":"title {name}"}},"limit_ms":1000,
        "broken":{{"promise":{promise},"told":{{"vi":"kể","en":"told"}}}},
        "fixed":{{"promise":{{"ending":"success"}},"told":{{"vi":"sửa","en":"mended"}}}}}}"#).replace('\n', "")
}
fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words[0] == "list" {
        let cases: Vec<_> = CASES.iter().map(|name| case(name)).collect();
        return println!(r#"{{"lab":"lab-specimen","title":{{"vi":"t","en":"t"}},"summary":{{"vi":"s","en":"s"}},"chapter":"queues/x","cases":[{}]}}"#, cases.join(","));
    }
    let mut log = std::fs::OpenOptions::new().append(true).create(true).open(concat!(env!("CARGO_MANIFEST_DIR"), "/../../runs")).unwrap();
    writeln!(log, "{}", words.join(" ")).unwrap();
    let (variant, case) = (&words[0], &words[1]);
    let end = match (variant.as_str(), case.as_str()) {
        (_, "mute") => return,
        ("fixed", _) => FINE,
        (_, "otherwise") => OTHERWISE,
        (_, "hidden") => HIDDEN,
        _ => ENDED,
    };
    let output = if variant == "fixed" { r"peer: mq_open: EEXIST: File exists (17): removing it\n" } else { "" };
    println!(r#"{{"lab":"lab-specimen","case":"{case}","variant":"{variant}",{end},"output":"{output}"}}"#);
}
"##;

struct Project(TempDir);

impl Project {
    /// With one lab of these cases.
    fn new(cases: &[&str]) -> Self {
        let project = Self(elsewhere());
        project.write("book.toml", "");
        project.write(
            "Cargo.toml",
            "[workspace]\nmembers = [\"labs/specimen\"]\nresolver = \"3\"\n",
        );
        project.write(
            "labs/specimen/Cargo.toml",
            "[package]\nname = \"lab-specimen\"\nedition = \"2024\"\n",
        );
        project.write("labs/specimen/lab.toml", "");
        // What tells it from a lab that measures; nothing includes it.
        project.write("labs/specimen/src/broken.rs", "");
        project.cases(cases);
        project
    }

    fn cases(&self, cases: &[&str]) {
        let source = format!("const CASES: &[&str] = &{cases:?};{SPECIMEN}");
        self.write("labs/specimen/src/main.rs", &source);
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.root().join(file);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("written");
    }

    fn run(&self, args: &[&str]) -> Ran {
        let mut command = lab(self.root(), &[&["errno"], args].concat());
        command.env_remove("CARGO_TARGET_DIR");
        Ran::of(command)
    }

    /// How many programs have run since the last time.
    fn runs(&self) -> usize {
        let file = self.root().join("runs");
        let count = fs::read_to_string(&file)
            .unwrap_or_default()
            .lines()
            .count();
        let _ = fs::remove_file(file);
        count
    }
}

/// Each `(way, call, case, variant)` of one errno in the answer to `--json`.
fn shown(found: &Value) -> BTreeSet<(String, String, String, String)> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let all = found["errnos"][0]["shown"].as_array().expect("a list");
    all.iter()
        .map(|s| {
            (
                word(&s["way"]),
                word(&s["call"]),
                word(&s["case"]),
                word(&s["variant"]),
            )
        })
        .collect()
}

fn seen<const N: usize>(all: [[&str; 4]; N]) -> BTreeSet<(String, String, String, String)> {
    all.map(|s| s.map(str::to_owned))
        .map(|[a, b, c, d]| (a, b, c, d))
        .into()
}

#[test]
fn a_run_is_indexed_by_what_it_showed() {
    let project = Project::new(&["one", "hidden", "otherwise", "mute"]);
    let ran = project.run(&["EMSGSIZE", "--json"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let expected = seen([
        ["ended", "mq_send", "one", "broken"],
        ["hidden", "mq_send", "hidden", "broken"],
        ["missed", "mq_send", "otherwise", "broken"],
    ]);
    assert_eq!(shown(&ran.json()), expected);
    // The one that left no record is named, not dropped.
    assert!(
        ran.stderr.contains("lab-specimen broken mute"),
        "{}",
        ran.stderr
    );

    let instead = project.run(&["24", "--json"]).json();
    assert_eq!(
        shown(&instead),
        seen([["instead", "mq_open", "otherwise", "broken"]])
    );
    assert_eq!(instead["hidden"][0]["reason"]["vi"], "lý do");
    assert_eq!(instead["hidden"][0]["promise"]["call"], "mq_send");

    let passed = project.run(&["EEXIST", "--json"]).json();
    let expected = ["one", "hidden", "otherwise"].map(|case| ["passed", "mq_open", case, "fixed"]);
    assert_eq!(shown(&passed), seen(expected));

    // What kept a lab from running is no answer of a lab.
    assert_eq!(project.run(&["EPERM"]).status, 1);

    let list = project.run(&[]);
    assert_eq!(list.status, 0);
    for part in [
        "EMSGSIZE",
        "EMFILE",
        "EEXIST",
        "lab-specimen, hidden",
        "reason",
    ] {
        assert!(list.stdout.contains(part), "{part}: {}", list.stdout);
    }
    let one = project.run(&["EMSGSIZE", "--lang", "vi"]).stdout;
    for part in [
        "tên one",
        "kể",
        "lý do",
        "cargo run -p lab-specimen -- broken one",
        "src/vi/queues/x.md",
    ] {
        assert!(one.contains(part), "{part}: {one}");
    }
}

#[test]
fn programs_run_again_only_where_something_has_changed() {
    let project = Project::new(&["one", "hidden"]);
    assert_eq!(project.run(&["EMSGSIZE"]).status, 0);
    assert_eq!(project.runs(), 4);
    let again = project.run(&["EEXIST"]);
    assert_eq!((again.status, project.runs()), (0, 0));
    assert_eq!(again.stderr, "", "cargo is not asked");
    assert_eq!(
        (project.run(&["EEXIST", "--fresh"]).status, project.runs()),
        (0, 4)
    );
    // An edit, another limit of the user, a damaged file.
    project.cases(&["one", "hidden", "two"]);
    assert_eq!((project.run(&["EMSGSIZE"]).status, project.runs()), (0, 6));
    let limited = std::process::Command::new("sh")
        .args([
            "-c",
            "ulimit -S -n 100; exec \"$0\" errno EMSGSIZE",
            env!("CARGO_BIN_EXE_lab"),
        ])
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(project.root())
        .output()
        .expect("started");
    assert!(limited.status.success());
    assert_eq!(project.runs(), 6);
    assert_eq!((project.run(&["EMSGSIZE"]).status, project.runs()), (0, 6));
    for file in kept(&project) {
        fs::write(file, "{").expect("written");
    }
    assert_eq!((project.run(&["EMSGSIZE"]).status, project.runs()), (0, 6));
    assert_eq!((project.run(&["EMSGSIZE"]).status, project.runs()), (0, 0));
}

fn kept(project: &Project) -> Vec<PathBuf> {
    let users = fs::read_dir(project.root().join("target/lab/records")).expect("a folder");
    let folders = users.map(|user| fs::read_dir(user.expect("a user").path()).expect("a folder"));
    folders
        .flatten()
        .map(|file| file.expect("a file").path())
        .collect()
}

#[test]
fn what_came_out_otherwise_is_not_kept() {
    let project = Project::new(&["otherwise"]);
    for _ in 0..2 {
        assert_eq!(project.run(&["EMFILE"]).status, 0);
        assert_eq!(project.runs(), 2);
    }
}

#[test]
fn where_nothing_can_be_kept_the_answer_comes_all_the_same() {
    let project = Project::new(&["one"]);
    project.write("target/lab", "not a folder");
    let ran = project.run(&["EMSGSIZE"]);
    assert_eq!(ran.status, 0);
    assert!(ran.stdout.contains("lab-specimen"));
    assert!(ran.stderr.contains("ENOTDIR"), "{}", ran.stderr);
}

#[test]
fn labs_that_do_not_compile_are_a_failure() {
    let project = Project::new(&["one"]);
    project.write("labs/specimen/src/main.rs", "fn main() { nonsense }");
    project.run(&["EMSGSIZE"]).refused(1);
}

#[test]
fn a_project_without_labs_shows_nothing() {
    let project = Project::new(&["one"]);
    fs::remove_file(project.root().join("labs/specimen/lab.toml")).expect("removed");
    assert_eq!(project.run(&["EMSGSIZE"]).status, 1);
    assert_eq!(project.runs(), 0);
}

#[test]
fn a_word_that_is_no_errno_needs_no_labs() {
    let folder = elsewhere();
    for (word, near) in [
        ("EMFLIE", Some("EMFILE")),
        ("xyzzy", None),
        ("4242", None),
        ("", None),
    ] {
        let ran = run(folder.path(), &["errno", word]);
        let said = ran.refused(1);
        if let Some(near) = near {
            assert!(said.contains(near), "{said}");
        }
    }
    let json = run(folder.path(), &["errno", "EMFLIE", "--json"]);
    assert_eq!(
        (json.status, &json.json()["asked"]),
        (1, &Value::from("EMFLIE"))
    );
}

/// The labs of this book, really built and run.
#[test]
fn the_book_answers_from_its_labs() {
    let root = clone();
    let errno = |args: &[&str]| run(&root, &[&["errno"], args].concat());
    let found = errno(&["EMSGSIZE", "--json"]);
    assert_eq!(found.status, 0, "{}", found.stderr);
    let by_lab = |found: &Value, lab: &str| {
        let mut found = found.clone();
        let shown = found["errnos"][0]["shown"].as_array_mut().expect("a list");
        shown.retain(|sighting| sighting["lab"] == lab);
        found
    };
    let expected = seen([
        ["ended", "mq_send", "send", "broken"],
        ["ended", "mq_receive", "receive", "broken"],
    ]);
    assert_eq!(shown(&by_lab(&found.json(), "lab-emsgsize")), expected);

    // However it is asked for.
    for words in [
        &["24"][..],
        &["too many open files"],
        &["Quá", "nhiều", "tập", "tin", "đang", "mở"],
        &["qua nhieu tap tin dang mo"],
    ] {
        let found = errno(&[words, &["--json"]].concat()).json();
        assert_eq!(found["errnos"][0]["name"], "EMFILE", "{words:?}");
        let calls = shown(&by_lab(&found, "lab-einval"));
        assert!(
            calls.iter().any(|(_, call, ..)| call == "mq_open"),
            "{words:?}"
        );
    }

    // Every errno that a lab shows has a text in both languages.
    let all = errno(&["--json"]).json();
    let all = all["errnos"].as_array().expect("a list");
    assert!(all.len() > 10);
    for errno in all {
        for language in ["vi", "en"] {
            let text = errno["text"][language].as_str();
            assert!(text.is_some_and(|text| !text.is_empty()), "{errno}");
        }
    }

    // Linux knows it, no lab shows it.
    let unseen = errno(&["EXDEV"]);
    assert_eq!(unseen.status, 1);
    assert!(unseen.stdout.contains("EXDEV (18)"));

    // Several match: a list, in which each is named.
    let several = errno(&["too many open"]);
    assert_eq!(several.status, 0);
    assert!(several.stdout.contains("EMFILE") && several.stdout.contains("ENFILE"));

    for language in ["vi", "en"] {
        for word in [&["EAGAIN"][..], &[]] {
            let text = errno(&[word, &["--lang", language]].concat()).stdout;
            for line in text.lines().filter(|line| !line.contains("cargo run")) {
                assert!(line.width() <= 80, "{line}");
            }
        }
    }
}
