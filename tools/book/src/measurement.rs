//! What a page shows of a measurement: `<!-- measured lab-latency table -->`.

use crate::command::{Command, Program, Refusal};
use std::fmt;

/// One view of what one lab measured.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Measurement {
    /// The lab's folder in `labs/`.
    pub lab: String,
    pub view: View,
}

/// What can be seen of the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum View {
    /// All figures, in tables and in words.
    Table,
    /// What the lab is named after, drawn.
    Plot,
    /// What happens at fixed rates, drawn.
    OpenLoop,
}

impl View {
    pub const ALL: [Self; 3] = [Self::Table, Self::Plot, Self::OpenLoop];

    /// As pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Plot => "plot",
            Self::OpenLoop => "open-loop",
        }
    }

    /// What the lab is asked for: Markdown, or an SVG drawing.
    #[must_use]
    pub const fn options(self) -> &'static [&'static str] {
        match self {
            Self::Table => &["--markdown"],
            Self::Plot => &["--svg"],
            Self::OpenLoop => &["--svg", "--open-loop"],
        }
    }

    /// Whether it is a drawing.
    #[must_use]
    pub const fn is_drawing(self) -> bool {
        !matches!(self, Self::Table)
    }
}

impl Measurement {
    /// Reads what stands between `measured` and `-->`; `measuring` are the folders
    /// of the labs that measure.
    ///
    /// # Errors
    /// Another lab, another view, or words that are missing or too many.
    pub fn parse(text: &str, measuring: &[String]) -> Result<Self, Refusal> {
        let words: Vec<_> = text.split_whitespace().collect();
        let [program, view] = words[..] else {
            return Err(Refusal::new(
                format!("`{}` names no measurement", text.trim()),
                "write `measured LAB VIEW`, such as `measured lab-latency table`",
            ));
        };
        let lab = program
            .strip_prefix("lab-")
            .filter(|lab| measuring.iter().any(|l| l == lab));
        let lab = lab.ok_or_else(|| {
            let known: Vec<_> = measuring.iter().map(|lab| format!("lab-{lab}")).collect();
            let known = match &known[..] {
                [] => "no lab of this workspace does".to_owned(),
                known => format!("those that do: {}", known.join(", ")),
            };
            Refusal::new(format!("`{program}` is not a lab that measures"), known)
        })?;
        let view = View::ALL.into_iter().find(|known| known.name() == view);
        let view = view.ok_or_else(|| {
            Refusal::new(
                format!("`{}` shows nothing known of a measurement", text.trim()),
                format!("known are: {}", View::ALL.map(View::name).join(", ")),
            )
        })?;
        Ok(Self {
            lab: lab.to_owned(),
            view,
        })
    }

    /// What a reader types to measure the same.
    #[must_use]
    pub fn for_readers(&self) -> String {
        format!("cargo run --release -p lab-{} -- --quick", self.lab)
    }
}

/// As it stands in a page.
impl fmt::Display for Measurement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lab-{} {}", self.lab, self.view.name())
    }
}

/// Why `command` may not be run among others: a lab that measures would share the
/// processors with them, and its figures would stand in one language.
#[must_use]
pub fn instead_of(command: &Command, measuring: &[String]) -> Option<Refusal> {
    let Program::Lab(lab) = &command.program else {
        return None;
    };
    let asks = |word: &str| matches!(word, "list" | "--help" | "-h");
    let measures = command.status != 2
        && measuring.contains(lab)
        && !command.args.iter().any(|word| asks(word));
    measures.then(|| {
        Refusal::new(
            format!("`{command}` measures, while other programs run"),
            format!("write <!-- measured lab-{lab} table -->: then it is alone"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Measurement, Refusal> {
        Measurement::parse(text, &["latency".to_owned()])
    }

    #[test]
    fn a_lab_and_a_view_are_accepted() {
        for view in View::ALL {
            let text = format!("lab-latency {}", view.name());
            let found = parse(&text).expect("known");
            assert_eq!((found.lab.as_str(), found.view), ("latency", view));
            assert_eq!(found.to_string(), text);
        }
    }

    #[test]
    fn anything_else_is_refused_with_a_remedy() {
        for text in [
            "lab-latency",
            "lab-latency table --quick",
            "latency table",
            "lab-emsgsize table",
            "lab-latency Table",
            "lab-latency tables",
        ] {
            let refusal = parse(text).expect_err(text);
            assert!(!refusal.why.is_empty() && !refusal.remedy.is_empty());
        }
        let view = parse("lab-latency tables").expect_err("no view");
        assert!(view.remedy.contains("table, plot, open-loop"));
        let lab = parse("lab-emsgsize table").expect_err("no such lab");
        assert!(lab.remedy.contains("lab-latency"));
    }

    #[test]
    fn a_lab_that_measures_is_no_command_of_a_page() {
        let labs = ["latency".to_owned(), "emsgsize".to_owned()];
        let refused = |words| {
            let command = Command::parse(words, &labs).expect("plain");
            instead_of(&command, &labs[..1]).is_some()
        };
        for measures in ["lab-latency", "lab-latency --quick", "-1 lab-latency"] {
            assert!(refused(measures), "{measures}");
        }
        for harmless in [
            "lab-latency list",
            "lab-latency --lang vi --help",
            "-2 lab-latency nonsense",
            "lab-emsgsize",
        ] {
            assert!(!refused(harmless), "{harmless}");
        }
    }
}
