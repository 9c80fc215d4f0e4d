//! Places that a test makes for a lab: kernels that answer otherwise, and a
//! place of its own where everything can be counted.

use super::Bin;
use std::{
    env, fs, io,
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{self, Command},
    sync::atomic::{AtomicU32, Ordering},
};

impl Bin {
    /// A command of it for which the kernel answers the system calls `numbers`
    /// with `errno`, as behind the seccomp(2) filter of a container.
    #[must_use]
    pub fn refused(&self, numbers: &'static [libc::c_long], errno: i32) -> Command {
        let mut command = self.command();
        // SAFETY: two prctl(2) calls and small allocations between fork and exec.
        unsafe { command.pre_exec(move || filter(numbers, errno)) };
        command
    }

    /// A command of it with these limits, soft and hard, on `resource`, such as
    /// `libc::RLIMIT_MSGQUEUE`.
    #[must_use]
    pub fn limited(&self, resource: libc::__rlimit_resource_t, soft: u64, hard: u64) -> Command {
        let mut command = self.command();
        let limit = libc::rlimit {
            rlim_cur: soft,
            rlim_max: hard,
        };
        // SAFETY: only setrlimit(2) between fork and exec.
        unsafe {
            command.pre_exec(move || match libc::setrlimit(resource, &limit) {
                0 => Ok(()),
                _ => Err(io::Error::last_os_error()),
            });
        }
        command
    }

    /// A script run by sh(1) as root of user, IPC, mount and PID namespaces of
    /// its own, with `/tmp` and `/dev/shm` of its own; it gives back what the
    /// script prints. `$LAB` is this program, `$QUEUES` a folder that lists the
    /// namespace's POSIX queues. Functions for the script:
    ///
    /// - `count` prints how many objects of every kind there are;
    /// - `rest` prints a line for whatever else a lab could have left: files in
    ///   `/tmp`, processes.
    ///
    /// # Panics
    /// Where unshare(1) cannot be started, or the script fails or takes more than
    /// two minutes.
    #[must_use]
    pub fn in_private(&self, script: &str) -> String {
        let place = Place::new();
        // A script that waits for what does not come must fail, not hang.
        let output = Command::new("timeout")
            .args([
                "120",
                "unshare",
                "--user",
                "--map-root-user",
                "--ipc",
                "--mount",
                "--pid",
            ])
            .args(["--fork", "--mount-proc", "--kill-child", "sh", "-c"])
            .arg(format!("{PRIVATE}{script}"))
            .env("LAB", self.0)
            .env("PLACE", &place.0)
            .env("LC_ALL", "C.UTF-8")
            .output()
            .expect("unshare(1) starts");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    }
}

/// The program is copied into the place first, and called from there by a
/// relative path: it may itself lie below `/tmp`.
const PRIVATE: &str = r#"
set -eu
mount -t tmpfs none "$PLACE"
cd "$PLACE"
mkdir queues tmp
cp "$LAB" lab
mount -t mqueue none queues
mount -t tmpfs none /dev/shm
mount --bind tmp /tmp
LAB=./lab QUEUES=./queues
set +e
count() {
    {
        ls -A "$QUEUES"
        ls -A /dev/shm
        for kind in msg shm sem; do tail -n +2 /proc/sysvipc/$kind; done
    } | wc -l
}
rest() {
    ls -A /tmp
    # A zombie runs no more; it only waits for this script.
    cat /proc/[0-9]*/stat 2>/dev/null | grep '(lab) [^ZX]'
    true
}
"#;

/// A folder of this call's own, gone when dropped.
#[must_use = "the folder goes when this is dropped"]
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("labkit-place-{}-{number}", process::id());
        let folder = env::temp_dir().join(name);
        fs::create_dir(&folder).expect("a folder of its own");
        Self(folder)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What was mounted on it has gone with the namespace.
        let _ = fs::remove_dir(&self.0);
    }
}

fn filter(numbers: &[libc::c_long], errno: i32) -> io::Result<()> {
    let statement = |code: u32, jt, jf, k| libc::sock_filter {
        code: code as u16,
        jt,
        jf,
        k,
    };
    let load = libc::BPF_LD | libc::BPF_W | libc::BPF_ABS;
    let equal = libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K;
    let give = libc::BPF_RET | libc::BPF_K;
    // The number of the call is the first field of seccomp_data, see seccomp(2).
    let mut program = vec![statement(load, 0, 0, 0)];
    for number in numbers {
        let refuse = libc::SECCOMP_RET_ERRNO | errno as u32;
        program.push(statement(equal, 0, 1, *number as u32));
        program.push(statement(give, 0, 0, refuse));
    }
    program.push(statement(give, 0, 0, libc::SECCOMP_RET_ALLOW));
    let program = libc::sock_fprog {
        len: program.len() as u16,
        filter: program.as_mut_ptr(),
    };
    // SAFETY: the program lives until the calls are done.
    let answer = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            | libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &program)
    };
    if answer == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
