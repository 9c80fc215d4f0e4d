//! Figures with three digits and a unit that suits them.

/// `8 B`, `4 KiB`, `1 MiB`; in bytes where it is no whole number of a larger unit.
#[must_use]
pub fn size(bytes: usize) -> String {
    const UNITS: [&str; 4] = ["B", "KiB", "MiB", "GiB"];
    let (mut value, mut unit) = (bytes, 0);
    while value > 0 && value % 1024 == 0 && unit + 1 < UNITS.len() {
        value /= 1024;
        unit += 1;
    }
    format!("{value} {}", UNITS[unit])
}

/// A time given in nanoseconds: `98.2 ns`, `46.1 µs`, `3 s`.
#[must_use]
pub fn time(ns: f64) -> String {
    scaled(ns, &["ns", "µs", "ms", "s"])
}

/// A rate: `1.2 M/s`.
#[must_use]
pub fn rate(per_second: f64) -> String {
    scaled(per_second, &["/s", "k/s", "M/s", "G/s"])
}

/// A multiple or ratio: `0.97`, `12.5`, `448`.
#[must_use]
pub fn ratio(value: f64) -> String {
    if value.abs() >= 10_000.0 {
        format!("{value:.1e}")
    } else {
        digits(value)
    }
}

fn scaled(value: f64, units: &[&str]) -> String {
    let (mut value, mut unit) = (value, 0);
    // What three digits would round up to 1000 belongs to the next unit.
    while value.abs() >= 999.5 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{} {}", digits(value), units[unit])
}

/// Three digits, as far as they follow the point.
fn digits(value: f64) -> String {
    match value.abs() {
        v if v >= 99.95 => format!("{value:.0}"),
        v if v >= 9.995 => format!("{value:.1}"),
        v if v >= 0.01 || v == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.1e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_powers_of_two() {
        let sizes = [0, 8, 1000, 1024, 1025, 4096, 65536, 1 << 20, 3 << 30].map(size);
        let known = [
            "0 B", "8 B", "1000 B", "1 KiB", "1025 B", "4 KiB", "64 KiB", "1 MiB", "3 GiB",
        ];
        assert_eq!(sizes, known);
    }

    #[test]
    fn times_have_three_digits_and_never_four() {
        let times = [0.5, 98.24, 99.97, 999.4, 999.6, 46_123.0, 3e9, 4e12].map(time);
        let known = [
            "0.50 ns", "98.2 ns", "100 ns", "999 ns", "1.00 µs", "46.1 µs", "3.00 s", "4000 s",
        ];
        assert_eq!(times, known);
    }

    #[test]
    fn rates_and_ratios_stay_short() {
        assert_eq!(rate(129e6), "129 M/s");
        assert_eq!(ratio(0.969), "0.97");
        assert_eq!(ratio(448.2), "448");
        assert_eq!(ratio(1_234_567.0), "1.2e6");
        assert_eq!(ratio(0.000_123), "1.2e-4");
    }
}
