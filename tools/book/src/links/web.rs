//! Addresses on the web, and their `%` codes.

use super::{Verdict, wrong};

/// Whether a link leaves the project, or tries to.
pub(super) fn has_scheme(to: &str) -> bool {
    to.starts_with("//")
        || to.split_once(':').is_some_and(|(scheme, _)| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        })
}

/// Judges an address by its form alone: nothing here goes online.
pub(super) fn external(to: &str) -> Verdict {
    let (scheme, rest) = to.split_once(':').unwrap_or_default();
    if scheme.eq_ignore_ascii_case("mailto") {
        return Ok(());
    }
    let Some(rest) = rest.strip_prefix("//") else {
        return wrong(
            format!("{to} is no link that a browser follows"),
            "write https://…, or a path",
        );
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    if host.is_empty() || authority.contains('@') || to.contains(char::is_whitespace) {
        return wrong(
            format!("{to} is not well formed"),
            "write https://, a host, and no spaces (%20 instead)",
        );
    }
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Ok(()),
        "http" if ["localhost", "127.0.0.1", "::1"].contains(&host) => Ok(()),
        "http" => wrong(format!("{to} is not encrypted"), "write https://"),
        _ => wrong(format!("{to} is no web address"), "write https://"),
    }
}

/// `%20` and the like; what is no such code stays as it is.
pub(super) fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let code = behind
            .get(..2)
            .filter(|code| first == b'%' && code.iter().all(u8::is_ascii_hexdigit));
        let code = code.and_then(|code| str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
