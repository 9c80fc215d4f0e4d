//! The finished book: both languages and the page that chooses between them.

use crate::{inspect::Inspection, outline::Language, project::Project};
use anyhow::{Context, Result, bail};
use mdbook_driver::{MDBook, config::Config};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, book::Book, book::BookItem};
use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

/// The name of our preprocessor, as in book.toml.
pub const PREPROCESSOR: &str = "labs";

/// Puts the expanded pages in the place of the written ones.
pub struct Pages(Arc<BTreeMap<PathBuf, String>>);

impl Pages {
    #[must_use]
    pub fn new(pages: BTreeMap<PathBuf, String>) -> Self {
        Self(Arc::new(pages))
    }
}

impl Preprocessor for Pages {
    fn name(&self) -> &str {
        PREPROCESSOR
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let src = &context.config.book.src;
        let mut missing = Vec::new();
        book.for_each_mut(|item| {
            if let BookItem::Chapter(chapter) = item
                && let Some(path) = &chapter.source_path
            {
                match self.0.get(&src.join(path)) {
                    Some(text) => chapter.content.clone_from(text),
                    None => missing.push(path.display().to_string()),
                }
            }
        });
        if !missing.is_empty() {
            bail!("not expanded: {}", missing.join(", "));
        }
        Ok(book)
    }
}

/// Renders both languages and the root page into `folder`.
///
/// # Errors
/// What mdBook answered, or a page that still holds what should have been
/// expanded.
pub fn render(
    project: &Project,
    inspection: &Inspection,
    folder: &Path,
    reload: Option<&str>,
) -> Result<()> {
    let pages = Arc::new(inspection.pages.clone());
    let one = |language: Language| -> Result<()> {
        let config = config(project, language, &folder.join(language.code()), reload)?;
        let mut book = MDBook::load_with_config(&project.root, config)?;
        book.with_preprocessor(Pages(Arc::clone(&pages)));
        book.build()
            .with_context(|| format!("rendering src/{}", language.code()))
    };
    thread::scope(|scope| {
        let languages = Language::ALL.map(|language| scope.spawn(move || one(language)));
        languages.into_iter().try_for_each(|language| {
            let result = language.join();
            result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })?;
    fs::copy(
        project.root.join("theme/index.html"),
        folder.join("index.html"),
    )
    .context("theme/index.html")?;
    proofread(folder)
}

/// book.toml with what differs by language: tree, title, description, folder.
fn config(
    project: &Project,
    language: Language,
    folder: &Path,
    reload: Option<&str>,
) -> Result<Config> {
    let mut config = Config::from_disk(project.root.join("book.toml"))?;
    config.update_from_env()?;
    config.book.src = language.dir().into();
    config.book.language = Some(language.code().to_owned());
    let own = |key: &str| {
        config.get::<String>(&format!(
            "preprocessor.{PREPROCESSOR}.{key}.{}",
            language.code()
        ))
    };
    let (title, description) = (own("title")?, own("description")?);
    config.book.title = title;
    config.book.description = description;
    config.build.build_dir = folder.to_path_buf();
    config.build.create_missing = false;
    if let Some(endpoint) = reload {
        config.set("output.html.live-reload-endpoint", endpoint)?;
    }
    Ok(config)
}

/// A last look at the pages as readers get them: mdBook only warns about an
/// include that it cannot resolve, and mdbook-cmdrun writes its errors into the
/// page.
fn proofread(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            proofread(&path)?;
        } else if path.extension().is_some_and(|e| e == "html") {
            let text = fs::read_to_string(&path)?;
            for trace in ["{{#", "cmdrun error", "<!-- cmdrun", "<!-- measured"] {
                if text.contains(trace) {
                    bail!(
                        "{} still holds {trace:?}; please report this",
                        path.display()
                    );
                }
            }
        }
    }
    Ok(())
}

/// Puts the finished `fresh` in the place of `book` at once; a reader or a server
/// sees the old book or the new one. `fresh` then holds the old one.
///
/// # Errors
/// What the file system answered; `book` is then as it was.
pub fn replace(fresh: &Path, book: &Path) -> Result<()> {
    if !book.exists() {
        return fs::rename(fresh, book).context("moving the finished book into place");
    }
    match renameat2(
        AT_FDCWD,
        fresh,
        AT_FDCWD,
        book,
        RenameFlags::RENAME_EXCHANGE,
    ) {
        Ok(()) => Ok(()),
        // A file system that cannot exchange: two steps, and back if the second fails.
        Err(_) => {
            let aside = fresh.with_extension("old");
            fs::rename(book, &aside)?;
            if let Err(error) = fs::rename(fresh, book) {
                fs::rename(&aside, book)?;
                return Err(error).context("moving the finished book into place");
            }
            fs::rename(&aside, fresh).context("moving the old book aside")
        }
    }
}

/// A folder beside the book, on the same file system, that is removed when it is
/// dropped. What a killed build left there is removed first.
///
/// # Errors
/// Where it cannot be made.
pub fn fresh_folder(beside: &Path) -> io::Result<tempfile::TempDir> {
    const PREFIX: &str = ".book-";
    const AN_HOUR: std::time::Duration = std::time::Duration::from_secs(3600);
    fs::create_dir_all(beside)?;
    for entry in fs::read_dir(beside)?.flatten() {
        let old = entry
            .metadata()
            .and_then(|meta| meta.modified())
            .ok()
            .and_then(|time| time.elapsed().ok());
        if entry.file_name().to_string_lossy().starts_with(PREFIX)
            && old.is_some_and(|age| age > AN_HOUR)
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    tempfile::Builder::new().prefix(PREFIX).tempdir_in(beside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(folder: &Path, name: &str, text: &str) -> PathBuf {
        let path = folder.join(name);
        fs::create_dir(&path).expect("folder");
        fs::write(path.join("index.html"), text).expect("page");
        path
    }

    #[test]
    fn the_new_book_takes_the_place_of_the_old_one() {
        let folder = tempfile::tempdir().expect("folder");
        let target = folder.path().join("book");
        replace(&book(folder.path(), "a", "first"), &target).expect("moved");
        replace(&book(folder.path(), "b", "second"), &target).expect("exchanged");
        assert_eq!(
            fs::read_to_string(target.join("index.html")).expect("page"),
            "second"
        );
    }

    #[test]
    fn a_page_with_traces_is_refused() {
        let folder = tempfile::tempdir().expect("folder");
        let sub = book(folder.path(), "vi", "fine");
        proofread(folder.path()).expect("clean");
        for trace in ["{{#include x}}", "<!-- cmdrun ls -->", "**cmdrun error**"] {
            fs::write(sub.join("index.html"), trace).expect("page");
            assert!(proofread(folder.path()).is_err(), "{trace}");
        }
    }
}
