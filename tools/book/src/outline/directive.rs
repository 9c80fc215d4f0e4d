//! Where a page's text asks for something to be put in its place.
//!
//! There is one rule for every tool of the book:
//! - `<!-- cmdrun … -->` is what mdbook-cmdrun's pattern says, on one line, and
//!   `<!-- measured … -->` is written like it;
//! - `<!-- glossary -->` is just that, on one line;
//! - `{{#name args}}` is what mdBook's says, and `\{{#…}}` escapes it;
//! - in inline code both are text, so that a chapter can speak of them; in a
//!   fence they are expanded, since that is where includes stand.

use std::ops::Range;

use mdbook_markdown::pulldown_cmark::Event;
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use super::Lines;

/// A piece of text to be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive<'a> {
    /// Where it stands, in bytes; a line's end is not part of it.
    pub range: Range<usize>,
    /// Counted from 1.
    pub line: usize,
    pub kind: Kind<'a>,
}

/// All texts are trimmed and not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// `<!-- cmdrun lab-emsgsize -->`
    Command(&'a str),
    /// `<!-- glossary -->`
    Glossary,
    /// `<!-- measured lab-latency table -->`
    Measured(&'a str),
    /// `{{#include file.rs}}`
    Helper { name: &'a str, args: &'a str },
}

const GLOSSARY: &str = "glossary";

/// Text that means to be a directive and is none: as a comment it would
/// vanish from the page, as a helper it would stand there unexpanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss<'a> {
    /// Counted from 1.
    pub line: usize,
    /// Its first line.
    pub text: &'a str,
}

/// Every directive of a Markdown text, in order.
pub fn directives(text: &str) -> Vec<Directive<'_>> {
    let lines = Lines::of(text);
    let found = scan(text).into_iter();
    let kept = found.filter_map(|(range, kind)| {
        Some(Directive {
            line: lines.at(range.start),
            range,
            kind: kind?,
        })
    });
    kept.collect()
}

/// Every near miss of a Markdown text, in order.
pub fn near_misses(text: &str) -> Vec<NearMiss<'_>> {
    let lines = Lines::of(text);
    let found = scan(text).into_iter();
    let missed = found.filter(|(_, kind)| kind.is_none());
    let named = missed.map(|(range, _)| NearMiss {
        line: lines.at(range.start),
        text: first_line(&text[range]),
    });
    named.collect()
}

/// The comments that are directives.
const NAMES: [&str; 2] = [CMDRUN, MEASURED];
const CMDRUN: &str = "cmdrun";
const MEASURED: &str = "measured";

enum Found<'a> {
    Escaped,
    Directive(Kind<'a>),
    NearMiss,
}

/// Directives and, without a kind, near misses.
fn scan(text: &str) -> Vec<(Range<usize>, Option<Kind<'_>>)> {
    let mut found = Vec::new();
    // Only the parser knows what is inline code: backticks pair up across
    // lines, in runs of equal length, and not in comments or fences.
    let mut inline_code = new_cmark_parser(text, &MarkdownOptions::default())
        .into_offset_iter()
        .filter_map(|(event, range)| matches!(event, Event::Code(_)).then_some(range))
        .peekable();
    let mut at = 0;
    while let Some(step) = text[at..].find(['<', '{', '\\']) {
        at += step;
        while inline_code.next_if(|code| code.end <= at).is_some() {}
        if let Some(code) = inline_code.peek().filter(|code| code.contains(&at)) {
            at = code.end;
            continue;
        }
        let rest = &text[at..];
        let Some((length, what)) = escaped(rest)
            .or_else(|| comment(rest))
            .or_else(|| helper(rest))
        else {
            at += 1;
            continue;
        };
        let range = at..at + length;
        at = range.end;
        match what {
            Found::Escaped => {}
            Found::Directive(kind) => found.push((range, Some(kind))),
            Found::NearMiss => found.push((range, None)),
        }
    }
    found
}

