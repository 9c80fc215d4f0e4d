//! Percentiles of times, by HdrHistogram: three digits from a nanosecond to a
//! minute.

use crate::record::Times;
use hdrhistogram::Histogram;

/// A tenth of a nanosecond: the mean of a block of round trips has parts of one.
const UNITS: f64 = 10.0;

/// A histogram of times in nanoseconds.
#[derive(Debug)]
pub struct Percentiles(Option<Histogram<u64>>);

impl Default for Percentiles {
    fn default() -> Self {
        Self::new()
    }
}

impl Percentiles {
    #[must_use]
    pub fn new() -> Self {
        Self(Histogram::new_with_bounds(1, 600_000_000_000, 3).ok())
    }

    /// Adds one time; longer ones than a minute count as a minute.
    pub fn record(&mut self, ns: f64) {
        if let Some(histogram) = &mut self.0 {
            histogram.saturating_record((ns * UNITS) as u64);
        }
    }

    /// p50, p99, p99.9 and the maximum, or nothing where there is nothing.
    #[must_use]
    pub fn times(&mut self) -> Times {
        let Some(histogram) = self.0.as_ref().filter(|h| !h.is_empty()) else {
            return Times::default();
        };
        let ns = |value: u64| Some(value as f64 / UNITS);
        Times {
            p50_ns: ns(histogram.value_at_quantile(0.5)),
            p99_ns: ns(histogram.value_at_quantile(0.99)),
            p999_ns: ns(histogram.value_at_quantile(0.999)),
            max_ns: ns(histogram.max()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_times() {
        let mut percentiles = Percentiles::new();
        assert_eq!(percentiles.times(), Times::default());
        for ns in 1..=1000 {
            percentiles.record(f64::from(ns));
        }
        let times = percentiles.times();
        let near = |value: Option<f64>, wanted: f64| {
            value.is_some_and(|value| (value / wanted - 1.0).abs() < 0.002)
        };
        assert!(near(times.p50_ns, 500.0), "{times:?}");
        assert!(near(times.p99_ns, 990.0), "{times:?}");
        assert!(near(times.p999_ns, 999.0), "{times:?}");
        assert!(near(times.max_ns, 1000.0), "{times:?}");
    }
}
