//! Has skeptic make a test of every Rust fence in `labs/*/README.md`.

use std::{env, fs, os::unix::fs::symlink, path::Path};

fn main() {
    let labs =
        Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../labs");
    // A new lab is a new folder.
    println!("cargo::rerun-if-changed={}", labs.display());
    // skeptic names a test after its file, its heading and its line: with README for
    // all, two labs could have the same test. So each gets its lab's name.
    let named = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("labs");
    let _ = fs::remove_dir_all(&named);
    fs::create_dir_all(&named).expect("OUT_DIR can be written");
    let mut files = Vec::new();
    for folder in fs::read_dir(&labs).expect("labs/ is there") {
        let folder = folder.expect("labs/ can be read").path();
        let readme = folder.join("README.md");
        if readme.is_file() {
            println!("cargo::rerun-if-changed={}", readme.display());
            let name = folder.file_name().expect("a folder's name");
            let file = named.join(name).with_extension("md");
            symlink(&readme, &file).expect("a link in OUT_DIR");
            files.push(file);
        }
    }
    files.sort();
    assert!(!files.is_empty(), "no lab has a README.md");
    skeptic::generate_doc_tests(&files);
}
