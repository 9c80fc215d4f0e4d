//! All around a lab that may change what it shows: the kernel since its start, the
//! user with capabilities and limits, the machine's limits on IPC.

use std::{fmt::Write as _, fs, path::PathBuf};

const FILES: [&str; 6] = [
    "/proc/sys/kernel/random/boot_id",
    "/proc/sys/kernel/osrelease",
    "/proc/sys/kernel/unprivileged_userns_clone",
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
    "/proc/sys/fs/protected_regular",
    "/proc/self/limits",
];

/// As one text, to be compared with another.
#[must_use]
pub fn describe() -> String {
    let mut files: Vec<_> = FILES.iter().map(PathBuf::from).collect();
    for folder in ["/proc/sys/fs/mqueue", "/proc/sys/kernel", "/proc/sys/user"] {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        files.extend(entries.map(|entry| entry.path()).filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            folder != "/proc/sys/kernel"
                || ["msg", "shm", "sem"]
                    .iter()
                    .any(|start| name.starts_with(start))
        }));
    }
    files.sort();
    let mut text = String::new();
    for file in files {
        let content = fs::read_to_string(&file).unwrap_or_default();
        let _ = writeln!(text, "{}: {}", file.display(), content.trim());
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines() {
        if ["Uid:", "Gid:", "CapEff:", "CapBnd:", "Seccomp:"]
            .iter()
            .any(|key| line.starts_with(key))
        {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_describes_itself_alike_twice() {
        let here = describe();
        assert!(here.contains("CapEff:"));
        assert_eq!(here, describe());
    }
}
