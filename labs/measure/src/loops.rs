//! What the two processes do with a channel, timed.

use crate::{
    channel::{Channel, Lending},
    clock::now,
    fault::Fault,
    message,
};
use std::hint::black_box;

/// One end of something that is measured, as the pair of processes sees it: a
/// block of work at a time, so that the call through this table costs nothing.
pub trait End {
    /// `count` round trips from this side, messages `number`, `number + 1`, …;
    /// appends the time in nanoseconds after each of them to `times` where it is
    /// given, and of the whole in any case.
    ///
    /// # Errors
    /// The call that failed, or a message that was not what was sent.
    fn ping(
        &mut self,
        number: u64,
        count: usize,
        times: Option<&mut Vec<u64>>,
    ) -> Result<Span, Fault>;

    /// The same with one buffer each way: number and last bytes of each message are
    /// checked as they come, all bytes of the last one at the end. What a check costs
    /// is then in the figure, and what many buffers cost is not.
    ///
    /// # Errors
    /// As for `ping`.
    fn ping_tightly(&mut self, number: u64, count: usize) -> Result<Span, Fault> {
        self.ping(number, count, None)
    }

    /// The other side of it: gives every message back.
    ///
    /// # Errors
    /// The call that failed.
    fn pong(&mut self, number: u64, count: usize) -> Result<(), Fault>;

    /// Sends `count` messages, `batch` at once.
    ///
    /// # Errors
    /// The call that failed.
    fn source(&mut self, number: u64, count: usize, batch: usize) -> Result<(), Fault> {
        let _ = (number, count, batch);
        Err(one_way_only())
    }

    /// Receives `count` messages.
    ///
    /// # Errors
    /// The call that failed, or a message that was not what was sent.
    fn sink(&mut self, number: u64, count: usize) -> Result<Finish, Fault> {
        let _ = (number, count);
        Err(one_way_only())
    }

    /// Sends one message as it is.
    ///
    /// # Errors
    /// The call that failed.
    fn put(&mut self, message: &[u8]) -> Result<(), Fault> {
        let _ = message;
        Err(one_way_only())
    }

    /// Receives one message.
    ///
    /// # Errors
    /// The call that failed.
    fn get(&mut self, into: &mut [u8]) -> Result<(), Fault> {
        let _ = into;
        Err(one_way_only())
    }
}

/// A floor carries nothing, so there is nothing to send through it.
fn one_way_only() -> Fault {
    Fault::Corrupt("a bare cache line carries no message".to_owned())
}

/// A stretch of the clock, and of this process's processor time, in nanoseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Span {
    pub wall_ns: u64,
    pub cpu_ns: u64,
}

/// When a stream's last message had arrived, on the clock that both processes read,
/// and the processor time of the receiver until then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Finish {
    pub at_ns: u64,
    pub cpu_ns: u64,
}

/// Runs `work` and says when it was done.
fn finished(work: impl FnOnce() -> Result<(), Fault>) -> Result<Finish, Fault> {
    let cpu = crate::clock::processor_time();
    work()?;
    Ok(Finish {
        at_ns: now(),
        cpu_ns: crate::clock::processor_time() - cpu,
    })
}

/// Runs `work` and says how long it took.
pub(crate) fn timed(work: impl FnOnce() -> Result<(), Fault>) -> Result<Span, Fault> {
    let cpu = crate::clock::processor_time();
    let start = now();
    work()?;
    let wall_ns = now() - start;
    Ok(Span {
        wall_ns,
        cpu_ns: crate::clock::processor_time() - cpu,
    })
}

/// A channel used from private buffer to private buffer.
#[derive(Debug)]
pub struct Copied<C> {
    channel: C,
    size: usize,
    out: Vec<u8>,
    back: Vec<u8>,
}

impl<C: Channel> Copied<C> {
    pub fn new(channel: C, size: usize) -> Self {
        Self {
            channel,
            size,
            out: Vec::new(),
            back: Vec::new(),
        }
    }

    /// Messages `number` and following, ready to send, and as much room.
    fn prepare(&mut self, number: u64, count: usize) {
        let length = count * self.size;
        self.out.resize(length, 0);
        self.back.resize(length, 0);
        for (number, message) in (number..).zip(self.out.chunks_exact_mut(self.size)) {
            message::write(number, message);
        }
        self.back.fill(0);
    }

    fn check(&self, number: u64) -> Result<(), Fault> {
        (number..)
            .zip(self.back.chunks_exact(self.size))
            .try_for_each(|(number, message)| message::check(number, message))
    }
}

