//! Measures the ways in which two processes can talk, on the reader's own machine.

pub mod channel;
pub mod cli;
pub mod clock;
pub mod crossover;
pub mod fault;
pub mod findings;
pub mod floor;
mod keep;
pub mod limits;
pub mod loops;
pub mod markdown;
pub mod message;
pub mod open_loop;
pub mod pair;
pub mod percentiles;
pub mod place;
pub mod plan;
pub mod plot;
pub mod progress;
pub mod record;
pub mod rounds;
pub mod run;
pub mod sections;
pub mod summary;
pub mod table;
pub mod text;
pub mod units;
