//! The objects that outlive a process: their names in the kernel, and their
//! removal.

use nix::errno::Errno;
use std::fmt;

/// An object that outlives its process, by its name in the kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// A POSIX message queue, see mq_overview(7).
    Queue(String),
    /// POSIX shared memory, see shm_overview(7).
    Shm(String),
    /// A named semaphore, see sem_overview(7).
    Semaphore(String),
    /// A System V object, see sysvipc(7).
    SysV(SysV, libc::key_t),
}

impl Object {
    /// Removes it, if it is there and ours.
    ///
    /// # Errors
    /// What the call that removes it answered, other than "not there".
    pub fn remove(&self) -> nix::Result<()> {
        let answer = match self {
            Self::Queue(name) => nix::mqueue::mq_unlink(name.as_str()),
            Self::Shm(name) => nix::sys::mman::shm_unlink(name.as_str()),
            Self::Semaphore(name) => sem_unlink(name),
            Self::SysV(kind, key) => kind.remove(*key),
        };
        match answer {
            // ENOSYS: no such objects in this kernel, so none of ours either.
            Err(Errno::ENOENT | Errno::ENOSYS) => Ok(()),
            other => other,
        }
    }

    /// Reads back one line of a journal.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let (kind, name) = line.split_once(' ')?;
        Some(match kind {
            "queue" => Self::Queue(name.to_owned()),
            "shm" => Self::Shm(name.to_owned()),
            "semaphore" => Self::Semaphore(name.to_owned()),
            kind => Self::SysV(SysV::from_word(kind)?, name.parse().ok()?),
        })
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queue(name) => write!(f, "queue {name}"),
            Self::Shm(name) => write!(f, "shm {name}"),
            Self::Semaphore(name) => write!(f, "semaphore {name}"),
            Self::SysV(kind, key) => write!(f, "{} {key}", kind.word()),
        }
    }
}

fn sem_unlink(name: &str) -> nix::Result<()> {
    let name = std::ffi::CString::new(name).map_err(|_| Errno::EINVAL)?;
    // SAFETY: `name` is a C string that outlives the call.
    Errno::result(unsafe { libc::sem_unlink(name.as_ptr()) }).map(drop)
}

/// The three kinds of System V objects, see sysvipc(7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SysV {
    Queue,
    Shm,
    Semaphore,
}

impl SysV {
    /// The word in a journal.
    const fn word(self) -> &'static str {
        match self {
            Self::Queue => "sysv-queue",
            Self::Shm => "sysv-shm",
            Self::Semaphore => "sysv-semaphore",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Queue, Self::Shm, Self::Semaphore]
            .into_iter()
            .find(|kind| kind.word() == word)
    }

    /// The identifier under `key`: flags 0 ask for no permission and create nothing.
    pub(crate) fn id(self, key: libc::key_t) -> nix::Result<i32> {
        // SAFETY: plain numbers.
        Errno::result(unsafe {
            match self {
                Self::Queue => libc::msgget(key, 0),
                Self::Shm => libc::shmget(key, 0, 0),
                Self::Semaphore => libc::semget(key, 0, 0),
            }
        })
    }

    fn remove(self, key: libc::key_t) -> nix::Result<()> {
        let id = self.id(key)?;
        // SAFETY: IPC_RMID takes no argument.
        let answer = Errno::result(unsafe {
            match self {
                Self::Queue => libc::msgctl(id, libc::IPC_RMID, std::ptr::null_mut()),
                Self::Shm => libc::shmctl(id, libc::IPC_RMID, std::ptr::null_mut()),
                Self::Semaphore => libc::semctl(id, 0, libc::IPC_RMID),
            }
        });
        match answer {
            // Somebody was faster.
            Err(Errno::EINVAL | Errno::EIDRM) => Ok(()),
            other => other.map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_survives_its_line() {
        for object in [
            Object::Queue("/lab-a-x-1-2".into()),
            Object::Shm("/lab-a-x-1-2".into()),
            Object::Semaphore("/lab-a-x-1-2".into()),
            Object::SysV(SysV::Queue, 0x6c00_0001),
            Object::SysV(SysV::Shm, -5),
            Object::SysV(SysV::Semaphore, 7),
        ] {
            assert_eq!(Object::parse(&object.to_string()), Some(object));
        }
    }
}
