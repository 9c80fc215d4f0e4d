//! What is measured: the rows, in the order in which they are told.

use crate::{
    cli::{Options, Planned},
    record::{Kind, Mechanism, Payload, Waiting},
};

/// Bytes a message.
const SIZES: [usize; 7] = [8, 64, 1024, 4096, 8192, 65536, 1 << 20];
const QUICK_SIZES: [usize; 4] = [8, 1024, 8192, 65536];

/// Bytes a message of an open loop.
pub const OPEN_LOOP_SIZE: usize = 64;
/// Messages a second that are due.
pub const RATES: [u32; 3] = [10_000, 100_000, 1_000_000];

type Way = (Mechanism, Waiting, Payload);

/// Every mechanism with every way of waiting that it has, on two processors.
/// Sleeping and spinning are never compared: they are rows of their own.
const TWO_CORES: [Way; 20] = {
    use {Mechanism::*, Payload::*, Waiting::*};
    [
        (Mailbox, Spin, Copied),
        (Ring, Spin, Copied),
        (Ring, Spin, Lent),
        (Ring, SpinThenSleep, Copied),
        (Ring, Sleep, Copied),
        (Eventfd, Sleep, Copied),
        (Semaphore, Spin, Copied),
        (Semaphore, Sleep, Copied),
        (MutexCondvar, Sleep, Copied),
        (PosixQueue, Spin, Copied),
        (PosixQueue, Sleep, Copied),
        (SysvQueue, Spin, Copied),
        (SysvQueue, Sleep, Copied),
        (Pipe, Spin, Copied),
        (Pipe, Sleep, Copied),
        (UnixStream, Spin, Copied),
        (UnixStream, Sleep, Copied),
        (UnixSeqpacket, Spin, Copied),
        (UnixSeqpacket, Sleep, Copied),
        (Mailbox, Sleep, Copied),
    ]
};

/// On one processor a spinner keeps the other from running: one row of it is
/// enough to see that.
const ONE_CORE: [Way; 10] = {
    use {Mechanism::*, Payload::*, Waiting::*};
    [
        (Ring, Spin, Copied),
        (Ring, SpinThenSleep, Copied),
        (Ring, Sleep, Copied),
        (Semaphore, Sleep, Copied),
        (MutexCondvar, Sleep, Copied),
        (PosixQueue, Sleep, Copied),
        (SysvQueue, Sleep, Copied),
        (Pipe, Sleep, Copied),
        (UnixStream, Sleep, Copied),
        (UnixSeqpacket, Sleep, Copied),
    ]
};

/// A mechanism of each kind, for the tails.
const OPEN_LOOP: [Way; 5] = {
    use {Mechanism::*, Payload::*, Waiting::*};
    [
        (Ring, Spin, Copied),
        (Ring, Sleep, Copied),
        (PosixQueue, Sleep, Copied),
        (Pipe, Sleep, Copied),
        (UnixSeqpacket, Sleep, Copied),
    ]
};

/// The rows of `lab-latency`.
#[must_use]
pub fn latency(options: &Options) -> Vec<Planned> {
    let round_trips = |cores| move |way| planned(Kind::RoundTrip, way, cores, 1, sizes(options));
    let open_loop = |way| planned(Kind::OpenLoop, way, 2, 1, vec![OPEN_LOOP_SIZE]);
    let two = TWO_CORES.into_iter().map(round_trips(2));
    let one = ONE_CORE.into_iter().map(round_trips(1));
    two.chain(one)
        .chain(OPEN_LOOP.into_iter().map(open_loop))
        .collect()
}

/// The rows of `lab-throughput`: a stream has no use for a mailbox, whose two sides
/// take turns.
#[must_use]
pub fn throughput(options: &Options) -> Vec<Planned> {
    let stream = |cores| move |way| planned(Kind::Stream, way, cores, 1, sizes(options));
    let streams = |(mechanism, ..): &Way| *mechanism != Mechanism::Mailbox;
    let batched = planned(
        Kind::Stream,
        (Mechanism::Ring, Waiting::Spin, Payload::Copied),
        2,
        64,
        sizes(options)
            .into_iter()
            .filter(|size| *size <= 64)
            .collect(),
    );
    let mut rows = vec![batched];
    rows.extend(TWO_CORES.into_iter().filter(streams).map(stream(2)));
    rows.extend(ONE_CORE.into_iter().filter(streams).map(stream(1)));
    rows
}

fn sizes(options: &Options) -> Vec<usize> {
    if options.quick {
        QUICK_SIZES.to_vec()
    } else {
        SIZES.to_vec()
    }
}

fn planned(
    kind: Kind,
    (mechanism, waiting, payload): Way,
    cores: u32,
    batch: u32,
    sizes: Vec<usize>,
) -> Planned {
    Planned {
        kind,
        mechanism,
        waiting,
        payload,
        cores,
        sizes,
        batch,
    }
}
