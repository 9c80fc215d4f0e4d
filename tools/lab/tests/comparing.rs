//! `cargo lab compare` on files made through the record types.

mod support;

use measure::record::{
    Clock, Errno, Failed, Floor, Floors, Kind, Machine, Mechanism, OpenLoop, Outcome, Payload,
    Refusal, Remark, Report, Times, Waiting,
};
use serde_json::{Value, json};
use std::{fs, io::Write as _, path::Path, process::Stdio};
use support::{Ran, elsewhere, lab, run};
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr as _;

fn report(kernel: &str, results: Vec<Outcome>) -> Report {
    Report {
        lab: "lab-latency".into(),
        version: 1,
        quick: true,
        date: "2026-11-24T13:40:00Z".into(),
        seconds: 5.0,
        machine: Machine {
            kernel: kernel.into(),
            architecture: "x86_64".into(),
            processor: "A processor with a name that is as long as such names are at 2.00GHz"
                .into(),
            processors: 2,
            virtual_machine: true,
            clock: Clock {
                source: "tsc".into(),
                cost_ns: 25.0,
                step_ns: 10.0,
            },
            limits: [("fs/mqueue/msgsize_max".into(), 8192)].into(),
        },
        raised: true,
        remarks: vec![Remark::Busy],
        floors: Floors {
            two_lines_ns: Some(100.0),
            memcpy_ns: [(8, 1.0), (4096, 80.0)].into(),
            ..Floors::default()
        },
        results,
    }
}

fn outcome(mechanism: Mechanism, size: usize, p50: f64) -> Outcome {
    Outcome {
        kind: Kind::RoundTrip,
        mechanism,
        waiting: Waiting::Spin,
        payload: Payload::Copied,
        cores: 2,
        size,
        batch: 1,
        messages: 1000,
        times: Times {
            p50_ns: Some(p50),
            ..Times::default()
        },
        messages_per_second: None,
        bytes_per_second: None,
        open_loop: None,
        cpu_ns: Some(p50),
        floor: Some(Floor::TwoLines),
        floor_ns: Some(100.0),
        times_floor: Some(p50 / 100.0),
        limit: None,
        failed: None,
    }
}

fn refusal(call: &str, number: i32, name: &str) -> Refusal {
    Refusal {
        call: call.into(),
        errno: Errno {
            number,
            name: name.into(),
            text: "a text".into(),
        },
    }
}

/// Everything that can stand in a file.
fn varied(kernel: &str, slower: f64) -> Report {
    let stream = Outcome {
        kind: Kind::Stream,
        times: Times::default(),
        messages_per_second: Some(129e6 / slower),
        batch: 64,
        ..outcome(Mechanism::Ring, 8, 0.0)
    };
    let times = Times {
        p99_ns: Some(9.1e6 * slower),
        ..Times::default()
    };
    let open_loop = Outcome {
        kind: Kind::OpenLoop,
        open_loop: Some(OpenLoop {
            rate: 1e6,
            reached: 9e5,
            naive: times,
            corrected: times,
        }),
        times_floor: None,
        ..outcome(Mechanism::PosixQueue, 64, 0.0)
    };
    let refused = Outcome {
        times: Times::default(),
        times_floor: None,
        failed: Some(Failed::Refused(refusal("mq_open", 22, "EINVAL"))),
        ..outcome(Mechanism::PosixQueue, 1 << 20, 0.0)
    };
    let raised = Outcome {
        limit: Some(refusal("mq_open", 22, "EINVAL")),
        ..outcome(Mechanism::PosixQueue, 65536, 36_000.0 * slower)
    };
    let lent = Outcome {
        payload: Payload::Lent,
        ..outcome(Mechanism::Ring, 4096, 1000.0 * slower)
    };
    let longest = Outcome {
        waiting: Waiting::SpinThenSleep,
        ..outcome(Mechanism::MutexCondvar, 4096, 47_000.0 * slower)
    };
    let ring = outcome(Mechanism::Ring, 8, 98.0 * slower);
    let results = vec![ring, stream, open_loop, refused, raised, lent, longest];
    report(kernel, results)
}

struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(elsewhere())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path().join(name), text).expect("written");
        self
    }

    fn report(&self, name: &str, report: &Report) -> &Self {
        self.write(name, serde_json::to_vec_pretty(report).expect("JSON"))
    }

    fn run(&self, args: &[&str]) -> Ran {
        run(self.path(), &[&["compare"], args].concat())
    }

    fn json(&self) -> Value {
        self.run(&["A.json", "B.json", "--json"]).json()
    }
}

