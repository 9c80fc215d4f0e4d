//! The reader's language, before the command line is understood.

pub use labkit::Language;
use std::ffi::OsString;

/// The language asked for with `--lang`, else that of the environment.
#[must_use]
pub fn asked(words: &[OsString]) -> Language {
    option(words, "--lang")
        .and_then(|code| Language::from_code(&code))
        .unwrap_or_else(Language::of_environment)
}

/// The value of the option `name`, joined with `=` or as the next word.
#[must_use]
pub fn option(words: &[OsString], name: &str) -> Option<String> {
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let mut options = words.iter().take_while(|word| *word != "--").enumerate();
    options.find_map(|(at, word)| {
        let value = word.strip_prefix(name)?;
        if value.is_empty() {
            words.get(at + 1).map(ToString::to_string)
        } else {
            value.strip_prefix('=').map(ToOwned::to_owned)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_found_joined_and_apart_and_not_after_two_dashes() {
        let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        let lang = |text| option(&words(text), "--lang");
        assert_eq!(lang("lab errno --lang vi"), Some("vi".into()));
        assert_eq!(lang("lab --lang=en errno"), Some("en".into()));
        assert_eq!(lang("lab errno --language vi"), None);
        assert_eq!(lang("lab errno -- --lang vi"), None);
        assert_eq!(lang("lab errno --lang"), None);
    }
}
