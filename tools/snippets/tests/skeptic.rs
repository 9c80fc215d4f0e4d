//! One test a snippet, written by build.rs.

include!(concat!(env!("OUT_DIR"), "/skeptic-tests.rs"));
