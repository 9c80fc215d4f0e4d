//! Looks at every answer, has a key of its own, and another process reads.

use labkit::{Call, SysV};
use libc::{IPC_CREAT, IPC_EXCL, IPC_RMID, SHM_RDONLY, shmat, shmctl, shmdt, shmget};
use nix::{errno::Errno, sys::wait, unistd};
use std::{ptr::null, ptr::null_mut, thread::sleep, time::Duration};

const TEXT: &[u8] = b"Hello, Shared Memory!";

pub fn main() -> labkit::Result {
    let key = labkit::sysv_key(SysV::Shm);
    // SAFETY: plain numbers.
    let id = unsafe { shmget(key, 1024, IPC_CREAT | IPC_EXCL | 0o600) };
    let id = Errno::result(id).call("shmget")?;

    // SAFETY: the kernel chooses where.
    let data = Errno::result(unsafe { shmat(id, null(), 0) })
        .call("shmat")?
        .cast::<u8>();

    for (i, byte) in TEXT.iter().enumerate() {
        // SAFETY: inside the 1024 bytes.
        unsafe { data.add(i).write_volatile(*byte) };
    }
    println!("Data written: {}", TEXT.escape_ascii());

    // SAFETY: this process has one thread.
    match unsafe { unistd::fork() }.call("fork")? {
        unistd::ForkResult::Child => return read(key),
        unistd::ForkResult::Parent { child } => {
            let status = wait::waitpid(child, None).call("waitpid")?;
            assert_eq!(status, wait::WaitStatus::Exited(child, 0));
        }
    }

    // SAFETY: nobody uses the memory after this.
    Errno::result(unsafe { shmdt(data.cast()) }).call("shmdt")?;
    // SAFETY: IPC_RMID takes no argument.
    Errno::result(unsafe { shmctl(id, IPC_RMID, null_mut()) }).call("shmctl")?;
    Ok(())
}

/// The reader knows nothing but the key, and cannot write.
fn read(key: libc::key_t) -> labkit::Result {
    sleep(Duration::from_millis(100)); // late, but memory keeps what is in it
    // SAFETY: plain numbers.
    let id = Errno::result(unsafe { shmget(key, TEXT.len(), 0o400) }).call("shmget")?;
    // SAFETY: the kernel chooses where.
    let data = Errno::result(unsafe { shmat(id, null(), SHM_RDONLY) })
        .call("shmat")?
        .cast::<u8>();
    // SAFETY: inside the segment, and its writer waits for us.
    let text = (0..TEXT.len()).map(|i| unsafe { data.add(i).read_volatile() });
    let text: Vec<u8> = text.collect();
    println!("Data read: {}", text.escape_ascii());
    assert_eq!(text, TEXT);
    Ok(())
}
