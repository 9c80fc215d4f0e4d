//! Makes the semaphore itself, and so knows its value; an old one has to go.

use labkit::Call;
use libc::{O_CREAT, O_EXCL, c_int, sem_t};
use nix::errno::Errno;
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::time::ClockId;
use nix::unistd::{ForkResult, fork};
use std::{ffi::CStr, ffi::CString, time::Duration};

pub fn main() -> labkit::Result {
    let name = CString::new(labkit::semaphore_name("turn")).expect("no zero byte");

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let yesterday = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return be_killed(&name),
        ForkResult::Parent { child } => waitpid(child, None).call("waitpid")?,
    };
    assert!(matches!(yesterday, WaitStatus::Signaled(..)));

    println!("today: opening it with value 1");
    let turn = match open(&name, O_CREAT | O_EXCL) {
        Err(failure) if failure.errno == Errno::EEXIST => {
            println!("today: an old one is there; removing it");
            // SAFETY: a C string.
            Errno::result(unsafe { libc::sem_unlink(name.as_ptr()) }).call("sem_unlink")?;
            open(&name, O_CREAT | O_EXCL)?
        }
        answer => answer?,
    };

    wait(turn)?;
    println!("today: it is my turn");
    Ok(())
}

fn be_killed(name: &CStr) -> labkit::Result {
    wait(open(name, O_CREAT)?)?;
    println!("yesterday: it is my turn; killed before giving it back");
    raise(Signal::SIGKILL).call("raise")
}

fn wait(turn: *mut sem_t) -> labkit::Result {
    let now = ClockId::CLOCK_REALTIME.now().call("clock_gettime")?;
    let until = *(now + Duration::from_millis(200).into()).as_ref();
    // SAFETY: `turn` is open.
    Errno::result(unsafe { libc::sem_timedwait(turn, &until) }).call("sem_timedwait")?;
    Ok(())
}

fn open(name: &CStr, flags: c_int) -> labkit::Result<*mut sem_t> {
    // SAFETY: a C string, and what follows the flags where O_CREAT is one of them.
    let sem = unsafe { libc::sem_open(name.as_ptr(), flags, 0o600, 1) };
    if sem == libc::SEM_FAILED {
        return Err(Errno::last()).call("sem_open");
    }
    Ok(sem)
}
