//! The crossover in words: what the reader's own figures say.

use crate::{
    crossover::{self, Comparison, Ratio, Sleeping, Span, Verdict, ratio},
    record::{Kind, OpenLoop, Outcome, Report},
    text::{Words, capital, word},
    units::Units,
};

/// A sentence, and the lines that belong below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub sentence: String,
    pub lines: Vec<String>,
}

/// Nothing where the report has nothing to compare.
#[must_use]
pub fn of(report: &Report, words: &Words) -> Vec<Finding> {
    let units = Units::new(words);
    let comparisons = crossover::comparisons(report);
    let mut findings: Vec<Finding> = Vec::new();
    let alike = |a: &Comparison, b: &Comparison| {
        (a.kind, a.cores, a.waiting) == (b.kind, b.cores, b.waiting)
    };
    for together in comparisons.chunk_by(alike) {
        let first = &together[0];
        let sentence = words.fill(
            &format!("crossover.{}", word(&first.kind)),
            &[
                ("cores", &words.cores(first.cores)),
                ("waiting", &words.waiting(first.waiting)),
            ],
        );
        let lines = together.iter().map(|other| line(other, words, units));
        findings.push(Finding {
            sentence: format!("{sentence}:"),
            lines: lines.collect(),
        });
    }
    if !findings.is_empty() {
        findings.push(plain(words.get("crossover.within").to_owned()));
    }
    for sleeping in crossover::sleeping(report) {
        findings.extend(wake(&sleeping, words, units).map(plain));
        findings.extend(spin_first(&sleeping, words, units).map(plain));
    }
    for (row, open) in crossover::omissions(report) {
        findings.extend(omission(row, open, words, units).map(plain));
    }
    findings
}

fn plain(sentence: String) -> Finding {
    Finding {
        sentence,
        lines: Vec::new(),
    }
}

fn line(comparison: &Comparison, words: &Words, units: Units) -> String {
    let last = comparison.spans.len().saturating_sub(1);
    let parts = comparison.spans.iter().enumerate().map(|(at, span)| {
        let verdict = verdict(comparison, span, words, units);
        let key = match at {
            _ if span.from == span.to => "at",
            0 if last == 0 => "everywhere",
            0 => "upto",
            at if at == last => "from",
            _ => "between",
        };
        words.fill(
            &format!("crossover.{key}"),
            &[
                ("verdict", &verdict),
                ("from", &units.size(span.from)),
                ("to", &units.size(span.to)),
            ],
        )
    });
    let parts: Vec<_> = parts.collect();
    words.fill(
        "crossover.line",
        &[
            ("other", &words.mechanism(comparison.other)),
            ("parts", &parts.join("; ")),
        ],
    )
}

fn verdict(comparison: &Comparison, span: &Span, words: &Words, units: Units) -> String {
    let other = words.mechanism(comparison.other);
    let kind = match comparison.kind {
        Kind::Stream => "stream",
        _ => "round-trip",
    };
    let factor = |way: &str, least: f64, most: f64| {
        let (least, most) = (units.factor(least), units.factor(most));
        let times = if least == most {
            least
        } else {
            format!("{least}–{most}")
        };
        words.fill(&format!("crossover.{kind}-{way}"), &[("times", &times)])
    };
    match &span.verdict {
        Verdict::Ahead { least, most } => factor("ahead", *least, *most),
        Verdict::Behind { least, most } => factor("behind", *least, *most),
        Verdict::Same => words.get("crossover.same").to_owned(),
        Verdict::Refused(refusal) => words.fill(
            "crossover.refused",
            &[
                ("other", &other),
                ("call", &refusal.call),
                ("errno", &refusal.errno.name),
            ],
        ),
        Verdict::NoFigure => words.fill("crossover.failed", &[("other", &other)]),
    }
}

/// What a wake-up costs.
fn wake(sleeping: &Sleeping, words: &Words, units: Units) -> Option<String> {
    let spin = sleeping.spin_ns?;
    let (way, times) = match ratio(sleeping.sleep_ns / spin) {
        Ratio::Above(times) => ("slower", times),
        Ratio::Same => ("same", 1.0),
        Ratio::Below(times) => ("faster", times),
    };
    Some(words.fill(
        &format!("crossover.wake-{way}"),
        &[
            ("cores", &words.cores(sleeping.cores)),
            ("size", &units.size(sleeping.size)),
            ("spin", &units.time(spin)),
            ("sleep", &units.time(sleeping.sleep_ns)),
            ("times", &units.factor(times)),
        ],
    ))
}

/// Whether it pays to spin before sleeping.
fn spin_first(sleeping: &Sleeping, words: &Words, units: Units) -> Option<String> {
    let both = sleeping.spin_then_sleep_ns?;
    let (way, times) = match ratio(both / sleeping.sleep_ns) {
        Ratio::Above(times) => ("slower", times),
        Ratio::Same => ("same", 1.0),
        Ratio::Below(times) => ("faster", times),
    };
    Some(words.fill(
        &format!("crossover.first-{way}"),
        &[
            ("cores", &words.cores(sleeping.cores)),
            ("size", &units.size(sleeping.size)),
            ("both", &units.time(both)),
            ("sleep", &units.time(sleeping.sleep_ns)),
            ("times", &units.factor(times)),
        ],
    ))
}

/// What counting from the wrong moment leaves out.
fn omission(row: &Outcome, open: &OpenLoop, words: &Words, units: Units) -> Option<String> {
    let (naive, corrected) = (open.naive.p99_ns?, open.corrected.p99_ns?);
    Some(words.fill(
        "crossover.omission",
        &[
            ("mechanism", &capital(&words.row(row))),
            ("rate", &units.rate(open.rate)),
            ("cores", &words.cores(row.cores)),
            ("naive", &units.time(naive)),
            ("corrected", &units.time(corrected)),
            ("times", &units.factor(corrected / naive)),
        ],
    ))
}
