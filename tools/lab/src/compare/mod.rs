//! `cargo lab compare A.json B.json`: what two machines measured, side by side.

pub mod figures;
pub mod json;
pub mod notes;
pub mod pair;
pub mod read;
pub mod show;
pub mod units;
pub mod words;

use crate::{cli::Compare, messages::Messages, output, trouble::Trouble};
use std::process::ExitCode;

/// # Errors
/// Where a file is no measurement that can be compared with the other, or our
/// output cannot be written.
pub fn run(request: &Compare, messages: &Messages) -> Result<ExitCode, Trouble> {
    read::not_twice(&request.a, &request.b)?;
    let a = read::report(&request.a)?;
    let b = read::report(&request.b)?;
    if a.lab != b.lab {
        return Err(Trouble::new("compare-labs")
            .with("a", a.lab)
            .with("b", b.lab));
    }
    let pairs = pair::pairs(&a, &b);
    if request.json {
        output::say_json(&json::of(&a, &b, &pairs))?;
    } else {
        output::say(&show::all(&a, &b, &pairs, messages, output::width()))?;
    }
    Ok(ExitCode::SUCCESS)
}
