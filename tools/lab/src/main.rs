//! `cargo lab`: a thin command line over the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    lab::run(std::env::args_os().collect())
}
