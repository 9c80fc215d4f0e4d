//! What decides what a program shows, besides the program: the machine, its kernel
//! and limits, and who runs it. What is kept is taken again only where these are the
//! same.

use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeSet,
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

/// All around a run that may change what it shows, down to this tool and to the
/// limits of the shell it was started from.
pub fn of_runs() -> String {
    let tool = env::current_exe().ok().and_then(|tool| stamp(&tool));
    let mut place = format!("{tool:?}\n");
    for path in ["/proc/sys/kernel/random/boot_id", "/proc/self/limits"] {
        let _ = writeln!(place, "{path} {:?}", fs::read(path).ok());
    }
    place + &machine()
}

/// What decides figures: the processors and those of them that may be used, the
/// kernel and its limits on messages, the user. Not the start of the machine, nor
/// this tool: neither makes a message slower.
pub fn of_figures() -> String {
    let mut place = machine();
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let _ = writeln!(place, "{:?}", processors(&cpuinfo));
    for (file, key) in [
        ("/proc/self/status", "Cpus_allowed_list:"),
        ("/proc/self/limits", "Max msgqueue size"),
    ] {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(key));
        let _ = writeln!(place, "{line:?}");
    }
    place
}

/// The lines of /proc/cpuinfo that name a processor, each once; the others hold
/// its clock of this moment.
fn processors(cpuinfo: &str) -> BTreeSet<&str> {
    let named = cpuinfo.lines().filter(|line| {
        let key = line.split(':').next().unwrap_or_default().trim();
        // The second and third on ARM, which has no name there.
        ["model name", "CPU implementer", "CPU part"].contains(&key)
    });
    named.collect()
}

/// The kernel, its limits on IPC and namespaces, and the user.
fn machine() -> String {
    let mut place = String::new();
    let sysctls = ["fs/mqueue", "kernel", "user"]
        .into_iter()
        .flat_map(|folder| {
            let entries = fs::read_dir(format!("/proc/sys/{folder}"));
            let mut paths: Vec<_> = entries.into_iter().flatten().flatten().collect();
            paths.sort_by_key(fs::DirEntry::file_name);
            paths.into_iter().filter_map(move |entry| {
                let name = entry.file_name().into_string().ok()?;
                let ipc = folder != "kernel"
                    || name.contains("userns")
                    || ["msg", "shm", "sem", "os", "version"]
                        .iter()
                        .any(|start| name.starts_with(start));
                ipc.then(|| entry.path())
            })
        });
    let others = ["/proc/sys/fs/protected_regular"];
    for path in sysctls.chain(others.map(PathBuf::from)) {
        let _ = writeln!(place, "{path:?} {:?}", fs::read(&path).ok());
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines() {
        if ["Uid:", "Gid:", "CapEff:", "CapBnd:", "Seccomp:"]
            .iter()
            .any(|key| line.starts_with(key))
        {
            let _ = writeln!(place, "{line}");
        }
    }
    place
}

/// What tells one version of a program from another, as cargo does.
pub fn stamp(program: &Path) -> Option<String> {
    let meta = fs::metadata(program).ok()?;
    let modified = meta.modified().ok()?;
    Some(format!("{} {} {modified:?}", program.display(), meta.len()))
}

/// What tells one program from another by what is in it: cargo may link the same
/// one anew.
///
/// # Errors
/// Where it cannot be read.
pub fn fingerprint(program: &Path) -> io::Result<String> {
    let mut digest = Sha256::new();
    io::copy(&mut fs::File::open(program)?, &mut digest)?;
    Ok(hex(&digest.finalize()))
}

/// One name for all `parts`.
pub fn digest(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
        digest.update([0]);
    }
    hex(&digest.finalize())
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_does_not_change_by_itself() {
        assert_eq!(of_runs(), of_runs());
        assert_eq!(of_figures(), of_figures());
    }

    #[test]
    fn a_processor_is_known_by_its_name_and_not_by_its_clock() {
        let at = |mhz| format!("model name\t: Xeon\ncpu MHz\t\t: {mhz}\n\nmodel name\t: Xeon\n");
        let (slow, fast) = (at("1000.1"), at("3000.2"));
        assert_eq!(processors(&slow), processors(&fast));
        assert_eq!(processors(&slow).len(), 1);
        let arm = "processor : 0\nCPU implementer : 0x41\nCPU part : 0xd0c\n";
        assert_eq!(processors(arm).len(), 2);
    }

    #[test]
    fn a_program_is_known_by_what_is_in_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("program");
        fs::write(&program, "1").expect("written");
        let first = fingerprint(&program).expect("read");
        fs::write(&program, "1").expect("written");
        assert_eq!(fingerprint(&program).expect("read"), first);
        fs::write(&program, "2").expect("written");
        assert_ne!(fingerprint(&program).expect("read"), first);
    }
}
