//! A small project of its own for each test, with a lab that does whatever a
//! page asks for, and the real program run in it.

#![allow(dead_code, reason = "each test file uses a part of this")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

/// A lab without any dependency: `lab-specimen broken hang --json` and so on.
const SPECIMEN: &str = r##"
fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--json").collect();
    let (status, reason) = match words.get(1).map(String::as_str) {
        Some("hang") => loop { std::thread::park() },
        Some("die") => std::process::abort(),
        Some("status") => (7, "null"),
        Some("unavailable") => (3, r#"{"vi":"vì thế","en":"for this reason"}"#),
        Some("silent") => std::process::exit(0),
        _ => (0, "null"),
    };
    let (pid, words) = (std::process::id(), words.join(" "));
    println!(r#"{{"output":"/lab-specimen-x-{pid}-ab12: {words}","varies":false,"ending":"errno","reason":{reason}}}"#);
    std::process::exit(status);
}
"##;

/// A page that is right, in both languages.
pub const PAGE: &str = "# T {#t}\n\n## A {#a}\n\n```text\nx\n```\n\n<!-- cmdrun lab-specimen broken fine -->\n\n## B {#b}\n\nSee [a](#a).\n";

pub struct Book {
    folder: TempDir,
}

impl Book {
    /// A project whose two languages have the one page [`PAGE`].
    pub fn new() -> Self {
        let book = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        book.write(
            "book.toml",
            &fs::read_to_string(root.join("book.toml")).expect("book.toml"),
        );
        for file in [
            "theme/index.html",
            "theme/css/book.css",
            "theme/language.js",
        ] {
            book.write(file, "");
        }
        book.write(
            "Cargo.toml",
            "[workspace]\nmembers = [\"labs/specimen\"]\nresolver = \"3\"\n",
        );
        book.write(
            "labs/specimen/Cargo.toml",
            "[package]\nname = \"lab-specimen\"\nedition = \"2024\"\n",
        );
        book.write("labs/specimen/src/main.rs", SPECIMEN);
        book.write("labs/specimen/lab.toml", "chapter = \"index\"\n");
        book.write("labs/specimen/README.md", "<!-- ANCHOR: one -->\n```rust\nfn main() { println!(\"one\") }\n```\n<!-- ANCHOR_END: one -->\n");
        for language in ["vi", "en"] {
            book.write(
                &format!("src/{language}/SUMMARY.md"),
                "# S\n\n- [T](index.md)\n- [Draft]()\n",
            );
            book.write(&format!("src/{language}/index.md"), PAGE);
        }
        book.agree();
        book
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.root().join(file)
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("written");
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// The same page in both languages, agreed on.
    pub fn page(&self, text: &str) {
        self.write("src/vi/index.md", text);
        self.write("src/en/index.md", text);
        self.agree();
    }

    pub fn agree(&self) {
        assert!(self.run(["agree"]).status.success());
    }

    /// `cargo book ARGS…` in this project.
    pub fn run<const N: usize>(&self, args: [&str; N]) -> Output {
        self.command().args(args).output().expect("started")
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_book"));
        command
            .current_dir(self.root())
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("MDBOOK_OUTPUT__HTML__GIT_REPOSITORY_URL");
        command
    }

    /// Builds, which must work.
    pub fn build(&self) {
        let output = self.run(["build"]);
        assert!(output.status.success(), "{}", stderr(&output));
    }

    /// Builds, which must fail with a problem at every `FILE:LINE` of `places`,
    /// in one run, each with what to do; the book of before must be untouched.
    pub fn refuses<const N: usize>(&self, args: [&str; N], places: &[&str]) -> String {
        self.write("book/sentinel", "the book of before");
        let output = self.run(args);
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        let lines: Vec<_> = text.lines().collect();
        for place in places {
            let at = lines
                .iter()
                .position(|line| line.starts_with(&format!("error: {place}: ")));
            let at = at.unwrap_or_else(|| panic!("nothing about {place} in\n{text}"));
            let remedy = lines.get(at + 1).unwrap_or(&"");
            assert!(
                remedy.starts_with("    ") && !remedy.trim().is_empty(),
                "no remedy for {place} in\n{text}"
            );
        }
        assert_eq!(self.read("book/sentinel"), "the book of before");
        text
    }
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
