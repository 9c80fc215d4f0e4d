//! Makes a semaphore for everybody, with the umask out of the way for one call.

use labkit::Call;
use libc::{O_CREAT, O_EXCL, c_int, sem_t};
use nix::errno::Errno;
use nix::sys::stat::{Mode, stat, umask};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork, setresuid};
use std::ffi::CString;

pub fn main() -> labkit::Result {
    let name = labkit::semaphore_name("slots");
    umask(Mode::S_IWGRP | Mode::S_IWOTH); // 022, as in most shells

    // SAFETY: this process has one thread, so the child may go on as it likes.
    let service = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return serve(&name),
        ForkResult::Parent { child } => child,
    };
    let status = waitpid(service, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(service, 0));

    let other = labkit::another_user();
    setresuid(other, other, other).call("setresuid")?;
    println!("another user: opening it");
    let slots = open(&name, 0)?;

    // SAFETY: `slots` is open.
    Errno::result(unsafe { libc::sem_trywait(slots) }).call("sem_trywait")?;
    println!("another user: took a slot");
    Ok(())
}

fn serve(name: &str) -> labkit::Result {
    let before = umask(Mode::empty());
    let made = open(name, O_CREAT | O_EXCL);
    umask(before);
    made?;
    let file = format!("/dev/shm/sem.{}", &name[1..]);
    let mode = stat(file.as_str()).call("stat")?.st_mode & 0o777;
    println!("{file}: asked for 0666, got {mode:04o}");
    Ok(())
}

fn open(name: &str, flags: c_int) -> labkit::Result<*mut sem_t> {
    let name = CString::new(name).expect("no zero byte");
    // SAFETY: a C string, and what follows the flags where O_CREAT is one of them.
    let sem = unsafe { libc::sem_open(name.as_ptr(), flags, 0o666, 1) };
    if sem == libc::SEM_FAILED {
        return Err(Errno::last()).call("sem_open");
    }
    Ok(sem)
}
