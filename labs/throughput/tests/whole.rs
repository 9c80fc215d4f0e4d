//! A whole quick run of the real program: every row has a rate, or the kernel's reason.

use measure::record::{Failed, Kind, Report};
use std::process::{Command, Stdio};

#[test]
fn every_stream_has_a_rate_or_a_reason() {
    let output = Command::new(env!("CARGO_BIN_EXE_lab-throughput"))
        .args(["--quick", "--json"])
        .stdin(Stdio::null())
        .output()
        .expect("the lab starts");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let report: Report = serde_json::from_slice(&output.stdout).expect("a report");
    assert!(!report.results.is_empty());
    for row in &report.results {
        assert_eq!(row.kind, Kind::Stream);
        match &row.failed {
            None => assert!(
                row.messages_per_second.is_some_and(|rate| rate > 0.0),
                "{row:?}"
            ),
            Some(Failed::Refused(_)) => assert_eq!(row.messages, 0),
            Some(failed) => panic!("{failed:?} in {row:?}"),
        }
    }
}
