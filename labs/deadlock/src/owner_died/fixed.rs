//! A robust lock says that its holder has died; whoever hears it mends the data.

use labkit::Call;
use libc::{PTHREAD_MUTEX_ROBUST, pthread_mutex_consistent, pthread_mutexattr_setrobust};
use libc::{pthread_mutex_init, pthread_mutex_lock, pthread_mutex_t, pthread_mutex_timedlock};
use libc::{pthread_mutex_unlock, pthread_mutexattr_init, pthread_mutexattr_setpshared};
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use nix::{errno::Errno, time::ClockId};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::{mem::zeroed, num::NonZero, thread::sleep, time::Duration};

#[repr(C)]
struct Shop(pthread_mutex_t, AtomicU32, AtomicU32); // taken and paid: always equal

pub fn main() -> labkit::Result {
    let size = NonZero::new(size_of::<Shop>()).expect("not empty");
    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, full of zeroes, with room for a shop; one thread.
    unsafe {
        let shared = mmap_anonymous(None, size, protection, MapFlags::MAP_SHARED);
        let shop = shared.call("mmap")?.cast::<Shop>().as_ptr();
        let (lock, taken, paid) = (&raw mut (*shop).0, &(*shop).1, &(*shop).2);
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
            taken.fetch_add(1, SeqCst);
            sleep(Duration::from_millis(100)); // work
            raise(Signal::SIGKILL).call("raise")?; // somebody ran kill -9
            paid.fetch_add(1, SeqCst);
        }
        let until = ClockId::CLOCK_REALTIME.now().call("clock_gettime")?;
        let until = until + Duration::from_millis(500).into();
        let mut locked = done(pthread_mutex_timedlock(lock, until.as_ref()));
        if locked == Err(Errno::EOWNERDEAD) {
            println!("{locked:?}, and paid is {}", paid.load(SeqCst));
            paid.store(taken.load(SeqCst), SeqCst);
            locked = done(pthread_mutex_consistent(lock));
        }
        println!("taken {}, paid {}", taken.load(SeqCst), paid.load(SeqCst));
        locked.call("pthread_mutex_timedlock")?;
        done(pthread_mutex_unlock(lock)).call("pthread_mutex_unlock")
    }
}

/// The pthread calls give back the errno itself.
fn done(answer: i32) -> nix::Result<()> {
    (answer == 0).then_some(()).ok_or(Errno::from_raw(answer))
}
