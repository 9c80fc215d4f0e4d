//! labkit's voice: what it says around a program's own output.

use super::{
    args::case_names,
    ending::Ending,
    failure,
    lab::{Case, Lab, Shows, Variant},
    language::Language,
    supervisor::Seen,
    text::{About, Text},
};
use nix::errno::Errno;
use serde_json::{Value, json};
use std::io::IsTerminal as _;

/// What a run proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It showed what it promises.
    Kept,
    /// The kernel answered otherwise.
    Otherwise,
    /// It cannot be shown here.
    Unavailable,
}

impl Verdict {
    /// Compares an ending with its promise.
    #[must_use]
    pub fn of(promise: &Shows, ending: &Ending) -> Self {
        match ending {
            ending if promise.kept_by(ending) => Self::Kept,
            Ending::Unavailable { .. } => Self::Unavailable,
            Ending::Failed { call, errno } if lacks(call, *errno) => Self::Unavailable,
            _ => Self::Otherwise,
        }
    }

    /// The lab's exit status.
    #[must_use]
    pub const fn exit_status(self) -> u8 {
        match self {
            Self::Kept => 0,
            Self::Otherwise => 1,
            Self::Unavailable => 3,
        }
    }
}

/// Whether this answer says that the system lacks something, or withholds it.
#[must_use]
pub fn lacks(call: &str, errno: Errno) -> bool {
    use Errno::{EMFILE, ENOMEM, ENOSPC, ENOSYS, EPERM};
    call == "fork" || matches!(errno, ENOSYS | EPERM | EMFILE | ENOSPC | ENOMEM)
}

/// Everything that is said in one language.
pub struct Voice<'a> {
    pub lab: &'a Lab,
    pub about: &'a About,
    pub language: Language,
    pub text: Text,
    /// Whether the language was asked for by name, so that the next command
    /// must ask for it too.
    pub asked: bool,
}

