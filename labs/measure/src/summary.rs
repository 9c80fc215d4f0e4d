//! Where and when it was measured, what the machine cannot go below, and what the
//! reader must know before believing the figures.

use crate::{
    record::{Floors, Machine, Report},
    text::Words,
    units::Units,
};
use std::collections::BTreeMap;

/// Whole sentences, a line each.
#[must_use]
pub fn of(report: &Report, words: &Words) -> Vec<String> {
    let units = Units::new(words);
    let mut lines = vec![machine(&report.machine, words), date(report, words)];
    let clock = &report.machine.clock;
    lines.push(words.fill(
        "summary.clock",
        &[
            ("source", &clock.source),
            ("cost", &units.time(clock.cost_ns)),
            ("step", &units.time(clock.step_ns)),
        ],
    ));
    let floors = floors(&report.floors, words, units);
    if !floors.is_empty() {
        lines.push(words.fill("summary.floors", &[("list", &floors)]));
    }
    let limits = report.machine.limits.iter();
    let limits: Vec<_> = limits
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    if !limits.is_empty() {
        lines.push(words.fill("summary.limits", &[("list", &limits.join(", "))]));
    }
    lines
}

/// The remarks, whole sentences.
#[must_use]
pub fn remarks(report: &Report, words: &Words) -> Vec<String> {
    let remarks = report.remarks.iter();
    remarks.map(|remark| words.remark(*remark)).collect()
}

/// Processor, kernel, and whether it is a virtual machine.
#[must_use]
pub fn machine(machine: &Machine, words: &Words) -> String {
    let mut line = words.fill(
        "summary.machine",
        &[
            ("processor", &machine.processor),
            ("processors", &machine.processors.to_string()),
            ("architecture", &machine.architecture),
            ("kernel", &machine.kernel),
        ],
    );
    if machine.virtual_machine {
        line = format!("{line} {}", words.get("summary.virtual"));
    }
    line
}

/// When it was measured, and how long that took.
#[must_use]
pub fn date(report: &Report, words: &Words) -> String {
    let key = if report.quick { "date-quick" } else { "date" };
    words.fill(
        &format!("summary.{key}"),
        &[
            ("date", &report.date),
            ("seconds", &format!("{:.0}", report.seconds)),
        ],
    )
}

fn floors(floors: &Floors, words: &Words, units: Units) -> String {
    let single = [
        ("one-line", floors.one_line_ns),
        ("two-lines", floors.two_lines_ns),
        ("yield", floors.yield_ns),
        ("system-call", floors.system_call_ns),
    ];
    let single = single.into_iter().filter_map(|(name, ns)| {
        let time = units.time(ns?);
        Some(words.fill(&format!("summary.{name}"), &[("time", &time)]))
    });
    let by_size = [("memcpy", &floors.memcpy_ns), ("stream", &floors.stream_ns)];
    let by_size = by_size.into_iter().filter(|(_, times)| !times.is_empty());
    let by_size = by_size.map(|(name, times)| {
        let list = sized(times, words, units);
        words.fill(&format!("summary.{name}"), &[("list", &list)])
    });
    single.chain(by_size).collect::<Vec<_>>().join("; ")
}

fn sized(times: &BTreeMap<usize, f64>, words: &Words, units: Units) -> String {
    let list = times.iter().map(|(size, ns)| {
        let values = [("size", units.size(*size)), ("time", units.time(*ns))];
        let values = values.each_ref().map(|(name, v)| (*name, v.as_str()));
        words.fill("summary.sized", &values)
    });
    list.collect::<Vec<_>>().join(", ")
}
