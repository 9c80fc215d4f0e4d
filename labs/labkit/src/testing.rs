//! For the tests of labs: runs the real program as a person would.
//!
//! ```no_run
//! # use labkit::testing::Bin;
//! # use nix::errno::Errno;
//! # const LAB: Bin = Bin("/path/to/lab-emsgsize"); // env!("CARGO_BIN_EXE_lab-emsgsize")
//! LAB.run(["broken", "send"]).shows("mq_send", Errno::EMSGSIZE);
//! ```

mod place;

use nix::{
    errno::Errno,
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use std::{
    ffi::OsStr,
    fs,
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A lab's program, by its path.
#[derive(Clone, Copy)]
pub struct Bin(pub &'static str);

impl Bin {
    /// A command of it, in English whatever the environment says.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.0);
        command.env("LC_ALL", "C.UTF-8");
        command
    }

    /// Runs it, and gives back its output.
    ///
    /// # Panics
    /// Where it cannot be started.
    pub fn output<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Output {
        self.command().args(args).output().expect("the lab starts")
    }

    /// Runs it with `--json`.
    ///
    /// # Panics
    /// Where it does not print one record and nothing else.
    pub fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Run {
        Run::of(self.command().args(args).arg("--json"))
    }

    /// Runs it with `--json`, and kills the first process that its program forks as
    /// soon as that is there: the program must end all the same, in the time limit
    /// of its case. Only for programs that wait for that process; others may be over
    /// before it is seen.
    ///
    /// # Panics
    /// Where no such process comes, or the lab prints no record.
    pub fn run_bereft<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Run {
        let mut command = self.command();
        command.args(args).arg("--json");
        let mut lab = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the lab starts");
        let patience = Instant::now() + Duration::from_secs(10);
        let peer = loop {
            let program = children(lab.id()).into_iter().next();
            if let Some(peer) = program.and_then(|pid| children(pid).into_iter().next()) {
                break peer;
            }
            let over = lab.try_wait().expect("a child").is_some() || Instant::now() > patience;
            assert!(
                !over,
                "the program forked nobody, or was over before it was seen"
            );
            thread::sleep(Duration::from_millis(1));
        };
        let pid = Pid::from_raw(i32::try_from(peer).expect("a pid"));
        // It may have ended by itself already.
        let _ = kill(pid, Signal::SIGKILL);
        Run::of_output(&lab.wait_with_output().expect("the lab ends"))
    }

    /// Asserts that title, summary and every case's texts are there in both
    /// languages, and that chapter and man pages are named.
    ///
    /// # Panics
    /// At the first that is missing.
    pub fn is_described(&self) {
        let output = self.output(["list", "--json"]);
        let list: Value = serde_json::from_slice(&output.stdout).expect("list --json is JSON");
        let mut texts = vec![list["title"].clone(), list["summary"].clone()];
        for case in list["cases"].as_array().expect("cases") {
            texts.extend(
                [
                    &case["title"],
                    &case["broken"]["told"],
                    &case["fixed"]["told"],
                ]
                .map(Clone::clone),
            );
        }
        for text in texts {
            for code in ["vi", "en"] {
                assert!(
                    text[code].as_str().is_some_and(|t| !t.trim().is_empty()),
                    "{code} in {text}"
                );
            }
        }
        assert!(
            list["chapter"].as_str().is_some_and(|c| !c.is_empty()),
            "chapter in {list}"
        );
        assert!(
            list["man"].as_array().is_some_and(|m| !m.is_empty()),
            "man in {list}"
        );
    }
}

/// The children of a process with one thread, as proc(5) lists them.
fn children(pid: u32) -> Vec<u32> {
    let list = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let list = list.unwrap_or_default();
    list.split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .collect()
}

/// One run, by its record.
#[derive(Debug)]
pub struct Run {
    pub record: Value,
    pub status: Option<i32>,
    pub stderr: String,
}

impl Run {
    /// Runs `command`, which must print one record and nothing else on stdout.
    ///
    /// # Panics
    /// Where it does not.
    pub fn of(command: &mut Command) -> Self {
        Self::of_output(&command.output().expect("the lab starts"))
    }

    /// Reads what a lab has printed.
    ///
    /// # Panics
    /// Where that is not one record and nothing else.
    pub fn of_output(output: &Output) -> Self {
        let text = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!stderr.contains("panicked at"), "{stderr}");
        let record = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{error} in the record {text:?}; stderr {stderr:?}"));
        Self {
            record,
            status: output.status.code(),
            stderr,
        }
    }

    /// Reads a record that a script has passed on, without the lab's status.
    ///
    /// # Panics
    /// Where that is not one record and nothing else.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let record: Value =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text:?}"));
        let status = record["exit_status"].as_i64();
        Self {
            record,
            status: status.and_then(|status| status.try_into().ok()),
            stderr: String::new(),
        }
    }

    /// What the program itself printed.
    #[must_use]
    pub fn program_output(&self) -> &str {
        self.record["output"].as_str().unwrap_or_default()
    }

    /// Asserts that `call` failed with `errno`, as promised, that the program's
    /// last line says just that, and that nothing is left behind.
    pub fn shows(self, call: &str, errno: Errno) -> Self {
        let run = self.answers(call, errno).ends("errno", 0);
        let told = &run.record["errno"];
        let text = |key: &str| told[key].as_str().unwrap_or_default();
        let line = format!(
            "{call}: {}: {} ({})",
            text("name"),
            text("text"),
            told["number"]
        );
        assert_eq!(
            run.program_output().lines().last(),
            Some(&*line),
            "{run:#?}"
        );
        run
    }

    /// Asserts that the lab says that it cannot be shown here, why, in both
    /// languages, and that nothing is left behind.
    pub fn cannot_be_shown(self, call: &str, errno: Errno) -> Self {
        for language in ["vi", "en"] {
            let reason = self.record["reason"][language].as_str().unwrap_or_default();
            assert!(reason.contains(&format!("{errno:?}")), "{self:#?}");
        }
        let ending = self.record["ending"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        self.answers(call, errno).ends(&ending, 3)
    }

    fn answers(self, call: &str, errno: Errno) -> Self {
        assert_eq!(self.record["call"], call, "{self:#?}");
        assert_eq!(self.record["errno"]["number"], errno as i32, "{self:#?}");
        self
    }

    /// Asserts that the program ended well, and left nothing behind.
    pub fn works(self) -> Self {
        self.ends("success", 0)
    }

    /// Asserts the kind of ending and the lab's exit status, and that nothing is
    /// left behind.
    pub fn ends(self, ending: &str, status: i32) -> Self {
        assert_eq!(self.record["ending"], ending, "{self:#?}");
        assert_eq!(self.status, Some(status), "{self:#?}");
        assert_eq!(self.record["exit_status"], status, "{self:#?}");
        assert_eq!(self.record["left"], serde_json::json!([]), "{self:#?}");
        self
    }
}
