//! Writes a record of 4096 bytes into an object of 100.

use labkit::Call;
use nix::fcntl::OFlag;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, shm_open};
use nix::sys::{stat::Mode, wait::WaitStatus, wait::waitpid};
use nix::unistd::{ForkResult, fork, ftruncate};
use std::{fs::File, io::Read as _, num::NonZeroUsize, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let name = labkit::shm_name("record");
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let object = shm_open(name.as_str(), flags, mode).call("shm_open")?;
    ftruncate(&object, 100).call("ftruncate")?;

    let record = [7; 4096];
    let length = NonZeroUsize::new(record.len()).expect("a record has bytes");
    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, at an address that the kernel chooses.
    let memory = unsafe { mmap(None, length, protection, MapFlags::MAP_SHARED, &object, 0) };
    let memory = memory.call("mmap")?.cast::<u8>();
    for (i, byte) in record.iter().enumerate() {
        // SAFETY: inside the mapping; nobody else has it yet.
        unsafe { memory.add(i).write_volatile(*byte) };
    }
    // SAFETY: inside the mapping.
    let last = unsafe { memory.add(record.len() - 1).read_volatile() };
    println!("byte {} written, it reads {last}", record.len() - 1);

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let reader = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return read(&name, &record),
        ForkResult::Parent { child } => child,
    };
    let status = waitpid(reader, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(reader, 0));
    Ok(())
}

/// Another process reads the object to its end, a moment later.
fn read(name: &str, written: &[u8]) -> labkit::Result {
    sleep(Duration::from_millis(100));
    let object = shm_open(name, OFlag::O_RDONLY, Mode::empty()).call("shm_open")?;
    let mut record = Vec::new();
    let ended = File::from(object).read_to_end(&mut record);
    ended.expect("the object can be read");
    println!("another process got {} bytes", record.len());
    assert_eq!(record, written[..100], "the object holds something else");
    Ok(())
}
