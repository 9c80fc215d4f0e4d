//! Publish-subscribe of arrays, whose length the compiler knows; all else as for
//! slices.

use super::{
    super::Exchange,
    Error,
    node::{Meeting, fault},
};
use crate::payload;
use iceoryx2::{
    port::{publisher::Publisher, subscriber::Subscriber},
    prelude::*,
    sample::Sample,
    sample_mut_uninit::SampleMutUninit,
};
use std::mem::MaybeUninit;

type Service = ipc::Service;

pub struct Arrays<const WORDS: usize> {
    publisher: Publisher<Service, [u64; WORDS], ()>,
    subscriber: Subscriber<Service, [u64; WORDS], ()>,
    ahead: Option<SampleMutUninit<Service, MaybeUninit<[u64; WORDS]>, ()>>,
    held: Option<Sample<Service, [u64; WORDS], ()>>,
}

/// One side for messages of so many bytes, in a box.
macro_rules! of_size {
    ($size:expr, $meeting:expr) => {
        match $size {
            8 => Box::new(arrays::open::<1>(&$meeting)?),
            64 => Box::new(arrays::open::<8>(&$meeting)?),
            1024 => Box::new(arrays::open::<128>(&$meeting)?),
            4096 => Box::new(arrays::open::<512>(&$meeting)?),
            65536 => Box::new(arrays::open::<8192>(&$meeting)?),
            other => return Err(format!("no arrays of {other} bytes").into()),
        }
    };
}
pub(super) use of_size;

/// Both directions, as this side sees them.
///
/// # Errors
/// What iceoryx2 says.
pub fn open<const WORDS: usize>(meeting: &Meeting) -> Result<Arrays<WORDS>, Error> {
    let node = meeting.node::<Service>()?;
    let service = |name: &ServiceName| {
        node.service_builder(name)
            .publish_subscribe::<[u64; WORDS]>()
            .max_publishers(1)
            .max_subscribers(1)
            .max_nodes(2)
            .history_size(0)
            .subscriber_max_buffer_size(1)
            .subscriber_max_borrowed_samples(1)
            .enable_safe_overflow(true)
            .open_or_create()
            .map_err(fault)
    };
    let outward = service(&meeting.outward()?)?;
    let inward = service(&meeting.inward()?)?;
    let publisher = outward.publisher_builder().max_loaned_samples(1);
    let subscriber = inward.subscriber_builder();
    Ok(Arrays {
        publisher: publisher.create().map_err(fault)?,
        subscriber: subscriber.create().map_err(fault)?,
        ahead: None,
        held: None,
    })
}

impl<const WORDS: usize> Arrays<WORDS> {
    fn loan(&self) -> SampleMutUninit<Service, MaybeUninit<[u64; WORDS]>, ()> {
        self.publisher
            .loan_uninit()
            .expect("one is loaned at a time")
    }
}

impl<const WORDS: usize> Exchange for Arrays<WORDS> {
    #[inline(always)]
    fn send(&mut self, sequence: u64) {
        let mut sample = self.ahead.take().unwrap_or_else(|| self.loan());
        // An array that is not yet written is an array of words not yet written.
        let words: *mut [MaybeUninit<u64>; WORDS] = sample.payload_mut().as_mut_ptr().cast();
        // SAFETY: the same place and length, borrowed from `sample`, and
        // `MaybeUninit` asks for no contents.
        payload::write(unsafe { &mut *words }, sequence);
        // SAFETY: `write` has written every word.
        unsafe { sample.assume_init() }
            .send()
            .expect("its subscriber lives");
        self.held = None;
        self.ahead = Some(self.loan());
    }

    #[inline(always)]
    fn receive(&mut self, sequence: u64) -> bool {
        loop {
            if let Some(sample) = self.subscriber.receive().expect("its publisher lives") {
                let right = payload::is_right(sample.payload(), sequence);
                self.held = Some(sample);
                return right;
            }
        }
    }
}
