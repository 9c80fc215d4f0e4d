//! Draws panels with plotters, in stand-in colours that [`super::dress`] replaces.

use super::{
    axis::{self, Axis},
    dress::{self, Role},
    marker,
    panels::{Floor, Panel, Series},
    style::Style,
};
use crate::{record::Kind, text::Words, units::Units};
use plotters::{
    coord::{Shift, combinators::WithKeyPoints},
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

type Svg<'a> = SVGBackend<'a>;
type Error<'a> = DrawingAreaErrorKind<<Svg<'a> as DrawingBackend>::ErrorType>;
type Result<'a> = std::result::Result<(), Error<'a>>;
type Area<'a> = DrawingArea<Svg<'a>, Shift>;
type Chart<'c, 'a> = ChartContext<
    'c,
    Svg<'a>,
    Cartesian2d<WithKeyPoints<LogCoord<f64>>, WithKeyPoints<LogCoord<f64>>>,
>;

/// Units of the viewBox. On a phone 360 pixels wide a unit is a third of a pixel.
const WIDTH: i32 = 1040;
/// 10.7 pixels on that phone.
const TEXT: i32 = 31;
const LINE: i32 = 44;
const TITLE: i32 = 60;
const PLOT: i32 = 430;
const AXIS: i32 = 100;
const LEFT: i32 = 128;
const MARGIN: i32 = 12;

/// Everything that is written or drawn.
pub struct Figure<'a> {
    pub kind: Kind,
    pub title: &'a str,
    pub panels: &'a [Panel],
    /// Lines below the panels.
    pub footer: &'a [String],
    pub words: &'a Words,
}

