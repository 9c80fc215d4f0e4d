//! One errno, told to a reader.

use super::{
    index::{Index, Sighting, Way},
    texts::Known,
};
use crate::{
    language::Language,
    messages::Messages,
    output::{ASIDE, COMMAND, NAME, paragraph, styled},
    record::Promise,
};
use std::fmt::Write as _;

/// Everything about `known`.
#[must_use]
pub fn one(known: &Known, index: &Index, messages: &Messages, width: usize) -> String {
    let mut text = heading(known, messages);
    let sightings: Vec<_> = index.of(known.number).collect();
    if sightings.is_empty() {
        let _ = write!(text, "\n{}\n", messages.get("errno-unseen"));
        return text;
    }
    let (passed, ended): (Vec<_>, Vec<_>) =
        sightings.into_iter().partition(|s| s.way == Way::Passed);
    for of_call in ended.chunk_by(|a, b| a.call == b.call) {
        let call = call_of(of_call[0], messages);
        let _ = writeln!(text, "\n{}", styled(NAME, call));
        for of_lab in of_call.chunk_by(|a, b| a.lab == b.lab) {
            text.push('\n');
            text.push_str(&lab(of_lab[0], messages, width));
            for sighting in of_lab {
                text.push('\n');
                text.push_str(&in_full(sighting, messages, width));
            }
        }
    }
    if !passed.is_empty() {
        let _ = writeln!(text, "\n{}", styled(NAME, messages.get("errno-passed")));
        for sighting in passed {
            let title = sighting.case_title.of(messages.language);
            let call = call_of(sighting, messages);
            let _ = writeln!(
                text,
                "\n{}",
                paragraph(&format!("{call}: {title}"), "  ", width)
            );
            let _ = writeln!(text, "    {}", styled(COMMAND, sighting.command()));
        }
    }
    text
}

fn heading(known: &Known, messages: &Messages) -> String {
    let mut text = format!("{} ({})", styled(NAME, &known.name), known.number);
    if !known.other_names.is_empty() {
        let names = known.other_names.join(", ");
        let also = messages.fill("errno-also", &[("names", names.into())]);
        let _ = write!(text, ", {also}");
    }
    let _ = write!(text, "\n  English     {}\n", known.english);
    if let Some(vietnamese) = &known.vietnamese {
        let _ = writeln!(text, "  Tiếng Việt  {vietnamese}");
    }
    text
}

/// The lab that the next sightings are of.
fn lab(sighting: &Sighting, messages: &Messages, width: usize) -> String {
    let summary = sighting.summary.of(messages.language);
    let line = paragraph(&format!("{}: {summary}", sighting.lab), "  ", width);
    let page = page(&sighting.chapter, messages.language);
    let chapter = messages.fill("errno-chapter", &[("page", page.into())]);
    format!("{line}\n  {}\n", styled(ASIDE, chapter))
}

fn in_full(sighting: &Sighting, messages: &Messages, width: usize) -> String {
    let language = messages.language;
    let title = sighting.case_title.of(language);
    let mut text = paragraph(&format!("{}: {title}", sighting.case), "    ", width);
    text.push('\n');
    let mut say = |words: &str| {
        text.push_str(&paragraph(words, "      ", width));
        text.push('\n');
    };
    match &sighting.way {
        Way::Hidden(reason) => {
            let reason = reason.of(language).to_owned();
            say(&messages.fill("errno-hidden", &[("reason", reason.into())]));
        }
        Way::Missed => say(&messages.get("errno-missed")),
        Way::Instead(promise) => say(&messages.fill(
            "errno-instead",
            &[("promise", promised(promise, messages).into())],
        )),
        Way::Ended | Way::Passed => {}
    }
    // The explanation is of what was promised.
    if !matches!(sighting.way, Way::Instead(_)) {
        say(sighting.told.of(language));
    }
    let _ = writeln!(text, "      {}", styled(COMMAND, sighting.command()));
    text
}

/// The chapter's file in the reader's language.
#[must_use]
pub fn page(chapter: &str, language: Language) -> String {
    format!("src/{}/{chapter}.md", language.code())
}

/// The call, or that none is known.
#[must_use]
pub fn call_of(sighting: &Sighting, messages: &Messages) -> String {
    let call = sighting.call.clone();
    call.unwrap_or_else(|| messages.get("errno-no-call"))
}

/// A promise in words.
#[must_use]
pub fn promised(promise: &Promise, messages: &Messages) -> String {
    let errno = promise.errno.as_ref().map(|errno| errno.name.as_str());
    let signal = promise.signal.as_ref().map(|signal| signal.name.as_str());
    let call = promise.call.as_deref();
    let values = [
        ("call", call.unwrap_or_default().into()),
        ("errno", errno.unwrap_or_default().into()),
        ("signal", signal.unwrap_or_default().into()),
    ];
    messages.fill(&format!("promise-{}", promise.ending), &values)
}

/// That nothing is called so, with what comes near.
#[must_use]
pub fn not_found(word: &str, near: &[Known], messages: &Messages) -> String {
    let mut text = messages.fill("errno-unknown", &[("word", word.into())]);
    if !near.is_empty() {
        let _ = write!(text, "\n{}", messages.get("errno-near"));
    }
    for known in near {
        let meaning = known.text(messages.language);
        let _ = write!(text, "\n  {} ({}): {meaning}", known.name, known.number);
    }
    text
}