/// mdBook's `\\\{\{\#.*\}\}`: to the last `}}` of the line.
fn escaped(rest: &str) -> Option<(usize, Found<'_>)> {
    rest.strip_prefix("\\{{#")?;
    let end = first_line(rest).rfind("}}")?;
    Some((end + 2, Found::Escaped))
}

/// mdbook-cmdrun's `<!--[ ]*cmdrun (.*?)-->`, where `.` stops at a line's end; the
/// same with `measured`.
fn comment(rest: &str) -> Option<(usize, Found<'_>)> {
    let body = rest.strip_prefix("<!--")?;
    let trimmed = body.trim_start_matches(' ');
    for name in NAMES {
        if let Some(words) = trimmed.strip_prefix(name)
            && let Some(words) = words.strip_prefix(' ')
            && let Some(end) = first_line(words).find("-->")
            && let inner = words[..end].trim()
            && !inner.is_empty()
        {
            let length = rest.len() - words.len() + end + "-->".len();
            let kind = match name {
                MEASURED => Kind::Measured(inner),
                _ => Kind::Command(inner),
            };
            return Some((length, Found::Directive(kind)));
        }
    }
    let end = body.find("-->").unwrap_or(body.len());
    let length = 4 + (end + 3).min(body.len());
    let inner = &body[..end];
    if inner.trim_matches(' ') == GLOSSARY && end < body.len() {
        return Some((length, Found::Directive(Kind::Glossary)));
    }
    let meant = NAMES.iter().any(|name| means(inner, name)) || means_glossary(inner);
    meant.then_some((length, Found::NearMiss))
}

/// mdBook's `\{\{\s*\#([a-zA-Z0-9_]+)\s+([^}]+)\}\}`.
fn helper(rest: &str) -> Option<(usize, Found<'_>)> {
    let inner = rest.strip_prefix("{{")?.trim_start().strip_prefix('#')?;
    let behind = inner.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let name = &inner[..inner.len() - behind.len()];
    if name.is_empty() {
        return None;
    }
    let end = behind.find('}').unwrap_or(behind.len());
    let (args, close) = behind.split_at(end);
    if args.starts_with(char::is_whitespace) && !args.trim().is_empty() && close.starts_with("}}") {
        let args = args.trim();
        let length = rest.len() - close.len() + 2;
        return Some((length, Found::Directive(Kind::Helper { name, args })));
    }
    Some((rest.len() - behind.len(), Found::NearMiss))
}

/// Whether a comment starts with `name` in another spelling: `Cmdrun`, `cmd-run`,
/// `cmd run`, or up to two wrong letters.
fn means(body: &str, name: &str) -> bool {
    let letters = body.chars().filter(|c| c.is_alphanumeric());
    let squeezed: String = letters
        .flat_map(char::to_lowercase)
        .take(name.len())
        .collect();
    let word = body.split_whitespace().next().unwrap_or_default();
    squeezed == name || distance(&word.to_lowercase(), name) <= 2
}

