//! The texts around a program's own output, in the reader's language.
//!
//! labkit's are in `text/vi.toml` and `text/en.toml`, a lab's own in its
//! `lab.toml`. Both are read when the lab runs, so a translator edits one plain
//! file and needs to know nothing else.

use super::{lab::Lab, language::Language};
use serde_json::Value;
use std::collections::BTreeSet;

const FILES: [(Language, &str); 2] = [
    (Language::Vi, include_str!("text/vi.toml")),
    (Language::En, include_str!("text/en.toml")),
];

/// Texts in one language.
pub struct Text(Value);

impl Text {
    /// labkit's own.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self::of(&FILES, language)
    }

    /// Those of another crate, which keeps one TOML text a language.
    #[must_use]
    pub fn of(files: &[(Language, &str)], language: Language) -> Self {
        let file = files
            .iter()
            .find(|(l, _)| *l == language)
            .map_or("", |(_, text)| text);
        Self(basic_toml::from_str(file).unwrap_or_default())
    }

    /// The text under a dotted key; the key itself where it is missing, which a
    /// test excludes.
    #[must_use]
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).unwrap_or(key)
    }

    /// The text under a dotted key, if there is one.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&str> {
        lookup(&self.0, key)
    }

    /// The text under `key` with `{name}` replaced by its value.
    #[must_use]
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.get(key), values)
    }

    /// Every key with the `{names}` in its text: the same in each language, which
    /// a test of each crate asserts.
    ///
    /// # Panics
    /// Where a text is empty, or what stands under a key is no text.
    #[must_use]
    pub fn shape(&self) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        shape(&self.0, "", &mut keys);
        keys
    }
}

fn shape(value: &Value, prefix: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(table) => {
            for (key, value) in table {
                shape(value, &format!("{prefix}.{key}"), into);
            }
        }
        Value::String(text) => {
            assert!(!text.trim().is_empty(), "{prefix} is empty");
            let names = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split('}').next());
            let mut names: Vec<_> = names.collect();
            names.sort_unstable();
            names.dedup();
            into.insert(format!("{prefix} {names:?}"));
        }
        other => panic!("{prefix}: {other} is not a text"),
    }
}

/// Replaces each `{name}` by its value.
#[must_use]
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

fn lookup<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    key.split('.')
        .try_fold(value, |value, part| value.get(part))?
        .as_str()
}

/// A lab's `lab.toml`.
pub struct About(Value);

impl About {
    /// # Errors
    /// What is wrong with the file, with line and column.
    pub fn new(lab: &Lab) -> Result<Self, String> {
        basic_toml::from_str(lab.about)
            .map(Self)
            .map_err(|error| format!("lab.toml: {error}"))
    }

    /// The lab's own `title` or `summary`.
    #[must_use]
    pub fn of_lab(&self, language: Language, key: &str) -> &str {
        lookup(&self.0, &format!("{}.{key}", language.code())).unwrap_or("")
    }

    /// A case's `title`, or the explanation of its `broken` or `fixed` program.
    #[must_use]
    pub fn of_case(&self, language: Language, case: &str, key: &str) -> &str {
        lookup(&self.0, &format!("case.{case}.{}.{key}", language.code())).unwrap_or("")
    }

    /// The chapter's path below `src/vi` and `src/en`, without `.md`.
    #[must_use]
    pub fn chapter(&self) -> &str {
        lookup(&self.0, "chapter").unwrap_or("")
    }

    /// The man pages, such as `mq_send(3)`.
    #[must_use]
    pub fn man(&self) -> Vec<&str> {
        let pages = self.0.get("man").and_then(Value::as_array);
        pages.map_or_else(Vec::new, |pages| {
            pages.iter().filter_map(Value::as_str).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_texts_with_the_same_values() {
        let [vi, en] = Language::ALL.map(|language| Text::new(language).shape());
        assert!(!vi.is_empty(), "the texts can be read");
        assert_eq!(vi, en);
    }

    #[test]
    fn fill_replaces_every_place() {
        assert_eq!(
            fill("{a} and {b} and {a}", &[("a", "x"), ("b", "y")]),
            "x and y and x"
        );
    }
}
