//! Names that no other run has: `/lab-emsgsize-orders-4242-9f3a`.
//!
//! Lab, what the object is for, process, four random digits: two terminals, two
//! users, or two containers that share an IPC namespace never meet.

use super::{
    journal,
    object::{Object, SysV},
};
use nix::errno::Errno;
use std::{
    env,
    hash::{BuildHasher as _, RandomState},
    path::Path,
    process,
    sync::OnceLock,
};

struct Run {
    lab: String,
    id: String,
}

static RUN: OnceLock<Run> = OnceLock::new();

/// Fixes the lab's name and the run's id before any child is forked, so that all
/// processes of one run share them. Gives back the id.
pub fn start(lab: &str) -> &'static str {
    let run = || Run {
        lab: lab.to_owned(),
        id: format!("{}-{:04x}", process::id(), random() & 0xffff),
    };
    &RUN.get_or_init(run).id
}

/// A number that differs from call to call and from process to process.
fn random() -> u64 {
    RandomState::new().hash_one(process::id())
}

fn name(what: &str) -> String {
    // A program that was pasted into a crate of its own has no lab.
    let stem = || {
        let program = env::args_os().next().unwrap_or_default();
        let stem = Path::new(&program).file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    };
    if RUN.get().is_none() {
        start(&stem());
    }
    match RUN.get() {
        Some(run) => format!("/{}-{what}-{}", run.lab, run.id),
        None => format!("/{what}-{}", process::id()),
    }
}

/// A name for mq_open(3), of this run alone; whatever is created under it is
/// removed when the run ends.
#[must_use]
pub fn queue_name(what: &str) -> String {
    let name = name(what);
    journal::note(&Object::Queue(name.clone()));
    name
}

/// A name for shm_open(3), as [`queue_name`].
#[must_use]
pub fn shm_name(what: &str) -> String {
    let name = name(what);
    journal::note(&Object::Shm(name.clone()));
    name
}

/// A name for sem_open(3), as [`queue_name`].
#[must_use]
pub fn semaphore_name(what: &str) -> String {
    let name = name(what);
    journal::note(&Object::Semaphore(name.clone()));
    name
}

/// A key for msgget(2), shmget(2) or semget(2) under which nothing exists yet;
/// what is created under it is removed when the run ends.
#[must_use]
pub fn sysv_key(kind: SysV) -> libc::key_t {
    loop {
        // Never IPC_PRIVATE (0), and positive, so that it reads well in ipcs(1).
        let key = i32::try_from(random() & 0x7fff_ffff).unwrap_or(1).max(1);
        match kind.id(key) {
            // Taken, by whomever.
            Ok(_) | Err(Errno::EINVAL) => {}
            Err(Errno::ENOENT) => {
                journal::note(&Object::SysV(kind, key));
                return key;
            }
            // Whoever refuses every key, the kernel or a filter in front of it, will
            // tell the program's own call, too.
            Err(_) => return key,
        }
    }
}
