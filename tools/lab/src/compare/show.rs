//! Two measurements as text: the machines, their floors, and a table a kind.

use super::{
    figures::{self, Figure},
    notes,
    pair::{Key, Pair},
    units,
    words::{self, label},
};
use crate::{
    messages::Messages,
    output::{NAME, Plain, paragraph, styled},
    table::{self, Side},
};
use measure::record::{Floors, Kind, Outcome, Report};
use std::fmt::Write as _;

/// Where there is nothing to show.
const NOTHING: &str = "–";

/// Everything.
#[must_use]
pub fn all(
    a: &Report,
    b: &Report,
    pairs: &[(Key, Pair<'_>)],
    messages: &Messages,
    width: usize,
) -> String {
    let mut text = format!("{}\n\n", styled(NAME, Plain(&a.lab)));
    text.push_str(&machine("A", a, messages, width));
    text.push_str(&machine("B", b, messages, width));
    text.push('\n');
    text.push_str(&paragraph(&messages.get("compare-fair"), "", width));
    text.push('\n');
    text.push_str(&floors(&a.floors, &b.floors, messages));
    for kind in [Kind::RoundTrip, Kind::Stream, Kind::OpenLoop] {
        let rows: Vec<_> = pairs.iter().filter(|(key, _)| key.kind == kind).collect();
        if !rows.is_empty() {
            text.push_str(&of_kind(kind, &rows, messages, width));
        }
    }
    if pairs.is_empty() {
        let _ = write!(text, "\n{}\n", messages.get("compare-no-rows"));
    }
    text
}

fn machine(name: &str, report: &Report, messages: &Messages, width: usize) -> String {
    let machine = &report.machine;
    let mut text = String::new();
    let first = format!("{}, {}", machine.kernel, machine.architecture);
    let mut says = vec![
        machine.processor.clone(),
        messages.fill("compare-cores", &[("count", machine.processors.into())]),
    ];
    if machine.virtual_machine {
        says.push(messages.get("compare-virtual"));
    }
    let mut run = vec![report.date.clone()];
    if report.quick {
        run.push(messages.get("compare-quick"));
    }
    if report.raised {
        run.push(messages.get("compare-raised"));
    }
    let lines = [first, says.join(", "), run.join(", ")];
    for (at, line) in lines.iter().enumerate() {
        let name = if at == 0 { name } else { " " };
        let line = paragraph(&Plain(line).to_string(), "   ", width);
        let _ = writeln!(
            text,
            "{}{}",
            styled(NAME, name),
            line.strip_prefix(' ').unwrap_or(&line)
        );
    }
    for remark in &report.remarks {
        let _ = writeln!(
            text,
            "{}",
            paragraph(&label("remark", remark, messages), "   ", width)
        );
    }
    text
}

fn floors(a: &Floors, b: &Floors, messages: &Messages) -> String {
    let mut rows = Vec::new();
    let mut add = |name: String, a: Option<f64>, b: Option<f64>| {
        if a.is_some() || b.is_some() {
            rows.push(vec![
                name,
                or_nothing(a, units::time),
                or_nothing(b, units::time),
                or_nothing(figures::divide(b, a), units::ratio),
            ]);
        }
    };
    add(messages.get("floor-one-line"), a.one_line_ns, b.one_line_ns);
    add(
        messages.get("floor-two-lines"),
        a.two_lines_ns,
        b.two_lines_ns,
    );
    add(messages.get("floor-yield"), a.yield_ns, b.yield_ns);
    add(
        messages.get("floor-system-call"),
        a.system_call_ns,
        b.system_call_ns,
    );
    for (key, a, b) in [
        ("floor-memcpy", &a.memcpy_ns, &b.memcpy_ns),
        ("floor-stream", &a.stream_ns, &b.stream_ns),
    ] {
        let mut sizes: Vec<_> = a.keys().chain(b.keys()).collect();
        sizes.sort_unstable();
        sizes.dedup();
        for size in sizes {
            let name = messages.fill(key, &[("size", units::size(*size).into())]);
            add(name, a.get(size).copied(), b.get(size).copied());
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let head = [messages.get("floors"), "A".into(), "B".into(), "B/A".into()];
    rows.insert(0, head.to_vec());
    let sides = [Side::Left, Side::Right, Side::Right, Side::Right];
    format!("\n{}\n", with_bold_head(table::lines(&sides, &rows)))
}

fn of_kind(kind: Kind, rows: &[&(Key, Pair<'_>)], messages: &Messages, width: usize) -> String {
    let title = styled(NAME, label("kind", kind, messages));
    let says = paragraph(&label("kind-says", kind, messages), "", width);
    let mut text = format!("\n{title}\n{says}\n");
    let mut cells = vec![head(kind, messages)];
    cells.extend(rows.iter().map(|(key, pair)| row(key, *pair, messages)));
    let sides = [&[Side::Left][..], &[Side::Right; 5]].concat();
    let mut lines = table::lines(&sides, &cells).into_iter();
    let _ = writeln!(
        text,
        "\n  {}",
        styled(NAME, lines.next().unwrap_or_default())
    );
    let mut group = None;
    for ((key, _), line) in rows.iter().copied().zip(lines) {
        let this = key.group();
        if group.as_ref() != Some(&this) {
            let title = words::group(&this, messages);
            let _ = writeln!(text, "{}", paragraph(&title, "", width));
            group = Some(this);
        }
        let _ = writeln!(text, "  {line}");
    }
    text.push_str(&notes::of(rows, messages, width));
    text
}

fn head(kind: Kind, messages: &Messages) -> Vec<String> {
    let floor = |side: &str| messages.fill("compare-floor", &[("side", side.into())]);
    let first = match kind {
        Kind::OpenLoop => "compare-size-rate",
        Kind::RoundTrip | Kind::Stream => "compare-size",
    };
    vec![
        messages.get(first),
        "A".to_owned(),
        "B".to_owned(),
        "B/A".to_owned(),
        floor("A"),
        floor("B"),
    ]
}

fn row(key: &Key, pair: Pair<'_>, messages: &Messages) -> Vec<String> {
    let size = units::size(key.size);
    let unit = match key.kind {
        Kind::Stream => units::rate,
        Kind::RoundTrip | Kind::OpenLoop => units::time,
    };
    let figure = |outcome: Option<&Outcome>| {
        let text = match figures::of(outcome) {
            Figure::Value(value) => unit(value),
            Figure::Failed(failed) => words::in_short(failed, messages),
            Figure::Unmeasured | Figure::Absent => NOTHING.to_owned(),
        };
        let raised = outcome.is_some_and(|outcome| outcome.limit.is_some());
        let mark = if raised { "*" } else { "" };
        format!("{}{mark}", Plain(&text))
    };
    let floor = |outcome: Option<&Outcome>| {
        or_nothing(
            outcome.and_then(|outcome| outcome.times_floor),
            units::ratio,
        )
    };
    vec![
        match key.kind {
            Kind::OpenLoop => format!("{size}, {}", units::rate(rate_of(pair))),
            Kind::RoundTrip | Kind::Stream => size,
        },
        figure(pair.a),
        figure(pair.b),
        or_nothing(figures::ratio(pair), units::ratio),
        floor(pair.a),
        floor(pair.b),
    ]
}

fn rate_of(pair: Pair<'_>) -> f64 {
    let open_loop = |outcome: Option<&Outcome>| Some(outcome?.open_loop.as_ref()?.rate);
    open_loop(pair.a)
        .or_else(|| open_loop(pair.b))
        .unwrap_or(0.0)
}

fn or_nothing(value: Option<f64>, unit: fn(f64) -> String) -> String {
    value.map_or_else(|| NOTHING.to_owned(), unit)
}

fn with_bold_head(lines: Vec<String>) -> String {
    let mut lines = lines.into_iter();
    let head = styled(NAME, lines.next().unwrap_or_default());
    std::iter::once(head)
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n")
}
