//! A failed call: its name and the errno it gave, kept together.

use nix::errno::Errno;
use std::{fmt, io};

/// What a lab's program returns.
pub type Result<T = ()> = std::result::Result<T, Failure>;

/// One call that failed, and how. See errno(3).
#[derive(Clone, PartialEq, Eq)]
pub struct Failure {
    /// The call as its man page names it, such as `mq_send`.
    pub call: &'static str,
    /// What the call itself answered.
    pub errno: Errno,
}

/// `mq_send: EMSGSIZE: Message too long (90)`: every part is looked up from the
/// errno that the call gave, so that no program can print one it hopes for.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { call, errno } = self;
        write!(f, "{call}: {errno:?}: {} ({})", text(*errno), *errno as i32)
    }
}

/// The same as `Display`: a program pasted into a file of its own then ends with
/// `Error: mq_send: EMSGSIZE: …`.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Failure {}

/// What strerror(3) says, as in a shell or from perror(3): nix has texts of its own,
/// such as "Try again" for EAGAIN, and nobody would find those in a search.
#[must_use]
pub fn text(errno: Errno) -> String {
    let number = errno as i32;
    let text = io::Error::from_raw_os_error(number).to_string();
    let bare = text.strip_suffix(&format!(" (os error {number})"));
    bare.unwrap_or(&text).to_owned()
}

/// Names the call whose result this is: `mq_send(…).call("mq_send")?`.
pub trait Call<T> {
    /// The value, or a [`Failure`] that carries `call` and the errno.
    fn call(self, call: &'static str) -> Result<T>;
}

impl<T> Call<T> for nix::Result<T> {
    fn call(self, call: &'static str) -> Result<T> {
        self.map_err(|errno| Failure { call, errno })
    }
}
