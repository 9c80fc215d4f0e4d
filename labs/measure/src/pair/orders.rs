//! What the first process has the second do.

use crate::{
    channel::{Side, Take},
    clock::now,
    fault::{Fault, call},
    loops::{End, Finish, Span, timed},
    open_loop::{self, Arrivals, Schedule},
};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shm_ring::{Mailbox, Mapping, Peer, Wait, Waiting};
use std::{thread, time::Duration};

const CAPACITY: usize = 4096;
const OFFSET: usize = 256;
/// Two process numbers, and a mailbox for orders and answers.
pub(super) const BYTES: usize = OFFSET + Mailbox::bytes(CAPACITY);

/// One piece of work for the second process.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum Order {
    Pong {
        channel: usize,
        number: u64,
        count: usize,
    },
    Sink {
        channel: usize,
        number: u64,
        count: usize,
    },
    Arrive {
        channel: usize,
        size: usize,
    },
    Stop,
}

/// What the second process says when it has done it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Answer {
    Done(Span),
    Finished(Finish),
    Arrived(Arrivals),
}

/// What a block of messages took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Block {
    pub wall_ns: u64,
    /// Of both.
    pub cpu_ns: u64,
}

/// One of the two processes, with its end of every channel.
pub struct Lead {
    ends: Vec<Box<dyn End>>,
    /// The number of the next message of each channel.
    numbers: Vec<u64>,
    orders: Mailbox,
    wait: Wait<Peer>,
    /// How long the second process is left alone before a block of round trips.
    pause: Duration,
}

pub(super) fn take(
    shared: &Mapping,
    side: Side,
    peer: Pid,
    channels: Vec<Take>,
    cores: u32,
) -> Result<Lead, Fault> {
    let ends: Vec<_> = channels
        .into_iter()
        .map(|take| take(side, peer))
        .collect::<Result<_, _>>()?;
    // SAFETY: inside the shared mapping, which outlives this process's work; each of
    // the two processes takes one end.
    let orders = unsafe { Mailbox::at(shared.base().add(OFFSET), CAPACITY, side == Side::First) };
    let waiting = match cores {
        // Some 100 µs awake: a short check at the other end puts nobody to sleep.
        2 => Waiting::SpinThenSleep(20_000),
        _ => Waiting::Sleep,
    };
    Ok(Lead {
        numbers: vec![1; ends.len()],
        ends,
        pause: Duration::ZERO,
        orders,
        wait: Wait {
            waiting,
            kernel: call("pidfd_open", Peer::of(peer))?,
        },
    })
}

impl Lead {
    /// From now on lets the second process fall asleep before each block of round
    /// trips. It has just taken its orders, and two who are awake can go on so for
    /// long: each finds the answer there when it looks for the last time.
    pub fn let_sleep(&mut self, pause: Duration) {
        self.pause = pause;
    }

    /// `count` round trips through `channel`; the time of each in `times`, if given.
    ///
    /// # Errors
    /// What went wrong in this process.
    pub fn round_trips(
        &mut self,
        channel: usize,
        count: usize,
        times: Option<&mut Vec<u64>>,
    ) -> Result<Block, Fault> {
        let number = self.numbered(channel, count);
        self.order(&Order::Pong {
            channel,
            number,
            count,
        })?;
        if !self.pause.is_zero() {
            thread::sleep(self.pause);
        }
        let here = self.ends[channel].ping(number, count, times)?;
        let there = self.done()?;
        Ok(Block {
            wall_ns: here.wall_ns,
            cpu_ns: here.cpu_ns + there.cpu_ns,
        })
    }

    /// As [`Lead::round_trips`], with [`End::ping_tightly`].
    ///
    /// # Errors
    /// What went wrong in this process.
    pub fn tight_round_trips(&mut self, channel: usize, count: usize) -> Result<Block, Fault> {
        let number = self.numbered(channel, count);
        self.order(&Order::Pong {
            channel,
            number,
            count,
        })?;
        let here = self.ends[channel].ping_tightly(number, count)?;
        let there = self.done()?;
        Ok(Block {
            wall_ns: here.wall_ns,
            cpu_ns: here.cpu_ns + there.cpu_ns,
        })
    }

