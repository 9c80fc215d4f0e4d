//! Not on Linux: one clear sentence at compile time, and no other complaint.
//!
//! The standard library of another system is not there, so labkit meets a stub
//! of it here. The stub knows compile_error! and what rustc itself insists on;
//! should a new rustc insist on more, it says so by name.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

const STUB: &str = r#"
#![feature(no_core, rustc_attrs, lang_items)]
#![no_core]
#[rustc_builtin_macro]
#[macro_export]
macro_rules! compile_error { ($message:expr $(,)?) => {{}}; }
pub mod prelude { pub mod rust_2024 { pub use crate::compile_error; } }
#[lang = "pointee_sized"] pub trait PointeeSized {}
#[lang = "meta_sized"] pub trait MetaSized: PointeeSized {}
#[lang = "sized"] pub trait Sized: MetaSized {}
"#;

fn rustc(target: &str, source: &Path, out: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command
        // The stub's attributes are otherwise for nightly compilers.
        .env("RUSTC_BOOTSTRAP", "1")
        .args([
            "--edition",
            "2024",
            "--target",
            target,
            "--crate-type",
            "rlib",
        ])
        .arg(format!("--emit=metadata={}", out.display()))
        .arg(source);
    command
}

fn errors(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stderr);
    let errors = text.lines().filter(|line| line.starts_with("error"));
    errors.map(str::to_owned).collect()
}

#[test]
fn elsewhere_one_sentence_names_the_ways_to_a_linux() {
    let folder = std::env::temp_dir().join(format!("labkit-elsewhere-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let (source, stub) = (folder.join("std.rs"), folder.join("libstd.rmeta"));
    fs::write(&source, STUB).expect("written");
    for target in [
        "x86_64-apple-darwin",
        "x86_64-pc-windows-msvc",
        "x86_64-unknown-freebsd",
    ] {
        let output = rustc(target, &source, &stub)
            .args(["--crate-name", "std"])
            .output()
            .expect("rustc starts");
        assert!(output.status.success(), "the stub: {output:?}");

        let labkit = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
        let mut command = rustc(target, &labkit, &folder.join("out.rmeta"));
        let output = command
            .arg("--extern")
            .arg(format!("std={}", stub.display()))
            .output()
            .expect("rustc starts");
        assert!(!output.status.success());
        let errors = errors(&output);
        let (ours, others): (Vec<_>, Vec<_>) = errors
            .into_iter()
            .partition(|error| error.contains("need Linux"));
        for way in ["virtual machine", "WSL 2", "container"] {
            assert!(
                ours.len() == 1 && ours[0].contains(way),
                "{target}: {ours:?}"
            );
        }
        // What the stub lacks, and rustc's count.
        for other in others {
            assert!(
                other.contains("compiler_builtins") || other.contains("aborting"),
                "{target}: {other}"
            );
        }
    }
    fs::remove_dir_all(folder).expect("removed");
}
