//! Counts its starts in an object that its owner may read and write.

use labkit::Call;
use nix::fcntl::OFlag;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, shm_open};
use nix::sys::{stat::Mode, wait::WaitStatus, wait::waitpid};
use nix::unistd::{ForkResult, fork, ftruncate};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{num::NonZeroUsize, os::fd::OwnedFd, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let name = labkit::shm_name("starts");
    // SAFETY: this process has one thread, so the child may go on as it likes.
    let first = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return first_start(&name),
        ForkResult::Parent { child } => child,
    };
    let status = waitpid(first, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(first, 0));

    println!("second start: opening it to read and write");
    let object = shm_open(name.as_str(), OFlag::O_RDWR, Mode::empty()).call("shm_open")?;

    let starts = count(&object)?;
    println!("second start: counted {starts}");
    assert_eq!(starts, 2, "the first start was not counted");
    Ok(())
}

/// A process of its own, which has ended before the second start.
fn first_start(name: &str) -> labkit::Result {
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let object = shm_open(name, flags, mode).call("shm_open")?;
    println!("first start: {name} made with {:04o}", mode.bits());

    ftruncate(&object, 4096).call("ftruncate")?;
    println!("first start: counted {}", count(&object)?);
    sleep(Duration::from_millis(100)); // the day's work
    Ok(())
}

fn count(object: &OwnedFd) -> labkit::Result<u32> {
    let length = NonZeroUsize::new(4096).expect("a page");
    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, at an address that the kernel chooses.
    let page = unsafe { mmap(None, length, protection, MapFlags::MAP_SHARED, object, 0) };
    let page = page.call("mmap")?;
    // SAFETY: inside the mapping, aligned, and nobody touches it but by atomics.
    let starts = unsafe { AtomicU32::from_ptr(page.as_ptr().cast()) };
    Ok(starts.fetch_add(1, Ordering::Relaxed) + 1)
}
