//! Results as text.

use crate::{
    machine::Machine,
    outcome::{Kind, Outcome, Spread},
    text,
};
use labkit::Language;

/// What stands above the table.
#[must_use]
pub fn head(machine: &Machine, language: Language) -> String {
    let processor = machine.processor.as_deref().unwrap_or("?");
    let pinned = machine
        .pinned
        .map_or_else(String::new, |[a, b]| format!(", cpu {a} + {b}"));
    let (iceoryx2, rtrb) = (machine.iceoryx2, machine.rtrb);
    let mut head = format!(
        "{processor}{pinned}, {}; iceoryx2 {iceoryx2}, rtrb {rtrb}\n{}\n",
        machine.kernel,
        text::HOW.of(language)
    );
    if machine.pinned.is_none() {
        head += text::ONE_PROCESSOR.of(language);
        head += "\n";
    } else if !machine.optimised {
        head += text::NOT_OPTIMISED.of(language);
        head += "\n";
    }
    head
}

/// One row of the table.
#[must_use]
pub fn row(outcome: &Outcome, language: Language) -> String {
    let verdict = text::verdict(outcome.verdict).of(language);
    let kind = text::kind(outcome.kind).of(language);
    let bound = match (outcome.at_most, outcome.at_least) {
        (Some(most), _) => format!("≤ {most}"),
        (_, Some(least)) => format!("≥ {least}"),
        _ => String::new(),
    };
    let ratio = outcome.ratio.map_or_else(
        || "?".to_owned(),
        |Spread { median, low, high }| format!("{median:.3} [{low:.3} {high:.3}]"),
    );
    let floors =
        |spread: Option<Spread>| spread.map_or_else(|| "?".to_owned(), |s| short(s.median));
    let who = match outcome.kind {
        // Ours is always the same there.
        Kind::ThereAndBack => outcome.theirs.clone(),
        Kind::Stream => format!("{} / {}", outcome.ours, outcome.theirs),
    };
    format!(
        "{verdict:13} {kind:14} {:>5} B  {ratio:>21} {bound:7} {:>7} : {:<7} {:>4} ns  {:>3}/{} {}  {who}",
        outcome.size,
        floors(outcome.ours_floors),
        floors(outcome.theirs_floors),
        outcome
            .probe_ns
            .map_or_else(|| "?".to_owned(), |ns| format!("{ns:.0}")),
        outcome.good,
        outcome.rounds,
        text::ROUNDS.of(language),
    )
}

/// Three digits that say something.
fn short(value: f64) -> String {
    match value {
        ..0.1 => format!("{value:.3}"),
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
