//! Two processes, pinned, and what they are asked to do.

mod job;
mod probe;
mod shared;

pub mod follower;
pub mod pair;
pub mod processors;
pub mod supervisor;

pub use shared::{Shared, Who};
