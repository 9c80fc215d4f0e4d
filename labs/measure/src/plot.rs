//! A report as a plot: SVG that a page may take in as it is.
//!
//! Both axes are logarithmic. Every series has its own shape of marker and its own
//! dashes, so that it can be told from the others without colour; text and axes
//! have the colour of the page.

mod axis;
mod curve;
mod draw;
mod dress;
mod marker;
mod panels;
mod style;

use crate::{
    record::{Kind, Report},
    summary,
    text::{Words, word},
    units::{NBSP, Units},
};
use draw::Figure;
use dress::Caption;
use labkit::Language;
use panels::Panel;

/// The kinds of which a report has something to draw.
#[must_use]
pub fn kinds(report: &Report) -> Vec<Kind> {
    let kinds = [Kind::RoundTrip, Kind::Stream, Kind::OpenLoop];
    let words = Words::new(Language::En);
    let drawn = |kind: &Kind| !panels::of(report, *kind, &words).is_empty();
    kinds.into_iter().filter(drawn).collect()
}

/// One kind as an SVG: the same for the same report and language. Where there is
/// nothing to draw, it says so.
#[must_use]
pub fn svg(report: &Report, kind: Kind, language: Language) -> String {
    let words = Words::new(language);
    let panels = panels::of(report, kind, &words);
    let title = words.get(&format!("plot.{}", word(&kind))).to_owned();
    let machine = &report.machine;
    let mut footer = vec![
        format!("{}, {}", machine.processor, machine.kernel),
        report.date.clone(),
    ];
    if panels.is_empty() {
        footer.insert(0, words.get("plot.nothing").to_owned());
    }
    let figure = Figure {
        kind,
        title: &title,
        panels: &panels,
        footer: &footer,
        words: &words,
    };
    let (drawing, styles) = figure.svg();
    let description = description(report, kind, &panels, &words);
    let caption = Caption {
        id: &id(report, kind, language),
        language: language.code(),
        title: &title,
        description: &description,
    };
    dress::dress(&drawing, &styles, &caption)
}

/// What the plot shows, for those who do not see it: each series at both ends.
fn description(report: &Report, kind: Kind, panels: &[Panel], words: &Words) -> String {
    let units = Units::new(words);
    let x = |x: f64| match kind {
        Kind::OpenLoop => units.rate(x),
        _ => units.size(x as usize),
    };
    let y = |y: f64| match kind {
        Kind::Stream => units.bandwidth(y),
        _ => units.time(y),
    };
    let titles: Vec<_> = panels.iter().map(|panel| panel.title.as_str()).collect();
    let mut ends = String::new();
    for panel in panels {
        ends += &format!("{}: ", panel.title);
        let series = panel.series.iter().map(|series| {
            let points = &series.points;
            let mut outermost = vec![points[0]];
            if points.len() > 1 {
                outermost.push(points[points.len() - 1]);
            }
            let values = outermost.iter().map(|p| format!("{} {}", x(p.x), y(p.y)));
            format!("{} {}", series.label, values.collect::<Vec<_>>().join(", "))
        });
        ends += &series.collect::<Vec<_>>().join("; ");
        ends += ". ";
    }
    let text = words.fill(
        "plot.desc",
        &[
            ("panels", &titles.join("; ")),
            ("machine", &summary::machine(&report.machine, words)),
            ("date", &summary::date(report, words)),
            ("ends", ends.trim_end()),
        ],
    );
    text.replace(NBSP, " ")
}

/// One that no other plot has: several may stand on a page.
fn id(report: &Report, kind: Kind, language: Language) -> String {
    // FNV-1a: the same in every build, unlike the standard library's hasher.
    let json = serde_json::to_string(report).unwrap_or_default();
    let hash = json.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("plot-{}-{}-{hash:016x}", word(&kind), language.code())
}
