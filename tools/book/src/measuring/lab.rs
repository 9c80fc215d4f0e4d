//! A lab that is asked for figures.
//!
//! Not through mdbook-cmdrun, as what pages run is: a report is data, on a stdout of
//! its own, and in no page.

use crate::live::{self, End};
use nix::{sys::signal::kill, unistd::Pid};
use std::{
    ffi::OsStr,
    io::Read,
    path::Path,
    process::{Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

/// More than this is no report.
const OUTPUT_MAX: u64 = 16 << 20;

/// One question.
pub struct Ask<'a> {
    pub program: &'a Path,
    pub args: &'a [&'a OsStr],
    pub limit: Duration,
}

/// The answer.
pub struct Said {
    pub stdout: String,
    pub stderr: String,
    pub end: End,
}

impl Ask<'_> {
    /// # Errors
    /// What cannot be said of a process of this machine.
    pub fn said(&self) -> Result<Said, String> {
        let child = Command::new(self.program)
            .args(self.args)
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // In our process group: Ctrl-C ends what keeps the processors busy, too.
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => {
                return Ok(Said {
                    stdout: String::new(),
                    stderr: String::new(),
                    end: End::Absent(error.to_string()),
                });
            }
        };
        let pid = i32::try_from(child.id()).map_err(|error| error.to_string())?;
        let (stdout, stderr) = (read(child.stdout.take()), read(child.stderr.take()));
        let status = live::wait(child, self.limit, |signal| {
            let _ = kill(Pid::from_raw(pid), signal);
        });
        let status = status.map_err(|error| format!("{error:#}"))?;
        // Whoever has inherited a pipe may hold it for longer than we wait.
        let text = |pipe: Receiver<Vec<u8>>| {
            let bytes = pipe
                .recv_timeout(Duration::from_secs(2))
                .unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Ok(Said {
            stdout: text(stdout),
            stderr: text(stderr),
            end: live::ended(status, self.limit),
        })
    }
}

impl Said {
    /// Why it measured nothing: its last line, below any advice.
    pub fn reason(&self) -> String {
        let lines = self.stderr.lines().rev().map(str::trim);
        let mut lines = lines.filter(|line| !line.is_empty());
        lines.next().unwrap_or_default().to_owned()
    }

    /// How it ended, and what it said, of a lab that did not do what it should.
    pub fn how(&self) -> String {
        let ended = match &self.end {
            End::Exit(0) => "printed nothing that a page could show".to_owned(),
            End::Exit(status) => format!("ended with status {status}"),
            End::Signal(signal) => format!("was ended by signal {signal}"),
            End::TimeOut(limit) => format!("did not end within {} s", limit.as_secs_f32()),
            End::Absent(why) => format!("cannot be started: {why}"),
        };
        format!("{ended}\n{}", self.stderr.trim_end())
    }
}

/// All of a pipe, in a thread, so that a program that fills the other one goes on.
fn read(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (done, bytes) = mpsc::channel();
    thread::spawn(move || {
        let mut read = Vec::new();
        if let Some(pipe) = pipe {
            let _ = pipe.take(OUTPUT_MAX).read_to_end(&mut read);
        }
        let _ = done.send(read);
    });
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, limit: Duration) -> Said {
        Ask {
            program: Path::new("/bin/sh"),
            args: &["-c".as_ref(), script.as_ref()],
            limit,
        }
        .said()
        .expect("said")
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn both_streams_are_kept_apart() {
        let said = sh("echo report; echo word >&2; exit 3", LONG);
        let streams = (said.stdout.as_str(), said.stderr.as_str());
        assert_eq!((streams, said.end), (("report\n", "word\n"), End::Exit(3)));
    }

    #[test]
    fn the_reason_is_the_last_thing_that_it_said() {
        let said = sh("echo advice >&2; echo reason >&2; echo >&2; exit 3", LONG);
        assert_eq!(said.reason(), "reason");
        assert_eq!(sh("exit 3", LONG).reason(), "");
    }

    #[test]
    fn more_than_a_pipe_holds_comes_through_either() {
        let said = sh(
            "head -c 200000 /dev/zero >&2; head -c 300000 /dev/zero",
            LONG,
        );
        assert_eq!((said.stdout.len(), said.stderr.len()), (300_000, 200_000));
    }

    #[test]
    fn what_does_not_end_is_ended() {
        for script in [
            "exec sleep 1000",
            "trap '' TERM; while :; do sleep 0.1; done",
        ] {
            let said = sh(script, Duration::from_millis(200));
            assert!(matches!(said.end, End::TimeOut(_)), "{script}");
        }
    }

    #[test]
    fn what_is_not_there_is_said() {
        let ask = Ask {
            program: Path::new("/no/such"),
            args: &[],
            limit: LONG,
        };
        assert!(matches!(ask.said().expect("said").end, End::Absent(_)));
    }
}
