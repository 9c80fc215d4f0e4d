//! What sem_open(3) leaves when it is killed in the middle.
//!
//! glibc makes a named semaphore under a random name, `/dev/shm/sem.` and six
//! letters or digits, and gives it its own name by link(2) when it is complete. A
//! process that is killed in between leaves that file, and no journal can know
//! its name beforehand.

use super::processes;
use nix::unistd::getuid;
use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// Where glibc keeps named semaphores.
pub const FOLDER: &str = "/dev/shm";

/// Removes what a dead run left half made in `folder`: files with such a name, of
/// our own, made since the run began, that no living process has open or mapped. Where
/// that cannot be told, nothing is removed.
pub fn remove(folder: &Path, since: SystemTime) {
    let candidates = candidates(folder, since);
    if candidates.is_empty() {
        return;
    }
    // Listed after the files: whoever is making one of them has it open by now.
    let Ok(living) = processes::all() else {
        return;
    };
    for path in candidates {
        let held = |process: &processes::Process| {
            !process.open_flags(&path).is_empty() || process.maps(&path)
        };
        if !living.iter().any(held) {
            let _ = fs::remove_file(&path);
        }
    }
}

fn candidates(folder: &Path, since: SystemTime) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| {
        is_temporary(&entry.file_name().to_string_lossy())
            && entry.metadata().is_ok_and(|meta| {
                meta.is_file()
                    && meta.uid() == getuid().as_raw()
                    && [0, size_of::<libc::sem_t>() as u64].contains(&meta.len())
                    && meta.modified().is_ok_and(|time| time >= since)
            })
    });
    ours.map(|entry| entry.path()).collect()
}

fn is_temporary(name: &str) -> bool {
    name.strip_prefix("sem.").is_some_and(|random| {
        random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn only_what_nobody_is_making_is_removed() {
        let folder = std::env::temp_dir().join(format!("labkit-half-made-{}", std::process::id()));
        fs::create_dir(&folder).expect("a folder");
        let path = folder.join("sem.c8rLRE");
        let begun = SystemTime::now() - Duration::from_secs(1);
        let open = fs::File::create(&path).expect("a file");
        remove(&folder, begun);
        assert!(path.exists(), "it is open here");
        drop(open);
        remove(&folder, SystemTime::now() + Duration::from_secs(60));
        assert!(path.exists(), "it is older than the run");
        remove(&folder, begun);
        assert!(!path.exists());
        fs::remove_dir(folder).expect("empty");
    }

    #[test]
    fn a_labs_own_semaphore_is_none_of_these() {
        assert!(is_temporary("sem.c8rLRE"));
        for name in [
            "c8rLRE",
            "sem.lab-x-1",
            "sem.c8rLR",
            "sem.c8rLREx",
            "sem.c8-LRE",
        ] {
            assert!(!is_temporary(name), "{name}");
        }
    }
}
