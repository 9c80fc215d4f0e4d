//! Measures the ways in which two processes can talk, on the reader's own machine.

pub mod cli;
pub mod crossover;
pub mod findings;
mod keep;
pub mod markdown;
pub mod plot;
pub mod progress;
pub mod record;
pub mod sections;
pub mod summary;
pub mod table;
pub mod text;
pub mod units;
