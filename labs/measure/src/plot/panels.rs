//! What is in a plot: panels, series, points, floors. No drawing yet.

use super::style::Style;
use crate::{
    record::{Kind, Outcome, Report, Waiting},
    text::{Words, capital},
    units::Units,
};

/// One pair of axes, both logarithmic.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    pub title: String,
    pub series: Vec<Series>,
    pub floors: Vec<Floor>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub label: String,
    pub style: Style,
    /// In order of `x`.
    pub points: Vec<Point>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// A size in bytes or a rate a second.
    pub x: f64,
    /// Nanoseconds or bytes a second.
    pub y: f64,
    /// The p99 above a median.
    pub high: Option<f64>,
}

/// A line that nothing goes beyond.
#[derive(Debug, Clone, PartialEq)]
pub struct Floor {
    /// Its place in [`super::style::FLOOR_DASHES`].
    pub look: usize,
    pub label: String,
    /// A single one where the floor is the same for every size.
    pub points: Vec<(f64, f64)>,
}

/// The panels of one kind; two cores first, those that do not sleep first.
#[must_use]
pub fn of(report: &Report, kind: Kind, words: &Words) -> Vec<Panel> {
    let units = Units::new(words);
    let figures = report.results.iter().filter(|row| row.kind == kind);
    let figures: Vec<_> = figures.filter(|row| point(row).is_some()).collect();
    let spinning = |cores| {
        let mut rows = figures.iter();
        rows.any(|row| row.cores == cores && row.waiting == Waiting::Spin)
    };
    // Who asks first and sleeps only later belongs to those who ask, where there
    // are any: far below the sleepers it would press them all into one line.
    let key = |row: &Outcome| {
        let asks = match row.waiting {
            Waiting::Spin => true,
            Waiting::Sleep => false,
            Waiting::SpinThenSleep => spinning(row.cores),
        };
        key(row, asks)
    };
    let mut keys: Vec<_> = figures.iter().map(|row| key(row)).collect();
    keys.sort_unstable();
    keys.dedup();
    let panels = keys.into_iter().map(|wanted| {
        let rows: Vec<_> = figures
            .iter()
            .copied()
            .filter(|row| key(row) == wanted)
            .collect();
        let waiting = if wanted.1 { "plot.sleep" } else { "plot.spin" };
        let cores = rows[0].cores;
        let title = words.fill(
            "plot.panel",
            &[
                ("cores", &words.cores(cores)),
                ("waiting", words.get(waiting)),
            ],
        );
        let title = match kind {
            Kind::OpenLoop => words.fill(
                "plot.panel-size",
                &[("panel", &title), ("size", &units.size(wanted.2))],
            ),
            _ => title,
        };
        Panel {
            title: capital(&title),
            series: series(&rows, words),
            floors: floors(report, kind, cores, words),
        }
    });
    panels.collect()
}

/// Cores downwards, whether it may sleep, and for fixed rates the size.
fn key(row: &Outcome, asks: bool) -> (u32, bool, usize) {
    let size = match row.kind {
        Kind::OpenLoop => row.size,
        _ => 0,
    };
    (u32::MAX - row.cores, !asks, size)
}

fn point(row: &Outcome) -> Option<Point> {
    let (x, y, high) = match row.kind {
        Kind::RoundTrip => (row.size as f64, row.times.p50_ns?, row.times.p99_ns),
        Kind::Stream => (row.size as f64, row.bytes_per_second?, None),
        Kind::OpenLoop => {
            let open = row.open_loop.as_ref()?;
            (open.rate, open.corrected.p50_ns?, open.corrected.p99_ns)
        }
    };
    // Nothing else has a place on a logarithmic axis.
    let drawable = |value: f64| value.is_finite() && value > 0.0;
    let good = row.failed.is_none() && drawable(x) && drawable(y);
    let high = high.filter(|high| drawable(*high) && *high >= y);
    good.then_some(Point { x, y, high })
}

fn series(rows: &[&Outcome], words: &Words) -> Vec<Series> {
    let key = |row: &Outcome| (row.mechanism, row.waiting, row.payload, row.batch);
    let mut keys: Vec<_> = rows.iter().map(|row| key(row)).collect();
    keys.sort_unstable();
    keys.dedup();
    let series = keys.into_iter().map(|wanted| {
        let same: Vec<_> = rows.iter().filter(|row| key(row) == wanted).collect();
        let mut points: Vec<_> = same.iter().filter_map(|row| point(row)).collect();
        points.sort_by(|a, b| a.x.total_cmp(&b.x));
        let label = words.row(same[0]);
        let label = match same[0].waiting {
            Waiting::SpinThenSleep => words.fill("plot.spin-first", &[("label", &label)]),
            _ => label,
        };
        Series {
            label,
            style: Style::of(same[0]),
            points,
        }
    });
    series.collect()
}

fn floors(report: &Report, kind: Kind, cores: u32, words: &Words) -> Vec<Floor> {
    let floors = &report.floors;
    let constant = |ns: Option<f64>| ns.map(|ns| vec![(0.0, ns)]).unwrap_or_default();
    let all = match (kind, cores) {
        (Kind::RoundTrip, 2) => vec![
            (0, "two-lines", constant(floors.two_lines_ns)),
            (1, "one-line", constant(floors.one_line_ns)),
            (3, "memcpy", by_size(&floors.memcpy_ns, |_, ns| ns)),
        ],
        (Kind::RoundTrip, _) => vec![
            (2, "yield", constant(floors.yield_ns)),
            (3, "memcpy", by_size(&floors.memcpy_ns, |_, ns| ns)),
        ],
        (Kind::Stream, 2) => vec![(
            4,
            "stream",
            by_size(&floors.stream_ns, |size, ns| size * 1e9 / ns),
        )],
        _ => Vec::new(),
    };
    let drawable = all.into_iter().filter(|(_, _, points)| {
        !points.is_empty() && points.iter().all(|(_, y)| y.is_finite() && *y > 0.0)
    });
    let floors = drawable.map(|(look, name, points)| Floor {
        look,
        label: words.get(&format!("plot.floor-{name}")).to_owned(),
        points,
    });
    floors.collect()
}

fn by_size(
    times: &std::collections::BTreeMap<usize, f64>,
    y: impl Fn(f64, f64) -> f64,
) -> Vec<(f64, f64)> {
    let points = times.iter().map(|(size, ns)| {
        let size = *size as f64;
        (size, y(size, *ns))
    });
    points.collect()
}
