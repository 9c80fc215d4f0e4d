//! What a run may have created, written down before it is created.
//!
//! Each run keeps one small file, `/tmp/linux-ipc-labs-UID/RUN`, locked with
//! flock(2) for as long as the run or one of its children lives. The kernel lets
//! go of the lock when they die, however they die. So the next run of any lab
//! knows a dead run by its free lock, removes what that run noted, and touches
//! nothing else. Where only a dead lab's children still hold the lock, they are
//! ended first. `/dev/mqueue` need not be mounted for this.

use super::{half_made, object::Object, processes};
use nix::{
    errno::Errno,
    fcntl::{FallocateFlags, Flock, FlockArg, OFlag, fallocate},
    sys::{
        memfd::{MFdFlags, memfd_create},
        signal::{self, Signal},
        stat::Mode,
    },
    unistd::{Pid, getuid},
};
use std::{
    fs::{self, DirBuilder, File, Metadata},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, FileExt as _, MetadataExt as _},
    path::{Path, PathBuf},
    sync::OnceLock,
    thread,
    time::{Duration, SystemTime},
};

/// The journal of this process's run; a program without a supervisor has none.
static CURRENT: OnceLock<Journal> = OnceLock::new();

/// The journal of this process's run, if it has one.
pub(crate) fn current() -> Option<&'static Journal> {
    CURRENT.get()
}

/// Writes down that the run is about to create `object`.
pub fn note(object: &Object) {
    if let Some(journal) = CURRENT.get() {
        // One write: the program's own children note their objects, too.
        let line = format!("{object}\n");
        let _ = (&*journal.file).write_all(line.as_bytes());
    }
}

/// The journal of a living run.
#[must_use = "dropping nothing removes nothing: call `clear` when the children are gone"]
pub struct Journal {
    /// None where no folder can be had: then only this run itself can read it.
    path: Option<PathBuf>,
    file: Flock<File>,
}

/// Room for some 80 objects, had before the first is made: the disk may be full
/// by then.
const ROOM: libc::off_t = 4096;

impl Journal {
    /// Starts the journal of the run `id`; the children forked from now on note
    /// their objects in it.
    ///
    /// # Errors
    /// Where not even a file in memory can be had, or in a process that has a
    /// journal already.
    pub fn start(id: &str) -> io::Result<&'static Self> {
        let journal = Self::create(&folders(), id)?;
        CURRENT
            .set(journal)
            .map_err(|_| io::ErrorKind::AlreadyExists)?;
        CURRENT.get().ok_or(io::ErrorKind::NotFound.into())
    }

    fn create(folders: &[PathBuf], id: &str) -> io::Result<Self> {
        for folder in folders {
            // Another run may remove the folder, or our file before it is locked,
            // while tidying up; then simply again.
            for _ in 0..100 {
                if !is_ours(folder) {
                    break;
                }
                match Self::create_in(folder, id) {
                    Ok(journal) => return Ok(journal),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(_) => break,
                }
            }
        }
        let file = File::from(memfd_create(c"linux-ipc-labs", MFdFlags::MFD_CLOEXEC)?);
        Self::begin(None, file)
    }

    fn create_in(folder: &Path, id: &str) -> io::Result<Self> {
        let path = folder.join(id);
        let file = File::options()
            .append(true)
            .read(true)
            .create_new(true)
            .open(&path)?;
        Self::begin(Some(path.clone()), file).inspect_err(|_| {
            let _ = fs::remove_file(path);
        })
    }

    fn begin(path: Option<PathBuf>, file: File) -> io::Result<Self> {
        let file = Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, errno)| errno)?;
        if path.is_some() && file.metadata()?.nlink() == 0 {
            return Err(io::ErrorKind::NotFound.into());
        }
        match fallocate(&*file, FallocateFlags::FALLOC_FL_KEEP_SIZE, 0, ROOM) {
            // Not every filesystem can promise room.
            Ok(()) | Err(Errno::EOPNOTSUPP | Errno::ENOSYS) => {}
            Err(errno) => return Err(errno.into()),
        }
        (&*file).write_all(format!("{}\n", Place::ours().line()).as_bytes())?;
        Ok(Self { path, file })
    }

    /// Whether the next run of a lab will find it.
    #[must_use]
    pub fn lasts(&self) -> bool {
        self.path.is_some()
    }

    /// What has been noted so far.
    #[must_use]
    pub fn objects(&self) -> Vec<Object> {
        let mut text = Vec::new();
        let mut chunk = [0; 4096];
        // By position: the offset belongs to the children, too.
        while let Ok(n @ 1..) = self.file.read_at(&mut chunk, text.len() as u64) {
            text.extend_from_slice(&chunk[..n]);
        }
        objects(&String::from_utf8_lossy(&text))
    }

    /// Removes all that was noted, then the journal. Gives back what could not
    /// be removed, with the reason.
    pub fn clear(&self) -> Vec<(Object, Errno)> {
        let begun = self.file.metadata().ok().and_then(|meta| begun(&meta));
        clear(self.path.as_deref(), self.objects(), begun)
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
            let path = entry.path();
            let left = lab_of(&path).and_then(|lab| left_by_dead(lab, &path));
            if let Some((objects, begun)) = left {
                clear(Some(&path), objects, begun);
            }
        }
    }
}

