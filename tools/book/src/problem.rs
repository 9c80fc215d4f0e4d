//! What is wrong, where, and what to do about it.
//!
//! Every check returns a list of these, so that one run reports all of them.

use std::fmt;
use std::path::{Path, PathBuf};

/// One thing that must be mended before the book can be built.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the project's root.
    pub file: PathBuf,
    /// The line in that file, counted from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is wrong, in one sentence.
    pub what: String,
    /// What to do, in one sentence.
    pub remedy: String,
}

impl Problem {
    /// A problem at `line` (from 1) of `file`.
    pub fn new(
        file: impl AsRef<Path>,
        line: usize,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            file: file.as_ref().to_path_buf(),
            line,
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.what.trim_end())?;
        for line in self.remedy.lines() {
            write!(f, "\n    {line}")?;
        }
        Ok(())
    }
}
