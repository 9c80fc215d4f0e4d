//! Three workers remove the name of their semaphore as soon as they have it open.

use labkit::Call;
use libc::{O_CREAT, O_EXCL};
use nix::errno::Errno;
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, chdir, fork};
use std::{ffi::CString, path::Path};

pub fn main() -> labkit::Result {
    let workers = ["error", "panic", "kill"].map(|how| (how, labkit::semaphore_name(how)));
    assert_eq!(list("before", &workers), 0);
    for (how, name) in &workers {
        // SAFETY: this process has one thread, so the child may go on as it likes.
        match unsafe { fork() }.call("fork")? {
            ForkResult::Child => return worker(name, how),
            ForkResult::Parent { child } => match waitpid(child, None).call("waitpid")? {
                WaitStatus::Exited(_, status) => println!("{how}: exit status {status}"),
                _ => println!("{how}: killed"),
            },
        }
    }
    assert_eq!(list("after", &workers), 0);
    Ok(())
}

fn worker(name: &str, how: &str) -> labkit::Result {
    let name = CString::new(name).expect("no zero byte");
    // SAFETY: a C string, what O_CREAT takes, and a semaphore that is open.
    unsafe {
        let sem = libc::sem_open(name.as_ptr(), O_CREAT | O_EXCL, 0o600, 1);
        if sem == libc::SEM_FAILED {
            return Err(Errno::last()).call("sem_open");
        }
        Errno::result(libc::sem_unlink(name.as_ptr())).call("sem_unlink")?;
        Errno::result(libc::sem_trywait(sem)).call("sem_trywait")?;
        work(how)?;
    }
    Ok(())
}

/// Ends the worker in one of three ways.
fn work(how: &str) -> labkit::Result {
    match how {
        "panic" => panic!("a bug"),
        "kill" => raise(Signal::SIGKILL).call("raise"),
        _ => chdir("/no/such/folder").call("chdir"),
    }
}

fn list(when: &str, workers: &[(&str, String)]) -> usize {
    let file = |name: &str| format!("/dev/shm/sem.{}", &name[1..]);
    let paths = workers.iter().map(|(_, name)| file(name));
    let left: Vec<_> = paths.filter(|path| Path::new(path).exists()).collect();
    println!("{when}: {} left", left.len());
    left.iter().for_each(|path| println!("  {path}"));
    left.len()
}
