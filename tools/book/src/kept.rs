//! Runs of an earlier build, kept so that a build in which nothing has changed
//! need not wait for programs that wait.
//!
//! A run is taken again only where all that decides it is the same: the program,
//! its arguments, this tool, the kernel since its start, the user with its
//! capabilities and limits, and the limits of the machine. `--strict`, by which
//! the book is checked and published, takes none.

use crate::{
    command::Command,
    place::{self, digest, stamp},
    project::Project,
    runs::Shown,
};
use anyhow::Result;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// The folder of kept runs.
pub struct Kept {
    folder: PathBuf,
    place: String,
    /// Whether kept runs may be taken; new ones are kept in any case.
    take: bool,
    used: Mutex<BTreeSet<PathBuf>>,
}

impl Kept {
    /// Opens the folder, which need not exist.
    #[must_use]
    pub fn open(project: &Project, take: bool) -> Self {
        Self {
            folder: project.target().join("book").join("runs"),
            place: place::of_runs(),
            take,
            used: Mutex::default(),
        }
    }

    /// What an earlier run of `command` by `program` showed, or what `run` shows
    /// now.
    ///
    /// # Errors
    /// Those of `run`.
    pub fn or(
        &self,
        command: &Command,
        program: &Path,
        run: impl FnOnce() -> Result<Shown>,
    ) -> Result<Shown> {
        let file = stamp(program).map(|stamp| {
            let name = digest(&[&self.place, &command.to_string(), &stamp]);
            self.folder.join(name)
        });
        if let Some(file) = &file {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            used.insert(file.clone());
            if self.take
                && let Ok(text) = fs::read_to_string(file)
                && let Ok(shown) = serde_json::from_str(&text)
            {
                return Ok(shown);
            }
        }
        let shown = run()?;
        // Whether something can be shown here may change without a trace.
        if let (Some(file), Shown::Output { .. }) = (&file, &shown) {
            let _ = serde_json::to_vec(&shown).map(|bytes| keep(file, &bytes));
        }
        Ok(shown)
    }

    /// Forgets every run that was not asked for.
    pub fn forget_others(&self) {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if !used.contains(&entry.path()) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Written beside and renamed: another build may read meanwhile.
pub(crate) fn keep(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let fresh = tempfile::NamedTempFile::new_in(folder)?;
    fs::write(fresh.path(), bytes)?;
    fresh.persist(file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Shown {
        Shown::Output {
            text: text.to_owned(),
            varies: false,
            timed_out: false,
        }
    }

    /// A project with one program, and what each call of `ask` shows.
    struct Fixture {
        project: Project,
        program: PathBuf,
        _folder: tempfile::TempDir,
    }

    impl Fixture {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let program = folder.path().join("program");
            fs::write(&program, "1").expect("written");
            Self {
                project: Project::at(folder.path()),
                program,
                _folder: folder,
            }
        }

        fn ask(&self, take: bool, words: &str, now: Shown) -> Shown {
            let kept = Kept {
                // Not the tests' own target folder.
                folder: self.project.root.join("runs"),
                ..Kept::open(&self.project, take)
            };
            let command = Command::parse(words, &["a".to_owned()]).expect("plain");
            let result = kept.or(&command, &self.program, || Ok(now));
            kept.forget_others();
            result.expect("shown")
        }
    }

    #[test]
    fn a_run_is_taken_again_while_nothing_has_changed() {
        let fixture = Fixture::new();
        assert_eq!(fixture.ask(true, "lab-a", shown("1")), shown("1"));
        assert_eq!(fixture.ask(true, "lab-a", shown("2")), shown("1"));
        // Not where it must be fresh, and that one is kept instead.
        assert_eq!(fixture.ask(false, "lab-a", shown("3")), shown("3"));
        assert_eq!(fixture.ask(true, "lab-a", shown("4")), shown("3"));
        // Not by another program or with other words.
        fs::write(&fixture.program, "22").expect("written");
        assert_eq!(fixture.ask(true, "lab-a", shown("5")), shown("5"));
        assert_eq!(fixture.ask(true, "lab-a fixed", shown("6")), shown("6"));
        // Asking for others has made it forget this one.
        assert_eq!(fixture.ask(true, "lab-a", shown("7")), shown("7"));
    }

    #[test]
    fn what_cannot_be_shown_is_tried_again() {
        let fixture = Fixture::new();
        let unavailable = Shown::Unavailable([].into());
        assert_eq!(fixture.ask(true, "lab-a", unavailable.clone()), unavailable);
        assert_eq!(fixture.ask(true, "lab-a", shown("1")), shown("1"));
    }

    #[test]
    fn a_failed_run_is_not_kept() {
        let fixture = Fixture::new();
        let kept = Kept {
            folder: fixture.project.root.join("runs"),
            ..Kept::open(&fixture.project, true)
        };
        let command = Command::parse("lab-a", &["a".to_owned()]).expect("plain");
        let failed = kept.or(&command, &fixture.program, || anyhow::bail!("no"));
        assert!(failed.is_err());
        assert_eq!(fixture.ask(true, "lab-a", shown("1")), shown("1"));
    }
}
