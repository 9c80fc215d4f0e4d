//! What goes wrong between two processes that are measured.

use crate::record;
use nix::errno::Errno;
use serde::{Deserialize, Serialize};
use shm_ring::Gone;

/// Why a block of messages was not completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// A call failed.
    Refused { call: String, errno: i32 },
    /// A message was lost, out of order, or not what was sent.
    Corrupt(String),
    /// The other process ended.
    Gone,
}

impl From<Gone> for Fault {
    fn from(Gone: Gone) -> Self {
        Self::Gone
    }
}

/// Names the call whose result this is.
///
/// # Errors
/// The errno of `result`, with that name.
pub fn call<T>(name: &str, result: nix::Result<T>) -> Result<T, Fault> {
    result.map_err(|errno| Fault::Refused {
        call: name.to_owned(),
        errno: errno as i32,
    })
}

/// A call of errno's number, in the words of a record.
#[must_use]
pub fn refusal(call: String, errno: i32) -> record::Refusal {
    let errno = Errno::from_raw(errno);
    record::Refusal {
        call,
        errno: record::Errno {
            number: errno as i32,
            name: format!("{errno:?}"),
            text: labkit::errno_text(errno),
        },
    }
}

impl From<Fault> for record::Failed {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Refused { call, errno } => Self::Refused(refusal(call, errno)),
            Fault::Corrupt(what) => Self::Corrupt(what),
            // The supervisor knows better why, where it can.
            Fault::Gone => Self::Killed("SIGKILL".to_owned()),
        }
    }
}
