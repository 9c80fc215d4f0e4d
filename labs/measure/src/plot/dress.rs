//! Turns the SVG that plotters writes into one for a page: the page's own colour
//! for text and axes, dashes, a name and a description, no fixed size.
//!
//! plotters knows neither `currentColor` nor `stroke-dasharray`. So it draws in
//! stand-in colours, each of which means one role and one number.

use super::style::{FLOOR_DASHES, Style};
use plotters::style::RGBColor;

/// What a stand-in colour is for; its number is the colour's red.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Text, axes, grid.
    Ink = 1,
    /// The line of a series.
    Line = 2,
    /// Markers and thin lines of a series, never dashed.
    Marker = 3,
    Floor = 4,
}

/// The stand-in for one role and one number below 256.
#[must_use]
pub fn stand_in(role: Role, number: usize) -> RGBColor {
    RGBColor(role as u8, 0, u8::try_from(number).unwrap_or(u8::MAX))
}

/// What the plot is called and what it says to those who do not see it.
pub struct Caption<'a> {
    /// Letters, digits and hyphens; no other plot on the page has it.
    pub id: &'a str,
    pub language: &'a str,
    pub title: &'a str,
    pub description: &'a str,
}

/// The finished SVG.
#[must_use]
pub fn dress(svg: &str, styles: &[Style], caption: &Caption<'_>) -> String {
    let mut svg = svg.to_owned();
    for (at, style) in styles.iter().enumerate() {
        let [r, g, b] = style.colour;
        let colour = format!("#{r:02X}{g:02X}{b:02X}");
        svg = painted(&svg, Role::Line, at, &colour, style.dash);
        svg = painted(&svg, Role::Marker, at, &colour, "");
    }
    for (at, dash) in FLOOR_DASHES.iter().enumerate() {
        svg = painted(&svg, Role::Floor, at, "currentColor", dash);
    }
    svg = painted(&svg, Role::Ink, 0, "currentColor", "");
    // The page's own letters where it is part of one; the root has some otherwise.
    svg = svg.replace(" font-family=\"sans-serif\"", "");
    let Some((opening, drawing)) = svg.split_once('\n') else {
        return svg;
    };
    format!("{}{drawing}", root(opening, caption))
}

fn painted(svg: &str, role: Role, number: usize, colour: &str, dash: &str) -> String {
    let RGBColor(r, g, b) = stand_in(role, number);
    let stand_in = format!("\"#{r:02X}{g:02X}{b:02X}\"");
    let dashes = match dash {
        "" => String::new(),
        dash => format!(" stroke-dasharray=\"{dash}\""),
    };
    svg.replace(
        &format!("stroke={stand_in}"),
        &format!("stroke=\"{colour}\"{dashes}"),
    )
    .replace(&format!("fill={stand_in}"), &format!("fill=\"{colour}\""))
}

/// The opening tag with what belongs right behind it. Colours of its own it has
/// only where it is the whole document; inside a page it takes the page's.
fn root(opening: &str, caption: &Caption<'_>) -> String {
    let view = opening
        .split_once("viewBox=\"")
        .and_then(|(_, rest)| rest.split_once('"'));
    let view = view.map_or("", |(view, _)| view);
    let Caption {
        id,
        language,
        title,
        description,
    } = caption;
    let (title, description) = (escaped(title), escaped(description));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{view}\" id=\"{id}\" lang=\"{language}\" \
         role=\"img\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" \
         style=\"max-width: 36rem\" font-family=\"sans-serif\" stroke-linejoin=\"round\">\n\
         <title id=\"{id}-title\">{title}</title>\n\
         <desc id=\"{id}-desc\">{description}</desc>\n\
         <style>\n\
         #{id} text {{ font-family: inherit; }}\n\
         #{id}:root {{ color: #161923; background: #fff; }}\n\
         @media (prefers-color-scheme: dark) {{\n\
         #{id}:root {{ color: #d8dce6; background: #161923; }}\n\
         }}\n\
         </style>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
