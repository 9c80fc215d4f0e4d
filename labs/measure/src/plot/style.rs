//! How a series is told from the others without colour: by the shape of its
//! markers, by how they are filled, and by the dashes of its line.

use crate::record::{Mechanism, Outcome, Payload, Waiting};

/// The look of one series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Red, green, blue. At least 3:1 on white and on the book's dark page.
    pub colour: [u8; 3],
    pub shape: Shape,
    pub fill: Fill,
    /// As in `stroke-dasharray`; empty for a solid line.
    pub dash: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Square,
    Circle,
    Up,
    Down,
    Diamond,
    Left,
    Right,
    Cross,
    Plus,
    Star,
}

/// What the inside of a marker looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    Full,
    Hollow,
    Dot,
    Bar,
    Double,
}

impl Style {
    /// The same for a series in every plot and panel.
    #[must_use]
    pub fn of(row: &Outcome) -> Self {
        let (colour, shape, dash) = of_mechanism(row.mechanism);
        let batched = row.batch > 1;
        let (fill, other) = match (row.payload, batched, row.waiting) {
            (_, _, Waiting::SpinThenSleep) => (Fill::Double, "2 6"),
            (Payload::Copied, false, _) => (Fill::Full, dash),
            (Payload::Lent, false, _) => (Fill::Hollow, "26 6"),
            (Payload::Copied, true, _) => (Fill::Dot, "6 6"),
            (Payload::Lent, true, _) => (Fill::Bar, "26 6 2 6"),
        };
        Self {
            colour,
            shape,
            fill,
            dash: other,
        }
    }
}

const fn of_mechanism(mechanism: Mechanism) -> ([u8; 3], Shape, &'static str) {
    match mechanism {
        Mechanism::Mailbox => ([0x9A, 0x6A, 0x2F], Shape::Square, "10 6"),
        Mechanism::Ring => ([0x1F, 0x78, 0xC8], Shape::Circle, ""),
        Mechanism::Semaphore => ([0x1B, 0x8A, 0x5A], Shape::Up, "18 8"),
        Mechanism::MutexCondvar => ([0x7A, 0x66, 0xD6], Shape::Down, "4 8"),
        Mechanism::Eventfd => ([0x0F, 0x86, 0x9A], Shape::Diamond, "18 6 4 6"),
        Mechanism::PosixQueue => ([0xD5, 0x4A, 0x1E], Shape::Left, "30 8"),
        Mechanism::SysvQueue => ([0xC2, 0x3B, 0x78], Shape::Right, "30 6 4 6 4 6"),
        Mechanism::Pipe => ([0x6F, 0x7D, 0x12], Shape::Cross, "10 10"),
        Mechanism::UnixStream => ([0xA8, 0x4F, 0xBE], Shape::Plus, "14 5 14 12"),
        Mechanism::UnixSeqpacket => ([0x76, 0x7A, 0x86], Shape::Star, "3 4 12 4"),
    }
}

/// The dashes of floors, which have the page's own colour and no markers.
pub const FLOOR_DASHES: [&str; 5] = ["", "3 7", "12 6", "12 6 3 6", "20 5 3 5"];

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Mechanism; 10] = [
        Mechanism::Mailbox,
        Mechanism::Ring,
        Mechanism::Semaphore,
        Mechanism::MutexCondvar,
        Mechanism::Eventfd,
        Mechanism::PosixQueue,
        Mechanism::SysvQueue,
        Mechanism::Pipe,
        Mechanism::UnixStream,
        Mechanism::UnixSeqpacket,
    ];

    /// Relative luminance and contrast as WCAG 2.2 defines them.
    fn luminance(colour: [u8; 3]) -> f64 {
        let [r, g, b] = colour.map(|channel| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    #[test]
    fn every_colour_can_be_seen_on_a_light_and_on_a_dark_page() {
        for mechanism in ALL {
            let (colour, ..) = of_mechanism(mechanism);
            for page in [[0xFF, 0xFF, 0xFF], [0x16, 0x19, 0x23]] {
                let contrast = contrast(colour, page);
                assert!(contrast >= 3.0, "{mechanism:?} on {page:?}: {contrast:.2}");
            }
        }
    }

    #[test]
    fn no_two_mechanisms_share_a_shape_or_a_dash() {
        for (at, one) in ALL.iter().enumerate() {
            for other in &ALL[at + 1..] {
                let (a, b) = (of_mechanism(*one), of_mechanism(*other));
                assert_ne!(a.0, b.0);
                assert_ne!(a.1, b.1);
                assert_ne!(a.2, b.2);
            }
        }
    }
}
