//! Reads a million messages while their writer, another process, never waits.

use labkit::Call;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::{array::from_fn, num::NonZeroUsize, thread::sleep, time::Duration};

#[repr(C)]
struct Shared {
    words: [AtomicU64; 32], // each holds the number of its message
    enough: AtomicBool,
}

pub fn main() -> labkit::Result {
    let size = NonZeroUsize::new(size_of::<Shared>()).expect("not empty");
    let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: new memory, which stays, and whose zeros are good atomics.
    let shared: &Shared = unsafe {
        let at = mmap_anonymous(None, size, access, MapFlags::MAP_SHARED).call("mmap")?;
        at.cast().as_ref()
    };

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let ForkResult::Parent { child: writer } = unsafe { fork() }.call("fork")? else {
        for number in (1..).take_while(|_| !shared.enough.load(Relaxed)) {
            shared.words.iter().for_each(|w| w.store(number, Relaxed));
            sleep(Duration::from_micros(50)); // until there is something new
        }
        return Ok(());
    };
    let mut torn = 0;
    for _ in 0..1_000_000 {
        let words = read(shared);
        torn += u32::from(words != [words[0]; 32]);
    }
    let written = shared.words[0].load(Relaxed);
    shared.enough.store(true, Relaxed);
    println!("{written} messages, 1000000 reads: {torn} torn");
    assert_eq!(waitpid(writer, None), Ok(WaitStatus::Exited(writer, 0)));
    Ok(())
}

fn read(shared: &Shared) -> [u64; 32] {
    from_fn(|i| shared.words[i].load(Relaxed))
}
