//! Where things are.

use crate::trouble::Trouble;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The clone that the reader stands in.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder that holds `book.toml`.
    pub root: PathBuf,
}

impl Project {
    /// The project around the current folder.
    ///
    /// # Errors
    /// Where no folder above has a `book.toml` beside a `labs` folder.
    pub fn find() -> Result<Self, Trouble> {
        let here = env::current_dir().unwrap_or_default();
        here.ancestors()
            .find(|folder| folder.join("book.toml").is_file() && folder.join("labs").is_dir())
            .map(|root| Self {
                root: root.to_path_buf(),
            })
            .ok_or(Trouble::new("project-none"))
    }

    /// The packages of all labs with cases, sorted: those of the folders with a
    /// `lab.toml` that know labkit's promises. A lab that measures shows no errno.
    ///
    /// # Errors
    /// Where `labs` cannot be read.
    pub fn labs(&self) -> Result<Vec<String>, Trouble> {
        let folder = self.root.join("labs");
        let entries = fs::read_dir(&folder);
        let entries = entries.map_err(|error| Trouble::file("file-unreadable", &folder, error))?;
        let mut labs: Vec<_> = entries
            .flatten()
            .filter(|entry| entry.path().join("lab.toml").is_file() && has_cases(&entry.path()))
            .map(|entry| format!("lab-{}", entry.file_name().to_string_lossy()))
            .collect();
        labs.sort();
        Ok(labs)
    }

    /// Where this tool keeps records, for the calling user: what is shown differs.
    #[must_use]
    pub fn records(&self) -> PathBuf {
        let uid = nix::unistd::geteuid();
        self.target()
            .join("lab")
            .join("records")
            .join(format!("uid-{uid}"))
    }

    fn target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.root.join("target"), |dir| self.root.join(dir))
    }

    /// The versions that cargo has locked: it writes them itself before it builds.
    #[must_use]
    pub fn lock(&self) -> Option<String> {
        stamp(&self.root.join("Cargo.lock"))
    }

    /// All else that decides what cargo would build of the labs: the files with
    /// length and time of change, as one text.
    #[must_use]
    pub fn sources(&self) -> String {
        let mut files = Vec::new();
        for file in ["Cargo.toml", ".cargo/config.toml"] {
            files.push(self.root.join(file));
        }
        walk(&self.root.join("labs"), &mut files);
        files.sort();
        let stamps = files.iter().filter_map(|file| stamp(file));
        stamps.collect::<Vec<_>>().join("\n")
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            files.push(path);
        } else if !entry.file_name().eq_ignore_ascii_case("target") {
            walk(&path, files);
        }
    }
}

/// What tells one version of a file from another, as cargo does.
#[must_use]
pub fn stamp(file: &Path) -> Option<String> {
    let meta = fs::metadata(file).ok()?;
    let modified = meta.modified().ok()?;
    Some(format!("{} {} {modified:?}", file.display(), meta.len()))
}

/// Whether a program of the lab in `folder` is broken.
fn has_cases(folder: &Path) -> bool {
    let src = folder.join("src");
    let inner = fs::read_dir(&src).into_iter().flatten().flatten();
    inner
        .map(|entry| entry.path().join("broken.rs"))
        .chain([src.join("broken.rs")])
        .any(|file| file.is_file())
}