#[test]
fn rows_are_paired_and_divided() {
    let files = Files::new();
    files.report("A.json", &varied("Linux 6.1.0", 1.0));
    files.report("B.json", &varied("Linux 6.18.0", 2.0));
    let found = files.json();
    assert_eq!(found["a"]["machine"]["kernel"], "Linux 6.1.0");
    assert_eq!(found["b"]["machine"]["kernel"], "Linux 6.18.0");
    let rows = found["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 7);
    for row in rows {
        let refused = !row["a"]["failed"].is_null();
        let expected = match row["kind"].as_str().expect("a kind") {
            _ if refused => Value::Null,
            "stream" => json!(0.5),
            _ => json!(2.0),
        };
        assert_eq!(row["ratio"], expected, "{row}");
    }
}

#[test]
fn a_row_of_one_file_is_shown_with_a_gap() {
    let files = Files::new();
    let pipe = outcome(Mechanism::Pipe, 8, 1.0);
    files.report(
        "A.json",
        &report("a", vec![pipe.clone(), outcome(Mechanism::Ring, 8, 1.0)]),
    );
    files.report(
        "B.json",
        &report("b", vec![pipe, outcome(Mechanism::SysvQueue, 8, 1.0)]),
    );
    let rows = files.json()["rows"].clone();
    let sides: Vec<_> = (0..3)
        .map(|at| {
            (
                rows[at]["mechanism"].clone(),
                rows[at]["a"].is_null(),
                rows[at]["b"].is_null(),
            )
        })
        .collect();
    let expected = [
        ("ring", false, true),
        ("sysv-queue", true, false),
        ("pipe", false, false),
    ];
    assert_eq!(sides, expected.map(|(name, a, b)| (json!(name), a, b)));
}

#[test]
fn the_table_fits_a_terminal_and_names_the_errno() {
    let files = Files::new();
    files.report("A.json", &varied("Linux 6.1.0", 1.0));
    files.report("B.json", &varied("Linux 6.18.0", 2.0));
    for language in ["vi", "en"] {
        let ran = files.run(&["A.json", "B.json", "--lang", language]);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
        for line in ran.stdout.lines() {
            assert!(line.width() <= 80, "{line}");
        }
        for figure in [
            "98.0 ns", "196 ns", "2.00", "0.98", "1.96", "1 MiB", "64 KiB", "129 M/s",
        ] {
            assert!(ran.stdout.contains(figure), "{figure}: {}", ran.stdout);
        }
        // Twice in the row; below it with the call, once for both sides, and once for
        // what had its limits raised.
        assert_eq!(ran.stdout.matches("EINVAL").count(), 4, "{}", ran.stdout);
        assert_eq!(
            ran.stdout.matches("mq_open: EINVAL: a text (22)").count(),
            2
        );
    }
}

#[test]
fn a_file_that_somebody_else_wrote_cannot_reach_the_terminal() {
    let files = Files::new();
    let mut a = varied("Linux \x1b[31m6.1", 1.0);
    a.machine.processor = "red\x1b]0;title\x07\r".into();
    a.results[3].failed = Some(Failed::Corrupt("\x1b[2J".into()));
    files.report("A.json", &a);
    files.report("B.json", &varied("Linux", 1.0));
    let ran = files.run(&["A.json", "B.json", "--color", "always"]);
    assert_eq!(ran.status, 0);
    for escape in ["\x1b[31m6", "\x1b]0", "\x07", "\r", "\x1b[2J"] {
        assert!(!ran.stdout.contains(escape), "{escape:?}");
    }
}

#[test]
fn what_is_no_measurement_is_refused() {
    let files = Files::new();
    let good = varied("Linux", 1.0);
    files.report("B.json", &good);
    let as_json = serde_json::to_value(&good).expect("JSON");
    let with = |key: &str, value: Value| {
        let mut json = as_json.clone();
        json[key] = value;
        json.to_string()
    };
    files
        .write("empty", "")
        .write("text", "no JSON")
        .write("cut", &as_json.to_string()[..900]);
    files
        .write("number", "7")
        .write("foreign", r#"{"lab": "lab-emsgsize", "version": 1}"#);
    files
        .write("newer", with("version", json!(2)))
        .write("part", with("results", json!([{}])));
    files.write("bytes", [0xff, 0xfe, 0x00]);
    fs::create_dir(files.path().join("folder")).expect("a folder");
    let names = [
        "empty", "text", "cut", "number", "foreign", "newer", "part", "bytes",
    ];
    let mut said = Vec::new();
    for name in names.into_iter().chain(["missing", "folder"]) {
        for order in [[name, "B.json"], ["B.json", name]] {
            let ran = files.run(&order);
            assert!(ran.refused(1).contains(name), "{}", ran.stderr);
            assert_ne!(
                ran.stderr,
                files.run(&[order[0], order[1], "--lang", "vi"]).stderr
            );
            said.push(ran.stderr.replace(name, ""));
        }
    }
    // A newer file is not called damaged, nor a foreign one.
    let of = |name: &str| {
        let at = names.iter().position(|n| *n == name).expect("known");
        said[2 * at].clone()
    };
    assert_ne!(of("newer"), of("part"));
    assert_ne!(of("newer"), of("foreign"));
    assert_eq!(of("number"), of("foreign"));
}

#[test]
fn two_labs_and_one_file_twice_are_refused() {
    let files = Files::new();
    let a = varied("Linux", 1.0);
    let mut b = a.clone();
    b.lab = "lab-throughput".into();
    files.report("A.json", &a).report("B.json", &b);
    let said = files.run(&["A.json", "B.json"]);
    let said = said.refused(1);
    assert!(said.contains("lab-latency") && said.contains("lab-throughput"));
    std::os::unix::fs::symlink("A.json", files.path().join("link")).expect("a link");
    for twice in [
        ["A.json", "A.json"],
        ["A.json", "link"],
        ["-", "-"],
        ["A.json", "./A.json"],
    ] {
        files.run(&twice).refused(1);
    }
}

#[test]
fn a_dash_is_standard_input() {
    let files = Files::new();
    files.report("B.json", &varied("Linux", 1.0));
    let mut command = lab(files.path(), &["compare", "-", "B.json", "--json"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("started");
    let text = serde_json::to_vec(&varied("from a pipe", 1.0)).expect("JSON");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(&text).expect("written");
    drop(stdin);
    let output = child.wait_with_output().expect("waited");
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(found["a"]["machine"]["kernel"], "from a pipe");
}

#[test]
fn files_without_results_compare_as_such() {
    let files = Files::new();
    files
        .report("A.json", &report("a", vec![]))
        .report("B.json", &report("b", vec![]));
    assert_eq!(files.run(&["A.json", "B.json"]).status, 0);
    assert_eq!(files.json()["rows"], json!([]));
}
