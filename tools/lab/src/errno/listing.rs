//! Several errnos, told to a reader: one line each, and who answers it.

use super::{
    index::{Hidden, Index},
    show::{call_of, promised},
    texts::Known,
};
use crate::{
    messages::Messages,
    output::{NAME, paragraph, styled},
};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// Every errno that a lab shows, and what cannot be shown here.
#[must_use]
pub fn all(shown: &[Known], index: &Index, messages: &Messages, width: usize) -> String {
    let mut text = messages.get("errno-all");
    text.push('\n');
    text.push_str(&rows(shown, index, messages, width));
    text.push_str(&hidden(&index.hidden, messages, width));
    let _ = write!(text, "\n{}\n", messages.get("errno-ask"));
    text
}

/// Those whose text has `word` in it.
#[must_use]
pub fn matches(
    word: &str,
    several: &[Known],
    index: &Index,
    messages: &Messages,
    width: usize,
) -> String {
    let mut text = messages.fill("errno-several", &[("word", word.into())]);
    text.push('\n');
    text.push_str(&rows(several, index, messages, width));
    let _ = write!(text, "\n{}\n", messages.get("errno-ask"));
    text
}

fn rows(listed: &[Known], index: &Index, messages: &Messages, width: usize) -> String {
    let calls: Vec<_> = listed
        .iter()
        .map(|known| calls(known, index, messages))
        .collect();
    let names = calls.iter().flatten().map(|(call, _)| call.width());
    let column = names.max().unwrap_or(0);
    let mut text = String::new();
    for (known, calls) in listed.iter().zip(calls) {
        let name = styled(NAME, &known.name);
        let meaning = known.text(messages.language);
        let _ = writeln!(text, "\n{name} ({}): {meaning}", known.number);
        for (call, labs) in calls {
            let indent = " ".repeat(column + 4);
            let labs = paragraph(&labs.join(", "), &indent, width);
            let labs = labs.trim_start();
            let space = " ".repeat(column - call.width());
            let _ = writeln!(text, "  {call}{space}  {labs}");
        }
    }
    text
}

/// Each call that answers it, with its labs.
fn calls(known: &Known, index: &Index, messages: &Messages) -> Vec<(String, Vec<String>)> {
    let mut calls: Vec<(String, Vec<String>)> = Vec::new();
    for sighting in index.of(known.number) {
        let call = call_of(sighting, messages);
        let at = calls.iter().position(|(name, _)| *name == call);
        let at = at.unwrap_or_else(|| {
            calls.push((call, Vec::new()));
            calls.len() - 1
        });
        if !calls[at].1.contains(&sighting.lab) {
            calls[at].1.push(sighting.lab.clone());
        }
    }
    calls
}

fn hidden(hidden: &[Hidden], messages: &Messages, width: usize) -> String {
    let mut text = String::new();
    if hidden.is_empty() {
        return text;
    }
    let _ = writeln!(
        text,
        "\n{}",
        styled(NAME, messages.get("errno-hidden-here"))
    );
    // Both programs of a case are mostly hidden for one reason.
    let same =
        |a: &Hidden, b: &Hidden| (&a.lab, &a.case, &a.reason) == (&b.lab, &b.case, &b.reason);
    for hidden in hidden.chunk_by(same) {
        let promises = hidden.iter().map(|hidden| {
            let promise = promised(&hidden.promise, messages);
            format!("{}: {promise}", hidden.variant.word())
        });
        let promises = promises.collect::<Vec<_>>().join("; ");
        let Hidden {
            lab, case, reason, ..
        } = &hidden[0];
        let line = format!("{lab}, {case} ({promises})");
        let reason = reason.of(messages.language);
        let _ = writeln!(text, "{}", paragraph(&line, "  ", width));
        let _ = writeln!(text, "{}", paragraph(reason, "    ", width));
    }
    text
}
