//! Writes 64 frames of 16 KiB into a /dev/shm that has room for four.

use labkit::Call;
use nix::fcntl::OFlag;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, shm_open};
use nix::sys::stat::Mode;
use nix::unistd::ftruncate;
use std::{fs::File, io::Read as _, num::NonZeroUsize};

const FRAME: usize = 16 * 1024;

pub fn main() -> labkit::Result {
    let name = labkit::shm_name("frames");
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let object = shm_open(name.as_str(), flags, mode).call("shm_open")?;
    let frames = 64;
    ftruncate(&object, (frames * FRAME) as i64).call("ftruncate")?;
    println!("{name}: {frames} frames");

    let length = NonZeroUsize::new(frames * FRAME).expect("at least one frame");
    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, at an address that the kernel chooses.
    let memory = unsafe { mmap(None, length, protection, MapFlags::MAP_SHARED, &object, 0) };
    let memory = memory.call("mmap")?.cast::<u8>();

    for frame in 0..frames {
        println!("writing frame {frame}");
        for i in frame * FRAME..(frame + 1) * FRAME {
            // SAFETY: inside the mapping; nobody else has it yet.
            unsafe { memory.add(i).write_volatile(frame as u8) };
        }
    }

    let mut read = Vec::new();
    let ended = File::from(object).read_to_end(&mut read);
    ended.expect("the object can be read");
    let written = (0..frames).flat_map(|frame| vec![frame as u8; FRAME]);
    assert!(read.into_iter().eq(written), "a frame is not as written");
    println!("{frames} frames are there");
    Ok(())
}
