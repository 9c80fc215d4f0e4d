//! Measures the ways in which two processes can talk, on the reader's own machine.

pub mod record;
