//! Snippets: short programs that stand once, in a lab's README.md, between
//! `<!-- ANCHOR: id -->` and `<!-- ANCHOR_END: id -->`.

use crate::{labs::Built, project::Project};
use anyhow::{Context, Result, bail};
use sha2::{Digest as _, Sha256};
use std::{env, fmt::Write as _, fs, path::PathBuf, process::Command};

/// The Rust text of the snippet `id` in a README: the one fence of language
/// `rust` between its anchors.
///
/// # Errors
/// Where an anchor or the fence is missing.
pub fn text<'a>(readme: &'a str, id: &str) -> Result<&'a str> {
    let between = |text: &'a str, start: &str, end: &str| -> Option<&'a str> {
        let (_, rest) = text.split_once(start)?;
        rest.split_once(end).map(|(inside, _)| inside)
    };
    let (start, end) = (
        format!("<!-- ANCHOR: {id} -->"),
        format!("<!-- ANCHOR_END: {id} -->"),
    );
    let part = between(readme, &start, &end).with_context(|| format!("no {start} … {end}"))?;
    between(part, "```rust\n", "```")
        .with_context(|| format!("no ```rust between the anchors of {id}"))
}

/// Compiles the snippet against the libraries that the labs were built with,
/// unless this very text was compiled before. Gives back the program.
///
/// # Errors
/// Where it is not there or does not compile.
pub fn compile(project: &Project, built: &Built, lab: &str, id: &str) -> Result<PathBuf> {
    let readme = project.root.join("labs").join(lab).join("README.md");
    let readme_text = fs::read_to_string(&readme).with_context(|| readme.display().to_string())?;
    let source = text(&readme_text, id).with_context(|| format!("labs/{lab}/README.md"))?;

    let mut libraries: Vec<_> = built.libraries.iter().collect();
    // Their own dependencies lie beside them.
    let folder = libraries
        .first()
        .and_then(|(_, rlib)| rlib.parent().map(PathBuf::from));
    libraries.retain(|(name, _)| ["labkit", "libc", "nix"].contains(&name.as_str()));

    let mut key = Sha256::new();
    key.update(source);
    for (_, rlib) in &libraries {
        key.update(rlib.as_os_str().as_encoded_bytes());
        let modified = fs::metadata(rlib).and_then(|meta| meta.modified());
        key.update(format!("{modified:?}"));
    }
    let mut name = String::new();
    for byte in key.finalize().iter().take(8) {
        let _ = write!(name, "{byte:02x}");
    }
    let cache = project.target().join("snippets");
    let program = cache.join(format!("{lab}-{id}-{name}"));
    if program.is_file() {
        return Ok(program);
    }
    fs::create_dir_all(&cache)?;
    let file = program.with_extension("rs");
    fs::write(&file, source)?;
    // Into a name of our own first: two builds may run at the same time.
    let fresh = tempfile::Builder::new()
        .tempfile_in(&cache)?
        .into_temp_path();
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc
        .args(["--edition", "2024", "--crate-name", "snippet", "-o"])
        .arg(&fresh)
        .arg(&file);
    for (name, rlib) in libraries {
        rustc
            .arg("--extern")
            .arg(format!("{name}={}", rlib.display()));
    }
    if let Some(folder) = folder {
        rustc
            .arg("-L")
            .arg(format!("dependency={}", folder.display()));
    }
    let output = rustc.output().context("rustc cannot be started")?;
    if !output.status.success() {
        bail!(
            "labs/{lab}/README.md: the snippet {id} does not compile\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    fresh.persist(&program)?;
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::text;

    const README: &str =
        "# Lab\n\n<!-- ANCHOR: ask -->\n```rust\nfn main() {}\n```\n<!-- ANCHOR_END: ask -->\n";

    #[test]
    fn the_text_between_the_anchors_is_found() {
        assert_eq!(text(README, "ask").expect("there"), "fn main() {}\n");
    }

    #[test]
    fn what_is_missing_is_said() {
        assert!(text(README, "other").is_err());
        assert!(text(&README.replace("```rust", "```c"), "ask").is_err());
        assert!(text(&README.replace("ANCHOR_END: ask", "ANCHOR_END: x"), "ask").is_err());
    }
}
