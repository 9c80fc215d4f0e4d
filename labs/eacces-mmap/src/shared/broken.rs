//! Opens an object to read, and maps it to write.

use labkit::Call;
use nix::fcntl::OFlag;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, shm_open};
use nix::sys::{stat::Mode, wait::WaitStatus, wait::waitpid};
use nix::unistd::{ForkResult, fork};
use std::{num::NonZeroUsize, thread::sleep, time::Duration};

const LENGTH: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

pub fn main() -> labkit::Result {
    let name = labkit::shm_name("speed");
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDONLY;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let object = shm_open(name.as_str(), flags, mode).call("shm_open")?;

    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    println!("mapping it shared, to read and write");
    // SAFETY: a new mapping, at an address that the kernel chooses.
    let page = unsafe { mmap(None, LENGTH, protection, MapFlags::MAP_SHARED, &object, 0) };
    let page = page.call("mmap")?.cast::<u32>();
    println!("writing 42");
    // SAFETY: inside the mapping; nobody else has it yet.
    unsafe { page.write_volatile(42) };

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let reader = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return read(&name),
        ForkResult::Parent { child } => child,
    };
    let status = waitpid(reader, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(reader, 0));
    Ok(())
}

/// Another process opens the object by its name, to read.
fn read(name: &str) -> labkit::Result {
    sleep(Duration::from_millis(100)); // it has other work first
    let object = shm_open(name, OFlag::O_RDONLY, Mode::empty()).call("shm_open")?;
    let (protection, shared) = (ProtFlags::PROT_READ, MapFlags::MAP_SHARED);
    // SAFETY: a new mapping, at an address that the kernel chooses.
    let page = unsafe { mmap(None, LENGTH, protection, shared, &object, 0) };
    // SAFETY: inside the mapping, and the writer is done.
    let seen = unsafe { page.call("mmap")?.cast::<u32>().read_volatile() };
    println!("another process reads {seen}");
    assert_eq!(seen, 42);
    Ok(())
}
