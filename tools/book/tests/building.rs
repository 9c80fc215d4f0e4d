//! What a build makes, of a small project and of this one.

mod support;

use mdbook_driver::MDBook;
use mdbook_preprocessor::{PreprocessorContext, book::Book as Pages, config::Config};
use nix::unistd::geteuid;
use regex::Regex;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use support::{Book, PAGE, stderr};

/// Every file of a finished book, by its path below `folder`, with its bytes.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(folder).expect("below").to_path_buf();
                found.insert(below, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

#[test]
fn both_languages_show_the_one_run() {
    let book = Book::new();
    book.page(&format!("{PAGE}\n<!-- cmdrun snippet specimen one -->\n"));
    book.build();
    for language in ["vi", "en"] {
        let page = book.read(&format!("book/{language}/index.html"));
        assert!(
            page.contains(
                "$ cargo run -p lab-specimen -- broken fine\n/lab-specimen-x-PID: broken fine"
            ),
            "{page}"
        );
        assert!(
            page.contains("$ cargo book snippet specimen one\none"),
            "{page}"
        );
    }
    assert!(
        book.read("book/vi/index.html")
            .contains("href=\"../en/index.html\"")
    );
    assert!(book.path("book/index.html").exists());
    // Nothing of the building stays.
    let left: Vec<_> = fs::read_dir(book.root())
        .expect("root")
        .flatten()
        .map(|e| e.file_name())
        .collect();
    assert!(
        !left
            .iter()
            .any(|name| name.to_string_lossy().starts_with(".book-")),
        "{left:?}"
    );
}

#[test]
fn check_writes_no_book() {
    let book = Book::new();
    assert!(book.run(["check"]).status.success());
    assert!(!book.path("book").exists());
}

/// What plain mdBook hands to the preprocessor of book.toml, and gets back.
fn preprocess(book: &Book, src: &str) -> Output {
    let mut config = Config::from_disk(book.path("book.toml")).expect("book.toml");
    config.book.src = src.into();
    let loaded = MDBook::load_with_config(book.root(), config.clone()).expect("loaded");
    let context = PreprocessorContext::new(book.root().to_path_buf(), config, "html".into());
    let mut child = book
        .command()
        .arg("preprocess")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let stdin = child.stdin.take().expect("piped");
    serde_json::to_writer(stdin, &(&context, &loaded.book)).expect("written");
    child.wait_with_output().expect("ended")
}

#[test]
fn plain_mdbook_gets_the_same_pages() {
    let book = Book::new();
    for src in ["src/vi", "src/en"] {
        let output = preprocess(&book, src);
        assert!(output.status.success(), "{}", stderr(&output));
        let pages: Pages = serde_json::from_slice(&output.stdout).expect("a book");
        let texts: String = pages
            .chapters()
            .map(|chapter| chapter.content.as_str())
            .collect();
        assert!(
            texts.contains("/lab-specimen-x-PID: broken fine"),
            "{src}: {texts}"
        );
    }
    assert!(
        book.run(["preprocess", "supports", "html"])
            .status
            .success()
    );
}

#[test]
fn plain_mdbook_is_stopped_by_a_problem() {
    let book = Book::new();
    book.page(&format!("{PAGE}\n<!-- cmdrun ls -->\n"));
    let output = preprocess(&book, "src/en");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
}

/// What must be the same: all but measured figures, the index that has their words,
/// and the part of a file's name that mdBook makes of its content.
fn same(tree: BTreeMap<PathBuf, Vec<u8>>) -> BTreeMap<PathBuf, Vec<u8>> {
    let measured = Regex::new(r#"(?s)<figure class="live measured">.*?</figure>"#).expect("regex");
    let hash = Regex::new(r"-[0-9a-f]{8}\.(js|css|woff2|svg|png)\b").expect("regex");
    let without = |(path, bytes): (PathBuf, Vec<u8>)| {
        let name = path.to_string_lossy().into_owned();
        let name = hash.replace_all(&name, ".$1").into_owned();
        let bytes = match String::from_utf8(bytes) {
            Ok(_) if name.contains("searchindex") => Vec::new(),
            Ok(text) => {
                let text = measured.replace_all(&text, "");
                hash.replace_all(&text, ".$1").into_owned().into_bytes()
            }
            Err(error) => error.into_bytes(),
        };
        (PathBuf::from(name), bytes)
    };
    tree.into_iter().map(without).collect()
}

/// The real book, strictly, twice, into two folders; the labs are built in a
/// folder of their own, so that nobody's program is replaced under a running test.
#[test]
fn this_book_builds_and_two_builds_give_the_same_bytes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("labs");
    let folder = tempfile::tempdir().expect("a folder");
    // Only root can show what takes two users; nothing else may be missing.
    let all = if geteuid().is_root() {
        "--strict"
    } else {
        "--fresh"
    };
    let build = |name: &str| {
        let dest = folder.path().join(name);
        let output = Command::new(env!("CARGO_BIN_EXE_book"))
            .current_dir(&root)
            .env("CARGO_TARGET_DIR", &target)
            .args(["build", all, "--dest"])
            .arg(&dest)
            .output()
            .expect("started");
        let told = stderr(&output);
        assert!(output.status.success(), "{told}");
        let count = |what| told.lines().filter(|line| line.contains(what)).count();
        let (missed, for_two) = (count("cannot be shown"), count("setresuid answered EPERM"));
        assert_eq!(missed, for_two, "{told}");
        tree(&dest)
    };
    let (first, second) = (same(build("one")), same(build("two")));
    assert_eq!(
        first.keys().collect::<Vec<_>>(),
        second.keys().collect::<Vec<_>>()
    );
    for (path, bytes) in &first {
        assert!(
            second.get(path) == Some(bytes),
            "{} differs",
            path.display()
        );
    }
    for language in ["vi", "en"] {
        let page = first
            .get(&Path::new(language).join("message-queues/emsgsize.html"))
            .expect("the page");
        let page = String::from_utf8_lossy(page);
        assert!(page.contains("mq_send: EMSGSIZE") && page.contains("mq_receive: EMSGSIZE"));
    }
}

#[test]
fn snippets_run_for_readers() {
    let book = Book::new();
    let output = book.run(["snippet", "specimen", "one"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "one\n");
    let output = book.run(["snippet", "specimen", "none"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("none"));
}
