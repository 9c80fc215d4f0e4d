//! Asks how large /dev/shm is, and makes room for as many frames as fit.

use labkit::Call;
use nix::fcntl::{OFlag, posix_fallocate};
use nix::sys::mman::{MapFlags, ProtFlags, mmap, shm_open};
use nix::sys::{stat::Mode, statvfs::statvfs};
use nix::unistd::ftruncate;
use std::num::NonZeroUsize;

const MIB: i64 = 1 << 20;
const FRAME: i64 = 24 * MIB;

pub fn main() -> labkit::Result {
    let name = labkit::shm_name("frames");
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let object = shm_open(name.as_str(), flags, mode).call("shm_open")?;

    let shm = statvfs("/dev/shm").call("statvfs")?;
    let free = (shm.blocks_available() * shm.fragment_size()) as i64;
    println!("statvfs: {} MiB are free", free / MIB);
    let frames = 4.min(free / FRAME);

    let size = frames * FRAME;
    ftruncate(&object, size).call("ftruncate")?;
    println!("ftruncate: {frames} frames, {} MiB", size / MIB);
    posix_fallocate(&object, 0, size).call("posix_fallocate")?;
    println!("posix_fallocate: the memory is there");

    let length = NonZeroUsize::new(size as usize).expect("at least one frame");
    let write = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, at an address that the kernel chooses.
    let memory = unsafe { mmap(None, length, write, MapFlags::MAP_SHARED, &object, 0) };
    let memory = memory.call("mmap")?.cast::<u8>();
    for page in (0..length.get()).step_by(4096) {
        // SAFETY: inside the mapping, and every page has its memory.
        unsafe { memory.add(page).write_volatile(1) };
    }
    println!("{frames} frames written");
    Ok(())
}
