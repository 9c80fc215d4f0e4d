//! The command line of a measuring lab.

use super::Options;
use crate::text::Words;
use labkit::Language;
use lexopt::prelude::*;
use std::{ffi::OsString, path::PathBuf};

/// How a report is told on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Tables for a terminal.
    Table,
    /// Tables for a page.
    Markdown,
    /// The report itself.
    Json,
    /// The lab's plot.
    Svg,
    /// The plot of fixed rates.
    OpenLoop,
}

/// What the reader asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    Help,
    List(Options),
    Tell {
        options: Options,
        form: Form,
        /// A report to tell again instead of measuring.
        from: Option<PathBuf>,
        /// The folder asked for.
        out: Option<PathBuf>,
    },
}

/// Wrong usage, as a text in the reader's language.
#[derive(Debug, PartialEq, Eq)]
pub struct Misuse(pub String);

/// Reads `args`, without the program's name.
///
/// # Errors
/// The first word that is not understood, with what is known.
pub fn parse(lab: &str, args: &[OsString], language: Language) -> Result<Request, Misuse> {
    let words = Words::new(language);
    let misuse = |key: &str, word: &str| {
        Misuse(format!(
            "{}\n{}\n{}",
            words.fill(&format!("cli.{key}"), &[("word", word)]),
            words.get("cli.known"),
            words.fill("cli.example", &[("lab", lab)]),
        ))
    };
    let mut options = Options {
        quick: false,
        language,
    };
    let mut forms = Vec::new();
    let (mut list, mut open_loop) = (false, false);
    let (mut from, mut out) = (None, None);
    let mut parser = lexopt::Parser::from_args(args);
    loop {
        let arg = match parser.next() {
            Ok(Some(arg)) => arg,
            Ok(None) => break,
            Err(lexopt::Error::UnexpectedValue { option, value }) => {
                let flag = format!("{option}={}", value.to_string_lossy());
                return Err(misuse("flag", &flag));
            }
            Err(error) => return Err(misuse("flag", &error.to_string())),
        };
        match arg {
            Short('h') | Long("help") => return Ok(Request::Help),
            Long("quick") => options.quick = true,
            Long("json") => forms.push(("--json", Form::Json)),
            Long("markdown") => forms.push(("--markdown", Form::Markdown)),
            Long("svg") => forms.push(("--svg", Form::Svg)),
            Long("open-loop") => open_loop = true,
            Long("from") => {
                from = Some(path(&mut parser).ok_or_else(|| misuse("value", "--from"))?);
            }
            Long("out") => out = Some(path(&mut parser).ok_or_else(|| misuse("value", "--out"))?),
            Long("lang") => match parser.value() {
                Ok(value) if Language::from_code(&value.to_string_lossy()).is_some() => {}
                Ok(value) => return Err(misuse("language", &value.to_string_lossy())),
                Err(_) => return Err(misuse("value", "--lang")),
            },
            Short(flag) => return Err(misuse("flag", &format!("-{flag}"))),
            Long(flag) => return Err(misuse("flag", &format!("--{flag}"))),
            Value(word) if word == "list" && !list => list = true,
            Value(word) => return Err(misuse("unknown", &word.to_string_lossy())),
        }
    }
    forms.dedup();
    let named: Vec<_> = forms.iter().map(|(name, _)| *name).collect();
    if forms.len() > 1 {
        return Err(misuse("both", &named.join(", ")));
    }
    if list && (from.is_some() || out.is_some() || !forms.is_empty()) {
        return Err(misuse("unknown", "list"));
    }
    let form = match (forms.first().map(|(_, form)| *form), open_loop) {
        (Some(Form::Svg), true) => Form::OpenLoop,
        (_, true) => return Err(misuse("unknown", "--open-loop")),
        (form, false) => form.unwrap_or(Form::Table),
    };
    if list {
        return Ok(Request::List(options));
    }
    Ok(Request::Tell {
        options,
        form,
        from,
        out,
    })
}

fn path(parser: &mut lexopt::Parser) -> Option<PathBuf> {
    let value = parser.value().ok()?;
    (!value.is_empty()).then(|| value.into())
}
