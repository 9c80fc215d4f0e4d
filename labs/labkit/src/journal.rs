//! What a run may have created, written down before it is created.
//!
//! Each run keeps one small file, `/tmp/linux-ipc-labs-UID/RUN`, locked with
//! flock(2) for as long as the run or one of its children lives. The kernel lets
//! go of the lock when they die, however they die. So the next run of any lab
//! knows a dead run by its free lock, removes what that run noted, and touches
//! nothing else. `/dev/mqueue` need not be mounted for this.

use super::name::SysV;
use nix::{
    errno::Errno,
    fcntl::{Flock, FlockArg, OFlag},
    sys::{signal, stat::Mode},
    unistd::{Pid, getuid},
};
use std::{
    fmt,
    fs::{self, DirBuilder, File},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _},
    path::{Path, PathBuf},
    sync::OnceLock,
    thread,
    time::Duration,
};

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

    fn parse(line: &str) -> Option<Self> {
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

/// The journal of this process's run; a program without a supervisor has none.
static CURRENT: OnceLock<Journal> = OnceLock::new();

/// Writes down that the run is about to create `object`.
pub fn note(object: &Object) {
    if let Some(journal) = CURRENT.get() {
        // Should the disk be full, the run itself still cleans up at its end;
        // only a run killed before that would leave something.
        let _ = writeln!(&*journal.file, "{object}");
    }
}

/// The journal of a living run.
#[must_use = "dropping nothing removes nothing: call `clear` when the children are gone"]
pub struct Journal {
    path: PathBuf,
    file: Flock<File>,
}

impl Journal {
    /// Starts the journal of the run `id`; the children forked from now on note
    /// their objects in it.
    ///
    /// # Errors
    /// Where no folder for it can be made, or in a process that has one already.
    pub fn start(id: &str) -> io::Result<&'static Self> {
        let journal = Self::create(&folders(), id)?;
        CURRENT
            .set(journal)
            .map_err(|_| io::ErrorKind::AlreadyExists)?;
        CURRENT.get().ok_or(io::ErrorKind::NotFound.into())
    }

    fn create(folders: &[PathBuf], id: &str) -> io::Result<Self> {
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        // Another run may remove the folder, or our file before it is locked,
        // while tidying up; then simply again.
        for _ in 0..100 {
            match folders.iter().find(|folder| is_ours(folder)) {
                None => last = io::ErrorKind::PermissionDenied.into(),
                Some(folder) => match Self::create_in(folder, id) {
                    Ok(journal) => return Ok(journal),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => last = error,
                    Err(error) => return Err(error),
                },
            }
        }
        Err(last)
    }

    fn create_in(folder: &Path, id: &str) -> io::Result<Self> {
        let path = folder.join(id);
        let file = File::options()
            .append(true)
            .read(true)
            .create_new(true)
            .open(&path)?;
        let file = Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, errno)| errno)?;
        if file.metadata()?.nlink() == 0 {
            return Err(io::ErrorKind::NotFound.into());
        }
        writeln!(&*file, "{}", ipc_namespace())?;
        Ok(Self { path, file })
    }

    /// What has been noted so far.
    #[must_use]
    pub fn objects(&self) -> Vec<Object> {
        fs::read_to_string(&self.path).map_or_else(|_| Vec::new(), |text| objects(&text))
    }

    /// Removes all that was noted, then the journal. Gives back what could not
    /// be removed, with the reason.
    pub fn clear(&self) -> Vec<(Object, Errno)> {
        clear(&self.path, self.objects())
    }
}

/// Removes what dead runs of this user left behind.
pub fn sweep() {
    for folder in folders()
        .iter()
        .filter(|folder| folder.exists() && is_ours(folder))
    {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        for entry in entries.flatten() {
            if let Some(text) = read_if_dead(&entry.path()) {
                clear(&entry.path(), objects(&text));
            }
        }
    }
}

