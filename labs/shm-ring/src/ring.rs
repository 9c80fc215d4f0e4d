//! The protocol on memory that two processes share.

use crate::{
    protocol::{Incoming, Memory, Outgoing},
    sync::{AtomicU32, AtomicU64},
    wait::{Gone, Kernel, Wait},
};
use std::{
    ops::{Deref, DerefMut},
    ptr::{self, NonNull},
    slice,
};

const LINE: usize = 64;
const GAP: usize = 2 * LINE;
/// The count of released slots, and the two bells, each two lines from the next:
/// processors fetch lines in pairs.
const RELEASED: usize = 0;
const RECEIVER_BELL: usize = 2 * LINE;
const SENDER_BELL: usize = 4 * LINE;
const SLOTS: usize = 6 * LINE;

/// The shape of a ring; both processes must use the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    slots: u64,
    /// The most bytes a message may have.
    capacity: usize,
    /// From one slot to the next, in bytes.
    stride: usize,
    /// From a slot's stamp to its bytes.
    offset: usize,
}

impl Layout {
    /// `slots` (rounded up to a power of two) of `capacity` bytes; nothing where the
    /// ring would have no slot, or be larger than memory can be.
    #[must_use]
    pub fn new(slots: usize, capacity: usize) -> Option<Self> {
        let slots = slots.checked_next_power_of_two()?;
        if slots == 0 || u32::try_from(slots).is_err() || u32::try_from(capacity).is_err() {
            return None;
        }
        // A small message lies beside its stamp in one line; several small slots
        // share a line. The bytes of a large one begin on a line of their own, and
        // two lines stay empty before the next slot: a processor also fetches the
        // neighbours of what it reads, which would take them from their writer (64
        // bytes there and back through 16 slots: 1.6 times the floor without, 1.1
        // with the gap).
        let (offset, stride) = match capacity + 8 {
            small @ ..=LINE => (8, small.next_power_of_two()),
            _ => (LINE, GAP + LINE + capacity.next_multiple_of(LINE)),
        };
        let layout = Self {
            slots: slots as u64,
            capacity,
            stride,
            offset,
        };
        stride.checked_mul(slots)?.checked_add(SLOTS)?;
        Some(layout)
    }

    /// How many bytes of memory it takes.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        let slots = self.slots as usize;
        SLOTS + self.stride * slots
    }

    /// The most bytes a message may have.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.capacity
    }

    /// How many messages fit.
    #[must_use]
    pub const fn slots(&self) -> u64 {
        self.slots
    }
}

/// A ring in memory, before somebody takes one of its sides.
#[derive(Debug, Clone, Copy)]
pub struct Ring {
    base: NonNull<u8>,
    layout: Layout,
}

// SAFETY: whoever made it promised memory that lives on and is shared anyway; all
// of it is atomics, and slots that the protocol gives to one side at a time.
unsafe impl Send for Ring {}

impl Ring {
    /// A view of the ring at `base`.
    ///
    /// # Safety
    /// `layout.bytes()` bytes at `base`, aligned to 64, zero before the first use,
    /// stay mapped as long as the ring or one of its sides is in use, and nobody
    /// touches them but one [`Sender`] and one [`Receiver`] of this layout.
    #[must_use]
    pub const unsafe fn at(base: NonNull<u8>, layout: Layout) -> Self {
        Self { base, layout }
    }

    /// The sending side of an empty ring; take it once.
    #[must_use]
    pub fn sender(self) -> Sender {
        Sender(Outgoing::new(self))
    }

    /// The receiving side of an empty ring; take it once.
    #[must_use]
    pub fn receiver(self) -> Receiver {
        Receiver(Incoming::new(self))
    }

    const fn word32(&self, offset: usize) -> &AtomicU32 {
        // SAFETY: inside the memory and aligned (`Ring::at`).
        unsafe { AtomicU32::from_ptr(self.base.add(offset).cast().as_ptr()) }
    }

