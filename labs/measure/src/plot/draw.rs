//! Draws panels with plotters, in stand-in colours that [`super::dress`] replaces.

use super::{
    axis::{self, Axis},
    curve::{self, Apart},
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

pub type Svg<'a> = SVGBackend<'a>;
type Error<'a> = DrawingAreaErrorKind<<Svg<'a> as DrawingBackend>::ErrorType>;
pub type Result<'a> = std::result::Result<(), Error<'a>>;
pub type Area<'a> = DrawingArea<Svg<'a>, Shift>;
pub type Chart<'c, 'a> = ChartContext<
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
const AXIS: i32 = 88;
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

    /// Room for the labels of the vertical axis.
    fn left(&self) -> i32 {
        match self.kind {
            Kind::Stream => 160,
            Kind::RoundTrip | Kind::OpenLoop => 128,
        }
    }

    /// A line that says what the thin lines are, where there are any.
    fn hint(&self) -> i32 {
        i32::from(self.kind != Kind::Stream)
    }

    /// Title, legend, panels, footer.
    fn height(&self) -> i32 {
        let rows = number(self.entries().len().div_ceil(2));
        let panels = number(self.panels.len());
        let footer = number(self.footer.len());
        TITLE
            + LINE * (rows + self.hint())
            + panels * (TITLE + PLOT + AXIS)
            + footer * LINE
            + 2 * MARGIN
    }

    fn draw<'a>(&self, area: &Area<'a>, styles: &[Style]) -> Result<'a> {
        let bold = text(TEXT + 5, FontStyle::Bold);
        area.draw(&Text::new(
            self.title.to_owned(),
            (MARGIN, MARGIN),
            bold.clone(),
        ))?;
        let mut top = TITLE;
        if self.hint() > 0 {
            let whisker = self.words.get("plot.whisker").to_owned();
            let style = text(TEXT, FontStyle::Normal);
            area.draw(&Text::new(whisker, (MARGIN, top), style))?;
        }
        top += LINE * self.hint();
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
        top += MARGIN;
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
        let (across, mut up) = (axis::horizontal(panel), axis::vertical(panel));
        let outside = |floor: &&Floor| axis::clipped(&whole_line(floor, &across), &up).len() < 2;
        // A floor is told in words or drawn: the room for the words may reach down to it.
        let (below, within): (Vec<_>, Vec<_>) = panel.floors.iter().partition(outside);
        // Room for a line of text each, under everything that is drawn.
        up.from /= (up.to / up.from).powf(0.09 * below.len() as f64);
        let mut chart = ChartBuilder::on(place)
            .margin_top(MARGIN)
            .margin_right(MARGIN * 2)
            .set_label_area_size(LabelAreaPosition::Left, self.left())
            .set_label_area_size(LabelAreaPosition::Bottom, AXIS)
            .build_cartesian_2d(coordinate(&across), coordinate(&up))?;
        self.mesh(&mut chart)?;
        for floor in within {
            let points = axis::clipped(&whole_line(floor, &across), &up);
            let line = dress::stand_in(Role::Floor, floor.look).stroke_width(3);
            chart.draw_series(LineSeries::new(points, line))?;
        }
        let apart = Apart::new(&chart, &across, panel.series.len());
        for (at, series) in panel.series.iter().enumerate() {
            let style = index(styles, &series.style);
            curve::draw(whole, &chart, series, apart.shift(at), style)?;
        }
        let (left, bottom) = chart.backend_coord(&(across.from, up.from));
        for (at, floor) in below.into_iter().rev().enumerate() {
            let style = text(TEXT - 1, FontStyle::Normal).pos(Pos::new(HPos::Left, VPos::Bottom));
            let y = bottom - 6 - number(at) * (LINE - 8);
            whole.draw(&Text::new(self.below(floor), (left + MARGIN, y), style))?;
        }
        Ok(())
    }

    fn mesh<'a>(&self, chart: &mut Chart<'_, 'a>) -> Result<'a> {
        let units = Units::new(self.words);
        let across = |x: &f64| match self.kind {
            Kind::OpenLoop => tick(units.rate(*x)),
            _ => tick(units.size(*x as usize)),
        };
        let up = |y: &f64| match self.kind {
            Kind::Stream => tick(units.bandwidth(*y)),
            _ => tick(units.time(*y)),
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

/// A floor from end to end, whatever is outside.
fn whole_line(floor: &Floor, across: &Axis) -> Vec<(f64, f64)> {
    match floor.points.as_slice() {
        [(_, y)] => vec![(across.from, *y), (across.to, *y)],
        points => points.to_vec(),
    }
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

/// Marks are round numbers: `1 µs`, not `1.0 µs`.
fn tick(text: String) -> String {
    plain(text).replace(".0 ", " ").replace(",0 ", " ")
}

fn index(styles: &[Style], style: &Style) -> usize {
    styles.iter().position(|known| known == style).unwrap_or(0)
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
