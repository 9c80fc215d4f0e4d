//! The side that does what it is told.

use super::{
    job::Kind,
    probe,
    shared::{Shared, Who},
};
use crate::{
    contenders::{Error, Follow},
    plan::Stage,
};

/// Takes up the leader's jobs until there are no more. `open` gives the contenders of
/// a stage, in the order of their indices.
///
/// # Errors
/// Those of `open`.
pub fn serve(
    shared: &Shared,
    who: Who,
    mut open: impl FnMut(Stage) -> Result<Vec<Box<dyn Follow>>, Error>,
) -> Result<(), Error> {
    let desk = shared.desk(who);
    let mut contenders = Vec::new();
    let (mut seen, mut parked) = (0, true);
    loop {
        let (number, job) = desk.next(seen, parked);
        let index = job.index as usize;
        let mut sound = true;
        match job.kind {
            Kind::Probe => probe::follow(shared, job.first, job.count),
            Kind::Open => {
                contenders.clear();
                contenders = open(Stage::ALL[index])?;
            }
            Kind::Follow => sound = contenders[index].follow(job.first, job.count),
            Kind::Park | Kind::End => {}
        }
        desk.finish(number, sound);
        if job.kind == Kind::End {
            return Ok(());
        }
        (seen, parked) = (number, job.kind == Kind::Park);
    }
}
