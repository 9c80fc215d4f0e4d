//! Many processes around one queue that has room for two, with the very
//! function by which `send/fixed.rs` sends.

#[path = "../src/send/fixed.rs"]
#[allow(dead_code, reason = "only its send_patiently is tried here")]
mod fixed;

use labkit::testing::Bin;
use nix::{
    errno::Errno,
    mqueue::{MQ_OFlag, MqAttr, MqdT, mq_open, mq_receive, mq_unlink},
    sys::{
        mman::{MapFlags, ProtFlags, mmap_anonymous},
        stat::Mode,
        wait::{WaitStatus, waitpid},
    },
    unistd::{ForkResult, Pid, fork, getpid},
};
use std::{
    num::NonZeroUsize,
    sync::atomic::{AtomicU8, Ordering},
};

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-eagain-full"));

const PRODUCERS: usize = 4;
const CONSUMERS: usize = 2;
const EACH: usize = 25_000;

#[test]
fn careless_producers_lose_orders() {
    let run = LAB
        .run(["broken", "crowd"])
        .shows("mq_receive", Errno::EAGAIN);
    let arrived = run
        .program_output()
        .split_whitespace()
        .find_map(|word| word.parse::<usize>().ok());
    assert!(arrived.expect("a number") < PRODUCERS * EACH, "{run:?}");
}

#[test]
fn patient_producers_lose_none() {
    let run = LAB.run(["fixed", "crowd"]).works();
    assert!(run.program_output().contains("all 100000"), "{run:?}");
}

/// One of four producers is killed: the consumer waits for a second, not for ever.
#[test]
fn without_a_producer_it_ends_by_itself() {
    let run = LAB.run_bereft(["fixed", "crowd"]).ends("errno", 1);
    assert_eq!(run.record["call"], "mq_receive", "{run:?}");
    assert_eq!(run.record["errno"]["number"], Errno::EAGAIN as i32);
}

/// A program stands whole in each case; so this function stands twice.
#[test]
fn both_programs_send_alike() {
    let function = |program: &'static str| {
        let (_, rest) = program
            .split_once("fn send_patiently")
            .expect("it is there");
        rest.split_once("\n}\n").expect("it ends").0
    };
    assert_eq!(
        function(include_str!("../src/send/fixed.rs")),
        function(include_str!("../src/crowd/fixed.rs"))
    );
}

/// 100,000 messages from 4 producers to 2 consumers: none is lost, none comes
/// twice, and each consumer sees each producer's in their order.
#[test]
fn a_hundred_thousand_through_room_for_two() {
    let name = format!("/lab-eagain-full-crowd-{}", getpid());
    let flags = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
    let (mode, attr) = (Mode::S_IRUSR | Mode::S_IWUSR, MqAttr::new(0, 2, 8, 0));
    // Consumers wait; the flag of the producers is their own.
    let waiting = mq_open(name.as_str(), flags, mode, Some(&attr)).expect("a queue");
    let flags = MQ_OFlag::O_WRONLY | MQ_OFlag::O_NONBLOCK;
    let impatient = mq_open(name.as_str(), flags, Mode::empty(), None);
    mq_unlink(name.as_str()).expect("unlinked");
    let impatient = impatient.expect("the same queue");

    let taken = tally();
    let start = |work: &dyn Fn()| {
        // SAFETY: the child neither takes locks that a thread of the test
        // harness could hold, nor returns: it ends by _exit(2).
        match unsafe { fork() }.expect("a process") {
            ForkResult::Parent { child } => child,
            ForkResult::Child => {
                // SAFETY: a test that went wrong ends, too, and everybody with it.
                unsafe { libc::alarm(60) };
                let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
                // SAFETY: ends this process at once.
                unsafe { libc::_exit(i32::from(outcome.is_err())) }
            }
        }
    };
    let consumers = [(); CONSUMERS].map(|()| start(&|| consume(&waiting, taken)));
    let producers: [Pid; PRODUCERS] =
        std::array::from_fn(|producer| start(&|| produce(&impatient, producer)));
    let well = |pid: Pid| waitpid(pid, None) == Ok(WaitStatus::Exited(pid, 0));
    let sent = producers.map(well);
    // Last in, last out: for each consumer, an empty message that ends it.
    let ended = consumers.map(|_| fixed::send_patiently(&impatient, b"").is_ok());
    let received = consumers.map(well);

    assert_eq!(sent, [true; PRODUCERS], "a producer failed");
    assert_eq!((ended, received), ([true; CONSUMERS], [true; CONSUMERS]));
    let times: Vec<_> = taken.iter().map(|n| n.load(Ordering::Relaxed)).collect();
    let count = |many: u8| times.iter().filter(|n| **n == many).count();
    assert_eq!((count(0), count(1)), (0, PRODUCERS * EACH), "lost, once");
}

fn produce(queue: &MqdT, producer: usize) {
    for number in 0..EACH {
        let order = (producer * EACH + number) as u64;
        fixed::send_patiently(queue, &order.to_le_bytes()).expect("sent");
    }
}

fn consume(queue: &MqdT, taken: &[AtomicU8]) {
    let (mut order, mut last) = ([0; 8], [None; PRODUCERS]);
    while mq_receive(queue, &mut order, &mut 0).expect("received") > 0 {
        let order = u64::from_le_bytes(order) as usize;
        let before = last[order / EACH].replace(order);
        assert!(before < Some(order), "{before:?} came before {order}");
        taken[order].fetch_add(1, Ordering::Relaxed);
    }
}

/// How many times each order was taken, in memory that forked processes share.
fn tally() -> &'static [AtomicU8] {
    let length = NonZeroUsize::new(PRODUCERS * EACH).expect("not 0");
    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: anonymous memory is full of zeros, is never unmapped here, and an
    // atomic byte is good at any address.
    unsafe {
        let memory = mmap_anonymous(None, length, protection, MapFlags::MAP_SHARED);
        let first = memory.expect("memory").cast::<AtomicU8>();
        std::slice::from_raw_parts(first.as_ptr(), length.get())
    }
}
