//! The errnos in what a program printed. labkit prints a failed call as
//! `mq_open: EEXIST: File exists (17)`, wherever in a line it stands; a result as
//! Rust has it may be there, too: `Err(EOWNERDEAD)`.

use super::texts::Known;

/// Each errno once with each call, in order. Without a call where only a name
/// stands there, and no call gave it elsewhere.
#[must_use]
pub fn answers(output: &str, all: &[Known]) -> Vec<(i32, Option<String>)> {
    let mut found: Vec<(i32, Option<String>)> = Vec::new();
    for line in output.lines() {
        for known in all.iter().filter(|known| names(line, &known.name)) {
            let answer = (known.number, call(line, known));
            if !found.contains(&answer) {
                found.push(answer);
            }
        }
    }
    let with_call: Vec<_> = found
        .iter()
        .filter(|f| f.1.is_some())
        .map(|f| f.0)
        .collect();
    found.retain(|(number, call)| call.is_some() || !with_call.contains(number));
    found
}

/// Whether `name` stands in `line` as a word of its own.
fn names(line: &str, name: &str) -> bool {
    let mut words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.any(|word| word == name)
}

/// The call in `CALL: NAME: …(NUMBER)`: the number must be the name's.
fn call(line: &str, known: &Known) -> Option<String> {
    let (before, after) = line.split_once(&format!(": {}: ", known.name))?;
    if !after.contains(&format!("({})", known.number)) {
        return None;
    }
    let word = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let word = word.into_iter().next()?;
    (!word.is_empty()).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{super::texts, *};

    fn of(output: &str) -> Vec<(i32, Option<String>)> {
        answers(output, &texts::all())
    }

    #[test]
    fn a_failed_call_is_found_wherever_it_stands() {
        for line in [
            "ftruncate: EPERM: Operation not permitted (1)",
            "the other process: ftruncate: EPERM: Operation not permitted (1)",
            "it said Err(ftruncate: EPERM: Operation not permitted (1)), and went on",
        ] {
            assert_eq!(of(line), [(1, Some("ftruncate".to_owned()))], "{line}");
        }
    }

    #[test]
    fn a_name_alone_counts_where_no_call_is_known() {
        assert_eq!(of("Err(EPERM), and paid is 0"), [(1, None)]);
        let both = "Err(EPERM)\nopen: EPERM: Operation not permitted (1)";
        assert_eq!(of(both), [(1, Some("open".to_owned()))]);
    }

    #[test]
    fn another_word_is_no_errno() {
        assert!(of("EPERMANENT, or XEPERM, or E_PERM").is_empty());
    }
}
