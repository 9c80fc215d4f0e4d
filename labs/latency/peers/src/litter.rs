//! What a run leaves behind in /dev/shm, and how it is found again.
//!
//! iceoryx2 keeps its files below one folder and its memory below one prefix; both
//! are given names of this run's own. The folder stays locked as long as any process
//! of the run lives: a folder that can be locked is litter, and the next run takes it
//! away.

use nix::{
    fcntl::{Flock, FlockArg},
    unistd::geteuid,
};
use std::{
    ffi::OsStr,
    fs::{self, File},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
    process,
    time::SystemTime,
};

const SHM: &str = "/dev/shm";
const OURS: &str = "peers-";

/// The place of one run.
pub struct Litter {
    folder: PathBuf,
    prefix: String,
    /// Shared with the children that were forked from this process: flock(2) lasts
    /// until the last of them ends.
    lock: Flock<File>,
}

impl Litter {
    /// A new place, once what dead runs of this user left is gone.
    ///
    /// # Errors
    /// Those of mkdir(2) and flock(2) in /dev/shm.
    pub fn new() -> io::Result<Self> {
        sweep(Path::new(SHM));
        Self::within(Path::new(SHM))
    }

    fn within(shm: &Path) -> io::Result<Self> {
        loop {
            let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
            let name = format!("{OURS}{}-{}", process::id(), since.as_nanos());
            let folder = shm.join(&name);
            fs::DirBuilder::new().mode(0o700).create(&folder)?;
            let lock = lock(&folder)?;
            // Another run may have taken it for litter before it was locked.
            if let Some(lock) = lock.filter(|_| folder.exists()) {
                return Ok(Self {
                    folder,
                    prefix: format!("{name}-"),
                    lock,
                });
            }
        }
    }

    /// For files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// With which every name in /dev/shm must begin.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Takes everything away; the folder last, for it is what a later run looks for.
    ///
    /// # Errors
    /// Those of unlink(2) and rmdir(2).
    pub fn remove(self) -> io::Result<()> {
        remove(&self.folder)?;
        drop(self.lock);
        Ok(())
    }
}

/// Removes what runs of this user left that are no longer alive. What cannot be
/// removed stays: it does no harm to this run.
fn sweep(shm: &Path) {
    let entries = fs::read_dir(shm).into_iter().flatten().flatten();
    for entry in entries {
        let ours = entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(OURS.as_bytes())
            && entry
                .metadata()
                .is_ok_and(|m| m.is_dir() && m.uid() == geteuid().as_raw());
        if ours && let Ok(Some(_lock)) = lock(&entry.path()) {
            let _ = remove(&entry.path());
        }
    }
}

/// The folder's lock, unless a living run has it.
fn lock(folder: &Path) -> io::Result<Option<Flock<File>>> {
    let open = match File::open(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        open => open?,
    };
    Ok(Flock::lock(open, FlockArg::LockExclusiveNonblock).ok())
}

fn remove(folder: &Path) -> io::Result<()> {
    let (Some(shm), Some(name)) = (folder.parent(), folder.file_name()) else {
        return Ok(());
    };
    let mut prefix = name.as_encoded_bytes().to_vec();
    prefix.push(b'-');
    for entry in fs::read_dir(shm)?.flatten() {
        if starts_with(&entry.file_name(), &prefix) {
            fs::remove_file(entry.path())?;
        }
    }
    fs::remove_dir_all(folder)
}

fn starts_with(name: &OsStr, prefix: &[u8]) -> bool {
    name.as_encoded_bytes().starts_with(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(shm: &Path) -> Vec<String> {
        let names = fs::read_dir(shm).unwrap().flatten();
        names
            .map(|e| e.file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_living_run_is_left_alone_and_a_dead_one_is_taken_away() {
        let shm = tempfile::tempdir().unwrap();
        let shm = shm.path();
        fs::write(shm.join("someone's"), "").unwrap();
        let living = Litter::within(shm).unwrap();
        fs::write(shm.join(format!("{}object", living.prefix())), "").unwrap();
        sweep(shm);
        assert_eq!(names(shm).len(), 3);

        // A killed run removes nothing, and its lock goes with it.
        drop(living);
        sweep(shm);
        assert_eq!(names(shm), ["someone's"]);
    }

    #[test]
    fn a_run_removes_its_own() {
        let shm = tempfile::tempdir().unwrap();
        let litter = Litter::within(shm.path()).unwrap();
        fs::write(litter.folder().join("file"), "").unwrap();
        fs::write(shm.path().join(format!("{}object", litter.prefix())), "").unwrap();
        litter.remove().unwrap();
        assert!(names(shm.path()).is_empty());
    }
}