const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// The text of a journal whose run is dead, and happened in our IPC namespace.
fn read_if_dead(path: &Path) -> Option<String> {
    // A run whose lab was killed has children that are about to die with it
    // (PR_SET_PDEATHSIG); give them half a second.
    for _ in 0..50 {
        let file = nix::fcntl::open(
            path,
            OFlag::O_RDWR | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC,
            Mode::empty(),
        );
        match Flock::lock(File::from(file.ok()?), FlockArg::LockExclusiveNonblock) {
            Ok(mut file) => {
                let mut text = String::new();
                file.read_to_string(&mut text).ok()?;
                let gone = file.metadata().ok()?.nlink() == 0;
                let first = text.lines().next();
                // An empty one was killed before it noted anything.
                let elsewhere = first.is_some_and(|namespace| namespace != ipc_namespace());
                // A namespace that nobody ran a lab in for a day is gone, most likely.
                let modified = file.metadata().and_then(|meta| meta.modified());
                let old = modified.ok().and_then(|time| time.elapsed().ok()) > Some(A_DAY);
                return (!gone && (!elsewhere || old)).then_some(text);
            }
            Err(_) if lab_is_alive(path) => return None,
            Err(_) => thread::sleep(Duration::from_millis(10)),
        }
    }
    None
}

/// Whether the process that a journal's name begins with is there.
fn lab_is_alive(path: &Path) -> bool {
    let pid = path
        .file_name()
        .and_then(|name| name.to_str()?.split('-').next()?.parse().ok());
    pid.is_none_or(|pid| signal::kill(Pid::from_raw(pid), None) != Err(Errno::ESRCH))
}

fn clear(path: &Path, objects: Vec<Object>) -> Vec<(Object, Errno)> {
    let failed = |object: Object| object.remove().err().map(|errno| (object, errno));
    let left: Vec<_> = objects.into_iter().filter_map(failed).collect();
    let _ = fs::remove_file(path);
    if let Some(folder) = path.parent() {
        // Refused as long as another run has a journal there, as it should be.
        let _ = fs::remove_dir(folder);
    }
    left
}

fn objects(text: &str) -> Vec<Object> {
    text.lines().skip(1).filter_map(Object::parse).collect()
}

/// Queues and System V objects belong to a namespace: containers that share
/// `/tmp` must not tidy up for each other, see ipc_namespaces(7).
fn ipc_namespace() -> String {
    let link = fs::read_link("/proc/self/ns/ipc");
    link.map_or_else(|_| "unknown".to_owned(), |link| link.display().to_string())
}

/// Where journals may lie, in order. `/tmp` is emptied when the machine starts,
/// as the objects are; the numbers are for a user whose name somebody took.
fn folders() -> Vec<PathBuf> {
    let uid = getuid();
    let folder = |base: &str, number: u32| match number {
        0 => PathBuf::from(format!("{base}/linux-ipc-labs-{uid}")),
        n => PathBuf::from(format!("{base}/linux-ipc-labs-{uid}.{n}")),
    };
    ["/tmp", "/var/tmp", "/dev/shm"]
        .iter()
        .flat_map(|base| (0..3).map(move |number| folder(base, number)))
        .collect()
}

/// Makes the folder where it is missing; whether it is then a real folder that
/// belongs to us alone.
fn is_ours(folder: &Path) -> bool {
    let _ = DirBuilder::new().mode(0o700).create(folder);
    fs::symlink_metadata(folder).is_ok_and(|meta| {
        meta.is_dir() && meta.uid() == getuid().as_raw() && meta.mode() & 0o077 == 0
    })
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

    #[test]
    fn a_living_run_is_left_alone_and_a_dead_one_is_read() {
        let folder = std::env::temp_dir().join(format!("labkit-journal-{}", std::process::id()));
        let id = format!("{}-test", std::process::id());
        let journal = Journal::create(std::slice::from_ref(&folder), &id).expect("journal");
        assert_eq!(read_if_dead(&journal.path), None);

        let path = journal.path.clone();
        writeln!(&*journal.file, "queue /lab-none-{id}").expect("note");
        drop(journal);
        let text = read_if_dead(&path).expect("its lock is free");
        assert_eq!(objects(&text), [Object::Queue(format!("/lab-none-{id}"))]);
        assert_eq!(clear(&path, objects(&text)), []);
        assert!(!folder.exists());
    }

    #[test]
    fn a_folder_that_others_can_write_is_not_ours() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = std::env::temp_dir().join(format!("labkit-open-{}", std::process::id()));
        fs::create_dir(&folder).expect("folder");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).expect("mode");
        assert!(!is_ours(&folder));
        fs::remove_dir(&folder).expect("remove");
    }
}
