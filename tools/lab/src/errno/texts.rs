//! Every errno of this Linux: number, name, and the C library's texts.

use crate::language::Language;
use nix::libc;
use std::{collections::BTreeMap, io};

/// What glibc's Vietnamese catalogue says, by name.
const VIETNAMESE: &str = include_str!("../../data/errno-vi.toml");

/// No architecture has a number above this: MIPS goes to 1133.
const LAST: i32 = 1200;

/// Other names of the same number in errno(3), where they are not numbers of their own.
const OTHER_NAMES: [(&str, i32); 3] = [
    ("EWOULDBLOCK", libc::EWOULDBLOCK),
    ("EDEADLOCK", libc::EDEADLOCK),
    ("ENOTSUP", libc::ENOTSUP),
];

/// One errno.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub number: i32,
    /// Such as `EAGAIN`.
    pub name: String,
    /// Such as `EWOULDBLOCK`.
    pub other_names: Vec<&'static str>,
    /// strerror(3) in the C locale.
    pub english: String,
    /// The same in the Vietnamese one, where it has been translated.
    pub vietnamese: Option<String>,
}

impl Known {
    /// The text in the reader's language, English where there is none.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match (language, &self.vietnamese) {
            (Language::Vi, Some(text)) => text,
            _ => &self.english,
        }
    }

    /// All names, the usual one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.other_names.iter().copied())
    }
}

/// All of them, by number.
#[must_use]
pub fn all() -> Vec<Known> {
    let vietnamese: BTreeMap<String, String> = basic_toml::from_str(VIETNAMESE).unwrap_or_default();
    (1..=LAST)
        .filter_map(|number| {
            let name = name(number)?;
            let others = OTHER_NAMES
                .iter()
                .filter(|(n, of)| *of == number && *n != name);
            Some(Known {
                number,
                vietnamese: vietnamese.get(&name).cloned(),
                other_names: others.map(|(name, _)| *name).collect(),
                english: strerror(number),
                name,
            })
        })
        .collect()
}

fn name(number: i32) -> Option<String> {
    use nix::errno::Errno;
    let errno = Errno::from_raw(number);
    (errno != Errno::UnknownErrno).then(|| format!("{errno:?}"))
}

/// What strerror(3) says; this program never leaves the C locale.
fn strerror(number: i32) -> String {
    let text = io::Error::from_raw_os_error(number).to_string();
    let bare = text.strip_suffix(&format!(" (os error {number})"));
    bare.unwrap_or(&text).to_owned()
}

/// An error of the system in the reader's language, with its errno's name.
#[must_use]
pub fn of_error(error: &io::Error, language: Language) -> String {
    let number = error.raw_os_error();
    let known = number.and_then(|number| all().into_iter().find(|known| known.number == number));
    known.map_or_else(
        || error.to_string(),
        |known| format!("{}: {}", known.name, known.text(language)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_the_file_belongs_to_an_errno() {
        let file: BTreeMap<String, String> = basic_toml::from_str(VIETNAMESE).expect("valid TOML");
        let all = all();
        for (name, text) in &file {
            assert!(all.iter().any(|known| known.name == *name), "{name}");
            assert!(!text.trim().is_empty(), "{name}");
        }
    }

    #[test]
    fn other_names_belong_to_the_number_they_have_here() {
        let all = all();
        let names = |name: &str| all.iter().find(|known| known.names().any(|n| n == name));
        for (name, number) in OTHER_NAMES {
            assert_eq!(names(name).map(|known| known.number), Some(number));
        }
    }
}
