//! A hundred million messages of random lengths through rings of random shapes
//! between two processes, one of which is killed at a random moment, again and again.
//!
//! The receiver checks every byte. Whoever is left must notice, must have read all
//! that was sent, and must have read nothing else. `STRESS_SEED=N` repeats a run,
//! `STRESS_MESSAGES=N` makes it longer or shorter.
#![cfg(not(loom))]

use nix::{
    sys::{
        signal::{Signal, kill},
        wait::{WaitStatus, waitpid},
    },
    unistd::{ForkResult, Pid, fork},
};
use shm_ring::{Gone, Layout, Mapping, Peer, Ring, Wait, Waiting};
use std::{
    env, process,
    ptr::NonNull,
    sync::atomic::{AtomicI32, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

const MESSAGES: u64 = 100_000_000;
/// How long a survivor may take to notice, at the median.
const NOTICE: Duration = Duration::from_millis(100);

/// Exit statuses of the two processes.
const NOTICED: i32 = 10;
const TORN: i32 = 11;
const DISORDER: i32 = 12;
const LOST: i32 = 13;

fn main() {
    let number = |name: &str, default| {
        let value = env::var(name).ok();
        value.map_or(default, |value| value.parse().expect(name))
    };
    let seed = number("STRESS_SEED", u64::from(process::id()));
    let wanted = number("STRESS_MESSAGES", MESSAGES);
    println!("STRESS_SEED={seed}");
    let mut random = Random(seed);
    let (mut messages, mut notices, mut rounds) = (0, Vec::new(), [0, 0]);
    while messages < wanted {
        let round = Round::new(&mut random);
        let kills_sender = random.below(2) == 0;
        let (received, noticed) = round.run(kills_sender, &mut random);
        messages += received;
        rounds[usize::from(kills_sender)] += 1;
        notices.push(noticed);
    }
    notices.sort();
    let median = notices[notices.len() / 2];
    println!(
        "{messages} messages; receiver killed {} times, sender {} times; \
         noticed after {median:?} at the median, {:?} at most",
        rounds[0],
        rounds[1],
        notices.last().copied().unwrap_or_default(),
    );
    assert!(median <= NOTICE, "a survivor noticed only after {median:?}");
}

/// SplitMix64: the same numbers in both processes.
#[derive(Clone, Copy)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// What both processes look at besides the ring.
struct Counters(NonNull<u8>);

impl Counters {
    fn word(&self, place: usize) -> &AtomicU64 {
        // SAFETY: inside a page of shared memory, aligned.
        unsafe { AtomicU64::from_ptr(self.0.add(place * 256).cast().as_ptr()) }
    }

    /// Messages committed.
    fn sent(&self) -> &AtomicU64 {
        self.word(0)
    }

    fn received(&self) -> &AtomicU64 {
        self.word(1)
    }

    /// The process number of sender (0) or receiver (1).
    fn pid(&self, which: usize) -> &AtomicI32 {
        // SAFETY: as above.
        unsafe { AtomicI32::from_ptr(self.0.add((2 + which) * 256).cast().as_ptr()) }
    }
}

struct Round {
    layout: Layout,
    waiting: Waiting,
    seed: u64,
    counters: Mapping,
    memory: Mapping,
}

impl Round {
    fn new(random: &mut Random) -> Self {
        let slots = 1 << random.below(11);
        let capacity = [8, 48, 64, 200, 1500][random.below(5) as usize];
        let layout = Layout::new(slots, capacity).expect("a small ring");
        let waiting = match random.below(4) {
            0 => Waiting::Sleep,
            1 => Waiting::SpinThenSleep(100),
            _ => Waiting::Spin,
        };
        Self {
            layout,
            waiting,
            seed: random.next(),
            counters: Mapping::anonymous(4096).expect("mmap"),
            memory: Mapping::anonymous(layout.bytes()).expect("mmap"),
        }
    }

    /// Gives how many messages arrived, and how long the survivor took to notice.
    fn run(&self, kills_sender: bool, random: &mut Random) -> (u64, Duration) {
        let counters = Counters(self.counters.base());
        let roles: [fn(&Self, Wait<Peer>) -> i32; 2] = [Self::send, Self::receive];
        let children: Vec<_> = (0..2)
            .map(|which| {
                // SAFETY: this process has one thread.
                match unsafe { fork() }.expect("fork") {
                    ForkResult::Parent { child } => {
                        counters.pid(which).store(child.as_raw(), Ordering::Release);
                        child
                    }
                    ForkResult::Child => {
                        let _ = nix::sys::prctl::set_pdeathsig(Signal::SIGKILL);
                        let wait = Wait {
                            waiting: self.waiting,
                            kernel: Peer::of(other(&counters, which)).expect("pidfd_open"),
                        };
                        process::exit(roles[which](self, wait));
                    }
                }
            })
            .collect();
        thread::sleep(Duration::from_micros(1 + random.below(400_000)));
        let (victim, survivor) = if kills_sender {
            (children[0], children[1])
        } else {
            (children[1], children[0])
        };
        kill(victim, Signal::SIGKILL).expect("kill");
        let start = Instant::now();
        let status = waitpid(survivor, None).expect("waitpid");
        let noticed = start.elapsed();
        let _ = waitpid(victim, None);
        assert_eq!(
            status,
            WaitStatus::Exited(survivor, NOTICED),
            "sender killed: {kills_sender}, {:?}, {:?}",
            self.layout,
            self.waiting
        );
        (counters.received().load(Ordering::Acquire), noticed)
    }

    fn ring(&self) -> Ring {
        // SAFETY: fresh memory of that size; one process sends, one receives.
        unsafe { Ring::at(self.memory.base(), self.layout) }
    }

    /// The length of message `number`, the same for both.
    fn length(&self, number: u64) -> usize {
        let bound = self.layout.capacity() as u64 + 1;
        Random(self.seed ^ number).below(bound) as usize
    }

    fn send(&self, wait: Wait<Peer>) -> i32 {
        let counters = Counters(self.counters.base());
        let mut sender = self.ring().sender();
        for number in 0.. {
            let Ok(mut loan) = sender.lend_or_wait(self.length(number), &wait) else {
                return NOTICED;
            };
            write(number, &mut loan);
            loan.commit();
            sender.ring(&wait);
            counters.sent().store(number + 1, Ordering::Release);
        }
        LOST
    }

    fn receive(&self, wait: Wait<Peer>) -> i32 {
        let counters = Counters(self.counters.base());
        let mut receiver = self.ring().receiver();
        for number in 0.. {
            let told = match receiver.receive_or_wait(&wait) {
                Ok(message) if message.len() != self.length(number) => return DISORDER,
                Ok(message) if !is(number, &message) => return TORN,
                Ok(message) => message.release(),
                // It had committed that many at least before it was killed.
                Err(Gone) if number < counters.sent().load(Ordering::Acquire) => return LOST,
                Err(Gone) => return NOTICED,
            };
            if told {
                receiver.ring(&wait);
            }
            counters.received().store(number + 1, Ordering::Release);
        }
        LOST
    }
}

fn other(counters: &Counters, which: usize) -> Pid {
    loop {
        match counters.pid(1 - which).load(Ordering::Acquire) {
            0 => thread::yield_now(),
            pid => return Pid::from_raw(pid),
        }
    }
}

/// Every byte follows from the number and its place.
fn byte(number: u64, place: usize) -> u8 {
    (number as u8).wrapping_mul(31).wrapping_add(place as u8) ^ (number >> 8) as u8
}

fn write(number: u64, message: &mut [u8]) {
    for (place, slot) in message.iter_mut().enumerate() {
        *slot = byte(number, place);
    }
}

fn is(number: u64, message: &[u8]) -> bool {
    let wrong = message.iter().enumerate().fold(0, |wrong, (place, seen)| {
        wrong | (seen ^ byte(number, place))
    });
    wrong == 0
}
