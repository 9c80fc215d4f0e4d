//! Where things are.

use anyhow::{Context, Result};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The project's folders and the labs in it.
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
    pub fn find() -> Result<Self> {
        let here = env::current_dir().context("the current folder is gone")?;
        here.ancestors()
            .find(|folder| folder.join("book.toml").is_file() && folder.join("labs").is_dir())
            .map(Self::at)
            .context("no book.toml beside a labs folder here or above: run this inside the clone")
    }

    /// The project in `root`.
    #[must_use]
    pub fn at(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
        }
    }

    /// The folder names of all labs, sorted: those in `labs/` with a `lab.toml`.
    ///
    /// # Errors
    /// Where `labs` cannot be read.
    pub fn labs(&self) -> Result<Vec<String>> {
        let folder = self.root.join("labs");
        let mut labs = Vec::new();
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.join("lab.toml").is_file()
                && let Some(name) = path.file_name().and_then(|name| name.to_str())
            {
                labs.push(name.to_owned());
            }
        }
        labs.sort();
        Ok(labs)
    }

    /// Those of `labs` that measure: no program of theirs is broken, so they have
    /// no cases.
    #[must_use]
    pub fn measuring(&self, labs: &[String]) -> Vec<String> {
        let cases = |lab: &&String| {
            let src = self.root.join("labs").join(lab).join("src");
            let inner = fs::read_dir(&src).into_iter().flatten().flatten();
            src.join("broken.rs").is_file()
                || inner
                    .map(|entry| entry.path())
                    .any(|path| path.join("broken.rs").is_file())
        };
        labs.iter().filter(|lab| !cases(lab)).cloned().collect()
    }

    /// Where cargo and this tool keep what they make.
    #[must_use]
    pub fn target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.root.join("target"), |dir| self.root.join(dir))
    }
}
