//! In which order a reader looks for words.

use std::cmp::Ordering;

use icu_collator::{
    Collator, CollatorBorrowed, CollatorPreferences,
    options::{CollatorOptions, Strength},
};
use icu_locale_core::locale;

use crate::outline::Language;

/// The letters under which words stand. Vietnamese has no f, j, w and z of its
/// own, but the words of this book do.
const fn alphabet(language: Language) -> &'static str {
    match language {
        Language::Vi => "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz",
        Language::En => "abcdefghijklmnopqrstuvwxyz",
    }
}

/// A dictionary's order.
pub(super) struct Order {
    words: CollatorBorrowed<'static>,
    /// Knows letters, but neither tones nor capitals.
    letters: CollatorBorrowed<'static>,
    alphabet: &'static str,
}

impl Order {
    /// That of `language`: in Vietnamese, ă, â, đ, ê, ô, ơ and ư are letters of
    /// their own, and tones count only between words that are alike without.
    ///
    /// # Panics
    /// If icu has no compiled data, which would be a build without its feature.
    pub(super) fn of(language: Language) -> Self {
        let locale = match language {
            Language::Vi => locale!("vi"),
            Language::En => locale!("en"),
        };
        let preferences = CollatorPreferences::from(&locale);
        let collator = |strength| {
            let mut options = CollatorOptions::default();
            options.strength = strength;
            Collator::try_new(preferences, options).expect("collation data is compiled in")
        };
        Self {
            words: collator(None),
            letters: collator(Some(Strength::Primary)),
            alphabet: alphabet(language),
        }
    }

    pub(super) fn compare(&self, a: &str, b: &str) -> Ordering {
        self.words.compare(a, b)
    }

    /// The capital letter under which `word` stands; a word that begins with none
    /// stands under its own first character.
    pub(super) fn letter(&self, word: &str) -> String {
        let Some(first) = word.chars().next() else {
            return String::new();
        };
        let of_first = first.to_string();
        let same =
            |letter: &char| self.letters.compare(&letter.to_string(), &of_first) == Ordering::Equal;
        let letter = self.alphabet.chars().find(same).unwrap_or(first);
        letter.to_uppercase().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(language: Language, mut words: Vec<&str>) -> Vec<&str> {
        let order = Order::of(language);
        words.sort_by(|a, b| order.compare(a, b));
        words
    }

    #[test]
    fn vietnamese_letters_have_their_own_places() {
        let right = vec![
            "an", "ăn", "ân", "bờ", "da", "đa", "em", "êm", "hạn", "io", "on", "ôn", "ơn", "tu",
            "tư", "va",
        ];
        let mut mixed = right.clone();
        mixed.reverse();
        assert_eq!(sorted(Language::Vi, mixed), right);
    }

    #[test]
    fn tones_count_last_and_in_the_order_of_vietnamese() {
        let right = vec![
            "ma", "mà", "mả", "mã", "má", "mạ", "mà lan", "mả me", "ma sát", "mạ ta",
        ];
        let mut mixed = right.clone();
        mixed.reverse();
        assert_eq!(sorted(Language::Vi, mixed), right);
    }

    #[test]
    fn capitals_do_not_count() {
        let right = vec!["pipe", "POSIX", "process", "RAII", "ring"];
        for language in Language::ALL {
            let mut mixed = right.clone();
            mixed.reverse();
            assert_eq!(sorted(language, mixed), right);
        }
    }

    #[test]
    fn a_word_stands_under_its_letter_without_the_tone() {
        let order = Order::of(Language::Vi);
        for (word, letter) in [
            ("ánh xạ", "A"),
            ("đường ống", "Đ"),
            ("ổn", "Ô"),
            ("ước", "Ư"),
            ("dữ liệu", "D"),
            ("SIGBUS", "S"),
            ("4096", "4"),
        ] {
            assert_eq!(order.letter(word), letter, "{word}");
        }
        assert_eq!(Order::of(Language::En).letter("deadlock"), "D");
    }
}
