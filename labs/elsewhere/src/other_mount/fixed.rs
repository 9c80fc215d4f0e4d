//! Brings the producer's /dev/shm along, as `docker run -v /dev/shm:/dev/shm` does.

use labkit::Call;
use nix::fcntl::OFlag;
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use nix::sys::mman::{MapFlags, ProtFlags, mmap, shm_open};
use nix::sys::{stat::Mode, wait::WaitStatus, wait::waitpid};
use nix::unistd::{ForkResult, fork, ftruncate};
use std::{num::NonZeroUsize, os::fd::OwnedFd, ptr::NonNull, thread::sleep, time::Duration};

pub fn main() -> labkit::Result {
    let name = labkit::shm_name("frame");
    // SAFETY: this process has one thread, so the child may go on as it likes.
    let producer = match unsafe { fork() }.call("fork")? {
        ForkResult::Child => return produce(&name),
        ForkResult::Parent { child } => child,
    };
    let status = waitpid(producer, None).call("waitpid")?;
    assert_eq!(status, WaitStatus::Exited(producer, 0));

    unshare(CloneFlags::CLONE_NEWIPC).call("unshare")?;
    shm_open(name.as_str(), OFlag::O_RDONLY, Mode::empty()).call("shm_open")?;
    println!("consumer: in an IPC namespace of its own, and the object is there");

    unshare(CloneFlags::CLONE_NEWNS).call("unshare")?;
    let (host, flags, none) = (Some("/dev/shm"), MsFlags::MS_BIND, None::<&str>);
    mount(host, "/dev/shm", none, flags, none).call("mount")?;
    println!("consumer: in a mount namespace of its own, with the producer's /dev/shm");

    let object = shm_open(name.as_str(), OFlag::O_RDONLY, Mode::empty()).call("shm_open")?;
    // SAFETY: the object has a page, and nobody makes it shorter.
    let value = unsafe { map(&object, ProtFlags::PROT_READ)?.read_volatile() };
    assert_eq!(value, 42, "what was read is not what was written");
    println!("consumer: read {value}");
    Ok(())
}

/// Makes the object and writes 42, in the place where the lab was started.
fn produce(name: &str) -> labkit::Result {
    sleep(Duration::from_millis(100));
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let object = shm_open(name, flags, mode).call("shm_open")?;
    ftruncate(&object, 4096).call("ftruncate")?;
    // SAFETY: the object has a page.
    unsafe { map(&object, ProtFlags::PROT_WRITE)?.write_volatile(42) };
    println!("producer: made {name}, wrote 42");
    Ok(())
}

fn map(object: &OwnedFd, may: ProtFlags) -> labkit::Result<NonNull<u8>> {
    let page = NonZeroUsize::new(4096).expect("not zero");
    // SAFETY: a new mapping, at an address that the kernel chooses.
    let memory = unsafe { mmap(None, page, may, MapFlags::MAP_SHARED, object, 0) };
    Ok(memory.call("mmap")?.cast())
}
