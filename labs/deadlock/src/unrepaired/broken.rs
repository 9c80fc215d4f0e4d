//! A robust lock is given back, but nobody says that the data are whole again.

use labkit::Call;
use libc::{PTHREAD_MUTEX_ROBUST, pthread_mutexattr_setrobust};
use libc::{pthread_mutex_init, pthread_mutex_lock, pthread_mutex_t, pthread_mutex_unlock};
use libc::{pthread_mutexattr_init, pthread_mutexattr_setpshared};
use nix::errno::Errno;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::{mem::zeroed, num::NonZero, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let size = NonZero::new(size_of::<pthread_mutex_t>()).expect("not empty");
    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, full of zeroes, with room for a mutex; one thread.
    unsafe {
        let shared = mmap_anonymous(None, size, protection, MapFlags::MAP_SHARED);
        let lock = shared.call("mmap")?.cast::<pthread_mutex_t>().as_ptr();
        let mut attr = zeroed(); // the 1 below is PTHREAD_PROCESS_SHARED
        done(pthread_mutexattr_init(&mut attr)).call("pthread_mutexattr_init")?;
        done(pthread_mutexattr_setpshared(&mut attr, 1)).call("pthread_mutexattr_setpshared")?;
        done(pthread_mutexattr_setrobust(&mut attr, PTHREAD_MUTEX_ROBUST))
            .call("pthread_mutexattr_setrobust")?;
        done(pthread_mutex_init(lock, &attr)).call("pthread_mutex_init")?;

        if let ForkResult::Parent { child } = fork().call("fork")? {
            let status = waitpid(child, None).call("waitpid")?;
            assert_eq!(status, WaitStatus::Signaled(child, Signal::SIGKILL, false));
        } else {
            done(pthread_mutex_lock(lock)).call("pthread_mutex_lock")?;
            sleep(Duration::from_millis(100)); // work
            raise(Signal::SIGKILL).call("raise")?; // somebody ran kill -9
        }

        for _ in 0..2 {
            let locked = done(pthread_mutex_lock(lock));
            if locked == Err(Errno::EOWNERDEAD) {
                println!("{locked:?}: here the data would be mended");
            } else {
                locked.call("pthread_mutex_lock")?;
            }
            println!("one has the lock");
            done(pthread_mutex_unlock(lock)).call("pthread_mutex_unlock")?;
        }
        Ok(())
    }
}

/// The pthread calls give back the errno itself.
fn done(answer: i32) -> nix::Result<()> {
    (answer == 0).then_some(()).ok_or(Errno::from_raw(answer))
}
