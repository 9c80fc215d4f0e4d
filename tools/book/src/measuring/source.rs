//! One lab's report: taken from where it is kept, or measured and kept.

use super::{
    Figures, When,
    lab::{Ask, Said},
    report::{self, Report},
};
use crate::{kept, live::End, measurement::View, outline::Language, place, words::words};
use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs::{self, File},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

/// A quick measurement takes about 5 s; a machine may be slow, and busy.
const LIMIT: Duration = Duration::from_secs(60);

/// One lab, and where its report is kept.
pub(super) struct Source<'a> {
    lab: &'a str,
    program: &'a Path,
    pub file: PathBuf,
}

/// Why a report cannot be shown.
enum Unseen {
    /// It is not there, or damaged: measure it.
    Gone(String),
    /// The lab does not know this view: measuring would not help.
    Unknown(String),
}

impl<'a> Source<'a> {
    /// # Errors
    /// Where the program cannot be read.
    pub fn new(
        lab: &'a str,
        program: &'a Path,
        folder: &Path,
        place: &str,
    ) -> Result<Self, String> {
        let fingerprint = place::fingerprint(program)
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let name = place::digest(&[place, &fingerprint]);
        Ok(Self {
            lab,
            program,
            file: folder.join(format!("lab-{lab}-{}.json", &name[..16])),
        })
    }

    /// What a page may show of it, kept or measured now.
    ///
    /// # Errors
    /// Where the lab failed, or does not know a view.
    pub fn figures(
        &self,
        views: &BTreeSet<View>,
        when: When,
        say: &impl Fn(&str),
    ) -> Result<Figures, String> {
        if when != When::Always
            && let Some(figures) = self.kept(views)?
        {
            return Ok(figures);
        }
        if when == When::Never {
            return Ok(unavailable(|language| words(language).not_now.to_owned()));
        }
        // Another build that measures would spoil both, and may save us ours.
        let lock = self.lock();
        if lock.is_some()
            && when != When::Always
            && let Some(figures) = self.kept(views)?
        {
            return Ok(figures);
        }
        say(&format!(
            "Measuring with lab-{}, a few seconds in which nothing else runs",
            self.lab
        ));
        self.now(views)
    }

    /// What is kept; nothing where it is not there or damaged.
    fn kept(&self, views: &BTreeSet<View>) -> Result<Option<Figures>, String> {
        match self.look(&self.file, views) {
            Ok(figures) => Ok(Some(figures)),
            Err(Unseen::Gone(_)) => Ok(None),
            Err(Unseen::Unknown(why)) => Err(why),
        }
    }

    /// Held until it is dropped; without a lock where the file system has none.
    fn lock(&self) -> Option<File> {
        let folder = self.file.parent()?;
        fs::create_dir_all(folder).ok()?;
        let file = File::create(folder.join("lock")).ok()?;
        file.lock().ok()?;
        Some(file)
    }

    fn now(&self, views: &BTreeSet<View>) -> Result<Figures, String> {
        let ask = |language| {
            let args = ["--quick", "--json", "--lang", language];
            Ask {
                program: self.program,
                args: &args.map(AsRef::as_ref),
                limit: LIMIT,
            }
            .said()
        };
        let said = ask(Language::En.code())?;
        match said.end {
            End::Exit(0) => {}
            // It has measured nothing, so asking again in another language is quick.
            End::Exit(3) => {
                let vietnamese = ask(Language::Vi.code())?;
                return Ok(unavailable(|language| match language {
                    Language::Vi if vietnamese.end == End::Exit(3) => vietnamese.reason(),
                    _ => said.reason(),
                }));
            }
            End::TimeOut(limit) => {
                let seconds = limit.as_secs().to_string();
                return Ok(unavailable(|language| {
                    words(language).too_slow.replace("{seconds}", &seconds)
                }));
            }
            _ => return Err(self.failed_report(&said)),
        }
        let report = said.stdout.as_bytes();
        let told = |unseen| match unseen {
            Unseen::Gone(why) | Unseen::Unknown(why) => why,
        };
        match kept::keep(&self.file, report) {
            Ok(()) => self.look(&self.file, views).map_err(told),
            // Shown all the same, and measured again by the next build.
            Err(error) => {
                eprintln!("warning: {}: {error:#}", self.file.display());
                let file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
                fs::write(file.path(), report).map_err(|error| error.to_string())?;
                self.look(file.path(), views).map_err(told)
            }
        }
    }

