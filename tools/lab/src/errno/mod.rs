//! `cargo lab errno WORD`: what an errno is, which calls of the book answer it, and
//! which lab shows that.

pub mod find;
pub mod index;
pub mod json;
pub mod lines;
pub mod listing;
pub mod progress;
pub mod show;
pub mod texts;

use crate::{
    cli::Errno,
    kept::{self, Records},
    messages::Messages,
    output::{self, remark},
    project::Project,
    trouble::Trouble,
};
use find::Found;
use index::Index;
use std::process::ExitCode;
use texts::Known;

/// Exit status like grep(1): 0 a lab shows it, 1 none does.
///
/// # Errors
/// Where there are no labs to ask, or our output cannot be written.
pub fn run(request: &Errno, messages: &Messages) -> Result<ExitCode, Trouble> {
    let all = texts::all();
    let word = request.word.join(" ");
    let asked = !request.word.is_empty();
    let found = if asked {
        find::find(&word, &all)
    } else {
        Found::Nothing
    };
    let matches: &[Known] = match &found {
        Found::One(known) => std::slice::from_ref(known),
        Found::Several(several) => several,
        // Nobody has to wait for the labs to be told of a typo.
        Found::Near(_) | Found::Nothing if asked => {
            return not_found(&word, &found, request.json, messages);
        }
        Found::Near(_) | Found::Nothing => &all,
    };
    let index = index(request.fresh, &all, messages)?;
    let shown: Vec<_> = matches
        .iter()
        .filter(|known| index.of(known.number).next().is_some())
        .cloned()
        .collect();
    let width = output::width();
    if request.json {
        // All of them only where they were asked for.
        let listed = if asked { matches } else { &shown };
        output::say_json(&json::of(asked.then_some(word.as_str()), listed, &index))?;
    } else {
        output::say(&match &found {
            Found::One(known) => show::one(known, &index, messages, width),
            Found::Several(several) => listing::matches(&word, several, &index, messages, width),
            Found::Near(_) | Found::Nothing => listing::all(&shown, &index, messages, width),
        })?;
    }
    Ok(if shown.is_empty() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn not_found(
    word: &str,
    found: &Found,
    json: bool,
    messages: &Messages,
) -> Result<ExitCode, Trouble> {
    if json {
        output::say_json(&json::of(Some(word), &[], &Index::default()))?;
    }
    let near = match found {
        Found::Near(near) => near.as_slice(),
        _ => &[],
    };
    remark(&show::not_found(word, near, messages));
    Ok(ExitCode::FAILURE)
}

/// What the labs' records say, with a word for what could not be had.
fn index(fresh: bool, all: &[Known], messages: &Messages) -> Result<Index, Trouble> {
    let project = Project::find()?;
    let progress = progress::Bar::new(messages);
    let records = kept::records(&project, fresh, &progress);
    progress.end();
    let Records {
        labs,
        mute,
        not_kept,
    } = records?;
    for mute in mute {
        let values = [("command", mute.command.into()), ("why", mute.why.into())];
        remark(&messages.fill("errno-mute", &values));
    }
    if let Some((file, error)) = not_kept {
        remark(&Trouble::file("errno-not-kept", &file, error).text(messages));
    }
    Ok(Index::new(&labs, all))
}
