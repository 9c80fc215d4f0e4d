//! Reads what `lab-latency` or `lab-throughput` wrote, or says what is wrong.

use crate::trouble::Trouble;
use measure::record::{Report, VERSION};
use serde::Deserialize;
use std::{
    fs::{self, File},
    io::{self, Read},
    os::unix::fs::MetadataExt as _,
    path::Path,
};

/// The labs that write it.
const LABS: [&str; 2] = ["lab-latency", "lab-throughput"];

/// A measurement is far smaller; a disk image given by mistake is not read whole.
const SIZE_MAX: u64 = 64 << 20;

/// The part that every version has.
#[derive(Deserialize)]
struct Head {
    lab: String,
    version: u32,
}

/// Refuses to compare a file with itself.
///
/// # Errors
/// Where both names lead to one file, or both are stdin.
pub fn not_twice(a: &Path, b: &Path) -> Result<(), Trouble> {
    let id = |path: &Path| {
        let meta = if is_stdin(path) {
            fs::metadata("/dev/stdin")
        } else {
            fs::metadata(path)
        };
        meta.ok().map(|meta| (meta.dev(), meta.ino()))
    };
    let both_stdin = is_stdin(a) && is_stdin(b);
    if both_stdin || (id(a).is_some() && id(a) == id(b)) {
        return Err(Trouble::new("compare-same").with("file", a.display().to_string()));
    }
    Ok(())
}

/// The measurement in `path`; `-` is stdin.
///
/// # Errors
/// Where it cannot be read, is too large, or is no measurement of ours.
pub fn report(path: &Path) -> Result<Report, Trouble> {
    let unreadable = |error| Trouble::file("file-unreadable", path, error);
    let text = if is_stdin(path) {
        limited(io::stdin().lock())
    } else {
        // open(2) succeeds on a folder; read(2) says that it is one.
        File::open(path).and_then(limited)
    };
    let Some(text) = text.map_err(unreadable)? else {
        return Err(Trouble::new("compare-large").with("file", path.display().to_string()));
    };
    parse(&text).map_err(|trouble| trouble.with("file", path.display().to_string()))
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn limited(file: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    file.take(SIZE_MAX + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= SIZE_MAX).then_some(bytes))
}

/// From text to measurement.
///
/// # Errors
/// What is wrong with it, from the outside in.
pub fn parse(text: &[u8]) -> Result<Report, Trouble> {
    if text.trim_ascii().is_empty() {
        return Err(Trouble::new("compare-empty"));
    }
    let damaged = |error: serde_json::Error| {
        // serde_json's words name line and column.
        Trouble::new("compare-damaged").with("why", error.to_string())
    };
    let value: serde_json::Value = serde_json::from_slice(text).map_err(damaged)?;
    let head = Head::deserialize(&value).ok();
    let Some(head) = head.filter(|head| LABS.contains(&head.lab.as_str())) else {
        return Err(Trouble::new("compare-foreign"));
    };
    if head.version > VERSION {
        return Err(Trouble::new("compare-newer")
            .with("version", head.version.to_string())
            .with("known", VERSION.to_string()));
    }
    // From the text, not from the value: this error has a line.
    serde_json::from_slice(text).map_err(damaged)
}
