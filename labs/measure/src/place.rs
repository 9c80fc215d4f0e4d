//! Where it is measured: processors, clock, kernel.

use crate::{
    clock::now,
    record::{Clock, Machine},
};
use nix::{
    sched::{CpuSet, sched_getaffinity, sched_setaffinity},
    sys::utsname::uname,
    unistd::Pid,
};
use std::{collections::BTreeMap, fs};

/// The processors that the two processes get.
#[derive(Debug, Clone)]
pub struct Place {
    /// All that this process may use.
    allowed: Vec<usize>,
    /// The two that are used, if there are two.
    pair: Option<[usize; 2]>,
    /// Whether the kernel lets us pin.
    pub pinned: bool,
}

const ME: Pid = Pid::from_raw(0);

impl Place {
    /// Looks at what this process may use, see sched_getaffinity(2).
    #[must_use]
    pub fn find() -> Self {
        let set = sched_getaffinity(ME).unwrap_or_default();
        let allowed: Vec<_> = (0..CpuSet::count())
            .filter(|cpu| set.is_set(*cpu).unwrap_or(false))
            .collect();
        let pair = match allowed[..] {
            [] | [_] => None,
            [first, next, ..] => {
                // Two threads of one core share its caches; the next core is meant.
                let siblings = siblings(first);
                let other = allowed.iter().skip(1).find(|cpu| !siblings.contains(cpu));
                Some([first, other.copied().unwrap_or(next)])
            }
        };
        let mut place = Self {
            allowed,
            pair,
            pinned: true,
        };
        // There and back, so that the kernel says whether it may be done.
        place.pinned = place.allowed.first().is_some_and(|cpu| pin(*cpu))
            && sched_setaffinity(ME, &set).is_ok();
        place
    }

    /// How many processors the run can use.
    #[must_use]
    pub fn processors(&self) -> usize {
        self.allowed.len()
    }

    /// Whether two processes can run at the same time.
    #[must_use]
    pub fn has_two(&self) -> bool {
        self.pair.is_some()
    }

    /// Pins the calling process as one of two (`which` 0 or 1) on `cores` processors;
    /// where that is refused, the report says so.
    pub fn pin(&self, cores: u32, which: usize) {
        let cpu = match (cores, self.pair) {
            (2, Some(pair)) => Some(pair[which]),
            _ => self.allowed.first().copied(),
        };
        let _ = cpu.is_some_and(pin);
    }
}

fn pin(cpu: usize) -> bool {
    let mut set = CpuSet::new();
    set.set(cpu).is_ok() && sched_setaffinity(ME, &set).is_ok()
}

/// The threads of the core that `cpu` belongs to, see
/// `/sys/devices/system/cpu/cpu*/topology/thread_siblings_list`.
fn siblings(cpu: usize) -> Vec<usize> {
    let file = format!("/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list");
    let list = fs::read_to_string(file).unwrap_or_default();
    list.trim()
        .split(',')
        .filter_map(|part| {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            Some(from.parse().ok()?..=to.parse().ok()?)
        })
        .flatten()
        .collect()
}

/// Clock sources that every processor reads alike, and without asking the kernel.
const GOOD_CLOCKS: [&str; 6] = [
    "tsc",
    "kvm-clock",
    "xen",
    "hyperv_clocksource_tsc_page",
    "arch_sys_counter",
    "riscv_clocksource",
];

/// Whether the figures can be trusted to the nanosecond.
#[must_use]
pub fn good_clock(clock: &Clock) -> bool {
    // Without /sys nobody knows; then what a reading costs says enough.
    let known = clock.source.is_empty() || GOOD_CLOCKS.contains(&clock.source.as_str());
    known && clock.cost_ns < 200.0
}

fn clock() -> Clock {
    const READINGS: usize = 20_000;
    let start = now();
    let (mut before, mut step) = (start, u64::MAX);
    for _ in 0..READINGS {
        let after = now();
        if after > before {
            step = step.min(after - before);
        }
        before = after;
    }
    let source = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    Clock {
        source: fs::read_to_string(source)
            .unwrap_or_default()
            .trim()
            .to_owned(),
        cost_ns: (before - start) as f64 / READINGS as f64,
        step_ns: step as f64,
    }
}

/// The limits on messages, see mq_overview(7) and proc(5).
pub const LIMITS: [&str; 4] = [
    "fs/mqueue/msg_max",
    "fs/mqueue/msgsize_max",
    "kernel/msgmax",
    "kernel/msgmnb",
];

/// The value of a file below `/proc/sys`.
#[must_use]
pub fn sysctl(name: &str) -> Option<u64> {
    fs::read_to_string(format!("/proc/sys/{name}"))
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// Describes this machine.
#[must_use]
pub fn machine(place: &Place) -> Machine {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = cpuinfo.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let (kernel, architecture) = uname().map_or_else(
        |_| (String::new(), String::new()),
        |name| {
            let [system, release, machine] = [name.sysname(), name.release(), name.machine()]
                .map(|text| text.to_string_lossy().into_owned());
            (format!("{system} {release}"), machine)
        },
    );
    Machine {
        kernel,
        // The field has another name on other architectures.
        processor: field("model name")
            .or_else(|| field("Hardware"))
            .or_else(|| field("cpu"))
            .unwrap_or_else(|| architecture.clone()),
        architecture,
        processors: place.processors(),
        virtual_machine: field("flags")
            .is_some_and(|flags| flags.split(' ').any(|f| f == "hypervisor"))
            || fs::read_to_string("/sys/hypervisor/type").is_ok(),
        clock: clock(),
        limits: LIMITS
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), sysctl(name)?)))
            .collect::<BTreeMap<_, _>>(),
    }
}