/// One entry of the legend.
enum Entry<'a> {
    Series(&'a Series),
    Floor(&'a Floor),
}

impl Figure<'_> {
    /// The SVG as plotters writes it, and the styles that its stand-in colours mean.
    #[must_use]
    pub fn svg(&self) -> (String, Vec<Style>) {
        let mut svg = String::new();
        let styles = self.styles();
        let size = (WIDTH.unsigned_abs(), self.height().unsigned_abs());
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        // Into memory, with fonts that nobody has to load: nothing there can fail.
        let drawn = self.draw(&area, &styles).and_then(|()| area.present());
        drop(area);
        drop(drawn);
        (svg, styles)
    }

    fn styles(&self) -> Vec<Style> {
        let mut styles: Vec<Style> = Vec::new();
        for series in self.panels.iter().flat_map(|panel| &panel.series) {
            if !styles.contains(&series.style) {
                styles.push(series.style);
            }
        }
        styles
    }

    fn entries(&self) -> Vec<Entry<'_>> {
        let mut entries = Vec::new();
        let mut seen = Vec::new();
        for series in self.panels.iter().flat_map(|panel| &panel.series) {
            if !seen.contains(&&series.label) {
                seen.push(&series.label);
                entries.push(Entry::Series(series));
            }
        }
        for floor in self.panels.iter().flat_map(|panel| &panel.floors) {
            if !seen.contains(&&floor.label) {
                seen.push(&floor.label);
                entries.push(Entry::Floor(floor));
            }
        }
        entries
    }

    /// Title, legend, panels, footer.
    fn height(&self) -> i32 {
        let rows = number(self.entries().len().div_ceil(2));
        let panels = number(self.panels.len());
        let footer = number(self.footer.len());
        TITLE + LINE * (rows + 1) + panels * (TITLE + PLOT + AXIS) + footer * LINE + MARGIN
    }

    fn draw<'a>(&self, area: &Area<'a>, styles: &[Style]) -> Result<'a> {
        let bold = text(TEXT + 5, FontStyle::Bold);
        area.draw(&Text::new(
            self.title.to_owned(),
            (MARGIN, MARGIN),
            bold.clone(),
        ))?;
        let mut top = TITLE;
        if self.kind != Kind::Stream {
            let whisker = self.words.get("plot.whisker").to_owned();
            let style = text(TEXT, FontStyle::Normal);
            area.draw(&Text::new(whisker, (MARGIN, top), style))?;
        }
        top += LINE;
        for (at, entry) in self.entries().iter().enumerate() {
            let x = MARGIN + number(at % 2) * WIDTH / 2;
            let y = top + number(at / 2) * LINE + LINE / 2;
            self.legend(area, entry, (x, y), styles)?;
        }
        top += LINE * number(self.entries().len().div_ceil(2));
        for panel in self.panels {
            top += TITLE / 3;
            area.draw(&Text::new(panel.title.clone(), (MARGIN, top), bold.clone()))?;
            top += TITLE * 2 / 3;
            let place = area.clone().shrink((0, top), (WIDTH, PLOT + AXIS));
            self.panel(area, &place, panel, styles)?;
            top += PLOT + AXIS;
        }
        for line in self.footer {
            let style = text(TEXT, FontStyle::Normal);
            area.draw(&Text::new(line.clone(), (MARGIN, top), style))?;
            top += LINE;
        }
        Ok(())
    }

    fn legend<'a>(
        &self,
        area: &Area<'a>,
        entry: &Entry<'_>,
        (x, y): (i32, i32),
        styles: &[Style],
    ) -> Result<'a> {
        let sample = vec![(x, y), (x + 76, y)];
        let label = match entry {
            Entry::Series(series) => {
                let at = index(styles, &series.style);
                let line = dress::stand_in(Role::Line, at).stroke_width(4);
                area.draw(&PathElement::new(sample, line))?;
                let colour = dress::stand_in(Role::Marker, at);
                marker::draw(area, (x + 38, y), &series.style, colour)?;
                &series.label
            }
            Entry::Floor(floor) => {
                let line = dress::stand_in(Role::Floor, floor.look).stroke_width(3);
                area.draw(&PathElement::new(sample, line))?;
                &floor.label
            }
        };
        let style = text(TEXT, FontStyle::Normal).pos(Pos::new(HPos::Left, VPos::Center));
        area.draw(&Text::new(label.clone(), (x + 90, y), style))
    }

    fn panel<'a>(
        &self,
        whole: &Area<'a>,
        place: &Area<'a>,
        panel: &Panel,
        styles: &[Style],
    ) -> Result<'a> {
        let (across, up) = (axis::horizontal(panel), axis::vertical(panel));
        let mut chart = ChartBuilder::on(place)
            .margin_top(MARGIN)
            .margin_right(MARGIN * 2)
            .set_label_area_size(LabelAreaPosition::Left, LEFT)
            .set_label_area_size(LabelAreaPosition::Bottom, AXIS)
            .build_cartesian_2d(coordinate(&across), coordinate(&up))?;
        self.mesh(&mut chart)?;
        let mut below = Vec::new();
        for floor in &panel.floors {
            if !draw_floor(&mut chart, floor, &across, &up)? {
                below.push(self.below(floor));
            }
        }
        let count = panel.series.len();
        for (at, series) in panel.series.iter().enumerate() {
            let shift = apart(&across, at, count);
            draw_series(
                whole,
                &mut chart,
                series,
                shift,
                index(styles, &series.style),
            )?;
        }
        let (left, bottom) = chart.backend_coord(&(across.from, up.from));
        for (at, line) in below.into_iter().rev().enumerate() {
            let style = text(TEXT - 1, FontStyle::Normal).pos(Pos::new(HPos::Left, VPos::Bottom));
            let y = bottom - 6 - number(at) * (LINE - 8);
            whole.draw(&Text::new(line, (left + MARGIN, y), style))?;
        }
        Ok(())
    }

    fn mesh<'a>(&self, chart: &mut Chart<'_, 'a>) -> Result<'a> {
        let units = Units::new(self.words);
        let across = |x: &f64| match self.kind {
            Kind::OpenLoop => plain(units.rate(*x)),
            _ => plain(units.size(*x as usize)),
        };
        let up = |y: &f64| match self.kind {
            Kind::Stream => plain(units.bandwidth(*y)),
            _ => plain(units.time(*y)),
        };
        let name = match self.kind {
            Kind::OpenLoop => "plot.rate",
            _ => "plot.size",
        };
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(dress::stand_in(Role::Ink, 0).mix(0.2))
            .axis_style(dress::stand_in(Role::Ink, 0).mix(0.6))
            .label_style(text(TEXT, FontStyle::Normal))
            .axis_desc_style(text(TEXT, FontStyle::Normal))
            .x_label_formatter(&across)
            .y_label_formatter(&up)
            .x_desc(self.words.get(name))
            .draw()
    }

    fn below(&self, floor: &Floor) -> String {
        let lowest = floor
            .points
            .iter()
            .map(|(_, y)| *y)
            .fold(f64::INFINITY, f64::min);
        let time = Units::new(self.words).time(lowest);
        let values = [("floor", floor.label.as_str()), ("time", &time)];
        plain(self.words.fill("plot.floor-below", &values))
    }
}

