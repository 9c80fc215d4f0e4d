//! Has skeptic make a test of every Rust fence in `labs/*/README.md`.

use std::{env, fs, path::Path};

fn main() {
    let labs =
        Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../labs");
    // A new lab is a new folder.
    println!("cargo::rerun-if-changed={}", labs.display());
    let folders = fs::read_dir(&labs).expect("labs/ is there");
    let mut files: Vec<_> = folders
        .map(|folder| folder.expect("labs/ can be read").path().join("README.md"))
        .filter(|readme| readme.is_file())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no lab has a README.md");
    skeptic::generate_doc_tests(&files);
}
