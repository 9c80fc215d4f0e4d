//! Memory that two processes share.

use nix::sys::mman::{MapFlags, ProtFlags, mmap, mmap_anonymous, munmap};
use std::{ffi::c_void, num::NonZeroUsize, os::fd::AsFd, ptr::NonNull};

/// A shared mapping, zero in the beginning; unmapped when dropped.
#[derive(Debug)]
pub struct Mapping {
    base: NonNull<c_void>,
    length: NonZeroUsize,
}

const ACCESS: ProtFlags = ProtFlags::PROT_READ.union(ProtFlags::PROT_WRITE);

impl Mapping {
    /// `length` bytes without a name, for processes forked from this one; see
    /// MAP_ANONYMOUS in mmap(2). Nothing is left when the last of them ends.
    ///
    /// # Errors
    /// Those of mmap(2); EINVAL for a length of 0.
    pub fn anonymous(length: usize) -> nix::Result<Self> {
        let length = NonZeroUsize::new(length).ok_or(nix::errno::Errno::EINVAL)?;
        // SAFETY: a new mapping, at an address of the kernel's choice.
        let base = unsafe { mmap_anonymous(None, length, ACCESS, MapFlags::MAP_SHARED) }?;
        Ok(Self { base, length })
    }

    /// The first `length` bytes of an object that has at least so many, see
    /// shm_open(3) and memfd_create(2).
    ///
    /// # Errors
    /// Those of mmap(2); EINVAL for a length of 0.
    pub fn of(object: impl AsFd, length: usize) -> nix::Result<Self> {
        let length = NonZeroUsize::new(length).ok_or(nix::errno::Errno::EINVAL)?;
        // SAFETY: a new mapping, at an address of the kernel's choice.
        let base = unsafe { mmap(None, length, ACCESS, MapFlags::MAP_SHARED, object, 0) }?;
        Ok(Self { base, length })
    }

    /// Its first byte, aligned to a page.
    #[must_use]
    pub fn base(&self) -> NonNull<u8> {
        self.base.cast()
    }

    /// Its length in bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length.get()
    }

    /// Writes to every page, so that none is missing later.
    pub fn touch(&self) {
        for offset in (0..self.length()).step_by(4096) {
            // SAFETY: inside the mapping; volatile, because another process may look.
            unsafe {
                let byte = self.base().add(offset);
                byte.write_volatile(byte.read_volatile());
            }
        }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: ours, and whoever uses it holds a reference to it or has promised
        // to be done (`Ring::at`).
        let _ = unsafe { munmap(self.base, self.length.get()) };
    }
}
