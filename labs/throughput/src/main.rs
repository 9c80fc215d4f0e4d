//! How many messages and bytes a second go one way.

use measure::{cli::Spec, plan, run};
use std::process::ExitCode;

const LAB: Spec = Spec {
    name: env!("CARGO_PKG_NAME"),
    measure: run::throughput,
    plan: plan::throughput,
};

fn main() -> ExitCode {
    measure::cli::run(&LAB)
}
