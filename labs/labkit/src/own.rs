//! What a program of ours that is not a lab's case needs in order to leave nothing
//! behind: names of its own, and a journal of them.

use super::{
    journal::{self, Journal},
    name,
};

/// The objects that this process makes under labkit's names; removed when dropped,
/// or by the next lab where this process is killed.
#[must_use = "what it holds is removed when it is dropped"]
#[derive(Debug)]
pub struct Own(());

impl Own {
    /// Begins, after removing what dead labs left. Once a process.
    pub fn begin(program: &str) -> Self {
        journal::sweep();
        // Where there is no journal, a kill leaves what exists at that moment, and
        // nothing else changes.
        let _ = Journal::start(name::start(program));
        Self(())
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        if let Some(journal) = journal::current() {
            let _ = journal.clear();
        }
    }
}
