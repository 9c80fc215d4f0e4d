//! One series in a panel: line, markers, and thin lines up to the p99.

use super::{
    axis::{self, Axis},
    draw::{Area, Chart, Result},
    dress::{self, Role},
    marker,
    panels::Series,
};
use plotters::prelude::*;

/// # Errors
/// What the backend says.
pub fn draw<'a>(
    whole: &Area<'a>,
    chart: &Chart<'_, 'a>,
    series: &Series,
    shift: i32,
    style: usize,
) -> Result<'a> {
    let at = |x: f64, y: f64| {
        let (x, y) = chart.backend_coord(&(x, y));
        (x + shift, y)
    };
    let marker = dress::stand_in(Role::Marker, style);
    for point in &series.points {
        let Some(high) = point.high else { continue };
        let (low, (x, top)) = (at(point.x, point.y), at(point.x, high));
        let thin = marker.mix(0.85).stroke_width(2);
        whole.draw(&PathElement::new(vec![low, (x, top)], thin))?;
        whole.draw(&PathElement::new(vec![(x - 5, top), (x + 5, top)], thin))?;
    }
    let line = dress::stand_in(Role::Line, style).stroke_width(4);
    let points: Vec<_> = series.points.iter().map(|p| at(p.x, p.y)).collect();
    whole.draw(&PathElement::new(points.clone(), line))?;
    for point in points {
        marker::draw(whole, point, &series.style, marker)?;
    }
    Ok(())
}

/// Keeps the markers of one size from hiding each other: each series stands a
/// little to the left or right of its true place.
pub struct Apart {
    step: f64,
    count: usize,
}

impl Apart {
    pub fn new(chart: &Chart<'_, '_>, across: &Axis, count: usize) -> Self {
        let place = |x: f64| chart.backend_coord(&(x, 1.0)).0;
        let gap = place(across.from * axis::step(&across.marks)) - place(across.from);
        let most = 0.55 * f64::from(gap) / count as f64;
        let step = most.min(f64::from(marker::RADIUS * 2 + 2));
        Self { step, count }
    }

    /// In units of the viewBox.
    pub fn shift(&self, at: usize) -> i32 {
        let middle = (self.count as f64 - 1.0) / 2.0;
        ((at as f64 - middle) * self.step).round() as i32
    }
}
