//! What the pages themselves say of a report, and what they take of a view.

use crate::{measurement::View, outline::Language};
use serde::Deserialize;

/// The part of a lab's report that stands below every view.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Report {
    lab: String,
    date: String,
    pub machine: Machine,
}

/// Where it was measured.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Machine {
    /// Such as `Linux 6.18.44`.
    pub kernel: String,
    /// Such as `x86_64`.
    pub architecture: String,
    pub processor: String,
    /// How many could be used.
    pub processors: usize,
    pub virtual_machine: bool,
}

impl Report {
    /// Reads what the lab in the folder `lab` printed.
    ///
    /// # Errors
    /// Where it is no report of this lab.
    pub fn parse(text: &str, lab: &str) -> Result<Self, String> {
        let report: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if report.lab != format!("lab-{lab}") {
            return Err(format!("this is a report of {}", report.lab));
        }
        if report.day().is_none() {
            return Err(format!("{:?} is no date", report.date));
        }
        Ok(report)
    }

    /// The day on which it was measured, in UTC.
    #[must_use]
    pub fn date(&self, language: Language) -> String {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let Some((year, month, day)) = self.day() else {
            return self.date.clone();
        };
        match language {
            Language::Vi => format!("{day} tháng {month} năm {year}"),
            Language::En => format!("{day} {} {year}", MONTHS[month - 1]),
        }
    }

    /// Year, month from 1, day.
    fn day(&self) -> Option<(u32, usize, u32)> {
        let (date, _) = self.date.split_once('T')?;
        let mut parts = date.split('-');
        let year = parts.next()?.parse().ok()?;
        let month = parts.next()?.parse().ok()?;
        let day = parts.next()?.parse().ok()?;
        let sane = parts.next().is_none() && (1..=12).contains(&month) && (1..=31).contains(&day);
        sane.then_some((year, month, day))
    }
}

/// What a page takes of what a lab printed; nothing where there is nothing.
pub fn seen(view: View, printed: &str) -> Option<String> {
    let text = if view.is_drawing() {
        inline(printed)?
    } else {
        printed.trim_matches('\n').to_owned()
    };
    (!text.trim().is_empty()).then_some(text)
}

/// An SVG drawing as a part of a page: without what only a file has before it, and
/// without empty lines, after which Markdown would go on.
fn inline(svg: &str) -> Option<String> {
    let start = svg.find("<svg")?;
    let end = svg.rfind("</svg>")? + "</svg>".len();
    let lines = svg.get(start..end)?.lines();
    let lines: Vec<_> = lines.filter(|line| !line.trim().is_empty()).collect();
    Some(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(lab: &str, date: &str) -> Result<Report, String> {
        let text = format!(
            r#"{{"lab":"{lab}","date":"{date}","results":[],"machine":{{"kernel":"Linux 6.18",
            "architecture":"x86_64","processor":"P","processors":2,"virtual_machine":true,"limits":{{}}}}}}"#
        );
        Report::parse(&text, "latency")
    }

    #[test]
    fn the_day_is_told_in_each_language() {
        let report = report("lab-latency", "2026-03-04T13:40:00Z").expect("a report");
        assert_eq!(report.date(Language::En), "4 March 2026");
        assert_eq!(report.date(Language::Vi), "4 tháng 3 năm 2026");
    }

    #[test]
    fn what_is_no_report_of_this_lab_is_refused() {
        assert!(report("lab-throughput", "2026-03-04T13:40:00Z").is_err());
        for date in ["", "2026-13-04T00:00:00Z", "2026-01-00T00:00:00Z", "x-1-1T"] {
            assert!(report("lab-latency", date).is_err(), "{date:?}");
        }
        for text in ["", "{}", "[1]", "{\"lab\":"] {
            assert!(Report::parse(text, "latency").is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_drawing_is_taken_without_what_would_end_it_in_markdown() {
        let file = "<?xml version=\"1.0\"?>\n<!-- x -->\n<svg>\n\n  \n<g/>\n</svg>\n\n";
        let seen = |text| seen(View::Plot, text);
        assert_eq!(seen(file).as_deref(), Some("<svg>\n<g/>\n</svg>"));
        assert_eq!(seen("no drawing"), None);
        assert_eq!(seen("</svg><svg"), None);
    }

    #[test]
    fn a_table_is_taken_as_it_is_and_nothing_is_not() {
        let table = "\n| a |\n|---|\n| 1 |\n\n";
        assert_eq!(
            seen(View::Table, table).as_deref(),
            Some("| a |\n|---|\n| 1 |")
        );
        assert_eq!(seen(View::Table, " \n"), None);
    }
}