    /// `count` messages through `channel` to the second process, `batch` at once. The
    /// time is that from the first departure to the last arrival.
    ///
    /// # Errors
    /// What went wrong in this process.
    pub fn stream(&mut self, channel: usize, count: usize, batch: usize) -> Result<Block, Fault> {
        let number = self.numbered(channel, count);
        self.order(&Order::Sink {
            channel,
            number,
            count,
        })?;
        let start = now();
        let end = &mut self.ends[channel];
        let here = timed(|| end.source(number, count, batch))?;
        match self.answer()? {
            Answer::Finished(there) => Ok(Block {
                wall_ns: there.at_ns.saturating_sub(start),
                cpu_ns: here.cpu_ns + there.cpu_ns,
            }),
            _ => Err(Fault::Gone),
        }
    }

    /// Messages at the times of `schedule`, whatever happens.
    ///
    /// # Errors
    /// What went wrong in this process.
    pub fn open_loop(&mut self, channel: usize, schedule: &Schedule) -> Result<Arrivals, Fault> {
        self.order(&Order::Arrive {
            channel,
            size: schedule.size,
        })?;
        let here = open_loop::depart(&mut *self.ends[channel], schedule)?;
        match self.answer()? {
            Answer::Arrived(arrivals) => Ok(Arrivals {
                seconds: here.wall_ns as f64 / 1e9,
                cpu_ns: arrivals.cpu_ns + here.cpu_ns,
                ..arrivals
            }),
            _ => Err(Fault::Gone),
        }
    }

    fn numbered(&mut self, channel: usize, count: usize) -> u64 {
        let number = self.numbers[channel];
        self.numbers[channel] += count as u64;
        number
    }

    fn order(&mut self, order: &Order) -> Result<(), Fault> {
        say(&mut self.orders, &self.wait, order)
    }

    fn answer(&mut self) -> Result<Answer, Fault> {
        hear(&mut self.orders, &self.wait)
    }

    fn done(&mut self) -> Result<Span, Fault> {
        match self.answer()? {
            Answer::Done(span) => Ok(span),
            _ => Err(Fault::Gone),
        }
    }

    /// Has the second process end; it would notice the first one's end, too.
    pub(super) fn stop(&mut self) -> Result<(), Fault> {
        self.order(&Order::Stop)
    }

    /// The second process's whole work.
    pub(super) fn obey(&mut self) -> Result<(), Fault> {
        loop {
            let order = hear(&mut self.orders, &self.wait)?;
            let answer = match order {
                Order::Stop => return Ok(()),
                Order::Pong {
                    channel,
                    number,
                    count,
                } => {
                    let end = &mut self.ends[channel];
                    Answer::Done(timed(|| end.pong(number, count))?)
                }
                Order::Sink {
                    channel,
                    number,
                    count,
                } => Answer::Finished(self.ends[channel].sink(number, count)?),
                Order::Arrive { channel, size } => {
                    Answer::Arrived(open_loop::arrive(&mut *self.ends[channel], size)?)
                }
            };
            say(&mut self.orders, &self.wait, &answer)?;
        }
    }
}

/// Words travel as JSON with their length before them: some microseconds, outside of
/// what is timed.
fn say(orders: &mut Mailbox, wait: &Wait<Peer>, words: &impl Serialize) -> Result<(), Fault> {
    let text = serde_json::to_vec(words).unwrap_or_default();
    let mut turn = orders.wait(wait)?;
    turn[..4].copy_from_slice(&u32::try_from(text.len()).unwrap_or(0).to_ne_bytes());
    turn[4..4 + text.len()].copy_from_slice(&text);
    turn.pass(wait);
    Ok(())
}

fn hear<T: DeserializeOwned>(orders: &mut Mailbox, wait: &Wait<Peer>) -> Result<T, Fault> {
    let turn = orders.wait(wait)?;
    let length = turn
        .first_chunk()
        .map_or(0, |bytes| u32::from_ne_bytes(*bytes)) as usize;
    let text = turn.get(4..4 + length).unwrap_or_default();
    serde_json::from_slice(text).map_err(|error| Fault::Corrupt(error.to_string()))
}
