//! What the labs say of themselves: `list --json` and one record a run. Only what
//! this tool needs of it; see labkit's record.rs.

use crate::language::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One text in every language, by its code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts(BTreeMap<String, String>);

impl Texts {
    /// In the reader's language.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        self.0.get(language.code()).map_or("", String::as_str)
    }
}

/// A lab, as its `list --json` has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Lab {
    /// The package, such as `lab-emsgsize`.
    pub lab: String,
    pub title: Texts,
    pub summary: Texts,
    /// The chapter's path below `src/vi` and `src/en`, without `.md`.
    pub chapter: String,
    pub cases: Vec<Case>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Case {
    pub name: String,
    pub title: Texts,
    pub broken: Program,
    pub fixed: Program,
    /// After how many milliseconds the lab itself ends a program.
    pub limit_ms: u64,
}

impl Case {
    #[must_use]
    pub const fn program(&self, variant: Variant) -> &Program {
        match variant {
            Variant::Broken => &self.broken,
            Variant::Fixed => &self.fixed,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Program {
    pub promise: Promise,
    /// What the lab tells about it.
    pub told: Texts,
}

/// What a program must show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// `success`, `errno`, `signal` or `timeout`.
    pub ending: String,
    pub call: Option<String>,
    pub errno: Option<Errno>,
    pub signal: Option<Signal>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errno {
    pub number: i32,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Variant {
    Broken,
    Fixed,
}

impl Variant {
    pub const ALL: [Self; 2] = [Self::Broken, Self::Fixed];

    /// The word on a lab's command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Fixed => "fixed",
        }
    }
}

/// One run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    pub lab: String,
    pub case: String,
    pub variant: Variant,
    /// The call that ended the program, and what it answered.
    pub call: Option<String>,
    pub errno: Option<Errno>,
    /// 0 it showed what it promises, 1 the kernel answered otherwise, 3 it cannot
    /// be shown here.
    pub exit_status: u8,
    /// Why not.
    pub reason: Option<Texts>,
    /// All that the program printed, its other processes included.
    pub output: String,
}

/// A lab with the records of its programs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shown {
    pub lab: Lab,
    pub records: Vec<Record>,
}
