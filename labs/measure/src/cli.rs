//! A measuring lab as a command: asks, measures, tells, keeps.

pub mod args;
mod kept;

use crate::{
    keep, markdown, plot,
    progress::{Bar, Progress},
    record::{Failed, Kind, Mechanism, Payload, Refusal, Remark, Report, VERSION, Waiting},
    table,
    text::{Words, word},
};
use args::{Form, Misuse, Request};
use kept::Kept;
use labkit::Language;
use std::{
    env,
    ffi::OsString,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// How to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Fewer sizes, shorter blocks: seconds instead of a minute.
    pub quick: bool,
    /// The reader's, for what is said while measuring.
    pub language: Language,
}

/// What a measuring lab is made of.
pub struct Spec {
    /// `lab-latency` or `lab-throughput`.
    pub name: &'static str,
    /// Measures everything. What fails or is refused is a row of the report; an
    /// error is for a machine on which nothing can be measured.
    pub measure: fn(&Options, &mut dyn Progress) -> Result<Report, Nothing>,
    /// What `list` shows.
    pub plan: fn(&Options) -> Vec<Planned>,
}

/// Rows that will be measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub kind: Kind,
    pub mechanism: Mechanism,
    pub waiting: Waiting,
    pub payload: Payload,
    pub cores: u32,
    /// In bytes.
    pub sizes: Vec<usize>,
    /// Published at once.
    pub batch: u32,
}

/// Why nothing can be measured here: the call without which nothing goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nothing(pub Refusal);

/// What a lab's `main` does. Exit status: 0 measured; 1 something failed while
/// measuring, or the run was ended early, or files could not be written; 2 wrong
/// usage; 3 nothing can be measured here.
#[must_use]
pub fn run(lab: &Spec) -> ExitCode {
    let args: Vec<OsString> = env::args_os().skip(1).collect();
    let language = labkit::language_asked_for(&args).unwrap_or_else(Language::of_environment);
    let command = Command {
        lab,
        language,
        words: Words::new(language),
    };
    ExitCode::from(match args::parse(lab.name, &args, language) {
        Err(Misuse(message)) => {
            complain(&message);
            2
        }
        Ok(Request::Help) => said(&command.help(), 0),
        Ok(Request::List(options)) => said(&command.list(&options), 0),
        Ok(Request::Tell {
            options,
            form,
            from,
            out,
        }) => match from {
            Some(file) => command.retell(&file, form, out),
            None => command.measure(&options, form, out),
        },
    })
}

struct Command<'a> {
    lab: &'a Spec,
    language: Language,
    words: Words,
}

