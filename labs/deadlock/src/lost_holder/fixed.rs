//! The kernel takes back what a dead process did to a System V semaphore.

use labkit::Call;
use libc::{IPC_CREAT, IPC_EXCL, SEM_UNDO, SETVAL, sembuf, semctl, semget, semop};
use nix::errno::Errno;
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::{thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(labkit::SysV::Semaphore);
    // SAFETY: plain numbers. SETVAL takes one argument more, the value.
    let lock = unsafe {
        let lock = semget(key, 1, IPC_CREAT | IPC_EXCL | 0o600);
        let lock = Errno::result(lock).call("semget")?;
        Errno::result(semctl(lock, 0, SETVAL, 1)).call("semctl")?;
        lock
    };

    // SAFETY: this process has one thread.
    if let ForkResult::Parent { child } = unsafe { fork() }.call("fork")? {
        let status = waitpid(child, None).call("waitpid")?;
        assert_eq!(status, WaitStatus::Signaled(child, Signal::SIGKILL, false));
        println!("the holder was killed");
    } else {
        take(lock)?;
        println!("the other has the lock");
        sleep(Duration::from_millis(100)); // work
        raise(Signal::SIGKILL).call("raise")?; // somebody ran kill -9
    }

    take(lock)?;
    println!("one has the lock");
    give(lock)
}

fn take(lock: i32) -> labkit::Result {
    change(lock, -1)
}

fn give(lock: i32) -> labkit::Result {
    change(lock, 1)
}

fn change(lock: i32, by: i16) -> labkit::Result {
    let sem_flg = SEM_UNDO as i16;
    let mut change = sembuf {
        sem_num: 0,
        sem_op: by,
        sem_flg,
    };
    // SAFETY: one change, to the one semaphore of the set.
    Errno::result(unsafe { semop(lock, &mut change, 1) }).call("semop")?;
    Ok(())
}
