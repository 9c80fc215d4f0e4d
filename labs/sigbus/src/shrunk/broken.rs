//! Maps an object that another process then makes smaller.

use labkit::Call;
use nix::fcntl::OFlag;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, shm_open};
use nix::sys::{stat::Mode, wait::WaitStatus, wait::waitpid};
use nix::unistd::{ForkResult, fork, ftruncate};
use std::os::fd::OwnedFd;
use std::{num::NonZeroUsize, thread::sleep, time::Duration};

const LENGTH: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

pub fn main() -> labkit::Result {
    let name = labkit::shm_name("prices");
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let object = shm_open(name.as_str(), flags, mode).call("shm_open")?;
    ftruncate(&object, 4096).call("ftruncate")?;

    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, at an address that the kernel chooses.
    let memory = unsafe { mmap(None, LENGTH, protection, MapFlags::MAP_SHARED, &object, 0) };
    let memory = memory.call("mmap")?.cast::<u8>();
    // SAFETY: inside the mapping; nobody else has it yet.
    unsafe { memory.write_volatile(42) };
    println!("this process: wrote 42");

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let other = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return shrink(&object),
        ForkResult::Parent { child } => child,
    };
    let status = waitpid(other, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(other, 0));

    println!("this process: reading it again");
    // SAFETY: inside the mapping, and the other process has ended.
    let price = unsafe { memory.read_volatile() };
    println!("this process: read {price}");
    assert_eq!(price, 42);
    Ok(())
}

/// What a restart does that begins with an empty object.
fn shrink(object: &OwnedFd) -> labkit::Result {
    sleep(Duration::from_millis(100));
    match ftruncate(object, 0).call("ftruncate") {
        Ok(()) => println!("the other process: made it 0 bytes"),
        Err(failure) => println!("the other process: {failure}"),
    }
    Ok(())
}