    /// What is said of a measurement that failed; what it measured is kept for whoever
    /// looks for the reason.
    fn failed_report(&self, said: &Said) -> String {
        let why = self.failed("--quick --json", said);
        let file = self
            .file
            .with_file_name(format!("lab-{}-failed.json", self.lab));
        if Report::parse(&said.stdout, self.lab).is_err()
            || kept::keep(&file, said.stdout.as_bytes()).is_err()
        {
            return why;
        }
        let (lab, file) = (self.lab, file.display());
        format!(
            "{}\nsee cargo run -p lab-{lab} -- --from {file}",
            why.trim_end()
        )
    }

    /// The report in `file`, as the lab tells it in both languages.
    fn look(&self, file: &Path, views: &BTreeSet<View>) -> Result<Figures, Unseen> {
        let gone = |why: String| Unseen::Gone(format!("{}: {why}", file.display()));
        let text = fs::read_to_string(file).map_err(|error| gone(error.to_string()))?;
        let report = Report::parse(&text, self.lab).map_err(gone)?;
        let wanted: Vec<_> = views
            .iter()
            .flat_map(|view| Language::ALL.map(|language| (*view, language)))
            .collect();
        let texts: Result<Vec<_>, _> = thread::scope(|scope| {
            let threads: Vec<_> = wanted
                .iter()
                .map(|(view, language)| scope.spawn(|| self.told(file, *view, *language)))
                .collect();
            let texts = threads.into_iter().map(|thread| {
                let text = thread.join();
                text.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            texts.collect()
        });
        Ok(Figures::Measured {
            report,
            views: wanted.into_iter().zip(texts?).collect(),
        })
    }

    fn told(
        &self,
        file: &Path,
        view: View,
        language: Language,
    ) -> Result<Result<String, String>, Unseen> {
        let options = view.options();
        let said = self.from(file, options, language)?;
        match said.end {
            End::Exit(0) => match report::seen(view, &said.stdout) {
                Some(text) => Ok(Ok(text)),
                None => Err(Unseen::Unknown(self.failed(&options.join(" "), &said))),
            },
            // Such as a plot of what cannot be measured on one processor.
            End::Exit(3) => Ok(Err(said.reason())),
            _ => {
                let why = self.failed(&options.join(" "), &said);
                // Is it the report or the view that is wrong?
                match self.from(file, &["--json"], language)?.end {
                    End::Exit(0) => Err(Unseen::Unknown(why)),
                    _ => Err(Unseen::Gone(why)),
                }
            }
        }
    }

    /// What the lab says of a report.
    fn from(&self, file: &Path, options: &[&str], language: Language) -> Result<Said, Unseen> {
        let mut args = vec!["--from".as_ref(), file.as_os_str()];
        args.extend(options.iter().map(AsRef::<OsStr>::as_ref));
        args.extend(["--lang", language.code()].map(AsRef::<OsStr>::as_ref));
        let ask = Ask {
            program: self.program,
            args: &args,
            limit: LIMIT,
        };
        ask.said().map_err(Unseen::Unknown)
    }

    fn failed(&self, words: &str, said: &Said) -> String {
        format!("`lab-{} {words}` {}", self.lab, said.how())
    }
}

fn unavailable(reason: impl Fn(Language) -> String) -> Figures {
    let reasons = Language::ALL.map(|language| (language.code().to_owned(), reason(language)));
    Figures::Unavailable(reasons.into())
}
