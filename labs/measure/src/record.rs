//! What one run measured, as it is written to a file and read again.
//!
//! Times are in nanoseconds, sizes in bytes, rates per second. What was not
//! measured is `null`, so that every result has the same keys.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of this format; another one is not read.
pub const VERSION: u32 = 1;

/// One run of `lab-latency` or `lab-throughput`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// `lab-latency` or `lab-throughput`.
    pub lab: String,
    /// Of this format.
    pub version: u32,
    /// Whether `--quick` was asked for.
    pub quick: bool,
    /// When it began, such as `2026-11-24T13:40:00Z`.
    pub date: String,
    pub seconds: f64,
    pub machine: Machine,
    /// Whether limits were raised in a private IPC namespace.
    pub raised: bool,
    pub remarks: Vec<Remark>,
    pub floors: Floors,
    pub results: Vec<Outcome>,
}

/// Where it was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// Such as `Linux 6.18.44`.
    pub kernel: String,
    /// Such as `x86_64`.
    pub architecture: String,
    /// The processor's own name.
    pub processor: String,
    /// How many the run could use, see sched_getaffinity(2).
    pub processors: usize,
    /// Whether a hypervisor is below.
    pub virtual_machine: bool,
    pub clock: Clock,
    /// The machine's own limits on messages, by the name of the file below
    /// `/proc/sys`, such as `fs/mqueue/msgsize_max`.
    pub limits: BTreeMap<String, u64>,
}

/// The clock that timed it, CLOCK_MONOTONIC, see clock_gettime(2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// The kernel's clock source, such as `tsc` or `kvm-clock`.
    pub source: String,
    /// What one reading costs.
    pub cost_ns: f64,
    /// The smallest step seen.
    pub step_ns: f64,
}

/// What a reader must know before believing the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remark {
    /// There is one processor: nothing was measured on two.
    OneCore,
    /// The floors of most rounds were unlike: something took the processors away.
    Busy,
    /// The processes could not be pinned to a processor.
    NotPinned,
    /// The clock is not one that every processor reads alike and cheaply.
    SlowClock,
    /// The machine's limits could not be raised in a private namespace.
    NotRaised,
    /// The run was ended before it was complete.
    Interrupted,
}

/// What this machine cannot go below.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Floors {
    /// There and back of one cache line between two processors, spinning.
    pub one_line_ns: Option<f64>,
    /// The same with a line for each direction.
    pub two_lines_ns: Option<f64>,
    /// There and back between two processes on one processor, each yielding to
    /// the other, see sched_yield(2).
    pub yield_ns: Option<f64>,
    /// A system call that does nothing.
    pub system_call_ns: Option<f64>,
    /// Copying so many bytes within one process, by size.
    pub memcpy_ns: BTreeMap<usize, f64>,
    /// Handing over one buffer after another behind one flag, a buffer, by size.
    pub stream_ns: BTreeMap<usize, f64>,
}

/// One row: one mechanism, one way of waiting, one size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub kind: Kind,
    pub mechanism: Mechanism,
    pub waiting: Waiting,
    pub payload: Payload,
    /// How many processors the two processes had, 1 or 2.
    pub cores: u32,
    pub size: usize,
    /// How many messages are published at once; 1 but for streams.
    pub batch: u32,
    /// Messages that were timed, all of them checked.
    pub messages: u64,
    /// There and back (`kind` round-trip). Below 2 µs each sample is the mean of a
    /// block.
    #[serde(flatten)]
    pub times: Times,
    /// Streams.
    pub messages_per_second: Option<f64>,
    pub bytes_per_second: Option<f64>,
    /// Open loop only.
    pub open_loop: Option<OpenLoop>,
    /// Processor time of both processes together, a message.
    pub cpu_ns: Option<f64>,
    /// The floor taken between this row's own blocks: `two-lines`, `yield` or
    /// `stream`.
    pub floor: Option<Floor>,
    pub floor_ns: Option<f64>,
    /// p50, or the time of a message in a stream, as a multiple of the floor.
    pub times_floor: Option<f64>,
    /// What the machine's own limits answer where this row was measured only
    /// because they were raised in a private namespace.
    pub limit: Option<Refusal>,
    /// Why there is no figure.
    pub failed: Option<Failed>,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    RoundTrip,
    Stream,
    OpenLoop,
}

/// A way for two processes to talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mechanism {
    /// Shared memory: one slot behind one flag.
    Mailbox,
    /// Shared memory: a ring of slots.
    Ring,
    /// Shared memory and two process-shared semaphores, see sem_overview(7).
    Semaphore,
    /// Shared memory, a process-shared mutex and condition variables.
    MutexCondvar,
    /// The ring with an eventfd(2) as its bell.
    Eventfd,
    /// A POSIX message queue, see mq_overview(7).
    PosixQueue,
    /// A System V message queue, see sysvipc(7).
    SysvQueue,
    /// pipe(7).
    Pipe,
    /// A unix(7) socket pair, SOCK_STREAM.
    UnixStream,
    /// A unix(7) socket pair, SOCK_SEQPACKET.
    UnixSeqpacket,
}

/// What a process does while there is nothing for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waiting {
    /// Asks again and again without sleeping.
    Spin,
    /// Sleeps in the kernel.
    Sleep,
    /// Asks for a short while, then sleeps.
    SpinThenSleep,
}

/// Whether the bytes are copied in and out, or written and read in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Payload {
    Copied,
    Lent,
}

/// The floor that a row is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Floor {
    TwoLines,
    Yield,
    Stream,
}

/// Percentiles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Times {
    pub p50_ns: Option<f64>,
    pub p99_ns: Option<f64>,
    pub p999_ns: Option<f64>,
    pub max_ns: Option<f64>,
}

/// One-way times at a rate that the sender keeps whatever happens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenLoop {
    /// Messages a second that were due.
    pub rate: f64,
    /// Messages a second that went.
    pub reached: f64,
    /// Counted from the moment at which the sender got round to it.
    pub naive: Times,
    /// Counted from the moment at which the message was due.
    pub corrected: Times,
}

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Such as `mq_open`.
    pub call: String,
    pub errno: Errno,
}

/// An errno: number, name, and the C library's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errno {
    pub number: i32,
    pub name: String,
    pub text: String,
}

/// Why a row has no figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failed {
    /// The kernel refused.
    Refused(Refusal),
    /// A message was lost, out of order, or not what was sent.
    Corrupt(String),
    /// One of the two processes was killed by this signal.
    Killed(String),
    /// It took longer than it may.
    TimedOut,
}
