//! One slot behind one flag, for two processes that take turns.
//!
//! There and back, a small message and its flag are one cache line that two
//! processors hand to each other: less is not possible with one line each way.

use crate::{
    sync::{AtomicU32, AtomicU64, Ordering},
    wait::{Gone, Kernel, Wait},
};
use std::{
    ops::{Deref, DerefMut},
    ptr::NonNull,
    slice,
};

const OFFSET: usize = 8;
const BELLS: usize = 128;

/// One end of a mailbox. Both write and read the same bytes, in turns: the even
/// one begins.
#[derive(Debug)]
pub struct Mailbox {
    base: NonNull<u8>,
    capacity: usize,
    /// How often the slot has changed hands before our next turn.
    turn: u64,
}

impl Mailbox {
    /// How much memory a mailbox for messages of `capacity` bytes takes.
    #[must_use]
    pub const fn bytes(capacity: usize) -> usize {
        (OFFSET + capacity).next_multiple_of(BELLS) + 2 * BELLS
    }

    /// The end that begins (`first`), or the other one.
    ///
    /// # Safety
    /// As for [`crate::Ring::at`], with one end of each kind.
    #[must_use]
    pub const unsafe fn at(base: NonNull<u8>, capacity: usize, first: bool) -> Self {
        Self {
            base,
            capacity,
            turn: if first { 0 } else { 1 },
        }
    }

    const fn turns(&self) -> &AtomicU64 {
        // SAFETY: inside the memory, aligned.
        unsafe { AtomicU64::from_ptr(self.base.cast().as_ptr()) }
    }

    const fn bell(&self, turn: u64) -> &AtomicU32 {
        let bell = (turn % 2) as usize;
        let offset = (OFFSET + self.capacity).next_multiple_of(BELLS) + bell * BELLS;
        // SAFETY: inside the memory, aligned.
        unsafe { AtomicU32::from_ptr(self.base.add(offset).cast().as_ptr()) }
    }

    /// Waits for our turn.
    ///
    /// # Errors
    /// [`Gone`] where the other process has ended.
    #[inline]
    pub fn wait(&mut self, wait: &Wait<impl Kernel>) -> Result<Turn<'_>, Gone> {
        let turn = self.turn;
        wait.until(self.bell(turn), || {
            // Acquire: pairs with `pass`, for the bytes.
            (self.turns().load(Ordering::Acquire) == turn).then_some(())
        })?;
        Ok(Turn(self))
    }
}

/// Our turn: the bytes are ours until it is passed on. Dropped without, it stays
/// ours.
#[derive(Debug)]
pub struct Turn<'a>(&'a mut Mailbox);

impl Turn<'_> {
    /// Ends our turn.
    #[inline]
    pub fn pass(self, wait: &Wait<impl Kernel>) {
        let mailbox = self.0;
        // Release: who sees the turn, sees the bytes.
        mailbox.turns().store(mailbox.turn + 1, Ordering::Release);
        wait.ring(mailbox.bell(mailbox.turn + 1));
        mailbox.turn += 2;
    }
}

impl Deref for Turn<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        // SAFETY: in our turn nobody else touches them.
        unsafe { slice::from_raw_parts(self.0.base.add(OFFSET).as_ptr(), self.0.capacity) }
    }
}

impl DerefMut for Turn<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as for `deref`.
        unsafe { slice::from_raw_parts_mut(self.0.base.add(OFFSET).as_ptr(), self.0.capacity) }
    }
}