impl Voice<'_> {
    /// The text of `--help`.
    #[must_use]
    pub fn help(&self) -> String {
        let values = [
            ("lab", self.lab.name),
            ("title", self.about.of_lab(self.language, "title")),
            ("summary", self.about.of_lab(self.language, "summary")),
            ("first", self.lab.cases.first().map_or("", |case| case.name)),
            ("cases", &case_names(self.lab)),
        ];
        self.text.fill("help.text", &values)
    }

    /// The cases and what each must show.
    #[must_use]
    pub fn list(&self) -> String {
        let mut out = format!(
            "{}: {}\n",
            self.lab.name,
            self.about.of_lab(self.language, "title")
        );
        for case in self.lab.cases {
            out += &format!(
                "\n  {}: {}\n    broken: {}\n    fixed: {}\n",
                case.name,
                self.about.of_case(self.language, case.name, "title"),
                self.promise(&case.shows),
                self.promise(&case.fixed_shows),
            );
        }
        out
    }

    /// The line above a program's output.
    #[must_use]
    pub fn heading(&self, case: &Case, variant: Variant) -> String {
        let title = self.about.of_case(self.language, case.name, "title");
        wrap(&format!(
            "{} {} {}: {title}",
            self.lab.name,
            variant.word(),
            case.name
        ))
    }

    /// The paragraphs below a program's output; `private` says that it ran in
    /// namespaces of its own.
    #[must_use]
    pub fn explain(
        &self,
        case: &Case,
        variant: Variant,
        verdict: Verdict,
        seen: &Seen,
        private: bool,
    ) -> String {
        let (_, promise) = case.program(variant);
        let kernel = kernel(seen);
        let values = [
            ("kernel", kernel.as_str()),
            ("seen", &self.seen(&seen.ending)),
        ];
        let told = || {
            self.about
                .of_case(self.language, case.name, variant.word())
                .to_owned()
        };
        let mut paragraphs = Vec::new();
        match verdict {
            Verdict::Kept => {
                let key = match (variant, promise) {
                    (Variant::Broken, _) => "verdict.broken",
                    (Variant::Fixed, Shows::Success) => "verdict.fixed",
                    (Variant::Fixed, _) => "verdict.fixed-shown",
                };
                paragraphs.push(self.text.fill(key, &values));
                paragraphs.push(told());
            }
            Verdict::Otherwise | Verdict::Unavailable => {
                let promised = [("promise", self.promise(&promise))];
                let promised = promised
                    .each_ref()
                    .map(|(name, value)| (*name, value.as_str()));
                paragraphs.push(self.text.fill("verdict.promised", &promised));
                let key = match verdict {
                    Verdict::Unavailable => "verdict.unavailable",
                    _ => "verdict.otherwise",
                };
                paragraphs.push(self.text.fill(key, &values));
                let meaning = self.meaning(seen);
                paragraphs.push(self.text.fill("verdict.meaning", &[("meaning", &meaning)]));
            }
        }
        // The mended program gives it up as well, but shows no error.
        let told = matches!((verdict, promise), (Verdict::Kept, Shows::Errno(..)));
        for name in seen.gave_up.iter().filter(|_| told) {
            paragraphs.push(self.text.fill("verdict.gave-up", &[("name", name)]));
        }
        if private {
            paragraphs.push(self.text.get("verdict.private").to_owned());
        }
        paragraphs
            .iter()
            .map(|p| wrap(p))
            .collect::<Vec<_>>()
            .join("\n\n")
    }

    /// What to run and to read next.
    #[must_use]
    pub fn next(&self, case: &Case, variant: Variant) -> String {
        let after = self
            .lab
            .cases
            .iter()
            .skip_while(|c| c.name != case.name)
            .nth(1);
        let language = self
            .asked
            .then(|| format!(" --lang {}", self.language.code()));
        let command = |variant: Variant, case: &Case| {
            let language = language.as_deref().unwrap_or("");
            format!(
                "cargo run -p {} -- {} {}{language}",
                self.lab.name,
                variant.word(),
                case.name
            )
        };
        let next = match (variant, after) {
            (Variant::Broken, _) => Some(command(Variant::Fixed, case)),
            (Variant::Fixed, Some(after)) => Some(command(Variant::Broken, after)),
            (Variant::Fixed, None) => None,
        };
        let first = match next {
            Some(command) => self.text.fill("next.run", &[("command", &command)]),
            None => self.text.fill("next.list", &[("lab", self.lab.name)]),
        };
        let chapter = format!("src/{}/{}.md", self.language.code(), self.about.chapter());
        let man: Vec<_> = self
            .about
            .man()
            .iter()
            .filter_map(|page| man_command(page))
            .collect();
        let read = self.text.fill("next.read", &[("chapter", &chapter)]);
        let man = self.text.fill("next.man", &[("man", &man.join("; "))]);
        // Not wrapped: commands are there to be copied.
        format!("{first}\n{read}\n{man}")
    }

    /// A promise in words.
    fn promise(&self, shows: &Shows) -> String {
        match shows {
            Shows::Success => self.text.get("promise.success").to_owned(),
            Shows::TimeOut => self.text.get("promise.timeout").to_owned(),
            Shows::Errno(call, errno) => self.text.fill(
                "promise.errno",
                &[("call", call), ("errno", &format!("{errno:?}"))],
            ),
            Shows::Signal(signal) => self
                .text
                .fill("promise.signal", &[("signal", signal.as_str())]),
        }
    }

    /// An ending in words.
    fn seen(&self, ending: &Ending) -> String {
        let errno = |key: &str, role: &str, name: &str, errno: &nix::errno::Errno| {
            self.text.fill(
                key,
                &[
                    (role, name),
                    ("errno", &format!("{errno:?}")),
                    ("text", &failure::text(*errno)),
                    ("number", &(*errno as i32).to_string()),
                ],
            )
        };
        match ending {
            Ending::Success => self.text.get("seen.success").to_owned(),
            Ending::Failed { call, errno: e } => errno("seen.errno", "call", call, e),
            Ending::Unavailable { step, errno: e } => errno("seen.unavailable", "step", step, e),
            Ending::Signal {
                signal,
                fault: None,
            } => self
                .text
                .fill("seen.signal", &[("signal", signal.as_str())]),
            Ending::Signal {
                signal,
                fault: Some(fault),
            } => {
                let number = fault.code.to_string();
                let code = fault.code_name(*signal).unwrap_or(&number);
                let address = format!("{:#x}", fault.address);
                let values = [
                    ("signal", signal.as_str()),
                    ("code", code),
                    ("address", &address),
                ];
                self.text.fill("seen.fault", &values)
            }
            Ending::TimeOut { after } => self.text.fill(
                "seen.timeout",
                &[("seconds", &after.as_secs_f32().to_string())],
            ),
            Ending::Panicked { message } => self.text.fill("seen.panic", &[("message", message)]),
            Ending::Exited { status } => self
                .text
                .fill("seen.exit", &[("status", &status.to_string())]),
            Ending::Interrupted { signal } => self
                .text
                .fill("seen.interrupted", &[("signal", signal.as_str())]),
        }
    }

    /// What may lie behind an ending that was not promised.
    fn meaning(&self, seen: &Seen) -> String {
        let key = match &seen.ending {
            Ending::Unavailable { step, errno } => match step.as_str() {
                "capset" => format!("{errno:?}"),
                "setresuid" => "user".to_owned(),
                "fork" | "pipe2" | "signalfd" | "wait" | "memfd_create" => "process".to_owned(),
                _ => "namespace".to_owned(),
            },
            Ending::Failed { call, .. } if call == "unshare" => "namespace".to_owned(),
            Ending::Failed { call, .. } if call == "fork" => "process".to_owned(),
            Ending::Failed { errno, .. } => format!("{errno:?}"),
            Ending::Signal { .. } | Ending::Interrupted { .. } => "signal".to_owned(),
            Ending::TimeOut { .. } => "timeout".to_owned(),
            Ending::Panicked { .. } => "panic".to_owned(),
            Ending::Success => "success".to_owned(),
            Ending::Exited { .. } => "other".to_owned(),
        };
        let found = self.text.find(&format!("meaning.{key}"));
        let text = found.unwrap_or_else(|| self.text.get("meaning.other"));
        let limit = surrounding(seen, &["limits", "RLIMIT_MSGQUEUE", "soft"]);
        super::text::fill(text, &[("msgqueue", &limit.unwrap_or_default())])
    }
}