/// The lab whose journal this is: a file named `PID-` and four hexadecimal
/// digits. Nothing else is ever touched.
fn lab_of(path: &Path) -> Option<Pid> {
    let (pid, random) = path.file_name()?.to_str()?.split_once('-')?;
    let hexadecimal = random.len() == 4 && random.bytes().all(|b| b.is_ascii_hexdigit());
    let pid = pid.parse().ok().filter(|pid| *pid > 0);
    pid.filter(|_| hexadecimal).map(Pid::from_raw)
}

const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// What is to be removed of a run that is dead, and when it began; None for any
/// other.
fn left_by_dead(lab: Pid, path: &Path) -> Option<(Vec<Object>, Option<SystemTime>)> {
    // What a killed lab left running is about to die; give it half a second.
    for _ in 0..50 {
        let flags = OFlag::O_RDWR | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let file = File::from(nix::fcntl::open(path, flags, Mode::empty()).ok()?);
        match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(mut file) => {
                let text = read(&mut file)?;
                let meta = file.metadata().ok()?;
                let age = meta.modified().ok().and_then(|time| time.elapsed().ok());
                let left = match Place::of(&text) {
                    // Another lab has just tidied up.
                    _ if meta.nlink() == 0 => None,
                    // Killed before it noted anything.
                    None if text.is_empty() => Some(Vec::new()),
                    Some(place) if place.ipc == Place::ours().ipc => Some(objects(&text)),
                    // Out of reach, and nobody ran a lab there for a day.
                    Some(_) if age > Some(A_DAY) => Some(Vec::new()),
                    _ => None,
                };
                return left.map(|objects| (objects, begun(&meta)));
            }
            Err((mut file, _)) => {
                let ours = Place::ours().pid;
                if Place::of(&read(&mut file)?).is_none_or(|place| place.pid != ours)
                    || signal::kill(lab, None) != Err(Errno::ESRCH)
                {
                    return None;
                }
                end_holders(path);
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
    None
}

fn read(file: &mut File) -> Option<String> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok().map(|_| text)
}

/// Ends the processes that hold a dead lab's journal as it opened it, for
/// appending: those that its program forked. Other labs may be looking at the
/// same file, but they open it otherwise.
fn end_holders(path: &Path) {
    let Ok(path) = fs::canonicalize(path) else {
        return;
    };
    for process in processes::all().into_iter().flatten() {
        let flags = process.open_flags(&path);
        if flags.iter().any(|flags| flags & libc::O_APPEND != 0) {
            let _ = signal::kill(process.pid, Signal::SIGKILL);
        }
    }
}

/// When the run of a journal began, or later where the file system does not know.
fn begun(journal: &Metadata) -> Option<SystemTime> {
    journal.created().or_else(|_| journal.modified()).ok()
}

fn clear(
    path: Option<&Path>,
    objects: Vec<Object>,
    begun: Option<SystemTime>,
) -> Vec<(Object, Errno)> {
    if let Some(begun) = begun
        && objects.iter().any(|o| matches!(o, Object::Semaphore(_)))
    {
        half_made::remove(Path::new(half_made::FOLDER), begun);
    }
    let failed = |object: Object| object.remove().err().map(|errno| (object, errno));
    let left: Vec<_> = objects.into_iter().filter_map(failed).collect();
    // What is left now may go another time: then the journal must be there.
    if let Some(path) = path
        && left.is_empty()
    {
        let _ = fs::remove_file(path);
        // Refused as long as another run has a journal there, as it should be.
        let _ = path.parent().map(fs::remove_dir);
    }
    left
}

fn objects(text: &str) -> Vec<Object> {
    text.lines().skip(1).filter_map(Object::parse).collect()
}

/// Where a run happens, the first line of its journal. Queues and System V
/// objects belong to an IPC namespace, process numbers to a PID namespace:
/// containers that share `/tmp` must not tidy up for each other, see
/// namespaces(7).
struct Place {
    ipc: String,
    pid: String,
}

impl Place {
    fn ours() -> Self {
        let namespace = |kind: &str| {
            let link = fs::read_link(format!("/proc/self/ns/{kind}"));
            link.map_or_else(|_| "unknown".to_owned(), |link| link.display().to_string())
        };
        Self {
            ipc: namespace("ipc"),
            pid: namespace("pid"),
        }
    }

    fn line(&self) -> String {
        format!("{} {}", self.ipc, self.pid)
    }

    fn of(text: &str) -> Option<Self> {
        let (ipc, pid) = text.lines().next()?.split_once(' ')?;
        Some(Self {
            ipc: ipc.to_owned(),
            pid: pid.to_owned(),
        })
    }
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
    use std::process;

    #[test]
    fn a_living_run_is_left_alone_and_a_dead_one_is_read() {
        let folder = std::env::temp_dir().join(format!("labkit-journal-{}", process::id()));
        let id = format!("{}-0a1b", process::id());
        let path = folder.join(&id);
        let journal = Journal::create(std::slice::from_ref(&folder), &id).expect("journal");
        let lab = lab_of(&path).expect("a journal's name");
        assert_eq!(lab, Pid::this());
        assert_eq!(left_by_dead(lab, &path), None);

        let queue = Object::Queue(format!("/lab-none-{id}"));
        writeln!(&*journal.file, "{queue}").expect("note");
        assert_eq!(journal.objects(), std::slice::from_ref(&queue));
        drop(journal);
        let (left, begun) = left_by_dead(lab, &path).expect("its lock is free");
        assert_eq!(left, [queue]);
        assert_eq!(clear(Some(&path), left, begun), []);
        assert!(!folder.exists());
    }

    #[test]
    fn only_a_journal_is_taken_for_one() {
        for name in [
            "notes", "12", "x-0a1b", "-0a1b", "0-0a1b", "12-0a1", "12-0a1g", "12-0a1b-",
        ] {
            assert_eq!(lab_of(Path::new(name)), None, "{name}");
        }
    }

    #[test]
    fn without_a_folder_it_lies_in_memory() {
        let journal = Journal::create(&[], "1-0000").expect("a file in memory");
        let shm = Object::Shm("/lab-none".into());
        writeln!(&*journal.file, "{shm}").expect("note");
        assert!(!journal.lasts());
        assert_eq!(journal.objects(), [shm]);
        assert_eq!(journal.clear(), []);
    }

    #[test]
    fn a_folder_that_others_can_write_is_not_ours() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = std::env::temp_dir().join(format!("labkit-open-{}", process::id()));
        fs::create_dir(&folder).expect("folder");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).expect("mode");
        assert!(!is_ours(&folder));
        fs::remove_dir(&folder).expect("remove");
    }
}