    const fn slot(&self, slot: usize) -> NonNull<u8> {
        // SAFETY: slots are counted below `layout.slots`, so it is inside.
        unsafe { self.base.add(SLOTS + slot * self.layout.stride) }
    }

    const fn bytes(&self, slot: usize) -> NonNull<u8> {
        // SAFETY: inside the slot.
        unsafe { self.slot(slot).add(self.layout.offset) }
    }
}

impl Memory for Ring {
    #[inline]
    fn slots(&self) -> u64 {
        self.layout.slots
    }

    #[inline]
    fn stamp(&self, slot: usize) -> &AtomicU64 {
        // SAFETY: inside the memory; slots are at least 16 bytes apart.
        unsafe { AtomicU64::from_ptr(self.slot(slot).cast().as_ptr()) }
    }

    #[inline]
    fn released(&self) -> &AtomicU64 {
        // SAFETY: inside the memory, aligned.
        unsafe { AtomicU64::from_ptr(self.base.add(RELEASED).cast().as_ptr()) }
    }

    #[inline]
    fn receiver_bell(&self) -> &AtomicU32 {
        self.word32(RECEIVER_BELL)
    }

    #[inline]
    fn sender_bell(&self) -> &AtomicU32 {
        self.word32(SENDER_BELL)
    }
}

/// The side that sends.
#[derive(Debug)]
pub struct Sender(Outgoing<Ring>);

impl Sender {
    /// The next slot with room for `length` bytes, if one is free; what is in it is
    /// what an earlier message left there.
    ///
    /// # Panics
    /// Where `length` is more than the ring's capacity.
    #[inline]
    pub fn lend(&mut self, length: usize) -> Option<Loan<'_>> {
        let slot = self.0.claim(0)?;
        Some(self.loan(slot, length))
    }

    #[inline]
    fn loan(&mut self, slot: usize, length: usize) -> Loan<'_> {
        assert!(
            length <= self.0.memory.layout.capacity,
            "longer than a slot"
        );
        Loan {
            bytes: self.0.memory.bytes(slot),
            length,
            sender: self,
        }
    }

    /// As [`Sender::lend`], waiting for a slot.
    ///
    /// # Errors
    /// [`Gone`] where the receiver ended while the ring was full.
    #[inline(always)]
    pub fn lend_or_wait(
        &mut self,
        length: usize,
        wait: &Wait<impl Kernel>,
    ) -> Result<Loan<'_>, Gone> {
        let ring = self.0.memory;
        let slot = wait.until(ring.sender_bell(), || self.0.claim(0))?;
        Ok(self.loan(slot, length))
    }

    /// Copies one message in, if a slot is free, without waking anybody.
    #[inline]
    pub fn send(&mut self, message: &[u8]) -> bool {
        let Some(mut loan) = self.lend(message.len()) else {
            return false;
        };
        copy(message, &mut loan);
        loan.commit();
        true
    }

    /// Copies `messages`, each of `length` bytes, in at once, and gives back how
    /// many found a slot: all of them, or none.
    ///
    /// # Panics
    /// Where `length` is 0, more than the capacity, or no divisor.
    #[inline]
    pub fn send_all(&mut self, messages: &[u8], length: usize) -> bool {
        assert!(length <= self.0.memory.layout.capacity && messages.len().is_multiple_of(length));
        let count = (messages.len() / length) as u32;
        if count == 0 || self.0.claim(count - 1).is_none() {
            return count == 0;
        }
        for (ahead, message) in (0..count).zip(messages.chunks_exact(length)) {
            let Some(slot) = self.0.claim(ahead) else {
                return false;
            };
            // SAFETY: the slot is ours until it is published, and has room.
            let place =
                unsafe { slice::from_raw_parts_mut(self.0.memory.bytes(slot).as_ptr(), length) };
            copy(message, place);
        }
        self.0.publish_all(count, length as u32);
        true
    }

    /// Wakes a receiver that sleeps, after something was published.
    #[inline]
    pub fn ring(&self, wait: &Wait<impl Kernel>) {
        wait.ring(self.0.memory.receiver_bell());
    }
}

