//! Where the two processes meet.

use super::{Error, Way};
use crate::{litter::Litter, payload::WORD};
use iceoryx2::{prelude::*, service::Service};

/// What one side needs to find the other.
pub struct Meeting<'a> {
    litter: &'a Litter,
    way: Way,
    /// Bytes in a message.
    size: usize,
    /// The names of the direction in which we send, and of the one we receive from.
    directions: [&'static str; 2],
}

impl<'a> Meeting<'a> {
    pub const fn new(
        litter: &'a Litter,
        way: Way,
        size: usize,
        directions: [&'static str; 2],
    ) -> Self {
        Self {
            litter,
            way,
            size,
            directions,
        }
    }

    /// Words in a message.
    pub const fn words(&self) -> usize {
        self.size / WORD
    }

    /// A node of this process, in a place of this run's own: no other iceoryx2 on the
    /// machine sees it, and what it leaves is found by the run's name.
    pub fn node<S: Service>(&self) -> Result<Node<S>, Error> {
        let mut config = Config::default();
        let root = self.litter.folder().as_os_str().as_encoded_bytes();
        config
            .global
            .set_root_path(&Path::new(root).map_err(fault)?);
        config.global.prefix = FileName::new(self.litter.prefix().as_bytes()).map_err(fault)?;
        NodeBuilder::new()
            .config(&config)
            // Ctrl-C is the parent's business.
            .signal_handling_mode(SignalHandlingMode::Disabled)
            .create::<S>()
            .map_err(fault)
    }

    /// The service in which we send.
    pub fn outward(&self) -> Result<ServiceName, Error> {
        self.service(self.directions[0])
    }

    /// The service from which we receive.
    pub fn inward(&self) -> Result<ServiceName, Error> {
        self.service(self.directions[1])
    }

    /// A service for both directions.
    pub fn both_ways(&self) -> Result<ServiceName, Error> {
        self.service("both")
    }

    fn service(&self, direction: &str) -> Result<ServiceName, Error> {
        let name = format!("{:?} of {} bytes, {direction}", self.way, self.size);
        ServiceName::new(&name).map_err(fault)
    }
}

/// Some of its errors have no description of their own, only a name.
pub fn fault(error: impl std::fmt::Debug) -> Error {
    format!("iceoryx2: {error:?}").into()
}
