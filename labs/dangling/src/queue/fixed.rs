//! Three workers make a queue with a guard that removes it when it goes.

use labkit::Call;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_unlink};
use nix::sys::signal::{Signal, raise};
use nix::sys::stat::Mode;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, chdir, fork};

pub fn main() -> labkit::Result {
    let workers = ["error", "panic", "kill"].map(|how| (how, labkit::queue_name(how)));
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
    assert_eq!(list("after", &workers), 1);
    Ok(())
}

fn worker(name: &str, how: &str) -> labkit::Result {
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    mq_open(name, flags, Mode::S_IRWXU, Some(&MqAttr::new(0, 1, 16, 0))).call("mq_open")?;
    let _guard = Guard(name);
    work(how)
}

struct Guard<'a>(&'a str);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        let _ = mq_unlink(self.0);
    }
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
    // Queues can be listed only where they are mounted, but opened everywhere.
    let look = |name: &str| mq_open(name, MQ_OFlag::O_RDONLY, Mode::empty(), None);
    let mut left: Vec<_> = workers.iter().map(|(_, name)| name).collect();
    left.retain(|name| look(name).is_ok());
    println!("{when}: {} left", left.len());
    left.iter().for_each(|name| println!("  {name}"));
    left.len()
}
