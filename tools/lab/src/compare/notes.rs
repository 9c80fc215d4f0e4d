//! What does not fit into a table's cell: why there is no figure, or what the
//! machine's own limits would have answered. One note for all rows of a mechanism
//! that have the same to say.

use super::{
    pair::{Key, Pair},
    units,
    words::{self, label},
};
use crate::{
    messages::Messages,
    output::{Plain, paragraph},
};
use measure::record::{Mechanism, Outcome};

/// What is said of these sizes.
struct Note {
    message: &'static str,
    sides: Vec<&'static str>,
    mechanism: Mechanism,
    sizes: Vec<usize>,
    what: String,
}

impl Note {
    fn is_like(&self, other: &Self) -> bool {
        (self.message, self.mechanism, &self.what) == (other.message, other.mechanism, &other.what)
    }
}

/// The notes below the table of `rows`.
#[must_use]
pub fn of(rows: &[&(Key, Pair<'_>)], messages: &Messages, width: usize) -> String {
    let mut text = String::new();
    for note in notes(rows, messages) {
        let sizes: Vec<_> = note.sizes.iter().map(|size| units::size(*size)).collect();
        let values = [
            ("side", note.sides.join(", ").into()),
            (
                "mechanism",
                label("mechanism", note.mechanism, messages).into(),
            ),
            ("sizes", sizes.join(", ").into()),
            ("what", note.what.into()),
        ];
        let line = messages.fill(note.message, &values);
        text.push('\n');
        text.push_str(&paragraph(&Plain(&line).to_string(), "  ", width));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn notes(rows: &[&(Key, Pair<'_>)], messages: &Messages) -> Vec<Note> {
    // By side first: the two may have different sizes.
    let mut by_side: Vec<Note> = Vec::new();
    for side in ["A", "B"] {
        for (key, pair) in rows.iter().copied() {
            let outcome = if side == "A" { pair.a } else { pair.b };
            let Some(note) = outcome.and_then(|outcome| note(side, key, outcome, messages)) else {
                continue;
            };
            let like = by_side
                .iter_mut()
                .find(|n| n.sides == note.sides && n.is_like(&note));
            match like {
                Some(like) if like.sizes.contains(&key.size) => {}
                Some(like) => like.sizes.push(key.size),
                None => by_side.push(note),
            }
        }
    }
    let mut notes: Vec<Note> = Vec::new();
    for mut note in by_side {
        note.sizes.sort_unstable();
        match notes
            .iter_mut()
            .find(|n| n.sizes == note.sizes && n.is_like(&note))
        {
            Some(like) => like.sides.append(&mut note.sides),
            None => notes.push(note),
        }
    }
    notes
}

fn note(side: &'static str, key: &Key, outcome: &Outcome, messages: &Messages) -> Option<Note> {
    let (message, what) = match (&outcome.failed, &outcome.limit) {
        (Some(failed), _) => ("compare-failed", words::in_full(failed, messages)),
        (None, Some(limit)) => ("compare-limit", words::refused(limit)),
        (None, None) => return None,
    };
    Some(Note {
        message,
        sides: vec![side],
        mechanism: key.mechanism,
        sizes: vec![key.size],
        what,
    })
}