/// Whether a comment starts with `glossary`, in this spelling or nearly so: with
/// more words behind it, it would show nothing.
fn means_glossary(body: &str) -> bool {
    let word = body.split_whitespace().next().unwrap_or_default();
    distance(&word.to_lowercase(), GLOSSARY) <= 2
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind<'_>> {
        directives(text).into_iter().map(|d| d.kind).collect()
    }

    #[test]
    fn commands_and_helpers_are_found_with_range_and_line() {
        let text = "# ộ\n\na <!-- cmdrun lab-emsgsize --lang vi --> b\n{{#include ../a.rs:main}}\n";
        let found = directives(text);
        assert_eq!(found.len(), 2);
        assert_eq!(
            &text[found[0].range.clone()],
            "<!-- cmdrun lab-emsgsize --lang vi -->"
        );
        assert_eq!(found[0].line, 3);
        assert_eq!(found[0].kind, Kind::Command("lab-emsgsize --lang vi"));
        assert_eq!(&text[found[1].range.clone()], "{{#include ../a.rs:main}}");
        assert_eq!(found[1].line, 4);
        let (name, args) = ("include", "../a.rs:main");
        assert_eq!(found[1].kind, Kind::Helper { name, args });
    }

    #[test]
    fn spaces_are_as_in_the_two_patterns() {
        assert_eq!(kinds("<!--cmdrun a-->"), [Kind::Command("a")]);
        assert_eq!(kinds("<!--    cmdrun  a b  -->"), [Kind::Command("a b")]);
        assert_eq!(kinds("<!-- measured  a b -->"), [Kind::Measured("a b")]);
        let (name, args) = ("diff", "a.rs b.rs");
        assert_eq!(kinds("{{ #diff a.rs\n b.rs }}").len(), 1);
        assert_eq!(
            kinds("{{#diff  a.rs b.rs }}"),
            [Kind::Helper { name, args }]
        );
    }

    #[test]
    fn the_glossary_stands_alone_in_its_comment() {
        for text in [
            "<!-- glossary -->",
            "<!--glossary-->",
            "a <!--  glossary --> b",
        ] {
            assert_eq!(kinds(text), [Kind::Glossary], "{text}");
        }
        assert_eq!(kinds("`<!-- glossary -->`"), []);
    }

    #[test]
    fn fences_are_expanded_and_inline_code_is_text() {
        assert_eq!(kinds("```rust\n{{#include a.rs}}\n```\n").len(), 1);
        assert_eq!(kinds("~~~\n<!-- cmdrun a -->\n~~~\n").len(), 1);
        assert_eq!(kinds("    <!-- cmdrun a -->\n").len(), 1);
        assert_eq!(
            kinds("write `<!-- cmdrun a -->` or ``{{#include `a`}}``"),
            []
        );
        assert_eq!(kinds("over `two\nlines <!-- cmdrun a -->` there"), []);
        // One backtick alone is no code, nor are those of another paragraph.
        assert_eq!(kinds("a ` <!-- cmdrun a -->\n\nb `").len(), 1);
        // Backticks in a command belong to the command.
        assert_eq!(kinds("<!-- cmdrun a `b` -->"), [Kind::Command("a `b`")]);
        assert_eq!(kinds("`a` <!-- cmdrun b --> `c`"), [Kind::Command("b")]);
    }

    #[test]
    fn a_backslash_escapes_to_the_last_braces_of_the_line() {
        assert_eq!(
            kinds("\\{{#include a}} {{#include b}}\n{{#include c}}").len(),
            1
        );
        assert_eq!(near_misses("\\{{#include}}"), []);
    }

    #[test]
    fn near_misses_are_found_with_their_line() {
        for text in [
            "<!-- cmd-run a -->",
            "<!-- cmd run a -->",
            "<!-- Cmdrun a -->",
            "<!-- cmdrum a -->",
            "<!--\tcmdrun a -->",
            "<!-- cmdrun -->",
            "<!--cmdrun a",
            "<!-- cmdrun a\n b -->",
            "<!--\ncmdrun a -->",
            "<!-- Glossary -->",
            "<!-- glosary -->",
            "<!-- glossary a-z -->",
            "<!--\nglossary -->",
            "<!-- glossary",
            "<!-- Measured a -->",
            "<!-- measure a b -->",
            "<!-- measured: a b -->",
            "<!-- measured -->",
            "<!-- measured a\n b -->",
            "{{#include}}",
            "{{#include a}",
            "{{#include",
        ] {
            let text = format!("one\n\n{text}");
            let found = near_misses(&text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].line, 3, "{text}");
            assert_eq!(kinds(&text), [], "{text}");
        }
    }

    #[test]
    fn other_comments_and_braces_are_neither() {
        for text in [
            "<!-- run it again -->",
            "<!-- the command below -->",
            "<!-- the glossary is another page -->",
            "<!-- a measured table -->",
            "`<!-- Cmdrun a -->`",
            "let s = \"{{#}} {{}}\"; a < b",
            "<!--",
            "{{",
            "\\",
        ] {
            assert_eq!(near_misses(text), [], "{text}");
            assert_eq!(kinds(text), [], "{text}");
        }
    }
}
