//! What differs from run to run without meaning anything, made the same.

use regex::Regex;
use std::sync::LazyLock;

/// The end of an object's name: process number and four random digits.
static RUN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"-\d+-[0-9a-f]{4}\b").ok());
/// An address of user space; -1 as a pointer is longer.
static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b0x[0-9a-f]{9,14}\b").ok());
/// A process number that says so.
static PID: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(?i:(pid|process))([ =]+)\d+\b").ok());

/// `/lab-emsgsize-reports-4242-9f3a` becomes `/lab-emsgsize-reports-PID`,
/// `pid 4242` becomes `pid N`, and addresses become `0x…`, so that two builds on
/// one machine give the same bytes.
#[must_use]
pub fn mask(output: &str) -> String {
    let replace = |text: String, pattern: &LazyLock<Option<Regex>>, with: &str| match &**pattern {
        Some(pattern) => pattern.replace_all(&text, with).into_owned(),
        None => text,
    };
    let text = replace(output.to_owned(), &RUN, "-PID");
    let text = replace(text, &ADDRESS, "0x…");
    replace(text, &PID, "$1${2}N")
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn what_varies_is_masked_and_nothing_else() {
        for (given, masked) in [
            (
                "/lab-emsgsize-reports-4242-9f3a: open",
                "/lab-emsgsize-reports-PID: open",
            ),
            ("pid 4242 and PID=7", "pid N and PID=N"),
            ("at 0x7f12a4b5c000", "at 0x…"),
            (
                "mq_send: EMSGSIZE: Message too long (90)",
                "mq_send: EMSGSIZE: Message too long (90)",
            ),
            ("at 0xffffffffffffffff", "at 0xffffffffffffffff"),
            ("another process: 100 bytes", "another process: 100 bytes"),
            ("mode 0x1ff, 8192 bytes, -90", "mode 0x1ff, 8192 bytes, -90"),
        ] {
            assert_eq!(mask(given), masked);
        }
    }
}
