//! A report for a terminal of a given width.

use crate::{
    findings,
    record::Report,
    sections::{self, Group, Section},
    summary,
    text::Words,
    units::NBSP,
};
use labkit::Language;
use std::fmt::Write as _;
use textwrap::{Options, core::display_width, fill};

/// Below this many columns a row's name stands on a line of its own.
const NARROW: usize = 60;

/// Between two columns.
const GAP: usize = 2;

/// Everything, in at most `width` columns where a single word is no longer.
#[must_use]
pub fn text(report: &Report, language: Language, width: usize) -> String {
    let words = Words::new(language);
    let mut out = String::new();
    let sections = sections::of(report, &words);
    if sections.is_empty() {
        paragraph(&mut out, words.get("section.nothing"), width);
        out.push('\n');
    }
    for part in &sections {
        section(&mut out, part, width);
        out.push('\n');
    }
    let findings = findings::of(report, &words);
    if !findings.is_empty() {
        heading(&mut out, words.get("crossover.title"), width);
        for finding in findings {
            paragraph(&mut out, &finding.sentence, width);
            for line in finding.lines {
                indented(&mut out, &format!("- {line}"), "  ", "    ", width);
            }
        }
        out.push('\n');
    }
    heading(&mut out, words.get("summary.title"), width);
    for line in summary::of(report, &words) {
        paragraph(&mut out, &line, width);
    }
    for remark in summary::remarks(report, &words) {
        out.push('\n');
        indented(&mut out, &remark, "! ", "  ", width);
    }
    out.replace(NBSP, " ")
}

fn section(out: &mut String, section: &Section, width: usize) {
    heading(out, &section.title, width);
    for line in &section.intro {
        paragraph(out, line, width);
    }
    let labels = section.groups.iter().flat_map(|group| &group.rows);
    let label = labels
        .map(|row| display_width(&row.label))
        .max()
        .unwrap_or(0)
        + 2;
    let narrow = width < NARROW;
    let margin = if narrow { 0 } else { label };
    let widths = column_widths(section);
    for columns in packed(&widths, width.saturating_sub(margin)) {
        out.push('\n');
        let shown = Shown {
            section,
            widths: &widths,
            columns,
            margin,
        };
        shown.headings(out);
        for group in &section.groups {
            shown.group(out, group, narrow, width);
        }
    }
    if !section.notes.is_empty() {
        out.push('\n');
    }
    for note in &section.notes {
        indented(out, note, "", "  ", width);
    }
}

/// The columns of one table that stand side by side.
struct Shown<'a> {
    section: &'a Section,
    widths: &'a [Width],
    columns: std::ops::Range<usize>,
    margin: usize,
}

impl Shown<'_> {
    fn headings(&self, out: &mut String) {
        let headings = &self.section.columns[self.columns.clone()];
        let lines = headings
            .iter()
            .map(|h| h.lines().count())
            .max()
            .unwrap_or(0);
        for line in 0..lines {
            let cells = headings.iter().map(|heading| {
                // Short ones stand at the bottom, next to their figures.
                let missing = lines - heading.lines().count();
                let at = line.checked_sub(missing);
                at.and_then(|at| heading.lines().nth(at)).unwrap_or("")
            });
            self.line(out, "", cells);
        }
    }

    fn group(&self, out: &mut String, group: &Group, narrow: bool, width: usize) {
        indented(out, &group.title, "", "", width);
        for row in &group.rows {
            let cells = self
                .columns
                .clone()
                .map(|at| row.cells.get(at).map_or("", |cell| cell));
            let label = format!("  {}", row.label);
            if narrow {
                out.push_str(label.trim_end());
                out.push('\n');
                self.line(out, "", cells);
            } else {
                self.line(out, &label, cells);
            }
        }
    }

    fn line<'c>(&self, out: &mut String, label: &str, cells: impl Iterator<Item = &'c str>) {
        let mut line = padded(label, self.margin, false);
        for (cell, at) in cells.zip(self.columns.clone()) {
            let cell = self.widths[at].aligned(cell);
            line.push_str(&" ".repeat(GAP));
            line.push_str(&cell);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// How wide a column is: first figure and second, each under its own kind.
#[derive(Debug, Clone, Copy, Default)]
struct Width {
    first: usize,
    second: usize,
    /// Of all, headings and cells with one figure included.
    all: usize,
}

impl Width {
    fn taking_in(mut self, cell: &str) -> Self {
        match cell.split_once('\t') {
            Some((first, second)) => {
                self.first = self.first.max(display_width(first));
                self.second = self.second.max(display_width(second));
                self.all = self.all.max(self.first + 1 + self.second);
            }
            None => self.all = self.all.max(display_width(cell)),
        }
        self
    }

    fn aligned(self, cell: &str) -> String {
        let cell = match cell.split_once('\t') {
            Some((first, second)) => {
                format!("{first} {}", padded(second, self.second, true))
            }
            None => cell.to_owned(),
        };
        padded(&cell, self.all, true)
    }
}

fn column_widths(section: &Section) -> Vec<Width> {
    let rows = || section.groups.iter().flat_map(|group| &group.rows);
    let widths = section.columns.iter().enumerate().map(|(at, heading)| {
        let cells = rows()
            .filter_map(|row| row.cells.get(at))
            .map(String::as_str);
        cells
            .chain(heading.lines())
            .fold(Width::default(), Width::taking_in)
    });
    widths.collect()
}

/// As many columns side by side as there is room for; at least one.
fn packed(widths: &[Width], room: usize) -> Vec<std::ops::Range<usize>> {
    let mut blocks = Vec::new();
    let (mut first, mut used) = (0, 0);
    for (at, width) in widths.iter().enumerate() {
        let wanted = width.all + GAP;
        if at > first && used + wanted > room {
            blocks.push(first..at);
            (first, used) = (at, 0);
        }
        used += wanted;
    }
    if first < widths.len() {
        blocks.push(first..widths.len());
    }
    blocks
}

/// To `width` columns as the eye counts them, not as bytes or characters do.
fn padded(text: &str, width: usize, right: bool) -> String {
    let blank = " ".repeat(width.saturating_sub(display_width(text)));
    if right {
        blank + text
    } else {
        text.to_owned() + &blank
    }
}

fn heading(out: &mut String, title: &str, width: usize) {
    paragraph(out, title, width);
    let line = "─".repeat(display_width(title).min(width));
    let _ = writeln!(out, "{line}");
}

fn paragraph(out: &mut String, text: &str, width: usize) {
    indented(out, text, "", "", width);
}

fn indented(out: &mut String, text: &str, first: &str, next: &str, width: usize) {
    let options = Options::new(width)
        .initial_indent(first)
        .subsequent_indent(next);
    let _ = writeln!(out, "{}", fill(text, options));
}
