//! The processes that proc(5) lists.

use nix::unistd::Pid;
use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
};

/// A process and its folder below `/proc`.
pub struct Process {
    pub pid: Pid,
    folder: PathBuf,
}

/// All that `/proc` lists.
///
/// # Errors
/// Where there is no `/proc`, or it counts as another PID namespace does.
pub fn all() -> io::Result<Vec<Process>> {
    if fs::read_link("/proc/self")? != Path::new(&process::id().to_string()) {
        return Err(io::ErrorKind::NotFound.into());
    }
    let entries = fs::read_dir("/proc")?.flatten();
    let processes = entries.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        Some(Process {
            pid: Pid::from_raw(pid),
            folder: entry.path(),
        })
    });
    Ok(processes.collect())
}

impl Process {
    /// The flags of each descriptor by which it has `path` open, see fcntl(2); none
    /// where we may not look.
    pub fn open_flags(&self, path: &Path) -> Vec<i32> {
        let entries = fs::read_dir(self.folder.join("fd")).into_iter().flatten();
        entries
            .flatten()
            .filter(|fd| fs::read_link(fd.path()).is_ok_and(|link| link == path))
            .filter_map(|fd| {
                let info = self.folder.join("fdinfo").join(fd.file_name());
                let info = fs::read_to_string(info).ok()?;
                let flags = info.lines().find_map(|line| line.strip_prefix("flags:"))?;
                i32::from_str_radix(flags.trim(), 8).ok()
            })
            .collect()
    }

    /// Whether `path` is mapped into its memory.
    pub fn maps(&self, path: &Path) -> bool {
        let maps = fs::read(self.folder.join("maps")).unwrap_or_default();
        let path = path.as_os_str().as_encoded_bytes();
        maps.split(|byte| *byte == b'\n')
            .any(|line| line.ends_with(path))
    }
}
