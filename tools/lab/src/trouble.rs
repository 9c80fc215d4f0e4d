//! What can go wrong, told in the reader's language by whoever tells it.

use crate::{errno::texts, messages::Messages};
use std::{io, path::Path};

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Trouble {
    /// Our own output could not be written.
    Output(io::Error),
    /// The message `key` with these values, and `$error` where the system refused.
    Said {
        key: &'static str,
        values: Vec<(&'static str, String)>,
        error: Option<io::Error>,
    },
}

impl Trouble {
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self::Said {
            key,
            values: Vec::new(),
            error: None,
        }
    }

    /// The same with a value for `$name` in the message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Said { values, .. } = &mut self {
            values.push((name, value.into()));
        }
        self
    }

    /// A file that the system would not give us.
    #[must_use]
    pub fn file(key: &'static str, file: &Path, why: io::Error) -> Self {
        let mut trouble = Self::new(key).with("file", file.display().to_string());
        if let Self::Said { error, .. } = &mut trouble {
            *error = Some(why);
        }
        trouble
    }

    /// In the reader's language.
    #[must_use]
    pub fn text(&self, messages: &Messages) -> String {
        match self {
            Self::Output(error) => messages.fill(
                "trouble-output",
                &[("error", texts::of_error(error, messages.language).into())],
            ),
            Self::Said { key, values, error } => {
                let mut all: Vec<_> = values
                    .iter()
                    .map(|(name, value)| (*name, value.as_str().into()))
                    .collect();
                if let Some(error) = error {
                    let text = texts::of_error(error, messages.language);
                    all.push(("error", text.into()));
                }
                messages.fill(key, &all)
            }
        }
    }
}

impl From<io::Error> for Trouble {
    /// Of writing to our own output: every other error names its file.
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