impl<C: Channel> End for Copied<C> {
    fn ping(
        &mut self,
        number: u64,
        count: usize,
        times: Option<&mut Vec<u64>>,
    ) -> Result<Span, Fault> {
        self.prepare(number, count);
        let Self { channel, size, .. } = self;
        let pairs = self.out.chunks_exact(*size);
        let mut pairs = pairs.zip(self.back.chunks_exact_mut(*size));
        let span = match times {
            None => timed(|| {
                pairs.try_for_each(|(out, back)| {
                    channel.send(out)?;
                    channel.receive(back)
                })
            })?,
            Some(times) => {
                times.reserve(count);
                timed(|| {
                    let mut before = now();
                    pairs.try_for_each(|(out, back)| {
                        channel.send(out)?;
                        channel.receive(back)?;
                        let after = now();
                        times.push(after - before);
                        before = after;
                        Ok(())
                    })
                })?
            }
        };
        self.check(number)?;
        Ok(span)
    }

    fn ping_tightly(&mut self, number: u64, count: usize) -> Result<Span, Fault> {
        self.prepare(number, 1);
        let Self {
            channel, out, back, ..
        } = self;
        let span = timed(|| {
            (number..).take(count).try_for_each(|number| {
                stamp(number, out);
                channel.send(out)?;
                channel.receive(back)?;
                if ends(back) == ends(out) {
                    Ok(())
                } else {
                    Err(not_what_was_sent(number))
                }
            })
        })?;
        if self.back == self.out {
            Ok(span)
        } else {
            Err(Fault::Corrupt("torn between its ends".to_owned()))
        }
    }

    fn pong(&mut self, _: u64, count: usize) -> Result<(), Fault> {
        self.back.resize(self.size, 0);
        for _ in 0..count {
            self.channel.receive(&mut self.back)?;
            self.channel.send(&self.back)?;
        }
        Ok(())
    }

    fn source(&mut self, number: u64, count: usize, batch: usize) -> Result<(), Fault> {
        // One set of buffers, filled before; the numbers are written as they go, so
        // that the check at the other end sees what is lost or out of order.
        self.out.resize(batch * self.size, 0);
        for message in self.out.chunks_exact_mut(self.size) {
            message::write(number, message);
        }
        let mut number = number;
        for _ in 0..count / batch {
            for message in self.out.chunks_exact_mut(self.size) {
                stamp(number, message);
                number += 1;
            }
            if batch == 1 {
                self.channel.send(&self.out)?;
            } else {
                self.channel.send_all(&self.out, self.size)?;
            }
        }
        Ok(())
    }

    fn sink(&mut self, number: u64, count: usize) -> Result<Finish, Fault> {
        let size = self.size;
        self.back.resize(count * size, 0);
        let Self { channel, back, .. } = self;
        let finish = finished(|| {
            back.chunks_exact_mut(size)
                .try_for_each(|message| channel.receive(message))
        })?;
        check_stream(number, &self.back[..count * size], size)?;
        Ok(finish)
    }

    fn put(&mut self, message: &[u8]) -> Result<(), Fault> {
        self.channel.send(message)
    }

    fn get(&mut self, into: &mut [u8]) -> Result<(), Fault> {
        self.channel.receive(into)
    }
}

/// The bytes between first and last word of a stream's messages are the same in
/// all of them; `number` stands at both ends.
#[inline]
pub(crate) fn stamp(number: u64, message: &mut [u8]) {
    if let Some(first) = message.first_chunk_mut() {
        *first = number.to_ne_bytes();
    }
    if let Some(last) = message.last_chunk_mut() {
        *last = number.to_ne_bytes();
    }
}

#[cold]
fn not_what_was_sent(number: u64) -> Fault {
    Fault::Corrupt(format!("not what was sent as {number}"))
}

/// First and last word, where a message has them.
#[inline]
fn ends(message: &[u8]) -> (Option<&[u8; 8]>, Option<&[u8; 8]>) {
    (message.first_chunk(), message.last_chunk())
}

/// Checks every byte of `messages`, which [`stamp`] numbered from `number` on.
///
/// # Errors
/// [`Fault::Corrupt`] with the first that is wrong.
pub(crate) fn check_stream(number: u64, messages: &[u8], size: usize) -> Result<(), Fault> {
    let mut expected = vec![0; size];
    // What lies between is that of the block's first message.
    message::write(number, &mut expected);
    for (wanted, message) in (number..).zip(messages.chunks_exact(size)) {
        stamp(wanted, &mut expected);
        if message != expected {
            return Err(Fault::Corrupt(format!(
                "message {wanted} of {size} bytes is not what was sent"
            )));
        }
    }
    Ok(())
}

/// A channel used in place: the bytes are written where they are read.
#[derive(Debug)]
pub struct Lent<L> {
    channel: L,
    size: usize,
}

impl<L: Lending> Lent<L> {
    pub fn new(channel: L, size: usize) -> Self {
        Self { channel, size }
    }

