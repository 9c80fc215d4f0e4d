//! The limits on messages: raised where nobody else can see it, and what they
//! answer where they are not.

use crate::{
    channel::{Plan, Side},
    fault::{Fault, refusal},
    place::{LIMITS, sysctl},
    record::{Mechanism, Refusal},
};
use std::{collections::BTreeMap, fs};

/// What is wanted of each limit in [`LIMITS`], in its order: ten messages of 1 MiB,
/// with room for what System V counts beside them.
const WANTED: [u64; 4] = [10, 1 << 20, 1 << 20, 16 << 20];

/// A private IPC namespace, or the machine's own.
#[derive(Debug)]
pub struct Limits {
    pub raised: bool,
    /// The machine's own.
    own: BTreeMap<String, u64>,
}

impl Limits {
    /// Moves this process, and all that it forks later, into an IPC namespace of its
    /// own, if that may be had: limits are raised there, and what is left in it ends
    /// with it.
    #[must_use]
    pub fn enter(own: &BTreeMap<String, u64>) -> Self {
        let entered = labkit::namespace::enter(&[labkit::Need::PrivateIpc]).is_ok();
        let mut limits = Self {
            raised: entered,
            own: own.clone(),
        };
        if entered {
            limits.raised = limits.raise();
        }
        limits
    }

    fn raise(&self) -> bool {
        LIMITS.into_iter().zip(WANTED).all(|(name, wanted)| {
            let wanted = wanted.max(sysctl(name).unwrap_or(0));
            write(name, wanted)
        })
    }

    /// What the machine's own limits answer to a channel of this size, if they
    /// refuse it: asked of the kernel, in the private namespace, with the machine's
    /// values.
    #[must_use]
    pub fn refuses(&self, plan: &Plan) -> Option<Refusal> {
        let queue = matches!(plan.mechanism, Mechanism::PosixQueue | Mechanism::SysvQueue);
        // A System V queue that is smaller than its largest message never takes it,
        // and says only that it is full.
        let own = |name: &str| self.own.get(name).copied().unwrap_or(0);
        let size = plan.size as u64;
        let never = own("kernel/msgmnb") < size && size <= own("kernel/msgmax");
        if !self.raised || !queue || never {
            return None;
        }
        for (name, value) in &self.own {
            write(name, *value);
        }
        let refused = attempt(plan);
        self.raise();
        refused
    }
}

/// Opens the channel and sends one message.
fn attempt(plan: &Plan) -> Option<Refusal> {
    let me = nix::unistd::getpid();
    let attempt = || {
        let take = plan.open()?;
        let mut end = take(Side::First, me)?;
        end.put(&vec![0; plan.size])
    };
    match attempt() {
        Err(Fault::Refused { call, errno }) => Some(refusal(call, errno)),
        _ => None,
    }
}

fn write(name: &str, value: u64) -> bool {
    fs::write(format!("/proc/sys/{name}"), value.to_string()).is_ok()
}