/// A slot that is ours to write, until [`Loan::commit`]; dropped without, it was
/// never sent.
#[must_use = "what is not committed is not sent"]
#[derive(Debug)]
pub struct Loan<'a> {
    sender: &'a mut Sender,
    bytes: NonNull<u8>,
    length: usize,
}

impl Loan<'_> {
    /// Sends it.
    #[inline]
    pub fn commit(self) {
        self.sender.0.publish(self.length as u32);
    }
}

impl Deref for Loan<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        // SAFETY: claimed, so nobody else touches it; once zero, so initialised.
        unsafe { slice::from_raw_parts(self.bytes.as_ptr(), self.length) }
    }
}

impl DerefMut for Loan<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as for `deref`, and ours alone.
        unsafe { slice::from_raw_parts_mut(self.bytes.as_ptr(), self.length) }
    }
}

/// The side that receives.
#[derive(Debug)]
pub struct Receiver(Incoming<Ring>);

impl Receiver {
    /// The next message, if it has arrived, in place.
    #[inline]
    pub fn receive(&mut self) -> Option<Message<'_>> {
        let arrived = self.0.peek()?;
        Some(self.message(arrived))
    }

    #[inline]
    fn message(&mut self, (slot, length): (usize, u32)) -> Message<'_> {
        Message {
            bytes: self.0.memory.bytes(slot),
            // A peer cannot lend more than fits; a broken one reads past nothing.
            length: (length as usize).min(self.0.memory.layout.capacity),
            receiver: self,
        }
    }

    /// As [`Receiver::receive`], waiting for a message.
    ///
    /// # Errors
    /// [`Gone`] where the sender ended and everything that it sent has been received.
    #[inline(always)]
    pub fn receive_or_wait(&mut self, wait: &Wait<impl Kernel>) -> Result<Message<'_>, Gone> {
        let ring = self.0.memory;
        let arrived = wait.until(ring.receiver_bell(), || self.0.peek())?;
        Ok(self.message(arrived))
    }

    /// Wakes a sender that sleeps, after slots were given free.
    #[inline]
    pub fn ring(&self, wait: &Wait<impl Kernel>) {
        wait.ring(self.0.memory.sender_bell());
    }
}

/// A message in its slot, which is given free when this is dropped.
#[derive(Debug)]
pub struct Message<'a> {
    receiver: &'a mut Receiver,
    bytes: NonNull<u8>,
    length: usize,
}

impl Message<'_> {
    /// Gives the slot free; true where the sender may be waiting for it, and wants
    /// [`Receiver::ring`].
    #[inline]
    pub fn release(self) -> bool {
        let told = self.receiver.0.release();
        std::mem::forget(self);
        told
    }
}

impl Deref for Message<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        // SAFETY: arrived and not released, so the sender does not touch it.
        unsafe { slice::from_raw_parts(self.bytes.as_ptr(), self.length) }
    }
}

impl Drop for Message<'_> {
    #[inline]
    fn drop(&mut self) {
        self.receiver.0.release();
    }
}

/// As copy_from_slice, without a call to memcpy for the few bytes of a small
/// message.
///
/// # Panics
/// Where the lengths differ.
#[inline]
pub fn copy(from: &[u8], to: &mut [u8]) {
    assert_eq!(from.len(), to.len());
    let (a, b) = (from.as_ptr(), to.as_mut_ptr());
    // SAFETY: both have that many bytes, and a `&mut` overlaps nothing.
    unsafe {
        if from.len() == 8 {
            b.cast::<u64>()
                .write_unaligned(a.cast::<u64>().read_unaligned());
        } else {
            ptr::copy_nonoverlapping(a, b, from.len());
        }
    }
}
