//! Which processors the two sides are pinned to.

use nix::{
    Result,
    sched::{CpuSet, sched_getaffinity, sched_setaffinity},
    unistd::Pid,
};
use std::fs;

const SELF: Pid = Pid::from_raw(0);

/// Two processors of this process's set, of different cores if there are such;
/// nothing where it has only one. See sched_getaffinity(2).
///
/// # Errors
/// As sched_getaffinity(2).
pub fn two() -> Result<Option<[usize; 2]>> {
    let set = sched_getaffinity(SELF)?;
    let ours: Vec<_> = (0..CpuSet::count())
        .filter(|cpu| set.is_set(*cpu).unwrap_or(false))
        .collect();
    Ok(choose(&ours, |cpu| {
        let path = format!("/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list");
        fs::read_to_string(path).unwrap_or_default()
    }))
}

/// The first, and the first that is not a thread of the same core.
fn choose(ours: &[usize], siblings: impl Fn(usize) -> String) -> Option<[usize; 2]> {
    let (first, rest) = ours.split_first()?;
    let core = siblings(*first);
    let other = rest
        .iter()
        .find(|cpu| siblings(**cpu) != core)
        .or(rest.first())?;
    Some([*first, *other])
}

/// Binds the calling thread to one processor.
///
/// # Errors
/// As sched_setaffinity(2).
pub fn pin(processor: usize) -> Result<()> {
    let mut set = CpuSet::new();
    set.set(processor)?;
    sched_setaffinity(SELF, &set)
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn two_cores_before_two_threads_of_one() {
        let hyperthreads = |cpu: usize| format!("{},{}\n", cpu / 2 * 2, cpu / 2 * 2 + 1);
        assert_eq!(choose(&[0, 1, 2, 3], hyperthreads), Some([0, 2]));
        assert_eq!(choose(&[4, 5], hyperthreads), Some([4, 5]));
        assert_eq!(choose(&[3], hyperthreads), None);
        assert_eq!(choose(&[1, 2], |_| String::new()), Some([1, 2]));
        assert_eq!(choose(&[], hyperthreads), None);
    }
}
