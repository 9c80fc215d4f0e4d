//! Reads the length once, and checks and uses what it has read.

use labkit::Call;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, shm_open, shm_unlink};
use nix::sys::wait::{WaitStatus::Exited, waitpid};
use nix::unistd::{ForkResult, fork, ftruncate};
use nix::{fcntl::OFlag, sys::stat::Mode};
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering::SeqCst};
use std::{num::NonZero, thread::sleep, time::Duration};

#[repr(C)]
struct Message {
    length: AtomicU32,
    turn: AtomicU32,
    text: [AtomicU8; 16],
}

pub fn main() -> labkit::Result {
    let name = labkit::shm_name("message");
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let fd = shm_open(name.as_str(), flags, Mode::S_IRUSR).call("shm_open")?;
    shm_unlink(name.as_str()).call("shm_unlink")?;
    ftruncate(&fd, 4096).call("ftruncate")?;
    let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    let flags = MapFlags::MAP_SHARED | MapFlags::MAP_FIXED_NOREPLACE;
    let (place, size) = (NonZero::new(0x2000_0000), NonZero::new(4096).unwrap());
    // SAFETY: a new mapping, in a place with nothing behind it.
    let at = unsafe { mmap(place, size, access, flags, &fd, 0) }.call("mmap")?;
    // SAFETY: large enough, aligned, full of zeros, and never unmapped.
    let message = unsafe { at.cast::<Message>().as_ref() };
    for (to, byte) in message.text.iter().zip(*b"salut") {
        to.store(byte, SeqCst);
    }
    message.length.store(5, SeqCst);
    // SAFETY: this process has one thread.
    let ForkResult::Parent { child } = unsafe { fork() }.call("fork")? else {
        while message.turn.load(SeqCst) == 0 {
            sleep(Duration::from_millis(100));
        }
        message.length.store(1_000_000, SeqCst);
        return Ok(());
    };

    let length = message.length.load(SeqCst);
    assert!(length <= 16, "too long");
    println!("reader: {length} bytes, they fit");
    message.turn.store(1, SeqCst); // now the other process runs for a while
    assert_eq!(waitpid(child, None).call("waitpid")?, Exited(child, 0));

    println!("reader: copying {length} bytes");
    let mut text = Vec::new();
    for i in 0..length as usize {
        // SAFETY: no further than the length, and that was checked.
        let byte = unsafe { &*message.text.as_ptr().add(i) };
        text.push(byte.load(SeqCst));
    }
    assert_eq!(text, b"salut");
    Ok(())
}
