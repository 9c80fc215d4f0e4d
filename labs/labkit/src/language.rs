//! The reader's language.

use std::env;

/// A language that labkit speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Vi,
    En,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::Vi, Self::En];

    /// The code on the command line, in file names and in lab.toml.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The language of a code, if we speak it.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.code() == code)
    }

    /// The language of the environment: the first of LC_ALL, LC_MESSAGES and
    /// LANG that is set decides, see locale(7); English where it is another.
    #[must_use]
    pub fn of_environment() -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(env::var_os)
            .find(|value| !value.is_empty());
        let locale = locale.unwrap_or_default();
        let locale = locale.to_string_lossy();
        let language = locale.split(['_', '.', '@', '-']).next().unwrap_or("");
        Self::from_code(&language.to_lowercase()).unwrap_or(Self::En)
    }
}
