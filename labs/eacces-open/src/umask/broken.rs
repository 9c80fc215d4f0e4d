//! Asks for mode 0666 so that everybody may write, and another user tries.

use labkit::Call;
use nix::fcntl::OFlag;
use nix::sys::mman::shm_open;
use nix::sys::stat::{Mode, fstat, umask};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Gid, fork, pipe, read, write};
use nix::unistd::{setgroups, setresgid, setresuid};
use std::{os::fd::OwnedFd, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let name = labkit::shm_name("order");
    umask(Mode::S_IWGRP | Mode::S_IWOTH); // 0022, as in most shells
    let mode = Mode::from_bits_truncate(0o666);
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let object = shm_open(name.as_str(), flags, mode).call("shm_open")?;
    let got = fstat(&object).call("fstat")?.st_mode & 0o777;
    println!("owner: asked for {:04o}, got {got:04o}", mode.bits());

    let (done, doing) = pipe().call("pipe")?;
    // SAFETY: this process has one thread, so the child may go on as it likes.
    let owner = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return receive(&object, &done, doing),
        ForkResult::Parent { child } => child,
    };
    let user = labkit::another_user();
    let group = Gid::from_raw(user.as_raw());
    setgroups(&[]).call("setgroups")?;
    setresgid(group, group, group).call("setresgid")?;
    setresuid(user, user, user).call("setresuid")?;

    sleep(Duration::from_millis(100)); // looking at the menu
    shm_open(name.as_str(), OFlag::O_RDONLY, Mode::empty()).call("shm_open")?;
    println!("another user: may read, now opening it to write as well");
    let object = shm_open(name.as_str(), OFlag::O_RDWR, Mode::empty()).call("shm_open")?;

    // The object is a file of /dev/shm, so that write and read do for it, too.
    write(object, b"two teas").call("write")?;
    write(doing, b"!").call("write")?;
    let status = waitpid(owner, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(owner, 0));
    Ok(())
}

/// The owner waits until the other user has written, or is gone.
fn receive(object: &OwnedFd, done: &OwnedFd, doing: OwnedFd) -> labkit::Result {
    drop(doing);
    if read(done, &mut [0]).call("read")? == 1 {
        let mut order = [0; 8];
        read(object, &mut order).call("read")?;
        println!("owner: got {}", String::from_utf8_lossy(&order));
        assert_eq!(&order, b"two teas", "what arrived is not what was written");
    }
    Ok(())
}