fn coordinate(axis: &Axis) -> WithKeyPoints<LogCoord<f64>> {
    (axis.from..axis.to)
        .log_scale()
        .with_key_points(axis.marks.clone())
}

/// Draws what of a floor is inside the panel; false where nothing is.
fn draw_floor<'a>(
    chart: &mut Chart<'_, 'a>,
    floor: &Floor,
    across: &Axis,
    up: &Axis,
) -> std::result::Result<bool, Error<'a>> {
    let inside = |y: f64| (up.from..=up.to).contains(&y);
    let points: Vec<_> = match floor.points.as_slice() {
        [(_, y)] if inside(*y) => vec![(across.from, *y), (across.to, *y)],
        points => {
            let wide = across.from..=across.to;
            let points = points
                .iter()
                .filter(|(x, y)| wide.contains(x) && inside(*y));
            points.copied().collect()
        }
    };
    if points.len() < 2 {
        return Ok(false);
    }
    let line = dress::stand_in(Role::Floor, floor.look).stroke_width(3);
    chart.draw_series(LineSeries::new(points, line))?;
    Ok(true)
}

fn draw_series<'a>(
    whole: &Area<'a>,
    chart: &mut Chart<'_, 'a>,
    series: &Series,
    shift: f64,
    style: usize,
) -> Result<'a> {
    let marker = dress::stand_in(Role::Marker, style);
    for point in &series.points {
        let Some(high) = point.high else { continue };
        let (x, y) = chart.backend_coord(&(point.x * shift, point.y));
        let (_, top) = chart.backend_coord(&(point.x * shift, high));
        let thin = marker.mix(0.85).stroke_width(2);
        whole.draw(&PathElement::new(vec![(x, y), (x, top)], thin))?;
        whole.draw(&PathElement::new(vec![(x - 5, top), (x + 5, top)], thin))?;
    }
    let line = dress::stand_in(Role::Line, style).stroke_width(4);
    let points = series.points.iter().map(|point| (point.x * shift, point.y));
    chart.draw_series(LineSeries::new(points, line))?;
    for point in &series.points {
        let at = chart.backend_coord(&(point.x * shift, point.y));
        marker::draw(whole, at, &series.style, marker)?;
    }
    Ok(())
}

/// A factor on `x` that keeps the markers of one size from hiding each other.
fn apart(across: &Axis, at: usize, of: usize) -> f64 {
    let place = (at as f64 + 0.5) / of as f64 - 0.5;
    axis::step(&across.marks).powf(place * 0.55)
}

fn text(size: i32, weight: FontStyle) -> TextStyle<'static> {
    // plotters divides by this to come from a font's height to its size.
    let height = f64::from(size) * 1.24;
    let font = FontDesc::new(FontFamily::SansSerif, height, weight);
    font.color(&dress::stand_in(Role::Ink, 0))
}

fn plain(text: String) -> String {
    text.replace(crate::units::NBSP, " ")
}

fn index(styles: &[Style], style: &Style) -> usize {
    styles.iter().position(|known| known == style).unwrap_or(0)
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
