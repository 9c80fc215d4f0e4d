//! Rounds: every contender once, each between two probes.

use crate::harness::pair::{Corrupt, Pair, Ready};

/// Two probes around a block may differ by so much; otherwise the machine changed
/// under it, and the block says nothing.
const STEADY: f64 = 1.15;

/// One block of one contender, where the machine held still.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    /// Nanoseconds a message.
    pub ns: f64,
    /// The same as a multiple of the probe around it.
    pub floors: f64,
}

/// What `ns` between two probes says, if they agree.
#[must_use]
pub fn block(before: f64, ns: f64, after: f64) -> Option<Block> {
    let steady = before.max(after) <= before.min(after) * STEADY;
    steady.then(|| Block {
        ns,
        floors: ns / f64::midpoint(before, after),
    })
}

/// One block of each contender, in the order of `contenders`. Every second round
/// goes through them backwards, so that none profits from its place.
///
/// # Errors
/// [`Corrupt`].
pub fn round(
    pair: &mut Pair,
    bounces: u64,
    contenders: &mut [Ready],
    backwards: bool,
) -> Result<Vec<Option<Block>>, Corrupt> {
    let mut blocks = vec![None; contenders.len()];
    let mut order: Vec<_> = (0..contenders.len()).collect();
    if backwards {
        order.reverse();
    }
    let mut before = pair.probe(bounces);
    for index in order {
        let ns = pair.time(&mut contenders[index])?;
        let after = pair.probe(bounces);
        blocks[index] = block(before, ns, after);
        before = after;
    }
    Ok(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_counts_only_between_probes_that_agree() {
        let steady = block(100.0, 300.0, 110.0).unwrap();
        assert!((steady.floors - 300.0 / 105.0).abs() < 1e-12);
        assert_eq!(block(100.0, 300.0, 116.0), None);
        assert_eq!(block(116.0, 300.0, 100.0), None);
    }
}
