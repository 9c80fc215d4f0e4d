//! Wrong usage, told in the reader's language: from what clap found, not from what
//! it would say.

use crate::{
    messages::Messages,
    output::{self, complain, remark},
    trouble::Trouble,
};
use clap::{
    Error,
    error::{ContextKind, ContextValue, ErrorKind},
};
use std::process::ExitCode;

/// Prints the help that was asked for, or what was wrong.
///
/// # Errors
/// A closed pipe, a full disk.
pub fn tell(error: &Error, messages: &Messages) -> Result<ExitCode, Trouble> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            output::say(&error.render().ansi().to_string())?;
            return Ok(ExitCode::SUCCESS);
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            remark(&error.render().ansi().to_string());
        }
        kind => {
            complain(messages, &complaint(error, kind, messages));
            for (context, key) in [
                (ContextKind::SuggestedSubcommand, "usage-did-you-mean"),
                (ContextKind::SuggestedArg, "usage-did-you-mean"),
                (ContextKind::SuggestedValue, "usage-did-you-mean"),
                (ContextKind::ValidValue, "usage-known-values"),
            ] {
                if let Some(value) = text(error, context) {
                    remark(&messages.fill(key, &[("value", value.into())]));
                }
            }
            remark(&messages.get("usage-more"));
        }
    }
    Ok(ExitCode::from(2))
}

fn complaint(error: &Error, kind: ErrorKind, messages: &Messages) -> String {
    let context = |kind| text(error, kind).unwrap_or_default();
    let arg = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    match kind {
        ErrorKind::InvalidSubcommand => messages.fill(
            "usage-unknown-command",
            &[("word", context(ContextKind::InvalidSubcommand).into())],
        ),
        ErrorKind::MissingSubcommand => messages.get("usage-no-command"),
        ErrorKind::UnknownArgument => messages.fill("usage-unknown", &[("word", arg.into())]),
        ErrorKind::MissingRequiredArgument => {
            messages.fill("usage-missing", &[("arguments", arg.into())])
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            messages.fill("usage-no-value", &[("option", arg.into())])
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => messages.fill(
            "usage-invalid-value",
            &[("option", arg.into()), ("value", value.into())],
        ),
        ErrorKind::ArgumentConflict => messages.fill("usage-twice", &[("option", arg.into())]),
        ErrorKind::TooManyValues => messages.fill(
            "usage-value-unwanted",
            &[("option", arg.into()), ("value", value.into())],
        ),
        ErrorKind::InvalidUtf8 => messages.get("usage-not-utf8"),
        _ => messages.get("usage-other"),
    }
}

fn text(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) if !texts.is_empty() => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
