//! Whether the process at the other end still lives.

use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    unistd::Pid,
};
use std::os::fd::{AsFd as _, FromRawFd as _, OwnedFd};

/// Another process, held by a descriptor that no later process can be mistaken
/// for, see pidfd_open(2).
#[derive(Debug)]
pub struct Peer(OwnedFd);

impl Peer {
    /// # Errors
    /// Those of pidfd_open(2): ESRCH where it has died and been waited for already.
    pub fn of(pid: Pid) -> nix::Result<Self> {
        // SAFETY: plain numbers.
        let fd = Errno::result(unsafe { libc::syscall(libc::SYS_pidfd_open, pid.as_raw(), 0) })?;
        // SAFETY: new, and nobody else's.
        Ok(Self(unsafe { OwnedFd::from_raw_fd(fd as i32) }))
    }

    /// Asks the kernel: some 200 ns, so not at every turn of a spinning loop.
    #[must_use]
    pub fn lives(&self) -> bool {
        let mut fds = [PollFd::new(self.0.as_fd(), PollFlags::POLLIN)];
        // Readable as soon as it has ended.
        poll(&mut fds, PollTimeout::ZERO) == Ok(0)
    }
}
