//! Figures as a person reads them: two or three digits and a unit.

use crate::text::Words;

/// A space at which no line is broken: it stands between every number and its unit.
pub const NBSP: char = '\u{a0}';

/// Writes figures with the decimal sign of one language.
#[derive(Debug, Clone, Copy)]
pub struct Units {
    comma: bool,
}

impl Units {
    #[must_use]
    pub fn new(words: &Words) -> Self {
        Self {
            comma: words.get("number.decimal") == "comma",
        }
    }

    /// A time given in nanoseconds, such as `98 ns`, `3.1 µs`, `12 ms`.
    #[must_use]
    pub fn time(self, ns: f64) -> String {
        self.scaled(ns, false, &["ns", "µs", "ms", "s"])
    }

    /// Such as `0.69×`, `1.4×`, `32×`.
    #[must_use]
    pub fn multiple(self, times: f64) -> String {
        format!("{}×", self.factor(times))
    }

    /// The same without the sign.
    #[must_use]
    pub fn factor(self, times: f64) -> String {
        let digits = match times {
            t if t < 0.995 => 2,
            t if t < 9.95 => 1,
            _ => 0,
        };
        self.decimal(times, digits)
    }

    /// Such as `8 B`, `4 KiB`, `1 MiB`: what is no whole number of them stays in
    /// bytes.
    #[must_use]
    pub fn size(self, bytes: usize) -> String {
        match bytes {
            b if b >= 1 << 20 && b % (1 << 20) == 0 => format!("{}{NBSP}MiB", b >> 20),
            b if b >= 1 << 10 && b % (1 << 10) == 0 => format!("{}{NBSP}KiB", b >> 10),
            b => format!("{b}{NBSP}B"),
        }
    }

    /// Messages a second, such as `129 M/s`; a whole number has no decimals.
    #[must_use]
    pub fn rate(self, per_second: f64) -> String {
        self.scaled(per_second, true, &["/s", "k/s", "M/s", "G/s"])
    }

    /// Bytes a second, decimal, such as `7.7 GB/s`.
    #[must_use]
    pub fn bandwidth(self, per_second: f64) -> String {
        self.scaled(per_second, false, &["B/s", "kB/s", "MB/s", "GB/s", "TB/s"])
    }

    fn scaled(self, mut value: f64, whole: bool, units: &[&str]) -> String {
        let mut unit = 0;
        // 999.6 would be written as 1000.
        while value >= 999.5 && unit + 1 < units.len() {
            value /= 1000.0;
            unit += 1;
        }
        let digits = usize::from(value < 9.95 && !(whole && value.fract() < 0.001));
        format!("{}{NBSP}{}", self.decimal(value, digits), units[unit])
    }

    fn decimal(self, value: f64, digits: usize) -> String {
        let number = format!("{value:.digits$}");
        if self.comma {
            number.replace('.', ",")
        } else {
            number
        }
    }
}
