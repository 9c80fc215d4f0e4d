//! What a side does while there is nothing for it.
//!
//! Sleeping takes care that no wake-up is lost. A sleeper says so in a word, the
//! *bell*, then looks once more; the other side publishes, then looks at the bell.
//! Each writes one word and reads the other's, and between the two stands a
//! sequentially consistent fence on both sides: whatever the order, at least one
//! of them sees what the other wrote. Release and acquire alone would let both
//! miss it.

use crate::sync::{AtomicU32, Ordering, fence, spin_loop};

/// How a side waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Looks again and again; the fastest, and a processor is busy with nothing.
    Spin,
    /// Sleeps in the kernel, see futex(2).
    Sleep,
    /// Looks for so many turns, then sleeps.
    SpinThenSleep(u32),
}

/// The other process has ended: what it had not published will never come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone;

impl core::fmt::Display for Gone {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the other process has ended")
    }
}

impl core::error::Error for Gone {}

/// The kernel's part, which a model replaces.
pub trait Kernel {
    /// FUTEX_WAIT while `bell` is 1, for a while at most; may return for no reason.
    fn sleep(&self, bell: &AtomicU32);
    /// FUTEX_WAKE.
    fn wake(&self, bell: &AtomicU32);
    /// Whether the other process lives.
    fn lives(&self) -> bool;
}

/// A way of waiting, with the process that is waited for.
#[derive(Debug)]
pub struct Wait<K> {
    pub waiting: Waiting,
    pub kernel: K,
}

/// How many turns of a spinning loop pass between two questions whether the other
/// process lives: some 50 µs, so that asking costs nothing.
const TURNS: u32 = 1 << 13;

impl<K: Kernel> Wait<K> {
    /// Waits until `ready` gives something.
    ///
    /// # Errors
    /// [`Gone`] where the other process ended without making it ready.
    #[inline(always)]
    pub fn until<T>(
        &self,
        bell: &AtomicU32,
        mut ready: impl FnMut() -> Option<T>,
    ) -> Result<T, Gone> {
        if let Some(found) = ready() {
            return Ok(found);
        }
        match self.waiting {
            Waiting::Spin => self.spin(ready),
            Waiting::Sleep => self.sleep(bell, ready),
            Waiting::SpinThenSleep(turns) => {
                for _ in 0..turns {
                    spin_loop();
                    if let Some(found) = ready() {
                        return Ok(found);
                    }
                }
                self.sleep(bell, ready)
            }
        }
    }

    // Not inlined, so that what finds something at once stays small.
    #[inline(never)]
    fn spin<T>(&self, mut ready: impl FnMut() -> Option<T>) -> Result<T, Gone> {
        loop {
            for _ in 0..TURNS {
                spin_loop();
                if let Some(found) = ready() {
                    return Ok(found);
                }
            }
            self.alive_or(&mut ready)?;
        }
    }

    #[cold]
    fn sleep<T>(&self, bell: &AtomicU32, mut ready: impl FnMut() -> Option<T>) -> Result<T, Gone> {
        loop {
            bell.store(1, Ordering::Relaxed);
            fence(Ordering::SeqCst);
            if let Some(found) = ready() {
                bell.store(0, Ordering::Relaxed);
                return Ok(found);
            }
            self.kernel.sleep(bell);
            if let Some(found) = ready() {
                return Ok(found);
            }
            self.alive_or(&mut ready)?;
        }
    }

    /// A last look after the other's end: what it published, it published before.
    fn alive_or<T>(&self, ready: &mut impl FnMut() -> Option<T>) -> Result<(), Gone> {
        if self.kernel.lives() || ready().is_some() {
            Ok(())
        } else {
            Err(Gone)
        }
    }

    /// Wakes whoever sleeps at `bell`, after something was published. Where both
    /// sides spin there is nobody to wake, and no fence to pay for.
    #[inline]
    pub fn ring(&self, bell: &AtomicU32) {
        if self.waiting == Waiting::Spin {
            return;
        }
        fence(Ordering::SeqCst);
        if bell.load(Ordering::Relaxed) != 0 {
            bell.store(0, Ordering::Relaxed);
            self.kernel.wake(bell);
        }
    }
}
