//! The readers' own tool: `cargo lab compare`, `errno`.
//!
//! [`cli`] says what can be asked, [`help`] and [`usage`] say it in the reader's
//! language, from [`messages`]. Each command is a module that turns data into text:
//! [`compare`] two measurements, [`errno`] the labs' records, which [`record`]
//! reads, [`runs`] takes and [`kept`] keeps.

pub mod cli;
pub mod compare;
pub mod errno;
pub mod help;
pub mod kept;
pub mod language;
pub mod messages;
pub mod output;
pub mod place;
pub mod programs;
pub mod project;
pub mod record;
pub mod runs;
pub mod table;
pub mod trouble;
pub mod usage;

use crate::{
    cli::{Cli, Task},
    messages::Messages,
    trouble::Trouble,
};
use clap::FromArgMatches as _;
use std::{ffi::OsString, io, process::ExitCode};

/// What `main` does with its words. Exit status: 0 done, 1 not found or not
/// possible, 2 wrong usage.
#[must_use]
pub fn run(words: Vec<OsString>) -> ExitCode {
    let messages = Messages::new(language::asked(&words));
    output::choose_color(&words);
    let mut command = help::localized(&messages);
    let parsed = command
        .try_get_matches_from_mut(words)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let result = match parsed {
        Ok(cli) => carry_out(&cli, &messages),
        Err(error) => usage::tell(&error, &messages),
    };
    match result {
        Ok(status) => status,
        // A reader who has seen enough: `cargo lab errno | head -1` is quiet.
        Err(Trouble::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(trouble) => {
            output::complain(&messages, &trouble.text(&messages));
            ExitCode::FAILURE
        }
    }
}

fn carry_out(cli: &Cli, messages: &Messages) -> Result<ExitCode, Trouble> {
    match &cli.task {
        Task::Compare(request) => compare::run(request, messages),
        Task::Errno(request) => errno::run(request, messages),
    }
}
