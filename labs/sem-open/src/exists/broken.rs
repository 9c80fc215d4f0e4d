//! A worker tries to make the semaphore that the service has made already.

use labkit::Call;
use libc::{O_CREAT, O_EXCL, c_int, sem_t};
use nix::errno::Errno;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::ffi::CString;

pub fn main() -> labkit::Result {
    let name = labkit::semaphore_name("slots");

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let service = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return serve(&name),
        ForkResult::Parent { child } => child,
    };
    let status = waitpid(service, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(service, 0));

    println!("worker: opening {name}");
    let slots = open(&name, O_CREAT | O_EXCL)?;

    let mut free = 0;
    // SAFETY: `slots` is open, and there is room for the answer.
    Errno::result(unsafe { libc::sem_getvalue(slots, &mut free) }).call("sem_getvalue")?;
    assert_eq!(free, 3, "what the worker sees is not what the service made");
    println!("worker: {free} slots are free");
    Ok(())
}

fn serve(name: &str) -> labkit::Result {
    open(name, O_CREAT | O_EXCL)?;
    println!("service: made {name} with 3 slots");
    Ok(())
}

fn open(name: &str, flags: c_int) -> labkit::Result<*mut sem_t> {
    let name = CString::new(name).expect("no zero byte");
    // SAFETY: a C string, and what follows the flags where O_CREAT is one of them.
    let sem = unsafe { libc::sem_open(name.as_ptr(), flags, 0o600, 3) };
    if sem == libc::SEM_FAILED {
        return Err(Errno::last()).call("sem_open");
    }
    Ok(sem)
}
