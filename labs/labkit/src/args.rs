//! The command line of a lab.

use super::{
    lab::{Case, Lab, Variant},
    language::Language,
    text::Text,
};
use lexopt::prelude::*;
use std::ffi::OsString;

/// How a run is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The program's output with the explanation around it.
    Explained,
    /// The program's output alone.
    Bare,
    /// One record.
    Json,
}

/// What the reader asked for.
pub enum Request<'a> {
    Help,
    List {
        json: bool,
    },
    Run {
        case: &'a Case,
        variant: Variant,
        form: Form,
    },
}

/// Wrong usage, as a text in the reader's language.
#[derive(Debug)]
pub struct Misuse(pub String);

/// The language asked for with `--lang`, if it is one of ours. Looked up before
/// anything else, so that every complaint comes in it.
#[must_use]
pub fn language(args: &[OsString]) -> Option<Language> {
    let args: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
    let joined = args.iter().find_map(|arg| arg.strip_prefix("--lang="));
    let apart = || {
        let at = args.iter().position(|arg| arg == "--lang")?;
        args.get(at + 1).map(AsRef::as_ref)
    };
    joined.or_else(apart).and_then(Language::from_code)
}

/// Reads `args`, without the program's name.
///
/// # Errors
/// The first word that is not understood, with what is known.
pub fn parse<'a>(lab: &'a Lab, args: &[OsString], text: &Text) -> Result<Request<'a>, Misuse> {
    let misuse = |key: &str, word: &str| {
        let first = lab.cases.first().map_or("", |case| case.name);
        Misuse(format!(
            "{}\n{}\n{}",
            text.fill(&format!("usage.{key}"), &[("word", word)]),
            text.fill("usage.known", &[("cases", &case_names(lab))]),
            text.fill("usage.example", &[("lab", lab.name), ("case", first)]),
        ))
    };
    let (mut json, mut bare, mut list) = (false, false, false);
    let (mut variant, mut case) = (None, None);
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
            Long("json") => json = true,
            Long("bare") => bare = true,
            Long("lang") => match parser.value() {
                Ok(value) if Language::from_code(&value.to_string_lossy()).is_some() => {}
                Ok(value) => return Err(misuse("language", &value.to_string_lossy())),
                Err(_) => return Err(misuse("value", "--lang")),
            },
            Short(flag) => return Err(misuse("flag", &format!("-{flag}"))),
            Long(flag) => return Err(misuse("flag", &format!("--{flag}"))),
            Value(word) => {
                let word = word.to_string_lossy();
                let known = Variant::ALL.into_iter().find(|v| v.word() == word);
                if !list && variant.is_none() && case.is_none() && known.is_some() {
                    variant = known;
                } else if word == "list" && !list && variant.is_none() && case.is_none() {
                    list = true;
                } else if !list && case.is_none() && variant.is_some() {
                    case = lab.cases.iter().find(|case| case.name == word);
                    if case.is_none() {
                        return Err(misuse("case", &word));
                    }
                } else {
                    return Err(misuse("unknown", &word));
                }
            }
        }
    }
    if json && bare {
        return Err(misuse("both", ""));
    }
    if list {
        return Ok(Request::List { json });
    }
    let form = match (json, bare) {
        (true, _) => Form::Json,
        (_, true) => Form::Bare,
        _ => Form::Explained,
    };
    match case.or(lab.cases.first()) {
        Some(case) => Ok(Request::Run {
            case,
            variant: variant.unwrap_or(Variant::Broken),
            form,
        }),
        None => Err(misuse("case", "")),
    }
}

/// The names of a lab's cases, as a list in a sentence.
#[must_use]
pub fn case_names(lab: &Lab) -> String {
    let names: Vec<_> = lab.cases.iter().map(|case| case.name).collect();
    names.join(", ")
}
