//! From what a reader has before them to an errno: a name, a number, a text of
//! either language with or without its marks, a whole line of an error, a typo.

use super::texts::Known;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    One(Known),
    /// The word is a part of the texts of these.
    Several(Vec<Known>),
    /// Nothing, but these come near.
    Near(Vec<Known>),
    Nothing,
}

/// How many letters two names may differ by to be near each other.
const TYPOS: usize = 2;

/// How alike two texts must be, 1 the same, 0 nothing in common.
const ALIKE: f64 = 0.8;

/// Finds `word` among `all`.
#[must_use]
pub fn find(word: &str, all: &[Known]) -> Found {
    let word = word.trim();
    let one = |wanted: &dyn Fn(&Known) -> bool| all.iter().find(|k| wanted(k)).cloned();
    let folded = fold(word);
    if folded.is_empty() {
        return Found::Nothing;
    }
    if let Ok(number) = word.trim_start_matches('-').parse::<i32>() {
        return one(&|known| known.number == number).map_or(Found::Nothing, Found::One);
    }
    let upper = word.to_uppercase();
    if let Some(known) = one(&|known| known.names().any(|name| name == upper)) {
        return Found::One(known);
    }
    if let Some(known) = one(&|known| texts(known).any(|text| text == folded)) {
        return Found::One(known);
    }
    if let Some(known) = in_a_line(word, all) {
        return Found::One(known);
    }
    for part in [contains as fn(&str, &str) -> bool, has_all_words] {
        let matches = pick(all, |known| texts(known).any(|text| part(&text, &folded)));
        match <[Known; 1]>::try_from(matches) {
            Ok([known]) => return Found::One(known),
            Err(matches) if matches.is_empty() => {}
            Err(matches) => return Found::Several(matches),
        }
    }
    near(&upper, &folded, all)
}

/// A line as a program prints it: `mq_open: EMFILE: Too many open files (24)`,
/// or Rust's `Too many open files (os error 24)`.
fn in_a_line(line: &str, all: &[Known]) -> Option<Known> {
    let mut words = line.split(|c: char| !c.is_ascii_alphanumeric());
    let named = words.find_map(|word| all.iter().find(|k| k.names().any(|name| name == word)));
    let numbered = || {
        let (_, rest) = line.split_once("os error ")?;
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        let number: i32 = digits.parse().ok()?;
        all.iter().find(|known| known.number == number)
    };
    // `mq_open: Too many open files`, as perror(3) prints it: the text is the end.
    let ended = || {
        let folded = fold(line);
        let (_, text) = folded.rsplit_once(": ")?;
        all.iter().find(|known| texts(known).any(|t| t == text))
    };
    named.or_else(numbered).or_else(ended).cloned()
}

fn contains(text: &str, word: &str) -> bool {
    text.contains(word)
}

fn has_all_words(text: &str, words: &str) -> bool {
    let in_text: Vec<_> = text.split_whitespace().collect();
    words.split_whitespace().all(|word| in_text.contains(&word))
}

fn near(upper: &str, folded: &str, all: &[Known]) -> Found {
    let distance = |known: &Known| {
        let names = known
            .names()
            .map(|name| strsim::damerau_levenshtein(name, upper));
        names.min().unwrap_or(usize::MAX)
    };
    let least = all.iter().map(distance).min().unwrap_or(usize::MAX);
    // Two letters of a short name are too much: "EIO" is not a typo of "EPER".
    if least <= TYPOS && least * 3 <= upper.chars().count() {
        return Found::Near(pick(all, |known| distance(known) == least));
    }
    let alike = |known: &Known| {
        let texts = texts(known).map(|text| strsim::normalized_damerau_levenshtein(&text, folded));
        texts.fold(0.0, f64::max)
    };
    let most = all.iter().map(alike).fold(0.0, f64::max);
    if most < ALIKE {
        return Found::Nothing;
    }
    Found::Near(pick(all, |known| alike(known) >= most))
}

fn pick(all: &[Known], wanted: impl Fn(&Known) -> bool) -> Vec<Known> {
    all.iter().filter(|known| wanted(known)).cloned().collect()
}

fn texts(known: &Known) -> impl Iterator<Item = String> {
    let texts = [Some(&known.english), known.vietnamese.as_ref()];
    texts.into_iter().flatten().map(|text| fold(text))
}

/// Without marks, case and superfluous space, so that "Quá nhiều", however its
/// letters are encoded, is found by "qua nhieu", and "khoá" by "khóa".
#[must_use]
pub fn fold(text: &str) -> String {
    let letters = text.nfd().filter(|c| !is_combining_mark(*c));
    let letters: String = letters
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{super::texts, *};

    fn found(word: &str) -> Vec<String> {
        let known = match find(word, &texts::all()) {
            Found::One(known) => vec![known],
            Found::Several(all) => all,
            Found::Near(_) | Found::Nothing => vec![],
        };
        known.into_iter().map(|known| known.name).collect()
    }

    fn near(word: &str) -> Vec<String> {
        match find(word, &texts::all()) {
            Found::Near(all) => all.into_iter().map(|known| known.name).collect(),
            other => panic!("{word}: {other:?}"),
        }
    }

    #[test]
    fn every_way_of_saying_it_finds_it() {
        for word in [
            "EMFILE",
            "emfile",
            " 24 ",
            "-24",
            "Too many open files",
            "too  many open files",
            "Quá nhiều tập tin đang mở",
            "QUÁ NHIỀU TẬP TIN ĐANG MỞ",
            "qua nhieu tap tin dang mo",
            "Qua\u{301} nhie\u{302}\u{300}u ta\u{323}\u{302}p tin đang mở",
            "mq_open: EMFILE: Too many open files (24)",
            "Error: mq_open: Too many open files",
            "mq_open failed: Too many open files (os error 24)",
            "mq_open() = -1 EMFILE (Too many open files)",
        ] {
            assert_eq!(found(word), ["EMFILE"], "{word}");
        }
        assert_eq!(found("EWOULDBLOCK"), ["EAGAIN"]);
        assert_eq!(found("khoá cần thiết"), ["ENOKEY"]);
    }

    #[test]
    fn a_part_of_a_text_finds_it_or_lists_what_has_it() {
        assert_eq!(found("message too"), ["EMSGSIZE"]);
        assert_eq!(found("thong diep qua"), ["EMSGSIZE"]);
        assert_eq!(found("too many open"), ["ENFILE", "EMFILE"]);
        // Words in another order.
        assert_eq!(found("long message"), ["EMSGSIZE"]);
    }

    #[test]
    fn a_typo_comes_near() {
        assert_eq!(near("EMFLIE"), ["EMFILE"]);
        assert_eq!(near("emsgsiz"), ["EMSGSIZE"]);
        assert_eq!(near("message too lnog"), ["EMSGSIZE"]);
    }

    #[test]
    fn nonsense_finds_nothing() {
        for word in [
            "",
            "  ",
            "\u{301}",
            "0",
            "9999",
            "99999999999999",
            "xyzzy plugh",
        ] {
            assert_eq!(find(word, &texts::all()), Found::Nothing, "{word}");
        }
    }
}
