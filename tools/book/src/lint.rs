//! What every lab must have for its chapter to be honest.

use crate::{problem::Problem, project::Project};
use anyhow::{Context, Result};
use regex::Regex;
use serde::Deserialize;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A program of a chapter must fit on a page: fewer than 60 lines.
const LINES_MAX: usize = 59;

#[derive(Deserialize)]
struct About {
    chapter: String,
}

/// Looks at every lab's files.
///
/// # Errors
/// Where a folder cannot be read.
pub fn check(project: &Project) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let labs = project.labs()?;
    // What measures has no error to take apart in snippets.
    let measuring = project.measuring(&labs);
    for lab in labs {
        let folder = PathBuf::from("labs").join(&lab);
        problems.extend(about(project, &folder.join("lab.toml"))?);
        let readme = folder.join("README.md");
        let text = fs::read_to_string(project.root.join(&readme)).unwrap_or_default();
        if !text.contains("<!-- ANCHOR: ") && !measuring.contains(&lab) {
            problems.push(Problem::new(
                &readme,
                0,
                "the lab has no snippet",
                "add a short program under a heading, between <!-- ANCHOR: id --> and <!-- ANCHOR_END: id -->",
            ));
        }
        for program in programs(&project.root.join(&folder).join("src"))? {
            let text =
                fs::read_to_string(&program).with_context(|| program.display().to_string())?;
            let name = program.strip_prefix(&project.root).unwrap_or(&program);
            problems.extend(of_program(name, &text));
        }
    }
    Ok(problems)
}

fn about(project: &Project, file: &Path) -> Result<Vec<Problem>> {
    let text =
        fs::read_to_string(project.root.join(file)).with_context(|| file.display().to_string())?;
    let about: About = match toml::from_str(&text) {
        Ok(about) => about,
        Err(error) => {
            let line = error
                .span()
                .map_or(0, |span| text[..span.start].lines().count().max(1));
            return Ok(vec![Problem::new(
                file,
                line,
                error.message(),
                "see labs/README.md for what it holds",
            )]);
        }
    };
    let missing =
        ["vi", "en"].map(|code| PathBuf::from(format!("src/{code}/{}.md", about.chapter)));
    let missing = missing
        .into_iter()
        .filter(|page| !project.root.join(page).is_file());
    Ok(missing
        .map(|page| {
            let what = format!("its chapter {} is not there", page.display());
            Problem::new(file, 0, what, "write it, or mend the key `chapter`")
        })
        .collect())
}

/// All `broken.rs` and `fixed.rs` below `folder`.
fn programs(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(programs(&path)?);
        } else if path
            .file_name()
            .is_some_and(|name| name == "broken.rs" || name == "fixed.rs")
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A program that readers paste: short, and without an errno that it only hopes
/// for in what it prints.
fn of_program(file: &Path, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let lines = text.lines().count();
    if lines > LINES_MAX {
        problems.push(Problem::new(
            file,
            LINES_MAX,
            format!("the program has {lines} lines, more than {LINES_MAX}"),
            "shorten it: it is shown on a page",
        ));
    }
    let Ok(errno) = Regex::new(r#""[^"\n]*\bE[A-Z][A-Z0-9]{2,}\b[^"\n]*""#) else {
        return problems;
    };
    for (number, line) in text.lines().enumerate() {
        let code = line.trim_start();
        if !code.starts_with("//") && errno.is_match(code) {
            problems.push(Problem::new(
                file,
                number + 1,
                "an errno's name is written in a string",
                "print the errno that the call gave: `.call(\"mq_send\")?` does it",
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [usize; 0] = [];

    fn lines(text: &str) -> Vec<usize> {
        of_program(Path::new("x.rs"), text)
            .iter()
            .map(|problem| problem.line)
            .collect()
    }

    #[test]
    fn a_hoped_for_errno_is_found() {
        assert_eq!(lines("a\nprintln!(\"EMSGSIZE: {x}\");\n"), [2]);
        assert_eq!(lines("perror(\"got EAGAIN\");"), [1]);
        assert_eq!(
            lines("// \"EMSGSIZE\"\nErrno::EMSGSIZE;\nprintln!(\"END of A\");\n"),
            NONE
        );
    }

    #[test]
    fn a_long_program_is_found() {
        assert_eq!(lines(&"x\n".repeat(59)), NONE);
        assert_eq!(lines(&"x\n".repeat(60)), [59]);
    }
}
