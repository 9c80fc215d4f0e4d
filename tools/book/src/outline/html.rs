//! The attributes in a piece of raw HTML.

/// Offset, name (in lower case) and value of every attribute of every tag.
/// Comments are no tags, and an attribute without a value is left out.
pub(super) fn attributes(html: &str) -> Vec<(usize, String, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = html[at..].find('<') {
        at += step;
        let rest = &html[at..];
        if rest.starts_with("<!--") {
            at += rest.find("-->").map_or(rest.len(), |end| end + 3);
        } else if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            at += 1 + name(&rest[1..]).len();
            at = tag(html, at, &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// Reads the attributes from `at`, behind a tag's name, and returns where the
/// tag ends.
fn tag(html: &str, mut at: usize, found: &mut Vec<(usize, String, String)>) -> usize {
    loop {
        at += blank(&html[at..]);
        let start = at;
        let name = name(&html[at..]);
        if name.is_empty() {
            // The end of the tag, or a stray character such as `/`.
            match html[at..].chars().next() {
                None | Some('>') => return at,
                Some(c) => at += c.len_utf8(),
            }
            continue;
        }
        at += name.len();
        let behind = at + blank(&html[at..]);
        let Some(rest) = html[behind..].strip_prefix('=') else {
            continue;
        };
        at = behind + 1 + blank(rest);
        let rest = &html[at..];
        let (value, length) = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => match rest[1..].find(quote) {
                Some(end) => (&rest[1..=end], end + 2),
                None => (&rest[1..], rest.len()),
            },
            _ => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || c == '>')
                    .unwrap_or(rest.len());
                (&rest[..end], end)
            }
        };
        at += length;
        let value = value.trim().replace("&amp;", "&");
        found.push((start, name.to_ascii_lowercase(), value));
    }
}

fn blank(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

fn name(text: &str) -> &str {
    let end = text
        .find(|c: char| c.is_whitespace() || "=/>\"'<".contains(c))
        .unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::attributes;

    fn pairs(html: &str) -> Vec<(String, String)> {
        let all = attributes(html).into_iter();
        all.map(|(_, name, value)| (name, value)).collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn values_are_read_with_any_quotes_or_none() {
        assert_eq!(
            pairs("<a HREF='x>y'\n  title = \"t\" hidden id=z>text</a><img src=p.svg/>"),
            [
                pair("href", "x>y"),
                pair("title", "t"),
                pair("id", "z"),
                pair("src", "p.svg/"),
            ]
        );
    }

    #[test]
    fn comments_and_broken_tags_yield_nothing() {
        assert_eq!(pairs("<!-- <a href='x'> --> a < b href=c"), []);
        assert_eq!(pairs("<a href=\"x"), [pair("href", "x")]);
        assert_eq!(pairs("<a / ' ộ"), []);
    }
}
