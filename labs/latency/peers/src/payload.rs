//! The work that every contender does: each byte is written by the sender and read
//! by the receiver, as words made from the sequence number.

use std::mem::MaybeUninit;

/// Bytes in a word.
pub const WORD: usize = size_of::<u64>();

/// Odd, so that no two sequence numbers share a first word.
const STRIDE: u64 = 0x9e37_79b9_7f4a_7c15;

/// An answer differs from its question, so that an echo cannot pass for one.
pub const ANSWER: u64 = 1 << 63;

#[inline(always)]
const fn first_word(sequence: u64) -> u64 {
    sequence.wrapping_mul(STRIDE)
}

/// Writes message number `sequence` in place.
#[inline(always)]
pub fn write(words: &mut [MaybeUninit<u64>], sequence: u64) {
    let first = first_word(sequence);
    for (word, place) in words.iter_mut().zip(0u64..) {
        word.write(first.wrapping_add(place));
    }
}

/// Whether this is message number `sequence`. All words are read, right or wrong.
#[inline(always)]
pub fn is_right(words: &[u64], sequence: u64) -> bool {
    let first = first_word(sequence);
    let wrong = words.iter().zip(0u64..).fold(0, |wrong, (word, place)| {
        wrong | (word ^ first.wrapping_add(place))
    });
    wrong == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(length: usize, sequence: u64) -> Vec<u64> {
        let mut words = vec![MaybeUninit::uninit(); length];
        write(&mut words, sequence);
        // SAFETY: `write` has just written every word.
        words
            .iter()
            .map(|word| unsafe { word.assume_init() })
            .collect()
    }

    #[test]
    fn a_message_is_right_for_its_own_number_only() {
        for length in [1, 2, 8, 8192] {
            let words = message(length, 7);
            assert!(is_right(&words, 7));
            assert!(!is_right(&words, 8));
            assert!(!is_right(&words, 7 | ANSWER));
        }
    }

    #[test]
    fn one_changed_bit_anywhere_is_seen() {
        for place in [0, 1, 500, 1023] {
            let mut words = message(1024, 3);
            words[place] ^= 1 << 40;
            assert!(!is_right(&words, 3), "word {place}");
        }
    }
}
