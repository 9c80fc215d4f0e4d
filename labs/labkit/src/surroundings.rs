//! What a program finds around it: kernel, user, capabilities, limits.

use super::privilege::Capability;
use nix::{
    sys::{resource::Resource, resource::getrlimit, utsname::uname},
    unistd::{getegid, geteuid},
};
use serde_json::{Map, Value, json};
use std::fs;

/// Files below `/proc/sys` that bound IPC, see mq_overview(7) and proc(5).
const SYSCTLS: [&str; 10] = [
    "fs/mqueue/msg_max",
    "fs/mqueue/msgsize_max",
    "fs/mqueue/queues_max",
    "kernel/msgmax",
    "kernel/msgmnb",
    "kernel/msgmni",
    "kernel/shmmax",
    "kernel/shmall",
    "kernel/shmmni",
    "fs/protected_regular",
];

/// Seen by the calling process, so a child in a namespace of its own sees that
/// one's limits. `null` stands for what this kernel does not have; a limit is
/// `{"soft", "hard"}` in its own unit (bytes, or descriptors), `null` in it for
/// "unlimited".
#[must_use]
pub fn look() -> Value {
    let capabilities = Capability::ALL.into_iter().filter(|c| c.is_effective());
    let capabilities: Vec<_> = capabilities.map(Capability::name).collect();
    let sysctl = |name: &str| {
        let text = fs::read_to_string(format!("/proc/sys/{name}")).ok()?;
        text.trim().parse::<u64>().ok()
    };
    let mut limits: Map<_, _> = SYSCTLS
        .iter()
        .map(|name| ((*name).to_owned(), json!(sysctl(name))))
        .collect();
    for (name, resource) in [
        ("RLIMIT_MSGQUEUE", Resource::RLIMIT_MSGQUEUE),
        ("RLIMIT_NOFILE", Resource::RLIMIT_NOFILE),
    ] {
        limits.insert(name.to_owned(), rlimit(resource));
    }
    json!({
        "kernel": kernel(),
        "uid": geteuid().as_raw(),
        "gid": getegid().as_raw(),
        "capabilities": capabilities,
        "limits": limits,
    })
}

fn rlimit(resource: Resource) -> Value {
    let bound = |value| (value != libc::RLIM_INFINITY).then_some(value);
    getrlimit(resource).map_or(
        Value::Null,
        |(soft, hard)| json!({ "soft": bound(soft), "hard": bound(hard) }),
    )
}

/// System, release and machine, as uname(2) has them.
fn kernel() -> Value {
    uname().map_or(Value::Null, |name| {
        json!({
            "system": name.sysname().to_string_lossy(),
            "release": name.release().to_string_lossy(),
            "machine": name.machine().to_string_lossy(),
        })
    })
}
