//! A private place to change limits in: user, IPC and mount namespaces that end
//! with the process, see user_namespaces(7) and ipc_namespaces(7).

use super::{lab::Need, privilege::Capability};
use nix::{
    errno::Errno,
    mount::{MsFlags, mount},
    sched::{CloneFlags, unshare},
    unistd::{getgid, getuid},
};
use std::{fs, io, path::Path};

/// A step of the arrangement that failed, such as `unshare`, `fork` or the file
/// written.
#[derive(Debug)]
pub struct Refused {
    pub step: String,
    pub errno: Errno,
}

/// Names the step whose result this is.
///
/// # Errors
/// The errno of `result`, with that name.
pub fn step<T>(name: &str, result: nix::Result<T>) -> Result<T, Refused> {
    result.map_err(|errno| Refused {
        step: name.to_owned(),
        errno,
    })
}

fn write(path: &str, text: &str) -> Result<(), Refused> {
    let errno = |error: io::Error| error.raw_os_error().map_or(Errno::EIO, Errno::from_raw);
    step(path, fs::write(path, text).map_err(errno))
}

/// Moves this process, which must have one thread, into namespaces of its own
/// and arranges the private ones of `needs` there.
///
/// # Errors
/// The first step that the system refused.
pub fn enter(needs: &[Need]) -> Result<(), Refused> {
    let (uid, gid) = (getuid(), getgid());
    let spaces = CloneFlags::CLONE_NEWIPC | CloneFlags::CLONE_NEWNS;
    match unshare(CloneFlags::CLONE_NEWUSER | spaces) {
        Ok(()) => {
            // Root in there, our own user outside: the namespace's limits belong
            // to its root. setgroups must be denied before gid_map, see
            // user_namespaces(7).
            write("/proc/self/uid_map", &format!("0 {uid} 1"))?;
            write("/proc/self/setgroups", "deny")?;
            write("/proc/self/gid_map", &format!("0 {gid} 1"))?;
        }
        // Root can do without a user namespace where those are switched off.
        Err(_) if Capability::SysAdmin.is_effective() => step("unshare", unshare(spaces))?,
        Err(errno) => return step("unshare", Err(errno)),
    }
    let none = None::<&str>;
    let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    step("mount", mount(none, "/", none, private, none))?;
    for need in needs {
        match need {
            Need::Sysctl(name, value) => write(&format!("/proc/sys/{name}"), &value.to_string())?,
            Need::DevShm(bytes) => {
                let options = format!("size={bytes},mode=1777");
                let (tmpfs, flags) = (Some("tmpfs"), MsFlags::MS_NOSUID | MsFlags::MS_NODEV);
                let shm = Path::new("/dev/shm");
                step(
                    "mount /dev/shm",
                    mount(tmpfs, shm, tmpfs, flags, Some(options.as_str())),
                )?;
            }
            Need::PrivateIpc | Need::Without(_) | Need::AnotherUser => {}
        }
    }
    Ok(())
}