impl Command<'_> {
    fn help(&self) -> String {
        let summary = self
            .words
            .get(&format!("cli.summary-{}", self.lab.name))
            .to_owned();
        let values = [("lab", self.lab.name), ("summary", &summary)];
        self.words.fill("cli.help", &values)
    }

    fn list(&self, options: &Options) -> String {
        let mut out = self.words.fill("cli.list", &[("lab", self.lab.name)]);
        out.push('\n');
        for row in (self.lab.plan)(options) {
            let sizes: Vec<_> = row.sizes.iter().map(usize::to_string).collect();
            let payload = word(&row.payload);
            let mut line = format!(
                "{:<10}  {:<14}  {:<15}  {payload:<6}  {}",
                word(&row.kind),
                word(&row.mechanism),
                word(&row.waiting),
                row.cores,
            );
            if row.batch > 1 {
                line.push_str(&format!("  ×{}", row.batch));
            }
            out.push_str(&format!("{line}  {}\n", sizes.join(" ")));
        }
        out
    }

    fn retell(&self, file: &Path, form: Form, out: Option<PathBuf>) -> u8 {
        let trouble = |key, error: String| {
            let file = file.display().to_string();
            complain(&self.words.fill(key, &[("file", &file), ("error", &error)]));
            2
        };
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) => return trouble("cli.unreadable", error.to_string()),
        };
        match serde_json::from_str::<Report>(&text) {
            Ok(report) if report.version != VERSION => {
                trouble("cli.other-version", report.version.to_string())
            }
            Ok(report) => self.tell(&report, form, out),
            Err(error) => trouble("cli.no-report", error.to_string()),
        }
    }

    fn measure(&self, options: &Options, form: Form, out: Option<PathBuf>) -> u8 {
        if cfg!(debug_assertions) {
            complain(&self.words.fill("cli.slow-build", &[("lab", self.lab.name)]));
        }
        let mut bar = Bar::new();
        let measured = (self.lab.measure)(options, &mut bar);
        drop(bar);
        match measured {
            // With --json, stdout is where the report is kept.
            Ok(report) if form == Form::Json => self.tell(&report, form, out),
            Ok(report) => self.tell(&report, form, Some(out.unwrap_or_else(keep::folder))),
            Err(Nothing(Refusal { call, errno })) => {
                let values = [
                    ("call", call),
                    ("errno", errno.name),
                    ("text", errno.text),
                    ("number", errno.number.to_string()),
                ];
                let values = values.each_ref().map(|(name, v)| (*name, v.as_str()));
                complain(&self.words.fill("cli.refused", &values));
                3
            }
        }
    }

    /// On stdout, and in files where a folder is given.
    fn tell(&self, report: &Report, form: Form, out: Option<PathBuf>) -> u8 {
        let status = status(report);
        let json = || serde_json::to_string_pretty(report).unwrap_or_default() + "\n";
        let main = main_kind(report);
        let plot = |kind| match plot::kinds(report).contains(&kind) {
            true => Ok(plot::svg(report, kind, self.language)),
            false => Err(()),
        };
        let told = match form {
            Form::Table => Ok(table::text(report, self.language, width())),
            Form::Markdown => Ok(markdown::text(report, self.language)),
            Form::Json => Ok(json()),
            Form::Svg => plot(main),
            Form::OpenLoop => plot(Kind::OpenLoop),
        };
        // Kept before anything is said: whoever reads may go away.
        let kept = out.map(|folder| {
            let files = self.files(report, json());
            Kept::new(&report.lab, &folder, &files, &self.words)
        });
        let Ok(mut told) = told else {
            complain(self.words.get("cli.no-plot"));
            return 3;
        };
        if status == 3 {
            complain(self.words.get("cli.nothing"));
        }
        let Some(kept) = kept else {
            return said(&told, status);
        };
        match form {
            Form::Table => {
                told.push('\n');
                told.push_str(&kept.notes);
            }
            _ => complain(kept.notes.trim_end()),
        }
        if kept.lost && form != Form::Json {
            told.push('\n');
            told.push_str(&json());
        }
        said(&told, if kept.as_wished { status } else { 1 })
    }

    /// The report and its plots, named after the lab.
    fn files(&self, report: &Report, json: String) -> Vec<keep::File> {
        let name = report.lab.strip_prefix("lab-").unwrap_or(&report.lab);
        let mut files = vec![(format!("{name}.json"), json)];
        for kind in plot::kinds(report) {
            let name = match kind {
                Kind::OpenLoop => format!("{name}-{}.svg", word(&kind)),
                Kind::RoundTrip | Kind::Stream => format!("{name}.svg"),
            };
            files.push((name, plot::svg(report, kind, self.language)));
        }
        files
    }
}

/// The exit status of a report. A size that the kernel refuses is an answer, not a
/// failure.
#[must_use]
pub fn status(report: &Report) -> u8 {
    let failed = report.results.iter().filter_map(|row| row.failed.as_ref());
    let broken = failed
        .filter(|failed| !matches!(failed, Failed::Refused(_)))
        .count()
        > 0;
    let measured = report.results.iter().any(|row| row.failed.is_none());
    match (
        broken || report.remarks.contains(&Remark::Interrupted),
        measured,
    ) {
        (true, _) => 1,
        (false, false) => 3,
        (false, true) => 0,
    }
}

/// The kind that a lab is named after.
fn main_kind(report: &Report) -> Kind {
    if report.results.iter().any(|row| row.kind == Kind::Stream) {
        Kind::Stream
    } else {
        Kind::RoundTrip
    }
}

/// COLUMNS where it is set, so that a piped table can be made narrow.
fn width() -> usize {
    let columns = env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    columns.map_or_else(labkit::terminal_width, |columns: usize| {
        columns.clamp(20, 200)
    })
}

/// Says it and gives `status` back. A closed pipe is not an error:
/// `lab-latency | head -1` is quiet.
fn said(text: &str, status: u8) -> u8 {
    let mut stdout = io::stdout().lock();
    let result = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("stdout: {error}"));
            1
        }
        _ => status,
    }
}

/// To stderr; a reader who closed that too wants to hear nothing.
fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
