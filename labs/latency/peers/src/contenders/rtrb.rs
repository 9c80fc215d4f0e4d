//! rtrb: a ring on the heap, between two threads of one process.

use super::{Follow, Lead};
use crate::payload;
use rtrb::{Consumer, Producer, RingBuffer};
use std::mem::MaybeUninit;

/// One by one, as its front page shows.
pub struct OneByOne<End>(End);

/// Many at once, written and read in place.
pub struct Chunks<End>(End, usize);

/// Both ends of a ring that holds `capacity` messages.
pub fn one_by_one(capacity: usize) -> (OneByOne<Producer<u64>>, OneByOne<Consumer<u64>>) {
    let (producer, consumer) = RingBuffer::new(capacity);
    (OneByOne(producer), OneByOne(consumer))
}

/// The same in chunks of at most `chunk` messages.
pub fn chunks(capacity: usize, chunk: usize) -> (Chunks<Producer<u64>>, Chunks<Consumer<u64>>) {
    let (producer, consumer) = RingBuffer::new(capacity);
    (Chunks(producer, chunk), Chunks(consumer, chunk))
}

impl Lead for OneByOne<Producer<u64>> {
    fn lead(&mut self, first: u64, count: u64) -> bool {
        for sequence in first..first + count {
            let mut word = [MaybeUninit::uninit()];
            payload::write(&mut word, sequence);
            // SAFETY: `write` has just written it.
            let word = unsafe { word[0].assume_init() };
            while self.0.push(word).is_err() {}
        }
        true
    }
}

impl Follow for OneByOne<Consumer<u64>> {
    fn follow(&mut self, first: u64, count: u64) -> bool {
        let mut right = true;
        for sequence in first..first + count {
            let word = loop {
                if let Ok(word) = self.0.pop() {
                    break word;
                }
            };
            right &= payload::is_right(&[word], sequence);
        }
        right
    }
}

impl Lead for Chunks<Producer<u64>> {
    fn lead(&mut self, first: u64, count: u64) -> bool {
        let (mut next, end) = (first, first + count);
        while next < end {
            let wanted = (end - next).min(self.1 as u64) as usize;
            let Ok(mut chunk) = self.0.write_chunk_uninit(wanted) else {
                continue;
            };
            let (before, after) = chunk.as_mut_slices();
            for place in before.iter_mut().chain(after) {
                payload::write(std::slice::from_mut(place), next);
                next += 1;
            }
            // SAFETY: every place of both slices has just been written.
            unsafe { chunk.commit_all() };
        }
        true
    }
}

impl Follow for Chunks<Consumer<u64>> {
    fn follow(&mut self, first: u64, count: u64) -> bool {
        let mut right = true;
        let (mut next, end) = (first, first + count);
        while next < end {
            let wanted = (end - next).min(self.1 as u64) as usize;
            let Ok(chunk) = self.0.read_chunk(wanted) else {
                continue;
            };
            let (before, after) = chunk.as_slices();
            for word in before.iter().chain(after) {
                right &= payload::is_right(std::slice::from_ref(word), next);
                next += 1;
            }
            chunk.commit_all();
        }
        right
    }
}
