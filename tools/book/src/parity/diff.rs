//! Two lists that should be equal, and one problem for each place where they
//! are not.

use std::path::Path;

use crate::problem::Problem;

/// Something that stands in both versions.
#[derive(Debug, Clone)]
pub(super) struct Thing {
    pub line: usize,
    /// What messages call it.
    pub kind: &'static str,
    /// What tells it from others of its kind.
    pub name: String,
    /// What else must be equal.
    pub detail: String,
    /// How it is written.
    pub shown: String,
}

/// Equal wherever it stands and however each language writes it.
impl PartialEq for Thing {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, &self.name, &self.detail) == (other.kind, &other.name, &other.detail)
    }
}

/// One of the two versions.
pub(super) struct Side<'a> {
    file: &'a Path,
    things: &'a [Thing],
    /// The line where something missing at the end should stand.
    end: usize,
}

impl<'a> Side<'a> {
    pub fn new(file: &'a Path, things: &'a [Thing], end: usize) -> Self {
        Self { file, things, end }
    }

    /// What stands at `index` of this side, and not in `other`.
    fn lacked_by(&self, index: usize, other: &Self, fates: &[Fate]) -> Problem {
        let thing = &self.things[index];
        let (file, line) = (self.file.display(), thing.line);
        // It should stand before what follows it on this side.
        let next = fates[index..].iter().find_map(|fate| match fate {
            Fate::Partner(next) => Some(other.things[*next].line),
            Fate::Alone | Fate::Moved => None,
        });
        Problem::new(
            other.file,
            next.unwrap_or(other.end),
            format!("here a {} is missing: {}", thing.kind, thing.shown),
            format!("write it as in {file}:{line}, or remove it there"),
        )
    }
}

/// What became of a thing on the other side.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Alone,
    /// It is there, but before or behind other things.
    Moved,
    /// It is there, maybe changed.
    Partner(usize),
}

/// Whether two things, by their indices, are like each other.
type Alike<'a> = &'a dyn Fn(usize, usize) -> bool;

/// Every difference, at the side that lacks something; where both have
/// something, but not the same, at the first.
pub(super) fn differences(first: &Side, second: &Side) -> Vec<Problem> {
    let (a, b) = (first.things, second.things);
    let common = common(a, b);
    let (mut fates_a, mut fates_b) = (vec![Fate::Alone; a.len()], vec![Fate::Alone; b.len()]);
    for &(i, j) in &common {
        (fates_a[i], fates_b[j]) = (Fate::Partner(j), Fate::Partner(i));
    }
    // Two things stand in the same place if as many common ones are before.
    let same_place = |i: usize, j: usize| {
        common.partition_point(|c| c.0 < i) == common.partition_point(|c| c.1 < j)
    };
    let same_kind = |i: usize, j: usize| a[i].kind == b[j].kind && same_place(i, j);
    let same_name = |i: usize, j: usize| a[i].name == b[j].name && same_kind(i, j);
    // The surest likeness first: what is equal was moved, what is named alike
    // was changed, and so, most likely, was a thing of that kind in that place.
    let likenesses: [(&str, Alike); 3] = [
        ("stands in another order", &|i, j| a[i] == b[j]),
        ("is not the same", &same_name),
        ("is not the same", &same_kind),
    ];
    let mut problems = Vec::new();
    for (what, alike) in likenesses {
        for (i, x) in a.iter().enumerate() {
            let alone = |j: &usize| fates_b[*j] == Fate::Alone && alike(i, *j);
            let found = (0..b.len())
                .find(alone)
                .filter(|_| fates_a[i] == Fate::Alone);
            let Some(j) = found else {
                continue;
            };
            (fates_a[i], fates_b[j]) = if *x == b[j] {
                (Fate::Moved, Fate::Moved)
            } else {
                (Fate::Partner(j), Fate::Partner(i))
            };
            let (file, line) = (second.file.display(), b[j].line);
            problems.push(Problem::new(
                first.file,
                x.line,
                format!("this {} {what} in {file}:{line}: {}", x.kind, x.shown),
                format!("make both the same; there it is: {}", b[j].shown),
            ));
        }
    }
    let alone = |fates: &[Fate]| -> Vec<usize> {
        let all = 0..fates.len();
        all.filter(|&i| fates[i] == Fate::Alone).collect()
    };
    for i in alone(&fates_a) {
        problems.push(first.lacked_by(i, second, &fates_a));
    }
    for j in alone(&fates_b) {
        problems.push(second.lacked_by(j, first, &fates_b));
    }
    problems
}

/// The longest common subsequence, as pairs of indices.
fn common<T: PartialEq>(a: &[T], b: &[T]) -> Vec<(usize, usize)> {
    // length[i][j]: of the longest one of a[i..] and b[j..].
    let mut length = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            length[i][j] = if a[i] == b[j] {
                length[i + 1][j + 1] + 1
            } else {
                length[i + 1][j].max(length[i][j + 1])
            };
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if length[i + 1][j] >= length[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares words; the first letter is the name, the rest the detail.
    fn diff(first: &str, second: &str) -> Vec<(String, usize, String)> {
        let things = |words: &str| -> Vec<Thing> {
            let words = words.split_whitespace().enumerate();
            let things = words.map(|(n, word)| Thing {
                line: n + 1,
                kind: if word.starts_with('t') {
                    "table"
                } else {
                    "word"
                },
                name: word[..1].to_owned(),
                detail: word[1..].to_owned(),
                shown: word.to_owned(),
            });
            things.collect()
        };
        let (a, b) = (things(first), things(second));
        let found = differences(
            &Side::new(Path::new("a"), &a, 90),
            &Side::new(Path::new("b"), &b, 90),
        );
        let found = found.into_iter();
        let found = found.map(|p| (p.file.display().to_string(), p.line, p.what));
        found.collect()
    }

    fn one(first: &str, second: &str, file: &str, line: usize, what: &str) {
        let found = diff(first, second);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].0.as_str(), found[0].1), (file, line));
        assert!(found[0].2.contains(what), "{found:?}");
    }

    #[test]
    fn equal_lists_do_not_differ() {
        assert_eq!(diff("", ""), []);
        assert_eq!(diff("x y z", "x y z"), []);
    }

    #[test]
    fn a_missing_thing_is_reported_once_where_it_should_stand() {
        one("x y z", "x z", "b", 2, "missing");
        one("y z", "x y z", "a", 1, "missing");
        one("x y", "x", "b", 90, "missing");
        one("", "x", "a", 90, "missing");
    }

    #[test]
    fn a_changed_thing_is_reported_once_at_the_first() {
        one("x y1 z", "x y2 z", "a", 2, "not the same");
        one("x y z", "x w z", "a", 2, "not the same");
        // y was changed and w added, not the other way round.
        let found = diff("x y1 z", "x w y2 z");
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].0.as_str(), found[0].1), ("a", 2));
        assert_eq!((found[1].0.as_str(), found[1].1), ("a", 2));
    }

    #[test]
    fn a_moved_thing_is_reported_once() {
        one("x y z", "y z x", "a", 1, "order");
    }

    #[test]
    fn things_of_different_kinds_are_both_missing() {
        let found = diff("x t z", "x w z");
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].0.as_str(), found[0].1), ("b", 3));
        assert_eq!((found[1].0.as_str(), found[1].1), ("a", 3));
    }
}
