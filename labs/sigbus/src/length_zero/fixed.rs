//! Gives the object its size before mapping it, as its writer does.

use labkit::Call;
use libc::{MAP_FAILED, MAP_SHARED, PROT_READ, PROT_WRITE};
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::mman::shm_open;
use nix::sys::{stat::Mode, stat::fstat, wait::WaitStatus, wait::waitpid};
use nix::unistd::{ForkResult, fork, ftruncate};
use std::os::fd::{AsRawFd, OwnedFd};
use std::{ptr::null_mut, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let name = labkit::shm_name("status");
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let object = shm_open(name.as_str(), flags, mode).call("shm_open")?;

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let writer = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return write(&object),
        ForkResult::Parent { child } => child,
    };
    ftruncate(&object, 4096).call("ftruncate")?;
    let length = fstat(&object).call("fstat")?.st_size as usize;
    println!("the reader: the object has {length} bytes, mapping them");
    let memory = map(&object, length)?;

    let status = waitpid(writer, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(writer, 0));
    // SAFETY: inside the mapping, and the writer has ended.
    let state = unsafe { memory.read_volatile() };
    println!("the reader: state {state}");
    assert_eq!(state, 7, "what arrived is not what was written");
    Ok(())
}

/// The writer needs a moment before it comes to its work.
fn write(object: &OwnedFd) -> labkit::Result {
    sleep(Duration::from_millis(100));
    ftruncate(object, 4096).call("ftruncate")?;
    // SAFETY: inside the mapping; one byte is never seen half written.
    unsafe { map(object, 4096)?.write_volatile(7) };
    Ok(())
}

fn map(object: &OwnedFd, length: usize) -> labkit::Result<*mut u8> {
    let (protection, object) = (PROT_READ | PROT_WRITE, object.as_raw_fd());
    // SAFETY: a new mapping, at an address that the kernel chooses.
    let memory = unsafe { libc::mmap(null_mut(), length, protection, MAP_SHARED, object, 0) };
    if memory == MAP_FAILED {
        return Err(Errno::last()).call("mmap");
    }
    Ok(memory.cast())
}
