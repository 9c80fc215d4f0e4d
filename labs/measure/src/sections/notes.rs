//! What stands below a table: the text of every errno, and what † means.

use crate::{
    record::{Failed, Mechanism, Refusal},
    text::Words,
};

/// The mark of a figure that took raised limits.
const RAISED: &str = "†";

/// The notes of one table, each said once.
#[derive(Debug, Default)]
pub struct Notes {
    numbered: Vec<String>,
    raised: Vec<String>,
}

impl Notes {
    /// What stands in the cell of a row without figures.
    pub fn failure(&mut self, words: &Words, failed: &Failed) -> String {
        let (cell, note) = match failed {
            Failed::Refused(Refusal { call, errno }) => (
                format!("{call} {}", errno.name),
                words.fill(
                    "note.refused",
                    &[
                        ("call", call),
                        ("errno", &errno.name),
                        ("text", &errno.text),
                        ("number", &errno.number.to_string()),
                    ],
                ),
            ),
            Failed::Corrupt(detail) => (
                words.get("cell.corrupt").to_owned(),
                words.fill("note.corrupt", &[("detail", detail)]),
            ),
            Failed::Killed(signal) => (
                words.get("cell.killed").to_owned(),
                words.fill("note.killed", &[("signal", signal)]),
            ),
            Failed::TimedOut => (
                words.get("cell.timed-out").to_owned(),
                words.get("note.timed-out").to_owned(),
            ),
        };
        let number = position_or_push(&mut self.numbered, note) + 1;
        format!("{cell}{}", superscript(number))
    }

    /// The mark of a figure that was measured only because limits were raised.
    pub fn raised(&mut self, words: &Words, mechanism: Mechanism, limit: &Refusal) -> &'static str {
        let note = words.fill(
            "note.raised-one",
            &[
                ("mechanism", &words.mechanism(mechanism)),
                ("call", &limit.call),
                ("errno", &limit.errno.name),
                ("text", &limit.errno.text),
            ],
        );
        position_or_push(&mut self.raised, note);
        RAISED
    }

    /// All of them with their marks.
    pub fn told(self, words: &Words) -> Vec<String> {
        let mut told = Vec::new();
        if !self.raised.is_empty() {
            let list = self.raised.join("; ");
            let note = words.fill("note.raised", &[("list", &list)]);
            told.push(format!("{RAISED} {note}"));
        }
        let numbered = self.numbered.into_iter().enumerate();
        told.extend(numbered.map(|(at, note)| format!("{} {note}", superscript(at + 1))));
        told
    }
}

fn position_or_push(list: &mut Vec<String>, text: String) -> usize {
    list.iter().position(|old| *old == text).unwrap_or_else(|| {
        list.push(text);
        list.len() - 1
    })
}

/// A number in small raised digits, which no figure can be mistaken for.
fn superscript(number: usize) -> String {
    let raised = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = number.to_string();
    let digits = digits
        .bytes()
        .map(|digit| raised[usize::from(digit - b'0')]);
    digits.collect()
}
