//! A report as Markdown, for a page of the book.
//!
//! mdBook puts each table into a `<div class="table-wrapper">` of its own, so that
//! a wide one scrolls on a phone and the page does not.

use crate::{
    findings,
    record::Report,
    sections::{self, Section},
    summary,
    text::Words,
};
use labkit::Language;
use std::fmt::Write as _;

/// Everything but the plot: the first table and what the figures say stand open, the
/// other tables are folded, for together they are several screens long. Titles are
/// bold paragraphs, not headings: the page that takes this in has headings of its own.
#[must_use]
pub fn text(report: &Report, language: Language) -> String {
    let words = Words::new(language);
    let mut out = String::new();
    let sections = sections::of(report, &words);
    if sections.is_empty() {
        paragraph(&mut out, words.get("section.nothing"));
    }
    let what = words.get("column.what");
    let (first, others) = sections.split_at(sections.len().min(1));
    for part in first {
        title(&mut out, &part.title);
        section(&mut out, part, what);
    }
    let findings = findings::of(report, &words);
    if !findings.is_empty() {
        title(&mut out, words.get("crossover.title"));
    }
    for finding in findings {
        paragraph(&mut out, &finding.sentence);
        list(&mut out, &finding.lines);
    }
    for part in others {
        folded(&mut out, &part.title, |out| section(out, part, what));
    }
    folded(&mut out, words.get("summary.title"), |out| {
        list(out, &summary::of(report, &words));
    });
    for remark in summary::remarks(report, &words) {
        let _ = writeln!(out, "> {}\n", escaped(&remark));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Something to open. The empty lines make Markdown of what is inside.
fn folded(out: &mut String, title: &str, inside: impl FnOnce(&mut String)) {
    let _ = writeln!(out, "<details>\n<summary>{}</summary>\n", escaped(title));
    inside(out);
    out.push_str("</details>\n\n");
}

fn section(out: &mut String, section: &Section, what: &str) {
    paragraph(out, &section.intro.join(" "));
    let headings = section
        .columns
        .iter()
        .map(|h| escaped(&h.replace('\n', " ")));
    line(out, what.to_owned(), headings);
    line(
        out,
        "---".to_owned(),
        section.columns.iter().map(|_| "--:".to_owned()),
    );
    for group in &section.groups {
        let blank = section.columns.iter().map(|_| String::new());
        line(out, format!("**{}**", escaped(&group.title)), blank);
        for row in &group.rows {
            let cells = row
                .cells
                .iter()
                .map(|cell| escaped(&cell.replace('\t', " ")));
            line(out, escaped(&row.label), cells);
        }
    }
    out.push('\n');
    for note in &section.notes {
        paragraph(out, note);
    }
}

fn line(out: &mut String, first: String, cells: impl Iterator<Item = String>) {
    let cells: Vec<_> = std::iter::once(first).chain(cells).collect();
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn title(out: &mut String, text: &str) {
    let _ = writeln!(out, "**{}**\n", escaped(text));
}

fn paragraph(out: &mut String, text: &str) {
    if !text.is_empty() {
        let _ = writeln!(out, "{}\n", escaped(text));
    }
}

fn list(out: &mut String, lines: &[String]) {
    for line in lines {
        let _ = writeln!(out, "- {}", escaped(line));
    }
    if !lines.is_empty() {
        out.push('\n');
    }
}

/// What would be markup in Markdown or HTML, as plain characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            // Two of them, as before an option, would be joined to a dash.
            '-' if out.ends_with('-') => out.push_str("\\-"),
            '\\' | '`' | '*' | '_' | '|' | '[' | ']' => out.extend(['\\', letter]),
            other => out.push(other),
        }
    }
    out
}
