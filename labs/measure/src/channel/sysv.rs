//! System V message queues, see sysvipc(7).

use super::{Channel, Connection, Plan, Side, spin};
use crate::{
    fault::{Fault, call},
    record::Waiting,
};
use labkit::SysV;
use nix::errno::Errno;
use shm_ring::Peer;
use std::mem::{ManuallyDrop, MaybeUninit};

/// Both queues.
pub struct Open {
    queues: [Queue; 2],
    waiting: Waiting,
}

/// A queue, by its identifier; removed when dropped. The process that made it keeps
/// it until both ends are done: a queue that is removed is gone at once.
pub struct Queue(libc::c_int);

impl Drop for Queue {
    fn drop(&mut self) {
        // SAFETY: IPC_RMID takes no argument.
        unsafe { libc::msgctl(self.0, libc::IPC_RMID, std::ptr::null_mut()) };
    }
}

/// # Errors
/// Those of msgget(2).
pub fn open(plan: &Plan) -> Result<Open, Fault> {
    Ok(Open {
        queues: [queue(plan.size)?, queue(plan.size)?],
        waiting: plan.waiting,
    })
}

/// Ten messages, as in a POSIX queue, but no less than what every queue has room for
/// by default (msgmnb).
fn capacity(size: usize) -> libc::msglen_t {
    const DEFAULT: usize = 16384;
    (10 * size).max(DEFAULT) as libc::msglen_t
}

fn queue(size: usize) -> Result<Queue, Fault> {
    let flags = libc::IPC_CREAT | libc::IPC_EXCL | 0o600;
    // SAFETY: plain numbers.
    let id = Errno::result(unsafe { libc::msgget(labkit::sysv_key(SysV::Queue), flags) });
    let queue = call("msgget", id).map(Queue)?;
    let mut about = MaybeUninit::<libc::msqid_ds>::uninit();
    // SAFETY: IPC_STAT fills it in, IPC_SET reads it.
    unsafe {
        let stat = libc::msgctl(queue.0, libc::IPC_STAT, about.as_mut_ptr());
        call("msgctl", Errno::result(stat))?;
        let about = about.assume_init_mut();
        // In a namespace with raised limits a queue would else hold millions.
        about.msg_qbytes = about.msg_qbytes.min(capacity(size));
        let set = libc::msgctl(queue.0, libc::IPC_SET, about);
        call("msgctl", Errno::result(set))?;
    }
    Ok(queue)
}

impl Connection for Open {
    type End = Ends;

    fn end(self, side: Side, peer: Peer) -> Result<Ends, Fault> {
        // This process only uses them.
        let [there, back] = self.queues.map(|queue| ManuallyDrop::new(queue).0);
        let (out, back) = match side {
            Side::First => (there, back),
            Side::Second => (back, there),
        };
        Ok(Ends {
            out,
            back,
            waiting: self.waiting,
            peer,
            message: Vec::new(),
        })
    }
}

/// One end.
pub struct Ends {
    out: libc::c_int,
    back: libc::c_int,
    waiting: Waiting,
    peer: Peer,
    /// The type, a `long`, and the text behind it, as msgsnd(2) wants them.
    message: Vec<libc::c_long>,
}

impl Ends {
    fn flags(&self) -> libc::c_int {
        if self.waiting == Waiting::Spin {
            libc::IPC_NOWAIT
        } else {
            0
        }
    }

    #[inline]
    fn done(
        peer: &Peer,
        waiting: Waiting,
        name: &str,
        mut step: impl FnMut() -> isize,
    ) -> Result<usize, Fault> {
        let mut moved = 0;
        let mut once = || match Errno::result(step()) {
            Ok(n) => {
                moved = n.cast_unsigned();
                Ok(true)
            }
            Err(Errno::EAGAIN | Errno::ENOMSG | Errno::EINTR) => Ok(false),
            Err(errno) => call(name, Err(errno)),
        };
        if waiting == Waiting::Spin {
            spin(peer, once)?;
        } else {
            // A dead peer is noticed by whoever started both.
            while !once()? {}
        }
        Ok(moved)
    }

    /// Room for `length` bytes of text.
    fn room(&mut self, length: usize) {
        let words = 1 + length.div_ceil(size_of::<libc::c_long>());
        if self.message.len() < words {
            self.message.resize(words, 0);
        }
    }
}

impl Channel for Ends {
    #[inline]
    fn send(&mut self, message: &[u8]) -> Result<(), Fault> {
        self.room(message.len());
        self.message[0] = 1;
        let (id, flags) = (self.out, self.flags());
        let text = self.message[1..].as_mut_ptr().cast::<u8>();
        // SAFETY: `room` made it large enough; the two do not overlap.
        unsafe { text.copy_from_nonoverlapping(message.as_ptr(), message.len()) };
        let pointer = self.message.as_ptr().cast();
        Self::done(&self.peer, self.waiting, "msgsnd", || {
            // SAFETY: a type and `message.len()` bytes behind it.
            unsafe { libc::msgsnd(id, pointer, message.len(), flags) as isize }
        })
        .map(drop)
    }

    #[inline]
    fn receive(&mut self, into: &mut [u8]) -> Result<(), Fault> {
        let length = into.len();
        self.room(length);
        let (id, flags) = (self.back, self.flags());
        let pointer = self.message.as_mut_ptr().cast();
        let got = Self::done(&self.peer, self.waiting, "msgrcv", || {
            // SAFETY: room for a type and `length` bytes behind it.
            unsafe { libc::msgrcv(id, pointer, length, 0, flags) }
        })?;
        if got != length {
            return Err(Fault::Corrupt(format!("{got} bytes in place of {length}")));
        }
        let text = self.message[1..].as_ptr().cast::<u8>();
        // SAFETY: received so many bytes there; the two do not overlap.
        unsafe { into.as_mut_ptr().copy_from_nonoverlapping(text, length) };
        Ok(())
    }
}
