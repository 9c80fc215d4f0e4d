//! A lab of every way to end, for labkit's own tests. Nobody learns from it.

use labkit::{Call, Capability, Case, Lab, Need, Shows, SysV};
use nix::{
    errno::Errno,
    fcntl::OFlag,
    mqueue::{MQ_OFlag, MqAttr, mq_open},
    sys::{
        mman::{MapFlags, ProtFlags, mmap, shm_open},
        signal::{Signal, kill},
        stat::Mode,
        wait::{WaitStatus, waitpid},
    },
    unistd::{ForkResult, fork, ftruncate, getpid, getuid, pipe, setresuid, setsid},
};
use std::{
    ffi::CString,
    num::NonZeroUsize,
    process::{self, ExitCode},
    thread,
    time::Duration,
};

const ABOUT: &str = include_str!("specimen.toml");
const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(600);
const RDWR: Mode = Mode::S_IRUSR.union(Mode::S_IWUSR);
const SMALL: u64 = 65536;

const LAB: Lab = Lab {
    name: "lab-specimen",
    about: ABOUT,
    cases: &[
        Case::new(
            "errno",
            absent,
            Shows::Errno("mq_open", Errno::ENOENT),
            fine,
        ),
        Case::new("hang", hang, Shows::TimeOut, hang).limit(SHORT),
        Case::new("sigbus", sigbus, Shows::Signal(Signal::SIGBUS), fine),
        Case::new("segv", segv, Shows::Signal(Signal::SIGSEGV), killed),
        Case::new("panic", panics, Shows::Success, panics),
        Case::new("exit", exits, Shows::Success, leaves_early),
        Case::new("flood", flood, Shows::Success, fine),
        Case::new("order", order, Shows::Success, fine),
        Case::new("orphans", orphans, Shows::Success, fine),
        Case::new("family", family, Shows::TimeOut, fine).limit(SHORT),
        Case::new("waits", family, Shows::TimeOut, orphans_and_hang).limit(LONG),
        Case::new("peer", fine, Shows::Success, peer),
        Case::new("leaves", leaves, Shows::Success, leaves_and_hangs).limit(LONG),
        Case::new(
            "unreadable",
            unreadable,
            Shows::Errno("shm_open", Errno::EACCES),
            fine,
        )
        .needs(&[Need::Without(Capability::DacOverride)]),
        Case::new("private", deep_queue, Shows::Success, leaves_and_hangs)
            .limit(LONG)
            .needs(&[
                Need::PrivateIpc,
                Need::Sysctl("fs/mqueue/msg_max", 20),
                Need::Without(Capability::SysResource),
            ]),
        Case::new("another", another_user, Shows::Success, fine).needs(&[Need::AnotherUser]),
        Case::new("small-shm", overfull, Shows::Signal(Signal::SIGBUS), fine)
            .needs(&[Need::DevShm(SMALL)]),
        Case::new(
            "boast",
            fine,
            Shows::Errno("mq_send", Errno::EMSGSIZE),
            absent,
        ),
        Case::new(
            "deep",
            deep_queue,
            Shows::Errno("mq_open", Errno::EINVAL),
            fine,
        ),
        Case::new("figures", fine, Shows::Success, fine).varies(),
    ],
};

fn main() -> ExitCode {
    labkit::run(&LAB)
}

fn fine() -> labkit::Result {
    Ok(())
}

fn absent() -> labkit::Result {
    let name = labkit::queue_name("absent");
    mq_open(name.as_str(), MQ_OFlag::O_RDONLY, RDWR, None).call("mq_open")?;
    Ok(())
}

fn hang() -> labkit::Result {
    println!("waiting");
    loop {
        thread::park();
    }
}

/// A shared memory object of `size` bytes, mapped with `length`.
fn map(size: i64, length: usize) -> labkit::Result<*mut u8> {
    let name = labkit::shm_name("mapped");
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let object = shm_open(name.as_str(), flags, RDWR).call("shm_open")?;
    ftruncate(&object, size).call("ftruncate")?;
    let length = NonZeroUsize::new(length)
        .ok_or(Errno::EINVAL)
        .call("mmap")?;
    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, at an address that the kernel chooses.
    let memory = unsafe { mmap(None, length, protection, MapFlags::MAP_SHARED, &object, 0) };
    Ok(memory.call("mmap")?.as_ptr().cast())
}

fn sigbus() -> labkit::Result {
    let memory = map(0, 4096)?;
    println!("{}", memory as usize + 8);
    // SAFETY: none; this is what the case is about.
    unsafe { memory.add(8).write_volatile(1) };
    Ok(())
}

fn segv() -> labkit::Result {
    // SAFETY: none; this is what the case is about.
    unsafe { std::ptr::without_provenance_mut::<u8>(4096).write_volatile(1) };
    Ok(())
}

