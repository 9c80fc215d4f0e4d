//! The two languages, and the files of each.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::Page;

/// A language of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    Vi,
    En,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::Vi, Self::En];

    /// The code in paths and options: `vi`, `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// What messages call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vi => "Vietnamese",
            Self::En => "English",
        }
    }

    pub const fn other(self) -> Self {
        match self {
            Self::Vi => Self::En,
            Self::En => Self::Vi,
        }
    }

    /// The folder of its pages, relative to the project's root.
    pub const fn dir(self) -> &'static str {
        match self {
            Self::Vi => "src/vi",
            Self::En => "src/en",
        }
    }

    /// The language of a file of the project, and its path inside that tree.
    pub fn of(file: &Path) -> Option<(Self, &Path)> {
        Self::ALL
            .into_iter()
            .find_map(|language| Some((language, file.strip_prefix(language.dir()).ok()?)))
    }
}

/// Every file of a language's tree, relative to `root`, sorted; hidden files
/// (an editor's) are left out.
pub fn files(root: &Path, language: Language) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(language.dir())];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(root.join(&folder))
            .with_context(|| format!("cannot read the folder {}", folder.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
            let path = folder.join(entry.file_name());
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if root.join(&path).is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// All pages of a language, sorted by file; SUMMARY.md is not a page.
pub fn pages(root: &Path, language: Language) -> anyhow::Result<Vec<Page>> {
    files(root, language)?
        .iter()
        .filter(|file| is_page(file))
        .map(|file| Page::read(root, file))
        .collect()
}

/// Whether a file of a tree becomes a page of the book.
pub(crate) fn is_page(file: &Path) -> bool {
    file.extension().is_some_and(|e| e == "md") && !file.ends_with("SUMMARY.md")
}
