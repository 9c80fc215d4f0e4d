//! Gives the service a second to make its semaphore.

use labkit::Call;
use libc::{O_CREAT, O_EXCL, c_int, sem_t};
use nix::errno::Errno;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use std::time::{Duration, Instant};
use std::{ffi::CString, thread::sleep};

pub fn main() -> labkit::Result {
    let name = labkit::semaphore_name("jobs");

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let service = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return serve(&name),
        ForkResult::Parent { child } => child,
    };

    println!("worker: opening {name}");
    let deadline = Instant::now() + Duration::from_secs(1);
    let jobs = loop {
        match open(&name, 0) {
            Err(failure) if failure.errno == Errno::ENOENT && Instant::now() < deadline => {
                sleep(Duration::from_millis(10));
            }
            answer => break answer?,
        }
    };

    // SAFETY: `jobs` is open.
    Errno::result(unsafe { libc::sem_trywait(jobs) }).call("sem_trywait")?;
    println!("worker: took a job");
    let status = waitpid(service, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(service, 0));
    Ok(())
}

/// Needs a moment to start; then one job is there.
fn serve(name: &str) -> labkit::Result {
    sleep(Duration::from_millis(300));
    open(name, O_CREAT | O_EXCL)?;
    Ok(())
}

fn open(name: &str, flags: c_int) -> labkit::Result<*mut sem_t> {
    let name = CString::new(name).expect("no zero byte");
    // SAFETY: a C string, and what follows the flags where O_CREAT is one of them.
    let sem = unsafe { libc::sem_open(name.as_ptr(), flags, 0o600, 1) };
    if sem == libc::SEM_FAILED {
        return Err(Errno::last()).call("sem_open");
    }
    Ok(sem)
}
