//! Runs one command for the book, under mdbook-cmdrun, with a time limit.
//!
//! mdbook-cmdrun starts a command through sh(1), keeps its stdout and drops the
//! rest: stderr, signals, the exit status where none was expected. So what it
//! starts is this program again (`book live JOB`), which runs the lab with both
//! streams in one pipe, in the order of the writes, ends it when its time is up,
//! and leaves what happened in a file beside the job.

use anyhow::{Context, Result, bail};
use mdbook_cmdrun::CmdRun;
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use serde::{Deserialize, Serialize};
use std::{
    env, fs,
    io::{Read as _, Write as _},
    os::unix::process::{CommandExt as _, ExitStatusExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// More output than this is cut off: no reader wants more on a page.
const OUTPUT_MAX: u64 = 1 << 20;

/// A program to run.
#[derive(Debug, Serialize, Deserialize)]
pub struct Job {
    pub program: PathBuf,
    pub args: Vec<String>,
    pub limit: Duration,
}

/// What happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    Exit(i32),
    Signal(i32),
    TimeOut(Duration),
    /// It could not be started.
    Absent(String),
}

/// A job's output and end.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub output: String,
    pub end: End,
}

/// Runs `job` through mdbook-cmdrun.
///
/// # Errors
/// Where the folder for the job cannot be written, or mdbook-cmdrun cannot run
/// anything at all.
pub fn run(job: &Job) -> Result<Outcome> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let file = folder.path().join("job.json");
    fs::write(&file, serde_json::to_vec(job)?)?;
    let book = env::current_exe().context("where is this program?")?;
    let command = format!("{} live {}", quote(&book)?, quote(&file)?);
    let output = CmdRun::run_on_content(&format!("<!-- cmdrun {command} -->\n"), ".")?;
    let end = fs::read(file.with_extension("end"))
        .with_context(|| format!("mdbook-cmdrun could not run the command: {output}"))?;
    Ok(Outcome {
        output,
        end: serde_json::from_slice(&end)?,
    })
}

/// A path as one word for sh(1) and for mdbook-cmdrun's comment.
fn quote(path: &Path) -> Result<String> {
    let text = path.to_str().context("a path is not UTF-8")?;
    if text.contains("-->") {
        bail!("move the project: its path contains \"-->\", which ends a comment");
    }
    Ok(format!("'{}'", text.replace('\'', r"'\''")))
}

/// `book live JOB`: what mdbook-cmdrun starts.
///
/// # Errors
/// Where the job cannot be read or its end cannot be written.
pub fn main(file: &Path) -> Result<()> {
    let job: Job = serde_json::from_slice(&fs::read(file)?)?;
    let (output, end) = supervise(&job)?;
    std::io::stdout().write_all(&output)?;
    fs::write(file.with_extension("end"), serde_json::to_vec(&end)?)?;
    Ok(())
}

fn supervise(job: &Job) -> Result<(Vec<u8>, End)> {
    let (mut read, write) = std::io::pipe()?;
    let child = Command::new(&job.program)
        .args(&job.args)
        // The book must not change with the language of whoever builds it.
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(write.try_clone()?)
        .stderr(write)
        .process_group(0)
        .spawn();
    let child = match child {
        Ok(child) => child,
        Err(error) => return Ok((Vec::new(), End::Absent(error.to_string()))),
    };
    let group = Pid::from_raw(i32::try_from(child.id())?);

    // Read in a thread, so that a program that never closes its output cannot
    // keep us past the limit.
    let (done, output) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = read.by_ref().take(OUTPUT_MAX).read_to_end(&mut bytes);
        let _ = done.send(bytes);
        let _ = std::io::copy(&mut read, &mut std::io::sink());
    });
    let status = wait(child, job.limit, |signal| {
        let _ = killpg(group, signal);
    })?;
    // Whatever it left running has nobody to talk to any more.
    let _ = killpg(group, Signal::SIGKILL);
    let output = output
        .recv_timeout(Duration::from_secs(2))
        .unwrap_or_default();
    Ok((output, ended(status, job.limit)))
}

/// Waits for `child`; past the limit it is asked to end, so that a lab removes its
/// objects first, and ended if it does not: then there is no status.
pub(crate) fn wait(
    mut child: Child,
    limit: Duration,
    send: impl Fn(Signal),
) -> Result<Option<ExitStatus>> {
    let (ended, end) = mpsc::channel();
    thread::spawn(move || ended.send(child.wait()));
    if let Ok(status) = end.recv_timeout(limit) {
        return Ok(Some(status?));
    }
    send(Signal::SIGTERM);
    if end.recv_timeout(Duration::from_secs(2)).is_err() {
        send(Signal::SIGKILL);
    }
    Ok(None)
}

/// How a program ended that had `limit`.
pub(crate) fn ended(status: Option<ExitStatus>, limit: Duration) -> End {
    let Some(status) = status else {
        return End::TimeOut(limit);
    };
    match (status.code(), status.signal()) {
        (Some(code), _) => End::Exit(code),
        (None, Some(signal)) => End::Signal(signal),
        (None, None) => End::Exit(-1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, limit: Duration) -> (String, End) {
        let args = ["-c".to_owned(), script.to_owned()];
        let job = Job {
            program: "/bin/sh".into(),
            args: args.into(),
            limit,
        };
        let (output, end) = supervise(&job).expect("supervised");
        (String::from_utf8(output).expect("text"), end)
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn both_streams_keep_their_order() {
        let (output, end) = sh("echo 1; echo 2 >&2; echo 3; exit 4", LONG);
        assert_eq!((output.as_str(), end), ("1\n2\n3\n", End::Exit(4)));
    }

    #[test]
    fn a_signal_is_told_apart() {
        let (output, end) = sh("echo before; kill -SEGV $$", LONG);
        assert_eq!((output.as_str(), end), ("before\n", End::Signal(11)));
    }

    #[test]
    fn what_hangs_is_ended() {
        let limit = Duration::from_millis(200);
        let (output, end) = sh("echo before; trap '' TERM; sleep 1000 & wait", limit);
        assert_eq!((output.as_str(), end), ("before\n", End::TimeOut(limit)));
    }

    #[test]
    fn what_is_not_there_is_said() {
        let job = Job {
            program: "/no/such".into(),
            args: vec![],
            limit: LONG,
        };
        assert!(matches!(
            supervise(&job).expect("supervised").1,
            End::Absent(_)
        ));
    }

    #[test]
    fn a_path_is_one_word() {
        assert_eq!(
            quote(Path::new("/a b/it's")).expect("fine"),
            r"'/a b/it'\''s'"
        );
        assert!(quote(Path::new("/a-->b")).is_err());
    }
}
