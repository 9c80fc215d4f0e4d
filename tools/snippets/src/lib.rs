//! Nothing but tests: `tests/skeptic.rs` compiles and runs every Rust snippet in
//! `labs/*/README.md`.
