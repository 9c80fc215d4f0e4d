//! Keeps an offset in the segment: how far from its start.

use labkit::Call;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, shm_open, shm_unlink};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork, ftruncate};
use nix::{fcntl::OFlag, sys::stat::Mode};
use std::{mem::offset_of, num::NonZero, os::fd::OwnedFd, thread::sleep, time::Duration};

#[repr(C)]
struct Catalogue {
    title: u64,
    text: [u8; 4],
}

pub fn main() -> labkit::Result {
    let name = labkit::shm_name("catalogue");
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let fd = shm_open(name.as_str(), flags, Mode::S_IRUSR).call("shm_open")?;
    shm_unlink(name.as_str()).call("shm_unlink")?;
    ftruncate(&fd, 4096).call("ftruncate")?;

    // SAFETY: this process has one thread.
    match unsafe { fork() }.call("fork")? {
        ForkResult::Child => {
            sleep(Duration::from_millis(100)); // a writer takes its time
            let at = map(&fd, 0x2000_0000)?;
            let title = offset_of!(Catalogue, text) as u64;
            let text = *b"dune";
            // SAFETY: in the mapping; nobody reads before this process has ended.
            unsafe { at.write(Catalogue { title, text }) };
            println!("writer: segment at {at:p}, title at offset {title}");
        }
        ForkResult::Parent { child } => {
            let writer = waitpid(child, None).call("waitpid")?;
            assert_eq!(writer, WaitStatus::Exited(child, 0));
            let at = map(&fd, 0x3000_0000)?;
            // SAFETY: in the mapping, and the writer has ended.
            let title = unsafe { (&raw const (*at).title).read() };
            println!("reader: segment at {at:p}, title at offset {title}");
            assert!(title <= 4096 - 4, "outside the segment");
            // SAFETY: that it lies in the mapping has just been checked.
            let text = unsafe { at.byte_add(title as usize).cast::<[u8; 4]>().read() };
            assert_eq!(&text, b"dune");
            println!("reader: the title is whole");
        }
    }
    Ok(())
}

/// The two are one program, so each names a place, as the kernel would for two.
fn map(fd: &OwnedFd, place: usize) -> labkit::Result<*mut Catalogue> {
    let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    let flags = MapFlags::MAP_SHARED | MapFlags::MAP_FIXED_NOREPLACE;
    let (place, size) = (NonZero::new(place), NonZero::new(4096).unwrap());
    // SAFETY: a new mapping, which replaces none.
    let at = unsafe { mmap(place, size, access, flags, fd, 0) }.call("mmap")?;
    Ok(at.as_ptr().cast())
}
