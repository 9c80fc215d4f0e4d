//! Markers, drawn from the point's pixel.

use super::{
    draw::{Area, Result},
    style::{Fill, Shape, Style},
};
use plotters::prelude::*;

/// From the middle of a marker to its edge, in units of the viewBox.
pub const RADIUS: i32 = 10;

/// Draws one marker on the whole plot.
///
/// # Errors
/// What the backend says.
pub fn draw<'a>(
    area: &Area<'a>,
    (x, y): (i32, i32),
    style: &Style,
    colour: RGBColor,
) -> Result<'a> {
    let line = colour.stroke_width(3);
    let at = |points: &[(i32, i32)]| -> Vec<(i32, i32)> {
        points.iter().map(|(dx, dy)| (x + dx, y + dy)).collect()
    };
    if let Some(strokes) = strokes(style.shape) {
        for stroke in strokes {
            area.draw(&PathElement::new(at(&stroke), line))?;
        }
        return Ok(());
    }
    let outline = outline(style.shape);
    if style.fill == Fill::Full {
        if style.shape == Shape::Circle {
            area.draw(&Circle::new((x, y), RADIUS, colour.filled()))?;
        } else {
            area.draw(&Polygon::new(at(&outline), colour.filled()))?;
        }
        return Ok(());
    }
    if style.shape == Shape::Circle {
        area.draw(&Circle::new((x, y), RADIUS, line))?;
    } else {
        let mut closed = outline.clone();
        closed.extend(outline.first());
        area.draw(&PathElement::new(at(&closed), line))?;
    }
    match style.fill {
        Fill::Dot => area.draw(&Circle::new((x, y), RADIUS / 3, colour.filled())),
        Fill::Bar => {
            let bar = at(&[(-RADIUS, 0), (RADIUS, 0)]);
            area.draw(&PathElement::new(bar, line))
        }
        Fill::Double => area.draw(&Circle::new((x, y), RADIUS * 3 / 5, colour.filled())),
        Fill::Full | Fill::Hollow => Ok(()),
    }
}

/// Shapes that are strokes and have no inside.
fn strokes(shape: Shape) -> Option<Vec<[(i32, i32); 2]>> {
    let (r, d) = (RADIUS, RADIUS * 4 / 5);
    let cross = [[(-d, -d), (d, d)], [(-d, d), (d, -d)]];
    let plus = [[(-r, 0), (r, 0)], [(0, -r), (0, r)]];
    match shape {
        Shape::Cross => Some(cross.into()),
        Shape::Plus => Some(plus.into()),
        Shape::Star => Some([[(0, -r), (0, r)], cross[0], cross[1]].into()),
        _ => None,
    }
}

fn outline(shape: Shape) -> Vec<(i32, i32)> {
    let (r, d) = (RADIUS + 1, RADIUS * 9 / 10);
    match shape {
        Shape::Square => vec![(-d, -d), (d, -d), (d, d), (-d, d)],
        Shape::Up => vec![(0, -r), (r, d), (-r, d)],
        Shape::Down => vec![(0, r), (r, -d), (-r, -d)],
        Shape::Left => vec![(-r, 0), (d, -r), (d, r)],
        Shape::Right => vec![(r, 0), (-d, -r), (-d, r)],
        Shape::Diamond => vec![(0, -r - 2), (r, 0), (0, r + 2), (-r, 0)],
        Shape::Circle | Shape::Cross | Shape::Plus | Shape::Star => Vec::new(),
    }
}