fn killed() -> labkit::Result {
    kill(getpid(), Signal::SIGKILL).call("kill")
}

fn panics() -> labkit::Result {
    panic!("what arrived is not what was sent")
}

fn exits() -> labkit::Result {
    process::exit(7)
}

fn leaves_early() -> labkit::Result {
    process::exit(0)
}

fn flood() -> labkit::Result {
    for _ in 0..(3 << 20) / 64 {
        println!("{}", "x".repeat(63));
    }
    Ok(())
}

fn order() -> labkit::Result {
    for number in 0..100 {
        println!("{}", 2 * number);
        eprintln!("{}", 2 * number + 1);
    }
    Ok(())
}

/// Grandchildren that left the group and the session, and do not want to end.
/// Comes back when both have said so.
fn orphans() -> labkit::Result {
    let (read, write) = pipe().call("pipe")?;
    // SAFETY: this process has one thread.
    if let ForkResult::Child = unsafe { fork() }.call("fork")? {
        setsid().call("setsid")?;
        // SAFETY: neither has this one.
        let _ = unsafe { fork() }.call("fork")?;
        println!("{}", getpid());
        drop(write);
        return hang();
    }
    drop(write);
    // Ends when nobody is left who might write.
    nix::unistd::read(&read, &mut [0]).call("read")?;
    Ok(())
}

fn orphans_and_hang() -> labkit::Result {
    orphans()?;
    hang()
}

/// A child that waits for ever, and a parent that waits for it.
fn family() -> labkit::Result {
    // SAFETY: this process has one thread.
    if let ForkResult::Child = unsafe { fork() }.call("fork")? {
        println!("{}", getpid());
        loop {
            thread::park();
        }
    }
    waitpid(None, None).call("waitpid")?;
    Ok(())
}

/// A child that needs a queue, and a parent that needs its child.
fn peer() -> labkit::Result {
    // SAFETY: this process has one thread.
    match unsafe { fork() }.call("fork")? {
        ForkResult::Child => deep_queue(),
        ForkResult::Parent { child } => {
            assert_eq!(waitpid(child, None), Ok(WaitStatus::Exited(child, 0)));
            Ok(())
        }
    }
}

/// One of each kind of object, and none removed.
fn leaves() -> labkit::Result {
    let name = labkit::queue_name("left");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let attr = MqAttr::new(0, 1, 1, 0);
    mq_open(name.as_str(), flags, RDWR, Some(&attr)).call("mq_open")?;

    map(1, 1)?;

    let name = CString::new(labkit::semaphore_name("left")).unwrap_or_default();
    // SAFETY: the name is a C string; mode and value follow as they must.
    let semaphore =
        unsafe { libc::sem_open(name.as_ptr(), libc::O_CREAT | libc::O_EXCL, 0o600, 1) };
    if semaphore == libc::SEM_FAILED {
        return Err(Errno::last()).call("sem_open");
    }

    let flags = libc::IPC_CREAT | libc::IPC_EXCL | 0o600;
    let (queue, shm) = (labkit::sysv_key(SysV::Queue), labkit::sysv_key(SysV::Shm));
    let semaphores = labkit::sysv_key(SysV::Semaphore);
    // SAFETY: plain numbers.
    unsafe {
        Errno::result(libc::msgget(queue, flags)).call("msgget")?;
        Errno::result(libc::shmget(shm, 1, flags)).call("shmget")?;
        Errno::result(libc::semget(semaphores, 1, flags)).call("semget")?;
    }
    Ok(())
}

fn leaves_and_hangs() -> labkit::Result {
    leaves()?;
    hang()
}

fn unreadable() -> labkit::Result {
    let name = labkit::shm_name("read-only");
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDONLY;
    shm_open(name.as_str(), flags, Mode::S_IRUSR).call("shm_open")?;
    shm_open(name.as_str(), OFlag::O_RDWR, Mode::empty()).call("shm_open")?;
    Ok(())
}

fn another_user() -> labkit::Result {
    let other = labkit::another_user();
    setresuid(other, other, other).call("setresuid")?;
    println!("{}", getuid());
    Ok(())
}

/// Deeper than msg_max is by default.
fn deep_queue() -> labkit::Result {
    let name = labkit::queue_name("deep");
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let attr = MqAttr::new(0, 20, 16, 0);
    mq_open(name.as_str(), flags, RDWR, Some(&attr)).call("mq_open")?;
    Ok(())
}

/// Writes page after page of an object larger than its /dev/shm.
fn overfull() -> labkit::Result {
    let pages = 2 * SMALL as usize / 4096;
    let memory = map(2 * SMALL as i64, 2 * SMALL as usize)?;
    println!("{}", memory as usize);
    for page in 0..pages {
        // SAFETY: inside the mapping; that the object behind it ends is the lesson.
        unsafe { memory.add(page * 4096).write_volatile(1) };
    }
    Ok(())
}
