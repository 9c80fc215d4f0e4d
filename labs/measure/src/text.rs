//! What the measuring labs say, in the reader's language, from `texts/*.toml`.

use crate::record::{Floor, Kind, Mechanism, Outcome, Payload, Remark, Waiting};
use labkit::{Language, Text};

const FILES: [(Language, &str); 2] = [
    (Language::Vi, include_str!("../texts/vi.toml")),
    (Language::En, include_str!("../texts/en.toml")),
];

/// The texts of one language.
pub struct Words(Text);

impl Words {
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self(Text::of(&FILES, language))
    }

    /// The text under a dotted key.
    #[must_use]
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key)
    }

    /// The text under a dotted key, if there is one.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&str> {
        self.0.find(key)
    }

    /// The text under `key` with `{name}` replaced by its value.
    #[must_use]
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.0.fill(key, values)
    }

    /// Every key with the `{names}` in its text.
    #[must_use]
    pub fn shape(&self) -> std::collections::BTreeSet<String> {
        self.0.shape()
    }

    #[must_use]
    pub fn mechanism(&self, mechanism: Mechanism) -> String {
        self.named("mechanism", &mechanism)
    }

    #[must_use]
    pub fn waiting(&self, waiting: Waiting) -> String {
        self.named("waiting", &waiting)
    }

    #[must_use]
    pub fn kind(&self, kind: Kind) -> String {
        self.named("kind", &kind)
    }

    #[must_use]
    pub fn floor(&self, floor: Floor) -> String {
        self.named("floor", &floor)
    }

    /// The whole sentence.
    #[must_use]
    pub fn remark(&self, remark: Remark) -> String {
        self.named("remark", &remark)
    }

    /// Such as `two cores`; the bare number where it is another.
    #[must_use]
    pub fn cores(&self, cores: u32) -> String {
        let key = format!("cores.{cores}");
        self.find(&key)
            .map_or_else(|| cores.to_string(), str::to_owned)
    }

    /// What a row is called within its way of waiting: mechanism, payload, batch.
    #[must_use]
    pub fn row(&self, outcome: &Outcome) -> String {
        let mechanism = self.mechanism(outcome.mechanism);
        let label = match outcome.payload {
            Payload::Copied => mechanism,
            Payload::Lent => self.fill("row.lent", &[("mechanism", &mechanism)]),
        };
        match outcome.batch {
            0 | 1 => label,
            batch => {
                let batch = batch.to_string();
                self.fill("row.batch", &[("label", &label), ("batch", &batch)])
            }
        }
    }

    fn named(&self, table: &str, name: &impl serde::Serialize) -> String {
        let key = format!("{table}.{}", word(name));
        self.get(&key).to_owned()
    }
}

/// How a name stands in a report, such as `posix-queue`: one spelling for files,
/// texts and the command line.
#[must_use]
pub fn word(name: &impl serde::Serialize) -> String {
    match serde_json::to_value(name) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// With its first letter as at the beginning of a sentence.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}
