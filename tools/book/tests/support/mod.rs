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

/// A lab that measures, without any dependency: every report has the number of its
/// measurement, which is the number of lines in `target/meter/measured`. It does what
/// `target/meter/behaviour` says.
const METER: &str = r##"
use std::{env, fs, io::Write as _, process::exit};

fn main() {
    let target = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/meter");
    fs::create_dir_all(target).expect("a folder");
    let behaviour = fs::read_to_string(format!("{target}/behaviour")).unwrap_or_default();
    let words: Vec<String> = env::args().skip(1).collect();
    let after = |option: &str| {
        let at = words.iter().position(|word| word == option)?;
        words.get(at + 1).map(String::as_str)
    };
    let language = after("--lang").expect("a language");
    if words[..2] == ["--quick", "--json"] {
        match &*behaviour {
            "unavailable" => {
                eprintln!("{}", if language == "vi" { "vì <thế>" } else { "for <this> reason" });
                exit(3)
            }
            "die" => std::process::abort(),
            _ => {}
        }
        let log = format!("{target}/measured");
        let mut file = fs::File::options().append(true).create(true).open(&log).expect("a log");
        writeln!(file, "measured").expect("written");
        let run = fs::read_to_string(&log).expect("a log").lines().count();
        let date = "2026-03-04T05:06:07Z";
        println!(r#"{{"lab":"lab-meter","date":"{date}","run":"run {run}.","machine":{{"kernel":"Linux 6.18","architecture":"x86_64","processor":"P<1>","processors":2,"virtual_machine":true}}}}"#);
        if behaviour == "fail" {
            eprintln!("a message was lost");
            exit(1)
        }
        return;
    }
    let report = after("--from").and_then(|file| fs::read_to_string(file).ok());
    let report = report.unwrap_or_else(|| exit(2));
    let Some((_, rest)) = report.split_once(r#""run":""#) else {
        eprintln!("no run in the report");
        exit(2)
    };
    let run = rest.split_once('.').expect("a run").0;
    if words.iter().any(|word| word == "--markdown") {
        println!("| size | {language} |\n|---|---|\n| 8 B | table {run} |\n\nBelow.");
    } else if words.iter().any(|word| word == "--svg") {
        let kind = if words.iter().any(|word| word == "--open-loop") { "rates" } else { "plot" };
        match &*behaviour {
            "no-rates" if kind == "rates" => {
                eprintln!("{}", if language == "vi" { "không có" } else { "there is none" });
                exit(3)
            }
            "no-plot" => {
                eprintln!("unknown option");
                exit(2)
            }
            _ => {}
        }
        println!(r#"<?xml version="1.0"?>"#);
        println!(r#"<svg viewBox="0 0 9 9" role="img"><title>{language} {kind} {run}</title>"#);
        println!();
        println!(r#"    <path d="M0 0"/><path d="M1 1"/>"#);
        println!("</svg>");
    } else {
        println!("{report}");
    }
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
        // What shows that it has cases.
        book.write("labs/specimen/src/broken.rs", "//! See main.rs.\n");
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

    /// The same with `lab-meter`, which measures; the page shows `views` of it, from
    /// line 15 on, each two lines below the one before.
    pub fn with_meter(views: &[&str]) -> Self {
        let book = Self::new();
        book.write(
            "Cargo.toml",
            "[workspace]\nmembers = [\"labs/specimen\", \"labs/meter\"]\nresolver = \"3\"\n",
        );
        book.write(
            "labs/meter/Cargo.toml",
            "[package]\nname = \"lab-meter\"\nedition = \"2024\"\n",
        );
        book.write("labs/meter/src/main.rs", METER);
        book.write("labs/meter/lab.toml", "chapter = \"index\"\n");
        book.show(views);
        book
    }

    /// A page with these views of `lab-meter`.
    pub fn show(&self, views: &[&str]) {
        let lines = views
            .iter()
            .map(|view| format!("\n<!-- measured lab-meter {view} -->\n"));
        self.page(&format!("{PAGE}{}", lines.collect::<String>()));
    }

    /// What `lab-meter` does from now on.
    pub fn meter(&self, behaviour: &str) {
        self.write("target/meter/behaviour", behaviour);
    }

    /// How often `lab-meter` has measured.
    pub fn measured(&self) -> usize {
        let log = fs::read_to_string(self.path("target/meter/measured"));
        log.map_or(0, |log| log.lines().count())
    }

    /// The reports that are kept.
    pub fn kept(&self) -> Vec<PathBuf> {
        let folder = fs::read_dir(self.path("target/book/measured"));
        let files = folder.into_iter().flatten().flatten();
        files
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|e| e == "json"))
            .collect()
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
