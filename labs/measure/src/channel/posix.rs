//! POSIX message queues, see mq_overview(7).

use super::{Channel, Connection, Plan, Side, spin};
use crate::{
    fault::{Fault, call},
    record::Waiting,
};
use nix::{
    errno::Errno,
    mqueue::{
        MQ_OFlag, MqAttr, MqdT, mq_attr_member_t, mq_close, mq_open, mq_receive, mq_send, mq_unlink,
    },
    sys::stat::Mode,
};
use shm_ring::Peer;

/// How many messages a queue holds: the default, or as many as two queues of large
/// messages may without meeting RLIMIT_MSGQUEUE, 819200 bytes for all queues of a
/// user.
fn capacity(size: usize) -> usize {
    const BUDGET: usize = 350_000;
    (BUDGET / size).clamp(1, 10)
}

/// Both queues, without names any more.
pub struct Open {
    queues: [Queue; 2],
    waiting: Waiting,
}

/// Closed when dropped; see mq_close(3).
pub struct Queue(Option<MqdT>);

impl Drop for Queue {
    fn drop(&mut self) {
        if let Some(queue) = self.0.take() {
            let _ = mq_close(queue);
        }
    }
}

/// # Errors
/// Those of mq_open(3).
pub fn open(plan: &Plan) -> Result<Open, Fault> {
    let queues = [queue(plan)?, queue(plan)?];
    Ok(Open {
        queues,
        waiting: plan.waiting,
    })
}

fn queue(plan: &Plan) -> Result<Queue, Fault> {
    let name = labkit::queue_name("measure");
    let mut flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR | MQ_OFlag::O_CLOEXEC;
    if plan.waiting == Waiting::Spin {
        flags |= MQ_OFlag::O_NONBLOCK;
    }
    let number = |value: usize| mq_attr_member_t::try_from(value).unwrap_or(mq_attr_member_t::MAX);
    let attributes = MqAttr::new(0, number(capacity(plan.size)), number(plan.size), 0);
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let queue = call(
        "mq_open",
        mq_open(name.as_str(), flags, mode, Some(&attributes)),
    )?;
    // The forked processes have the descriptor; nobody needs the name.
    let queue = Queue(Some(queue));
    call("mq_unlink", mq_unlink(name.as_str()))?;
    Ok(queue)
}

impl Connection for Open {
    type End = Ends;

    fn end(self, side: Side, peer: Peer) -> Result<Ends, Fault> {
        let [there, back] = self.queues;
        let (out, back) = match side {
            Side::First => (there, back),
            Side::Second => (back, there),
        };
        Ok(Ends {
            out,
            back,
            waiting: self.waiting,
            peer,
        })
    }
}

/// One end.
pub struct Ends {
    out: Queue,
    back: Queue,
    waiting: Waiting,
    peer: Peer,
}

impl Ends {
    #[inline]
    fn done(
        &self,
        name: &str,
        mut step: impl FnMut(&MqdT) -> nix::Result<()>,
        queue: &Queue,
    ) -> Result<(), Fault> {
        let Some(queue) = &queue.0 else {
            return Err(Fault::Gone);
        };
        let mut once = || match step(queue) {
            Ok(()) => Ok(true),
            Err(Errno::EAGAIN | Errno::EINTR) => Ok(false),
            Err(errno) => call(name, Err(errno)),
        };
        if self.waiting == Waiting::Spin {
            spin(&self.peer, once)
        } else {
            // A dead peer is noticed by whoever started both.
            while !once()? {}
            Ok(())
        }
    }
}

impl Channel for Ends {
    #[inline]
    fn send(&mut self, message: &[u8]) -> Result<(), Fault> {
        self.done("mq_send", |queue| mq_send(queue, message, 0), &self.out)
    }

    #[inline]
    fn receive(&mut self, into: &mut [u8]) -> Result<(), Fault> {
        let mut length = 0;
        let wanted = into.len();
        self.done(
            "mq_receive",
            |queue| {
                length = mq_receive(queue, into, &mut 0)?;
                Ok(())
            },
            &self.back,
        )?;
        if length == wanted {
            Ok(())
        } else {
            Err(Fault::Corrupt(format!(
                "{length} bytes in place of {wanted}"
            )))
        }
    }
}
