//! The labs as programs: builds them, and knows where cargo put them.

use crate::{project::Project, trouble::Trouble};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

/// Each package's program.
pub type Programs = BTreeMap<String, PathBuf>;

#[derive(Deserialize)]
struct Message {
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// Builds the packages `labs`, as `cargo run -p lab-…` would. cargo's own progress
/// goes to the terminal.
///
/// # Errors
/// Where they do not compile; cargo has said why.
pub fn build(project: &Project, labs: &[String]) -> Result<Programs, Trouble> {
    if labs.is_empty() {
        return Ok(Programs::new());
    }
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(&project.root)
        .args(["build", "--message-format=json-render-diagnostics"])
        .stderr(Stdio::inherit());
    for lab in labs {
        command.args(["--package", lab]);
    }
    let output = command
        .output()
        .map_err(|error| Trouble::file("programs-no-cargo", "cargo".as_ref(), error))?;
    if !output.status.success() {
        return Err(Trouble::new("programs-not-built"));
    }
    let lines = String::from_utf8_lossy(&output.stdout);
    let messages = lines
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    Ok(messages
        .filter_map(|message: Message| Some((message.target?.name, message.executable?)))
        .filter(|(name, _)| labs.contains(name))
        .collect())
}