    #[inline]
    fn read(&mut self, number: u64) -> Result<(), Fault> {
        // The reading is part of the work here: there is no copy to check later.
        self.channel
            .receive_with(self.size, |bytes| message::check(number, black_box(bytes)))?
    }
}

impl<L: Lending> End for Lent<L> {
    fn ping(
        &mut self,
        number: u64,
        count: usize,
        mut times: Option<&mut Vec<u64>>,
    ) -> Result<Span, Fault> {
        timed(|| {
            let mut before = now();
            for number in (number..).take(count) {
                self.channel
                    .send_with(self.size, |bytes| message::write(number, black_box(bytes)))?;
                self.read(number)?;
                if let Some(times) = &mut times {
                    let after = now();
                    times.push(after - before);
                    before = after;
                }
            }
            Ok(())
        })
    }

    fn pong(&mut self, number: u64, count: usize) -> Result<(), Fault> {
        for number in (number..).take(count) {
            self.read(number)?;
            self.channel
                .send_with(self.size, |bytes| message::write(number, black_box(bytes)))?;
        }
        Ok(())
    }

    fn source(&mut self, number: u64, count: usize, _: usize) -> Result<(), Fault> {
        for number in (number..).take(count) {
            self.channel
                .send_with(self.size, |bytes| message::write(number, black_box(bytes)))?;
        }
        Ok(())
    }

    fn sink(&mut self, number: u64, count: usize) -> Result<Finish, Fault> {
        finished(|| {
            (number..)
                .take(count)
                .try_for_each(|number| self.read(number))
        })
    }

    fn put(&mut self, message: &[u8]) -> Result<(), Fault> {
        self.channel
            .send_with(self.size, |bytes| bytes.copy_from_slice(message))
    }

    fn get(&mut self, into: &mut [u8]) -> Result<(), Fault> {
        self.channel
            .receive_with(self.size, |bytes| into.copy_from_slice(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    /// Gives back what was sent, but for one message.
    struct Mischievous {
        under_way: VecDeque<Vec<u8>>,
        sent: usize,
        mischief: fn(&mut VecDeque<Vec<u8>>),
    }

    impl Channel for Mischievous {
        fn send(&mut self, message: &[u8]) -> Result<(), Fault> {
            self.under_way.push_back(message.to_vec());
            self.sent += 1;
            if self.sent == 5 {
                (self.mischief)(&mut self.under_way);
            }
            Ok(())
        }

        fn receive(&mut self, into: &mut [u8]) -> Result<(), Fault> {
            let message = self.under_way.pop_front().unwrap_or_default();
            into.copy_from_slice(&[message, vec![0; into.len()]].concat()[..into.len()]);
            Ok(())
        }
    }

    fn end(mischief: fn(&mut VecDeque<Vec<u8>>)) -> Copied<Mischievous> {
        let channel = Mischievous {
            under_way: VecDeque::new(),
            sent: 0,
            mischief,
        };
        Copied::new(channel, 64)
    }

    const MISCHIEFS: [fn(&mut VecDeque<Vec<u8>>); 4] = [
        // Lost.
        |messages| drop(messages.pop_back()),
        // One byte of another, in the middle.
        |messages| messages.back_mut().into_iter().for_each(|m| m[31] ^= 1),
        // The last byte.
        |messages| messages.back_mut().into_iter().for_each(|m| m[63] ^= 1),
        // Another message in its place.
        |messages| {
            messages.pop_back();
            messages.push_back(vec![7; 64]);
        },
    ];

    fn corrupt<T: std::fmt::Debug>(result: Result<T, Fault>) {
        assert!(matches!(result, Err(Fault::Corrupt(_))), "{result:?}");
    }

    #[test]
    fn a_round_trip_that_brings_something_else_is_seen() {
        for mischief in MISCHIEFS {
            corrupt(end(mischief).ping(1, 8, None));
            corrupt(end(mischief).ping(1, 8, Some(&mut Vec::new())));
        }
        assert!(end(|_| ()).ping(1, 8, None).is_ok());
        assert!(end(|_| ()).ping_tightly(1, 8).is_ok());
    }

    #[test]
    fn a_stream_that_lost_tore_or_swapped_is_seen() {
        let mut mischiefs = MISCHIEFS.to_vec();
        // Two in the wrong order, and one twice.
        mischiefs.push(|messages| messages.swap(3, 4));
        mischiefs.push(|messages| {
            let twice = messages[3].clone();
            messages.insert(3, twice);
        });
        for mischief in mischiefs {
            for batch in [1, 4] {
                let mut end = end(mischief);
                assert!(end.source(1, 8, batch).is_ok());
                corrupt(end.sink(1, 8));
            }
        }
        let mut end = end(|_| ());
        assert!(end.source(1, 8, 4).is_ok() && end.sink(1, 8).is_ok());
    }
}
