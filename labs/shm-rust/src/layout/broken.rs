//! Writes and reads one struct that two programs declare, each for itself.

use labkit::Call;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, shm_open, shm_unlink};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork, ftruncate};
use nix::{fcntl::OFlag, sys::stat::Mode};
use std::{num::NonZero, thread::sleep, time::Duration};

/// The writer's, in Rust.
struct Written {
    channel: u8,
    value: u32,
}

/// The reader's, as a program in C has it.
#[repr(C)]
struct Read {
    channel: u8,
    value: u32,
}

pub fn main() -> labkit::Result {
    let name = labkit::shm_name("reading");
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let fd = shm_open(name.as_str(), flags, Mode::S_IRUSR).call("shm_open")?;
    shm_unlink(name.as_str()).call("shm_unlink")?;
    ftruncate(&fd, 4096).call("ftruncate")?;
    let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    let size = NonZero::new(4096).unwrap();
    // SAFETY: a new mapping, where the kernel likes.
    let at = unsafe { mmap(None, size, access, MapFlags::MAP_SHARED, &fd, 0) }.call("mmap")?;

    // SAFETY: this process has one thread.
    match unsafe { fork() }.call("fork")? {
        ForkResult::Child => {
            sleep(Duration::from_millis(100)); // a writer takes its time
            let to: *mut Written = at.as_ptr().cast();
            // SAFETY: in the mapping; nobody reads before this process has ended.
            unsafe {
                (&raw mut (*to).channel).write(7);
                (&raw mut (*to).value).write(2150);
            }
            println!("writer: channel 7, value 2150");
        }
        ForkResult::Parent { child } => {
            let writer = waitpid(child, None).call("waitpid")?;
            assert_eq!(writer, WaitStatus::Exited(child, 0));
            // SAFETY: in the mapping, any byte will do, and the writer has ended.
            let r = unsafe { at.cast::<Read>().read() };
            println!("reader: channel {}, value {}", r.channel, r.value);
        }
    }
    Ok(())
}
