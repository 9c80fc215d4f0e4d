//! The real program, as a reader runs it.

#![allow(dead_code, reason = "each test file uses a part of this")]

use std::{
    path::Path,
    process::{Command, Output},
};

/// `cargo lab ARGS…` in `folder`, in an environment that says nothing of language
/// or colour.
pub fn lab(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
    command.args(args).current_dir(folder);
    for name in [
        "LC_ALL",
        "LC_MESSAGES",
        "LANG",
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
    ] {
        command.env_remove(name);
    }
    command
}

/// The same, run to its end.
pub fn run(folder: &Path, args: &[&str]) -> Ran {
    Ran::of(lab(folder, args))
}

/// What a run left.
pub struct Ran {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    pub fn of(mut command: Command) -> Self {
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().expect("started");
        Self {
            status: status.code().expect("not killed"),
            stdout: String::from_utf8(stdout).expect("UTF-8"),
            stderr: String::from_utf8(stderr).expect("UTF-8"),
        }
    }

    /// The JSON that it printed.
    pub fn json(&self) -> serde_json::Value {
        let parsed = serde_json::from_str(&self.stdout);
        parsed.unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }

    /// Ended with this status, and nothing but words on stderr.
    pub fn refused(&self, status: i32) -> &str {
        assert_eq!(self.status, status, "{}{}", self.stdout, self.stderr);
        assert_eq!(self.stdout, "");
        assert!(!self.stderr.trim().is_empty());
        &self.stderr
    }
}

/// A folder that is not in the clone, and goes with the value.
pub fn elsewhere() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// The clone.
pub fn clone() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
