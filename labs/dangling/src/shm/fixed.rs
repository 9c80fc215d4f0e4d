//! Three workers make shared memory that has no name, so none can stay.

use labkit::Call;
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, chdir, fork, ftruncate};
use std::path::Path;

pub fn main() -> labkit::Result {
    let workers = ["error", "panic", "kill"].map(|how| (how, labkit::shm_name(how)));
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
    let memory = memfd_create(name, MFdFlags::MFD_CLOEXEC).call("memfd_create")?;
    ftruncate(&memory, 4096).call("ftruncate")?;
    work(how)
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
    let paths = workers.iter().map(|(_, name)| format!("/dev/shm{name}"));
    let left: Vec<_> = paths.filter(|path| Path::new(path).exists()).collect();
    println!("{when}: {} left", left.len());
    left.iter().for_each(|path| println!("  {path}"));
    left.len()
}
