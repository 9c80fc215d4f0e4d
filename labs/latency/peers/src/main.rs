//! The ring beside iceoryx2 and rtrb: same work, same run, as ratios.

mod args;
mod contenders;
mod harness;
mod leader;
mod litter;
mod machine;
mod outcome;
mod payload;
mod plan;
mod report;
mod rounds;
mod run;
mod text;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    run::run(&args::Args::parse())
}
