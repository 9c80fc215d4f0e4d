//! How long a message takes there and back, and its tails at a given rate.

use measure::{cli::Spec, plan, run};
use std::process::ExitCode;

const LAB: Spec = Spec {
    name: env!("CARGO_PKG_NAME"),
    measure: run::latency,
    plan: plan::latency,
};

fn main() -> ExitCode {
    measure::cli::run(&LAB)
}