/// Why it cannot be shown here, in every language: what the tools print.
#[must_use]
pub fn reason(lab: &Lab, about: &About, seen: &Seen) -> Value {
    let texts = Language::ALL.map(|language| {
        let voice = Voice {
            lab,
            about,
            language,
            text: Text::new(language),
            asked: false,
        };
        let text = format!("{}. {}", voice.seen(&seen.ending), voice.meaning(seen));
        (language.code().to_owned(), json!(text))
    });
    Value::Object(texts.into_iter().collect())
}

fn surrounding(seen: &Seen, path: &[&str]) -> Option<String> {
    let all: Value = serde_json::from_str(seen.surroundings.as_deref()?).ok()?;
    match path.iter().try_fold(&all, |value, key| value.get(key))? {
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn kernel(seen: &Seen) -> String {
    let part = |key| surrounding(seen, &["kernel", key]).unwrap_or_else(|| "?".to_owned());
    format!(
        "{} {}, {}",
        part("system"),
        part("release"),
        part("machine")
    )
}

/// `mq_send(3)` as the command that shows it: `man 3 mq_send`.
fn man_command(page: &str) -> Option<String> {
    let (name, section) = page.strip_suffix(')')?.split_once('(')?;
    Some(format!("man {section} {name}"))
}

/// Breaks a paragraph for the reader's terminal.
fn wrap(paragraph: &str) -> String {
    textwrap::fill(paragraph, terminal_width())
}

/// The columns of the terminal behind stdout, 20 to 90, see ioctl_tty(2); 80 where
/// there is none.
#[must_use]
pub fn terminal_width() -> usize {
    let mut size = libc::winsize {
        ws_row: 0,
        ws_col: 0,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    let stdout = std::io::stdout();
    // SAFETY: TIOCGWINSZ writes one winsize.
    let known = stdout.is_terminal()
        && unsafe { libc::ioctl(libc::STDOUT_FILENO, libc::TIOCGWINSZ, &mut size) } == 0
        && size.ws_col > 0;
    if known {
        usize::from(size.ws_col).clamp(20, 90)
    } else {
        80
    }
}
