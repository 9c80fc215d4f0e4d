//! Where an axis begins, ends, and has its marks.

use super::panels::Panel;

/// A logarithmic axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    pub from: f64,
    pub to: f64,
    /// Where a line and a label stand.
    pub marks: Vec<f64>,
}

/// Room left and right of the outermost points, as a share of the distance between
/// two neighbours.
const MARGIN: f64 = 0.4;

/// More labels than this would touch one another.
const MOST_LABELS: usize = 7;

/// Every value that has points is a mark; every other one where there are many.
#[must_use]
pub fn horizontal(panel: &Panel) -> Axis {
    let points = panel.series.iter().flat_map(|series| &series.points);
    let mut marks: Vec<_> = points.map(|point| point.x).collect();
    marks.sort_by(f64::total_cmp);
    marks.dedup();
    let (Some(first), Some(last)) = (marks.first().copied(), marks.last().copied()) else {
        return Axis {
            from: 1.0,
            to: 10.0,
            marks,
        };
    };
    let margin = step(&marks).powf(MARGIN);
    let every = marks.len().div_ceil(MOST_LABELS).max(1);
    Axis {
        from: first / margin,
        to: last * margin,
        marks: marks.into_iter().step_by(every).collect(),
    }
}

/// The smallest factor between neighbours.
#[must_use]
pub fn step(values: &[f64]) -> f64 {
    let steps = values.windows(2).map(|pair| pair[1] / pair[0]);
    let least = steps.fold(f64::INFINITY, f64::min);
    if least.is_finite() { least } else { 4.0 }
}

/// From the lowest figure to the highest, floors included that are near.
#[must_use]
pub fn vertical(panel: &Panel) -> Axis {
    let points = panel.series.iter().flat_map(|series| &series.points);
    let mut low = f64::INFINITY;
    let mut high = 0.0_f64;
    for point in points {
        low = low.min(point.y);
        high = high.max(point.high.unwrap_or(point.y));
    }
    // A floor far below would press all that is above it into a corner: there it
    // is told in words.
    let near = low / 10.0..=high * 10.0;
    for floor in &panel.floors {
        let inside = floor
            .points
            .iter()
            .map(|(_, y)| *y)
            .filter(|y| near.contains(y));
        for y in inside {
            low = low.min(y);
            high = high.max(y);
        }
    }
    if !(low.is_finite() && high > 0.0) {
        (low, high) = (1.0, 10.0);
    }
    let (from, to) = (low / 1.4, high * 1.4);
    let decades = (to / from).log10();
    let digits: &[f64] = match decades {
        d if d < 1.3 => &[1.0, 2.0, 3.0, 5.0, 7.0],
        d if d < 2.5 => &[1.0, 2.0, 5.0],
        d if d < 4.0 => &[1.0, 3.0],
        _ => &[1.0],
    };
    let exponents = from.log10().floor() as i32..=to.log10().ceil() as i32;
    let marks = exponents.flat_map(|e| digits.iter().map(move |digit| digit * 10_f64.powi(e)));
    Axis {
        from,
        to,
        marks: marks.filter(|mark| (from..=to).contains(mark)).collect(),
    }
}

/// What of a line is within an axis, cut off where it crosses an end of it. A line
/// that leaves and comes back would be joined over the gap; floors do not.
#[must_use]
pub fn clipped(points: &[(f64, f64)], axis: &Axis) -> Vec<(f64, f64)> {
    let inside = |y: f64| (axis.from..=axis.to).contains(&y);
    let mut line = Vec::new();
    for pair in points.windows(2) {
        let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
        let crossing = |y: f64| {
            // Straight on logarithmic axes.
            let share = (y / y0).ln() / (y1 / y0).ln();
            (x0 * (x1 / x0).powf(share), y)
        };
        let (low, high) = (y0.min(y1), y0.max(y1));
        let crossed = |end: &f64| low < *end && *end < high;
        if inside(y0) && line.is_empty() {
            line.push((x0, y0));
        }
        let mut cuts: Vec<_> = [axis.from, axis.to].into_iter().filter(crossed).collect();
        if y1 < y0 {
            cuts.reverse();
        }
        line.extend(cuts.into_iter().map(crossing));
        if inside(y1) {
            line.push((x1, y1));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const AXIS: Axis = Axis {
        from: 1.0,
        to: 100.0,
        marks: Vec::new(),
    };

    #[test]
    fn a_line_is_cut_off_at_both_ends_of_the_axis() {
        let line = clipped(&[(1.0, 0.1), (1e4, 1e3)], &AXIS);
        let [(x0, y0), (x1, y1)] = line[..] else {
            panic!("{line:?}");
        };
        assert!((x0 - 10.0).abs() < 1e-6 && y0 == 1.0, "{line:?}");
        assert!((x1 - 1000.0).abs() < 1e-6 && y1 == 100.0, "{line:?}");
    }

    #[test]
    fn a_line_within_stays_as_it_is_and_one_outside_is_none() {
        let within = [(1.0, 2.0), (2.0, 2.0), (3.0, 50.0)];
        assert_eq!(clipped(&within, &AXIS), within);
        assert_eq!(clipped(&[(1.0, 0.2), (2.0, 0.5)], &AXIS), []);
    }
}
