//! A lab that measures nothing: the tests of the command line run it. Which report
//! it hands over, FIXTURE says.

#[path = "../../tests/fixture/mod.rs"]
mod fixture;

use measure::{
    cli::{Nothing, Options, Planned, Spec, run},
    progress::Progress,
    record::{Kind, Mechanism, Payload, Report, Waiting},
};
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    run(&Spec {
        name: "lab-latency",
        measure,
        plan,
    })
}

fn measure(options: &Options, progress: &mut dyn Progress) -> Result<Report, Nothing> {
    progress.steps(1);
    progress.now("fixture");
    let wanted = env::var("FIXTURE").unwrap_or_default();
    let mut report = match wanted.as_str() {
        "throughput" => fixture::throughput(),
        "one-core" => fixture::one_core(),
        "refused" => fixture::refused(),
        "failures" => fixture::failures(),
        "interrupted" => fixture::interrupted(),
        "empty" => fixture::empty("lab-latency"),
        "nothing" => return Err(Nothing(fixture::refusal("fork"))),
        _ => fixture::latency(),
    };
    report.quick = options.quick;
    progress.step();
    Ok(report)
}

fn plan(options: &Options) -> Vec<Planned> {
    let mut sizes = fixture::SIZES.to_vec();
    if options.quick {
        sizes.truncate(2);
    }
    vec![Planned {
        kind: Kind::RoundTrip,
        mechanism: Mechanism::Ring,
        waiting: Waiting::Sleep,
        payload: Payload::Copied,
        cores: 2,
        sizes,
        batch: 1,
    }]
}
