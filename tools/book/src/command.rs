//! The commands of the pages: `<!-- cmdrun lab-emsgsize broken send -->`.
//!
//! Only the workspace's own programs with plain words are accepted, because the
//! reader repeats them in any shell, and because a page must not be able to run
//! anything else on the machine of whoever builds it.

use std::fmt;

/// One command of a page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Command {
    pub program: Program,
    /// The words after the program.
    pub args: Vec<String>,
    /// The exit status that it must have: 0, or N with mdbook-cmdrun's `-N`.
    pub status: i32,
}

/// What may be run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Program {
    /// The lab in this folder of `labs/`.
    Lab(String),
    /// The snippet with this id of the lab in this folder of `labs/`.
    Snippet { lab: String, id: String },
}

/// Why a command is refused, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub why: String,
    pub remedy: String,
}

impl Refusal {
    pub(crate) fn new(why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            remedy: remedy.into(),
        }
    }
}

impl Command {
    /// Reads what stands between `cmdrun` and `-->`; `labs` are the folders of
    /// all labs.
    ///
    /// # Errors
    /// Shell syntax, another program, or a snippet that is not named.
    pub fn parse(text: &str, labs: &[String]) -> Result<Self, Refusal> {
        if let Some(odd) = text.chars().find(|c| !plain(*c)) {
            return Err(Refusal::new(
                format!("the command `{}` has shell syntax: {odd:?}", text.trim()),
                "write one program of this workspace with plain words, such as `lab-emsgsize broken send`",
            ));
        }
        let mut words = text.split_ascii_whitespace().peekable();
        let status = match words.peek().and_then(|word| word.strip_prefix('-')) {
            None => 0,
            Some(number) => {
                words.next();
                number.parse().map_err(|_| {
                    Refusal::new(
                        format!("-{number} is not an exit status"),
                        "write -N before the program, N being the exit status it must have",
                    )
                })?
            }
        };
        let name = words.next().unwrap_or_default();
        let known = |lab: &str| labs.iter().any(|l| l == lab);
        let program = if name == "snippet" {
            match (words.next(), words.next()) {
                (Some(lab), Some(id)) if known(lab) => Program::Snippet {
                    lab: lab.to_owned(),
                    id: id.to_owned(),
                },
                _ => {
                    return Err(Refusal::new(
                        format!("`{}` names no snippet", text.trim()),
                        "write `snippet LAB ID`: a folder of labs/ and an id in its README.md",
                    ));
                }
            }
        } else if let Some(lab) = name.strip_prefix("lab-").filter(|lab| known(lab)) {
            Program::Lab(lab.to_owned())
        } else {
            let labs: Vec<_> = labs.iter().map(|lab| format!("lab-{lab}")).collect();
            return Err(Refusal::new(
                format!("`{name}` is not a program of this workspace"),
                format!("known are: snippet, {}", labs.join(", ")),
            ));
        };
        let args: Vec<_> = words.map(str::to_owned).collect();
        if matches!(program, Program::Snippet { .. }) && !args.is_empty() {
            return Err(Refusal::new(
                format!("a snippet takes no arguments: `{}`", text.trim()),
                "write `snippet LAB ID` and nothing more",
            ));
        }
        Ok(Self {
            program,
            args,
            status,
        })
    }

    /// Whether the lab runs a program and so prints a record with `--json`;
    /// `list`, `--help` and wrong usage print text.
    #[must_use]
    pub fn has_record(&self) -> bool {
        let first = self.args.first().map(String::as_str);
        matches!(self.program, Program::Lab(_))
            && matches!(first, None | Some("broken" | "fixed"))
            && self.status != 2
    }

    /// What a reader types to see the same.
    #[must_use]
    pub fn for_readers(&self) -> String {
        let (start, words) = match &self.program {
            Program::Lab(lab) => (format!("cargo run -p lab-{lab}"), self.args.clone()),
            Program::Snippet { lab, id } => (format!("cargo book snippet {lab} {id}"), Vec::new()),
        };
        if words.is_empty() {
            start
        } else {
            format!("{start} -- {}", words.join(" "))
        }
    }
}

/// As it stands in a page.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.status != 0 {
            write!(f, "-{} ", self.status)?;
        }
        match &self.program {
            Program::Lab(lab) => write!(f, "lab-{lab}")?,
            Program::Snippet { lab, id } => write!(f, "snippet {lab} {id}")?,
        }
        self.args.iter().try_for_each(|arg| write!(f, " {arg}"))
    }
}

/// A character that no shell takes for anything but itself.
fn plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || " -_./=:@%+,".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Command, Refusal> {
        Command::parse(text, &["emsgsize".to_owned()])
    }

    #[test]
    fn a_lab_with_plain_words_is_accepted() {
        let command = parse(" lab-emsgsize broken send ").expect("plain");
        assert_eq!(command.program, Program::Lab("emsgsize".into()));
        assert_eq!(command.args, ["broken", "send"]);
        assert_eq!(
            command.for_readers(),
            "cargo run -p lab-emsgsize -- broken send"
        );
        assert!(command.has_record());
    }

    #[test]
    fn a_status_may_be_expected() {
        let command = parse("-2 lab-emsgsize nonsense").expect("plain");
        assert_eq!(command.status, 2);
        assert_eq!(command.to_string(), "-2 lab-emsgsize nonsense");
        assert!(!command.has_record());
        assert!(parse("--strict lab-emsgsize").is_err());
    }

    #[test]
    fn a_snippet_needs_lab_and_id_and_nothing_more() {
        assert!(parse("snippet emsgsize limits").is_ok());
        for bad in [
            "snippet",
            "snippet emsgsize",
            "snippet other limits",
            "snippet emsgsize a b",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn other_programs_and_shell_syntax_are_refused() {
        for bad in [
            "",
            "ls",
            "rm -rf /",
            "lab-other",
            "../lab-emsgsize",
            "lab-emsgsize; id",
            "lab-emsgsize | cat",
            "lab-emsgsize > x",
            "lab-emsgsize $(id)",
            "lab-emsgsize `id`",
            "lab-emsgsize 'x'",
            "lab-emsgsize \"x\"",
            "lab-emsgsize *",
            "lab-emsgsize &",
            "lab-emsgsize ~",
            "lab-emsgsize\\",
            "lab-emsgsize đ",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
