//! iceoryx2: two processes, there and back, against its public API.
//!
//! It can do the same work in several ways. All those that its documentation and its
//! own benchmarks offer are opened, each is tried on this machine, and the fastest
//! stands for it. In all of them a message is loaned, written in place, sent, received
//! and read in place: nothing copies it.

mod arrays;
mod node;
mod requests;
mod slices;

use super::{Error, Follow, Lead};
use crate::litter::Litter;
use iceoryx2::prelude::*;
use node::Meeting;
use slices::{Order, WhenFull};

/// One side of a way in which both sides are alike, in a box of whichever trait is
/// wanted.
macro_rules! publish_subscribe {
    ($way:expr, $meeting:expr, $size:expr) => {{
        use slices::open;
        let (m, replace) = (&$meeting, WhenFull::Replace);
        match $way {
            Way::SlicesWait => Box::new(open::<ipc::Service>(m, WhenFull::Wait, Order::Early)?),
            Way::Threadsafe => Box::new(open::<ipc_threadsafe::Service>(m, replace, Order::Early)?),
            Way::Plain => Box::new(open::<ipc::Service>(m, replace, Order::Plain)?),
            Way::Arrays => arrays::of_size!($size, $meeting),
            Way::Slices | Way::Requests => {
                Box::new(open::<ipc::Service>(m, replace, Order::Early)?)
            }
        }
    }};
}

/// A way to do the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Slices; the newest replaces the oldest when a buffer is full, as in its own
    /// benchmark.
    Slices,
    /// Slices; the sender waits when a buffer is full.
    SlicesWait,
    /// Arrays of a length known to the compiler.
    Arrays,
    /// Slices, through ports that several threads may share.
    Threadsafe,
    /// A request and its response.
    Requests,
    /// Slices, loaned and given back as its examples do.
    Plain,
}

impl Way {
    pub const ALL: [Self; 6] = [
        Self::Slices,
        Self::SlicesWait,
        Self::Arrays,
        Self::Threadsafe,
        Self::Requests,
        Self::Plain,
    ];

    /// In iceoryx2's own words, so the same in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Slices => "iceoryx2 ipc publish-subscribe, slices",
            Self::SlicesWait => "iceoryx2 ipc publish-subscribe, slices, RetryUntilDelivered",
            Self::Arrays => "iceoryx2 ipc publish-subscribe, arrays",
            Self::Threadsafe => "iceoryx2 ipc_threadsafe publish-subscribe, slices",
            Self::Requests => "iceoryx2 ipc request-response, slices",
            Self::Plain => "iceoryx2 ipc publish-subscribe, slices, plain",
        }
    }

    /// The timed side, for messages of `size` bytes.
    ///
    /// # Errors
    /// What iceoryx2 says.
    pub fn lead(self, litter: &Litter, size: usize) -> Result<Box<dyn Lead>, Error> {
        let meeting = Meeting::new(litter, self, size, ["there", "back"]);
        Ok(match self {
            Self::Requests => Box::new(requests::ask(&meeting)?),
            _ => publish_subscribe!(self, meeting, size),
        })
    }

    /// The other side.
    ///
    /// # Errors
    /// What iceoryx2 says.
    pub fn follow(self, litter: &Litter, size: usize) -> Result<Box<dyn Follow>, Error> {
        let meeting = Meeting::new(litter, self, size, ["back", "there"]);
        Ok(match self {
            Self::Requests => Box::new(requests::answer(&meeting)?),
            _ => publish_subscribe!(self, meeting, size),
        })
    }
}
