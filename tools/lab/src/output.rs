//! Writing for the reader: colour where it is wanted, the terminal's width.

use crate::{language, messages::Messages, trouble::Trouble};
use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};
use console::Term;
use std::{
    ffi::OsString,
    fmt::{self, Display},
    io::Write as _,
};

/// Names: of errnos, of mechanisms.
pub const NAME: Style = Style::new().bold();
/// Commands to be copied.
pub const COMMAND: Style = AnsiColor::Green.on_default();
/// What went wrong.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// What matters less.
pub const ASIDE: Style = Style::new().dimmed();

/// Heeds `--color`; without it, the terminal and NO_COLOR decide.
pub fn choose_color(words: &[OsString]) {
    let choice = match language::option(words, "--color").as_deref() {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    };
    choice.write_global();
}

/// `text` in `style`.
#[must_use]
pub fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// To stdout.
///
/// # Errors
/// A closed pipe, a full disk.
pub fn say(text: &str) -> Result<(), Trouble> {
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(())
}

/// One JSON value to stdout.
///
/// # Errors
/// A closed pipe, a full disk.
pub fn say_json(value: &serde_json::Value) -> Result<(), Trouble> {
    say(&format!("{value:#}\n"))
}

/// An error to stderr; a reader who closed that wants to hear nothing.
pub fn complain(messages: &Messages, text: &str) {
    let error = styled(ERROR, messages.get("error"));
    let _ = writeln!(anstream::stderr(), "{error} {text}");
}

/// A remark to stderr.
pub fn remark(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// How wide a line may be: the terminal's width within reason, 80 without one.
#[must_use]
pub fn width() -> usize {
    let size = Term::stdout().size_checked();
    size.map_or(80, |(_, columns)| usize::from(columns).clamp(40, 90))
}

/// A paragraph that starts with `indent` on each of its lines.
#[must_use]
pub fn paragraph(text: &str, indent: &str, width: usize) -> String {
    let options = textwrap::Options::new(width)
        .initial_indent(indent)
        .subsequent_indent(indent)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .word_separator(textwrap::WordSeparator::AsciiSpace);
    textwrap::fill(text, options)
}

/// Text from a file that somebody else wrote, without what would move the
/// reader's cursor or change their colours.
pub struct Plain<'a>(pub &'a str);

impl Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clean: String = self.0.chars().filter(|c| !c.is_control()).collect();
        f.pad(&clean)
    }
}
