//! Pipes and Unix sockets, see pipe(7) and unix(7).

use super::{Channel, Connection, Plan, Side, spin};
use crate::{
    fault::{Fault, call},
    record::{Mechanism, Waiting},
};
use nix::{
    errno::Errno,
    fcntl::{FcntlArg, OFlag, fcntl},
    sys::socket::{AddressFamily, MsgFlags, SockFlag, SockType, recv, send, socketpair},
    unistd::{pipe2, read, write},
};
use shm_ring::Peer;
use std::os::fd::{AsRawFd as _, OwnedFd};

/// What travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Bytes without boundaries: a message is read until it is whole.
    Bytes(&'static str, &'static str),
    /// Messages of their own.
    Messages,
}

/// The descriptors of both ends.
pub struct Open {
    kind: Kind,
    waiting: Waiting,
    /// For each side, what it writes to and what it reads from.
    ends: [[OwnedFd; 2]; 2],
}

/// # Errors
/// Those of pipe(2) and socketpair(2).
pub fn open(plan: &Plan) -> Result<Open, Fault> {
    let (kind, ends) = match plan.mechanism {
        Mechanism::Pipe => {
            let [there, back] = [
                call("pipe2", pipe2(OFlag::O_CLOEXEC))?,
                call("pipe2", pipe2(OFlag::O_CLOEXEC))?,
            ];
            (
                Kind::Bytes("write", "read"),
                [[there.1, back.0], [back.1, there.0]],
            )
        }
        mechanism => {
            let (kind, socket) = match mechanism {
                Mechanism::UnixStream => (Kind::Bytes("write", "read"), SockType::Stream),
                _ => (Kind::Messages, SockType::SeqPacket),
            };
            let flags = SockFlag::SOCK_CLOEXEC;
            let (a, b) = call(
                "socketpair",
                socketpair(AddressFamily::Unix, socket, None, flags),
            )?;
            let twice = |fd: OwnedFd| -> Result<[OwnedFd; 2], Fault> {
                let again = call("dup", nix::unistd::dup(&fd))?;
                Ok([fd, again])
            };
            (kind, [twice(a)?, twice(b)?])
        }
    };
    if plan.waiting == Waiting::Spin {
        for fd in ends.iter().flatten() {
            call("fcntl", fcntl(fd, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)))?;
        }
    }
    Ok(Open {
        kind,
        waiting: plan.waiting,
        ends,
    })
}

impl Connection for Open {
    type End = Stream;

    fn end(self, side: Side, peer: Peer) -> Result<Stream, Fault> {
        let [first, second] = self.ends;
        // The other side's descriptors are closed here: a reader must see the end
        // when the writer dies.
        let [out, back] = match side {
            Side::First => first,
            Side::Second => second,
        };
        Ok(Stream {
            out,
            back,
            kind: self.kind,
            waiting: self.waiting,
            peer,
        })
    }
}

/// One end.
pub struct Stream {
    out: OwnedFd,
    back: OwnedFd,
    kind: Kind,
    waiting: Waiting,
    peer: Peer,
}

impl Stream {
    /// Does `step` until it has moved something, as the way of waiting has it.
    #[inline]
    fn moved(
        &self,
        name: &str,
        mut step: impl FnMut() -> nix::Result<usize>,
    ) -> Result<usize, Fault> {
        let mut moved = 0;
        let mut once = || match step() {
            Ok(n) => {
                moved = n;
                Ok(true)
            }
            Err(Errno::EAGAIN | Errno::EINTR) => Ok(false),
            Err(errno) => call(name, Err(errno)),
        };
        if self.waiting == Waiting::Spin {
            spin(&self.peer, once)?;
        } else {
            while !once()? {}
        }
        Ok(moved)
    }
}

impl Channel for Stream {
    #[inline]
    fn send(&mut self, mut message: &[u8]) -> Result<(), Fault> {
        match self.kind {
            Kind::Bytes(name, _) => {
                while !message.is_empty() {
                    let n = self.moved(name, || write(&self.out, message))?;
                    message = &message[n..];
                }
            }
            Kind::Messages => {
                let fd = self.out.as_raw_fd();
                self.moved("send", || send(fd, message, MsgFlags::MSG_NOSIGNAL))?;
            }
        }
        Ok(())
    }

    #[inline]
    fn receive(&mut self, into: &mut [u8]) -> Result<(), Fault> {
        match self.kind {
            Kind::Bytes(_, name) => {
                let mut have = 0;
                while have < into.len() {
                    match self.moved(name, || read(&self.back, &mut into[have..]))? {
                        0 => return Err(Fault::Gone),
                        n => have += n,
                    }
                }
                Ok(())
            }
            Kind::Messages => {
                let fd = self.back.as_raw_fd();
                // MSG_TRUNC: the length that the message really had.
                match self.moved("recv", || recv(fd, into, MsgFlags::MSG_TRUNC))? {
                    0 => Err(Fault::Gone),
                    n if n == into.len() => Ok(()),
                    n => Err(Fault::Corrupt(format!(
                        "{n} bytes in place of {}",
                        into.len()
                    ))),
                }
            }
        }
    }
}
