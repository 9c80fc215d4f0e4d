//! What becomes of the files of a run, and what the reader is told of it.

use crate::{keep, text::Words};
use std::path::Path;

/// Written where the reader wished, else among the temporary files, else lost.
pub struct Kept {
    pub as_wished: bool,
    /// Nothing could be written anywhere.
    pub lost: bool,
    /// Lines for the reader.
    pub notes: String,
}

impl Kept {
    pub fn new(lab: &str, folder: &Path, files: &[keep::File], words: &Words) -> Self {
        let mut notes = String::new();
        let mut note = |line: String| {
            notes.push_str(&line);
            notes.push('\n');
        };
        let (mut as_wished, mut lost) = (true, false);
        let written = keep::write(folder, files).or_else(|error| {
            as_wished = false;
            let folder = folder.display().to_string();
            let values = [("folder", folder.as_str()), ("error", &error.to_string())];
            note(words.fill("cli.unwritten", &values));
            keep::write_elsewhere(lab, files)
        });
        match written {
            Ok(written) => {
                let folder = written.first().and_then(|file| file.parent());
                if let (false, Some(folder)) = (as_wished, folder) {
                    let folder = folder.display().to_string();
                    note(words.fill("cli.elsewhere", &[("folder", &folder)]));
                }
                for file in &written {
                    note(told(file, words));
                }
            }
            Err(error) => {
                lost = true;
                note(words.fill("cli.lost", &[("error", &error.to_string())]));
            }
        }
        Self {
            as_wished,
            lost,
            notes,
        }
    }
}

fn told(file: &Path, words: &Words) -> String {
    let file = file.display().to_string();
    words.fill("cli.written", &[("file", &file)])
}
