//! What is in the messages, so that every byte can be checked.
//!
//! A message begins with its number; every word after it follows from the number
//! and its place. So a lost, repeated, cut or torn message is seen, wherever it
//! was hurt.

use crate::fault::Fault;

/// How far a word is from its neighbour. Odd, so that no word of a message repeats.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The word at `place` of message `number`.
#[inline]
const fn word(number: u64, place: usize) -> u64 {
    number.wrapping_add((place as u64).wrapping_mul(STEP))
}

/// Writes message `number`; a length that is no multiple of 8 ends in a part of a
/// word.
#[inline]
pub fn write(number: u64, message: &mut [u8]) {
    let (words, rest) = message.as_chunks_mut::<8>();
    let places = words.len();
    for (place, chunk) in words.iter_mut().enumerate() {
        *chunk = word(number, place).to_ne_bytes();
    }
    let length = rest.len();
    rest.copy_from_slice(&word(number, places).to_ne_bytes()[..length]);
}

/// Checks every byte of what must be message `number`.
///
/// # Errors
/// [`Fault::Corrupt`], with what was found in its place.
pub fn check(number: u64, message: &[u8]) -> Result<(), Fault> {
    let (words, rest) = message.as_chunks::<8>();
    let mut difference = 0;
    for (place, chunk) in words.iter().enumerate() {
        difference |= u64::from_ne_bytes(*chunk) ^ word(number, place);
    }
    let tail = word(number, words.len()).to_ne_bytes();
    if difference == 0 && *rest == tail[..rest.len()] {
        return Ok(());
    }
    let wrong = words
        .iter()
        .enumerate()
        .position(|(place, chunk)| u64::from_ne_bytes(*chunk) != word(number, place));
    Err(Fault::Corrupt(match wrong {
        Some(0) => format!("message {} in place of {number}", seen_number(message)),
        wrong => format!(
            "message {number} of {} bytes is torn at byte {}",
            message.len(),
            wrong.unwrap_or(words.len()) * 8
        ),
    }))
}

fn seen_number(message: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let length = message.len().min(8);
    bytes[..length].copy_from_slice(&message[..length]);
    u64::from_ne_bytes(bytes)
}

/// The sum of a message's words, as a reader in place takes it.
#[inline]
#[must_use]
pub fn sum(message: &[u8]) -> u64 {
    let (words, rest) = message.as_chunks::<8>();
    let tail = rest.iter().map(|byte| u64::from(*byte)).sum();
    words.iter().fold(tail, |sum: u64, word| {
        sum.wrapping_add(u64::from_ne_bytes(*word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_counts() {
        for length in [1, 7, 8, 9, 64, 100] {
            let mut message = vec![0; length];
            write(77, &mut message);
            assert_eq!(check(77, &message), Ok(()));
            assert!(check(78, &message).is_err(), "{length}: another number");
            for place in 0..length {
                let mut torn = message.clone();
                torn[place] ^= 1;
                assert!(check(77, &torn).is_err(), "{length}: byte {place}");
            }
        }
    }

    #[test]
    fn a_sum_follows_from_the_number() {
        let (mut a, mut b) = ([0; 1024], [0; 1024]);
        write(5, &mut a);
        write(6, &mut b);
        assert_ne!(sum(&a), sum(&b));
    }
}
