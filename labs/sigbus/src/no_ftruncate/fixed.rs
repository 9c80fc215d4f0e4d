//! Gives a new shared memory object its size, maps it and writes a greeting into it.

use labkit::Call;
use nix::fcntl::OFlag;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, shm_open};
use nix::sys::{stat::Mode, wait::WaitStatus, wait::waitpid};
use nix::unistd::{ForkResult, fork, ftruncate};
use std::{num::NonZeroUsize, thread::sleep, time::Duration};

const LENGTH: NonZeroUsize = NonZeroUsize::new(4096).unwrap();
const GREETING: &[u8] = b"hello";

pub fn main() -> labkit::Result {
    let name = labkit::shm_name("greeting");
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let object = shm_open(name.as_str(), flags, mode).call("shm_open")?;
    println!("{name}: created");
    ftruncate(&object, 4096).call("ftruncate")?;

    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, at an address that the kernel chooses.
    let memory = unsafe { mmap(None, LENGTH, protection, MapFlags::MAP_SHARED, &object, 0) };
    let memory = memory.call("mmap")?.cast::<u8>();
    println!("{LENGTH} bytes mapped, writing the first");

    for (i, byte) in GREETING.iter().enumerate() {
        // SAFETY: inside the mapping; nobody else has it yet.
        unsafe { memory.add(i).write_volatile(*byte) };
    }
    println!("the greeting is written");

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let reader = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return read(&name),
        ForkResult::Parent { child } => child,
    };
    let status = waitpid(reader, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(reader, 0));
    Ok(())
}

/// Another process opens the object by its name, a moment later.
fn read(name: &str) -> labkit::Result {
    sleep(Duration::from_millis(100));
    let object = shm_open(name, OFlag::O_RDONLY, Mode::empty()).call("shm_open")?;
    let (protection, shared) = (ProtFlags::PROT_READ, MapFlags::MAP_SHARED);
    // SAFETY: a new mapping, at an address that the kernel chooses.
    let memory = unsafe { mmap(None, LENGTH, protection, shared, &object, 0) };
    let memory = memory.call("mmap")?.cast::<u8>();

    // SAFETY: inside the mapping, and the writer has finished.
    let byte = |i| unsafe { memory.add(i).read_volatile() };
    let greeting: Vec<u8> = (0..GREETING.len()).map(byte).collect();
    println!("another process: {}", String::from_utf8_lossy(&greeting));
    assert_eq!(greeting, GREETING, "what arrived is not what was written");
    Ok(())
}
