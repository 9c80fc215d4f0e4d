//! The same for programs: `--json`. Every object has the same keys.

use super::{
    index::{Hidden, Index, Sighting, Way},
    texts::Known,
};
use serde_json::{Value, json};

/// What was asked (`null`: all), what matches it, and what cannot be shown here.
#[must_use]
pub fn of(asked: Option<&str>, listed: &[Known], index: &Index) -> Value {
    json!({
        "asked": asked,
        "errnos": listed.iter().map(|known| errno(known, index)).collect::<Vec<_>>(),
        "hidden": index.hidden.iter().map(hidden).collect::<Vec<_>>(),
    })
}

fn errno(known: &Known, index: &Index) -> Value {
    json!({
        "number": known.number,
        "name": known.name,
        "other_names": known.other_names,
        "text": { "vi": known.vietnamese, "en": known.english },
        "shown": index.of(known.number).map(sighting).collect::<Vec<_>>(),
    })
}

fn sighting(sighting: &Sighting) -> Value {
    let reason = match &sighting.way {
        Way::Hidden(reason) => Some(reason),
        _ => None,
    };
    json!({
        "call": sighting.call,
        // ended, missed, hidden, instead, passed: see index.rs.
        "way": sighting.way.word(),
        "lab": sighting.lab,
        "case": sighting.case,
        "variant": sighting.variant,
        "title": sighting.case_title,
        "told": sighting.told,
        "lab_title": sighting.lab_title,
        "summary": sighting.summary,
        "chapter": sighting.chapter,
        "command": sighting.command(),
        "reason": reason,
    })
}

fn hidden(hidden: &Hidden) -> Value {
    json!({
        "lab": hidden.lab,
        "case": hidden.case,
        "variant": hidden.variant,
        "promise": hidden.promise,
        "reason": hidden.reason,
    })
}
