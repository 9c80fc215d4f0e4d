//! Three workers make shared memory and end before they can remove it.

use labkit::Call;
use nix::fcntl::OFlag;
use nix::sys::mman::{shm_open, shm_unlink};
use nix::sys::signal::{Signal, raise};
use nix::sys::stat::Mode;
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
    assert_eq!(list("after", &workers), 3);
    Ok(())
}

fn worker(name: &str, how: &str) -> labkit::Result {
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let memory = shm_open(name, flags, Mode::S_IRUSR | Mode::S_IWUSR).call("shm_open")?;
    ftruncate(&memory, 4096).call("ftruncate")?;
    work(how)?;
    shm_unlink(name).call("shm_unlink")
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
