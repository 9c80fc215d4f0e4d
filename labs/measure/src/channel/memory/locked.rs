//! One slot each way in shared memory, handed over with what the C library has:
//! process-shared semaphores, or a mutex and a condition variable.

use super::{super::spin, Channel, Connection, Plan, Side, Take, map, take};
use crate::{
    fault::{Fault, call},
    record::{Mechanism, Waiting},
};
use nix::{
    errno::Errno,
    sys::time::TimeSpec,
    time::{ClockId, clock_gettime},
};
use shm_ring::{Mapping, Peer, ring::copy};
use std::{ptr::NonNull, time::Duration};

/// How long a waiter sleeps before it asks whether the other process lives.
const PATIENCE: Duration = Duration::from_millis(50);

/// What stands before the bytes of a slot.
const HEADER: usize = 256;

pub fn open(plan: &Plan) -> Result<Take, Fault> {
    let one = (HEADER + plan.size).next_multiple_of(256);
    let memory = map(2 * one)?;
    let (size, waiting) = (plan.size, plan.waiting);
    for slot in 0..2 {
        // SAFETY: inside the mapping.
        let slot = unsafe { memory.base().add(slot * one) };
        match plan.mechanism {
            Mechanism::Semaphore => Semaphores(slot).init()?,
            _ => Condition(slot).init()?,
        }
    }
    Ok(match plan.mechanism {
        Mechanism::Semaphore => take(
            size,
            Open {
                memory,
                one,
                waiting,
                kind: Semaphores,
            },
        ),
        _ => take(
            size,
            Open {
                memory,
                one,
                waiting,
                kind: Condition,
            },
        ),
    })
}

/// A slot with its locks at an address, one way.
trait Slot {
    fn init(&self) -> Result<(), Fault>;
    /// Waits until the slot is empty (`full` false) or full, and holds what must be
    /// held while its bytes are touched.
    fn begin(&self, full: bool, waiting: Waiting, peer: &Peer) -> Result<(), Fault>;
    /// Hands it over, now full or empty.
    fn end(&self, full: bool) -> Result<(), Fault>;
    fn base(&self) -> NonNull<u8>;
}

struct Open<S> {
    memory: Mapping,
    one: usize,
    waiting: Waiting,
    kind: fn(NonNull<u8>) -> S,
}

impl<S: Slot + 'static> Connection for Open<S> {
    type End = Locked<S>;

    fn end(self, side: Side, peer: Peer) -> Result<Locked<S>, Fault> {
        let base = self.memory.base();
        // SAFETY: inside the mapping.
        let other = unsafe { base.add(self.one) };
        let (out, back) = match side {
            Side::First => (base, other),
            Side::Second => (other, base),
        };
        Ok(Locked {
            out: (self.kind)(out),
            back: (self.kind)(back),
            waiting: self.waiting,
            peer,
            _memory: self.memory,
        })
    }
}

struct Locked<S> {
    out: S,
    back: S,
    waiting: Waiting,
    peer: Peer,
    _memory: Mapping,
}

impl<S: Slot> Channel for Locked<S> {
    fn send(&mut self, message: &[u8]) -> Result<(), Fault> {
        self.out.begin(false, self.waiting, &self.peer)?;
        // SAFETY: the slot has that many bytes, and between `begin` and `end` they
        // are ours alone.
        let bytes = unsafe {
            std::slice::from_raw_parts_mut(self.out.base().add(HEADER).as_ptr(), message.len())
        };
        copy(message, bytes);
        self.out.end(true)
    }

    fn receive(&mut self, into: &mut [u8]) -> Result<(), Fault> {
        self.back.begin(true, self.waiting, &self.peer)?;
        // SAFETY: as above.
        let bytes = unsafe {
            std::slice::from_raw_parts(self.back.base().add(HEADER).as_ptr(), into.len())
        };
        copy(bytes, into);
        self.back.end(false)
    }
}

/// Two counting semaphores, "empty" and "full", see sem_init(3).
struct Semaphores(NonNull<u8>);

impl Semaphores {
    fn semaphore(&self, full: bool) -> *mut libc::sem_t {
        let offset = if full { 64 } else { 0 };
        // SAFETY: inside the header, aligned; a sem_t has 32 bytes.
        unsafe { self.0.add(offset).cast().as_ptr() }
    }
}

impl Slot for Semaphores {
    fn init(&self) -> Result<(), Fault> {
        for (full, value) in [(false, 1), (true, 0)] {
            // SAFETY: fresh memory, which nobody uses yet.
            let done = unsafe { libc::sem_init(self.semaphore(full), 1, value) };
            call("sem_init", Errno::result(done))?;
        }
        Ok(())
    }

    fn begin(&self, full: bool, waiting: Waiting, peer: &Peer) -> Result<(), Fault> {
        let semaphore = self.semaphore(full);
        if waiting == Waiting::Spin {
            return spin(peer, || {
                // SAFETY: initialised before the processes were forked.
                match Errno::result(unsafe { libc::sem_trywait(semaphore) }) {
                    Err(Errno::EAGAIN) => Ok(false),
                    done => call("sem_trywait", done).map(|_| true),
                }
            });
        }
        sleep(peer, ClockId::CLOCK_REALTIME, |until| {
            // SAFETY: initialised before the processes were forked.
            match Errno::result(unsafe { libc::sem_timedwait(semaphore, until) }) {
                Err(Errno::ETIMEDOUT | Errno::EINTR) => Ok(false),
                done => call("sem_timedwait", done).map(|_| true),
            }
        })
    }

