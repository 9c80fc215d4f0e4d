//! The labs as programs: builds them, and knows where cargo put them.

use crate::project::Project;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

/// What `cargo build` made.
#[derive(Debug, Default)]
pub struct Built {
    /// Each package's program.
    pub programs: BTreeMap<String, PathBuf>,
    /// Each library's rlib, by crate name.
    pub libraries: BTreeMap<String, PathBuf>,
}

#[derive(Deserialize)]
struct Message {
    target: Option<Target>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// Builds `labs` (folder names), as `cargo run -p lab-…` would. cargo's own
/// progress goes to the terminal.
///
/// # Errors
/// Where they do not compile; cargo has said why.
pub fn build(project: &Project, labs: &[String]) -> Result<Built> {
    if labs.is_empty() {
        return Ok(Built::default());
    }
    let mut command = cargo(project);
    command.args(["build", "--message-format=json-render-diagnostics"]);
    for lab in labs {
        command.args(["--package", &format!("lab-{lab}")]);
    }
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .context("cargo cannot be started")?;
    if !output.status.success() {
        bail!("the labs do not compile: see cargo's words above");
    }
    let mut built = Built::default();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(Message {
            target: Some(target),
            filenames,
            executable,
        }) = serde_json::from_str(line)
        else {
            continue;
        };
        if let Some(program) = executable {
            built.programs.insert(target.name, program);
        } else if let Some(rlib) = filenames
            .into_iter()
            .find(|file| file.extension().is_some_and(|e| e == "rlib"))
        {
            built.libraries.insert(target.name.replace('-', "_"), rlib);
        }
    }
    Ok(built)
}

/// The cargo that runs us, in the project's folder.
#[must_use]
pub fn cargo(project: &Project) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&project.root);
    command
}
