//! Reserves the memory first, and makes do with as many frames as there is room for.

use labkit::Call;
use nix::errno::Errno;
use nix::fcntl::{OFlag, posix_fallocate};
use nix::sys::mman::{MapFlags, ProtFlags, mmap, shm_open};
use nix::sys::stat::Mode;
use std::{fs::File, io::Read as _, num::NonZeroUsize};

const FRAME: usize = 16 * 1024;

pub fn main() -> labkit::Result {
    let name = labkit::shm_name("frames");
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let object = shm_open(name.as_str(), flags, mode).call("shm_open")?;
    let mut frames = 64;
    loop {
        let reserved = posix_fallocate(&object, 0, (frames * FRAME) as i64);
        match reserved.call("posix_fallocate") {
            Ok(()) => break,
            Err(failure) if failure.errno == Errno::ENOSPC && frames > 1 => {
                println!("{frames} frames: {failure}");
                frames /= 2;
            }
            Err(failure) => return Err(failure),
        }
    }
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