    fn end(&self, full: bool) -> Result<(), Fault> {
        // SAFETY: initialised before the processes were forked.
        call(
            "sem_post",
            Errno::result(unsafe { libc::sem_post(self.semaphore(full)) }).map(drop),
        )
    }

    fn base(&self) -> NonNull<u8> {
        self.0
    }
}

/// A mutex, a condition variable and a flag, see pthread_cond_wait(3).
struct Condition(NonNull<u8>);

impl Condition {
    fn mutex(&self) -> *mut libc::pthread_mutex_t {
        self.0.cast().as_ptr()
    }

    fn condition(&self) -> *mut libc::pthread_cond_t {
        // SAFETY: inside the header, aligned; a mutex has 40 bytes.
        unsafe { self.0.add(64).cast().as_ptr() }
    }

    /// Whether the slot is full; only under the mutex.
    fn full(&self) -> *mut bool {
        // SAFETY: inside the header; a condition variable has 48 bytes.
        unsafe { self.0.add(128).cast().as_ptr() }
    }
}

/// pthread functions return the errno.
fn pthread(name: &str, errno: i32) -> Result<(), Fault> {
    let result = match errno {
        0 => Ok(()),
        errno => Err(Errno::from_raw(errno)),
    };
    call(name, result)
}

impl Slot for Condition {
    fn init(&self) -> Result<(), Fault> {
        let shared = libc::PTHREAD_PROCESS_SHARED;
        let mut mutex = std::mem::MaybeUninit::uninit();
        let mut condition = std::mem::MaybeUninit::uninit();
        // SAFETY: attributes are initialised before use; the mutex and the condition
        // variable lie in fresh memory, which nobody uses yet.
        unsafe {
            pthread(
                "pthread_mutexattr_init",
                libc::pthread_mutexattr_init(mutex.as_mut_ptr()),
            )?;
            pthread(
                "pthread_mutexattr_setpshared",
                libc::pthread_mutexattr_setpshared(mutex.as_mut_ptr(), shared),
            )?;
            pthread(
                "pthread_mutex_init",
                libc::pthread_mutex_init(self.mutex(), mutex.as_ptr()),
            )?;
            pthread(
                "pthread_condattr_init",
                libc::pthread_condattr_init(condition.as_mut_ptr()),
            )?;
            pthread(
                "pthread_condattr_setpshared",
                libc::pthread_condattr_setpshared(condition.as_mut_ptr(), shared),
            )?;
            pthread(
                "pthread_condattr_setclock",
                libc::pthread_condattr_setclock(condition.as_mut_ptr(), libc::CLOCK_MONOTONIC),
            )?;
            pthread(
                "pthread_cond_init",
                libc::pthread_cond_init(self.condition(), condition.as_ptr()),
            )
        }
    }

    fn begin(&self, full: bool, _: Waiting, peer: &Peer) -> Result<(), Fault> {
        // SAFETY: all initialised before the processes were forked; the flag is read
        // under the mutex, which pthread_cond_timedwait gives back when it returns.
        pthread("pthread_mutex_lock", unsafe {
            libc::pthread_mutex_lock(self.mutex())
        })?;
        // SAFETY: as above.
        let there = || unsafe { self.full().read() } == full;
        if there() {
            return Ok(());
        }
        sleep(peer, ClockId::CLOCK_MONOTONIC, |until| {
            // SAFETY: as above.
            let woken =
                unsafe { libc::pthread_cond_timedwait(self.condition(), self.mutex(), until) };
            if woken != libc::ETIMEDOUT {
                pthread("pthread_cond_timedwait", woken)?;
            }
            Ok(there())
        })
    }

    fn end(&self, full: bool) -> Result<(), Fault> {
        // SAFETY: under the mutex since `begin`.
        unsafe {
            self.full().write(full);
            pthread(
                "pthread_mutex_unlock",
                libc::pthread_mutex_unlock(self.mutex()),
            )?;
            pthread(
                "pthread_cond_signal",
                libc::pthread_cond_signal(self.condition()),
            )
        }
    }

    fn base(&self) -> NonNull<u8> {
        self.0
    }
}

/// Asks `done`, which sleeps until the given time at most, until it is.
fn sleep(
    peer: &Peer,
    clock: ClockId,
    mut done: impl FnMut(&libc::timespec) -> Result<bool, Fault>,
) -> Result<(), Fault> {
    loop {
        let until =
            call("clock_gettime", clock_gettime(clock))? + TimeSpec::from_duration(PATIENCE);
        if done(until.as_ref())? {
            return Ok(());
        }
        if !peer.lives() {
            return if done(until.as_ref())? {
                Ok(())
            } else {
                Err(Fault::Gone)
            };
        }
    }
}
