//! Reads a million messages; only their writer, another process, takes the lock.

use labkit::Call;
use nix::errno::Errno;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::{array::from_fn, cell::UnsafeCell, mem::zeroed, num::NonZeroUsize};

#[repr(C)]
struct Shared {
    mutex: UnsafeCell<libc::pthread_mutex_t>,
    words: [AtomicU64; 32], // each holds the number of its message
    enough: AtomicBool,
}

pub fn main() -> labkit::Result {
    let size = NonZeroUsize::new(size_of::<Shared>()).expect("not empty");
    let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    let ok = |answer| (answer == 0).then_some(()).ok_or(Errno::from_raw(answer));
    // SAFETY: new memory, which stays; zeros are good atomics, and the mutex is made.
    let shared: &Shared = unsafe {
        let at = mmap_anonymous(None, size, access, MapFlags::MAP_SHARED).call("mmap")?;
        let shared: &Shared = at.cast().as_ref();
        let mut attr = zeroed();
        ok(libc::pthread_mutexattr_init(&mut attr)).call("pthread_mutexattr_init")?;
        let set = libc::pthread_mutexattr_setpshared(&mut attr, libc::PTHREAD_PROCESS_SHARED);
        ok(set).call("pthread_mutexattr_setpshared")?;
        ok(libc::pthread_mutex_init(shared.mutex.get(), &attr)).call("pthread_mutex_init")?;
        shared
    };
    let mutex = shared.mutex.get();
    // SAFETY: the mutex was made above.
    let lock = || ok(unsafe { libc::pthread_mutex_lock(mutex) }).call("pthread_mutex_lock");
    // SAFETY: as above.
    let unlock = || ok(unsafe { libc::pthread_mutex_unlock(mutex) }).call("pthread_mutex_unlock");
    // SAFETY: this process has one thread, so the child may go on as it likes.
    let ForkResult::Parent { child: writer } = unsafe { fork() }.call("fork")? else {
        for number in (1..).take_while(|_| !shared.enough.load(Relaxed)) {
            lock()?;
            shared.words.iter().for_each(|w| w.store(number, Relaxed));
            unlock()?;
        }
        return Ok(());
    };
    let mut torn = 0;
    for _ in 0..1_000_000 {
        let words: [u64; 32] = from_fn(|i| shared.words[i].load(Relaxed));
        torn += u32::from(words != [words[0]; 32]);
    }
    let written = shared.words[0].load(Relaxed);
    shared.enough.store(true, Relaxed);
    println!("{written} messages, 1000000 reads: {torn} torn");
    assert_eq!(waitpid(writer, None), Ok(WaitStatus::Exited(writer, 0)));
    Ok(())
}
