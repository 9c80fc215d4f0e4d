//! Publish-subscribe of slices: a service for each direction, one publisher and one
//! subscriber in each, no history, a buffer of one, memory allocated beforehand.

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
    service::Service,
};
use std::mem::MaybeUninit;

/// What a sender does when the receiver's buffer is full. Here it never is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenFull {
    Replace,
    Wait,
}

/// When the next message is loaned and the last one given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Both while the other side works, where they cost the least.
    Early,
    /// Loaned when it is to be written, given back as soon as it is read: as in its
    /// examples.
    Plain,
}

pub struct Slices<S: Service> {
    publisher: Publisher<S, [u64], ()>,
    subscriber: Subscriber<S, [u64], ()>,
    words: usize,
    order: Order,
    /// Loaned while the other side works, as its own benchmark does.
    ahead: Option<SampleMutUninit<S, [MaybeUninit<u64>], ()>>,
    /// Given back once the answer is on its way.
    held: Option<Sample<S, [u64], ()>>,
}

/// Both directions, as this side sees them.
///
/// # Errors
/// What iceoryx2 says.
pub fn open<S: Service>(
    meeting: &Meeting,
    full: WhenFull,
    order: Order,
) -> Result<Slices<S>, Error> {
    let node = meeting.node::<S>()?;
    let service = |name: &ServiceName| {
        node.service_builder(name)
            .publish_subscribe::<[u64]>()
            .max_publishers(1)
            .max_subscribers(1)
            .max_nodes(2)
            .history_size(0)
            .subscriber_max_buffer_size(1)
            .subscriber_max_borrowed_samples(1)
            .enable_safe_overflow(full == WhenFull::Replace)
            .open_or_create()
            .map_err(fault)
    };
    let publisher = service(&meeting.outward()?)?
        .publisher_builder()
        .initial_max_slice_len(meeting.words())
        .max_loaned_samples(1)
        .allocation_strategy(AllocationStrategy::Static)
        .backpressure_strategy(BackpressureStrategy::RetryUntilDelivered)
        .create()
        .map_err(fault)?;
    let subscriber = service(&meeting.inward()?)?
        .subscriber_builder()
        .create()
        .map_err(fault)?;
    Ok(Slices {
        publisher,
        subscriber,
        words: meeting.words(),
        order,
        ahead: None,
        held: None,
    })
}

impl<S: Service> Slices<S> {
    fn loan(&self) -> SampleMutUninit<S, [MaybeUninit<u64>], ()> {
        self.publisher
            .loan_slice_uninit(self.words)
            .expect("one is loaned at a time")
    }
}

impl<S: Service> Exchange for Slices<S> {
    #[inline(always)]
    fn send(&mut self, sequence: u64) {
        let mut sample = self.ahead.take().unwrap_or_else(|| self.loan());
        payload::write(sample.payload_mut(), sequence);
        // SAFETY: `write` has written every word.
        unsafe { sample.assume_init() }
            .send()
            .expect("its subscriber lives");
        self.held = None;
        self.ahead = (self.order == Order::Early).then(|| self.loan());
    }

    #[inline(always)]
    fn receive(&mut self, sequence: u64) -> bool {
        loop {
            if let Some(sample) = self.subscriber.receive().expect("its publisher lives") {
                let right = payload::is_right(sample.payload(), sequence);
                self.held = (self.order == Order::Early).then_some(sample);
                return right;
            }
        }
    }
}
