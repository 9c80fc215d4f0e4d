//! Giving up a capability where it would hide the lesson, see capabilities(7).

use nix::errno::Errno;

/// A capability that matters to System V IPC, POSIX queues or shared memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Capability {
    /// Opens what the mode forbids.
    DacOverride = 1,
    /// Reads what the mode forbids.
    DacReadSearch = 2,
    /// Changes the mode of what others own.
    Fowner = 3,
    /// Ignores the permissions of System V objects.
    IpcOwner = 15,
    /// Mounts, enters namespaces, removes others' System V objects.
    SysAdmin = 21,
    /// Goes beyond msg_max, msgsize_max, queues_max and hard resource limits.
    SysResource = 24,
}

impl Capability {
    pub const ALL: [Self; 6] = [
        Self::DacOverride,
        Self::DacReadSearch,
        Self::Fowner,
        Self::IpcOwner,
        Self::SysAdmin,
        Self::SysResource,
    ];

    /// The name in capabilities(7).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DacOverride => "CAP_DAC_OVERRIDE",
            Self::DacReadSearch => "CAP_DAC_READ_SEARCH",
            Self::Fowner => "CAP_FOWNER",
            Self::IpcOwner => "CAP_IPC_OWNER",
            Self::SysAdmin => "CAP_SYS_ADMIN",
            Self::SysResource => "CAP_SYS_RESOURCE",
        }
    }

    /// Whether it counts when it was gained in a user namespace of one's own; where
    /// not, the kernel asks for the machine's, see user_namespaces(7).
    #[must_use]
    pub const fn counts_in_namespace(self) -> bool {
        !matches!(self, Self::SysResource)
    }

    /// Whether this process has it in its effective set.
    #[must_use]
    pub fn is_effective(self) -> bool {
        sets().is_ok_and(|sets| sets.effective & self.bit() != 0)
    }

    /// Takes it out of every set of this process, so that it cannot come back.
    ///
    /// # Errors
    /// What capget(2) or capset(2) answered.
    pub fn give_up(self) -> nix::Result<()> {
        // SAFETY: PR_CAP_AMBIENT_LOWER takes plain numbers.
        unsafe {
            libc::prctl(
                libc::PR_CAP_AMBIENT,
                libc::PR_CAP_AMBIENT_LOWER,
                self as libc::c_ulong,
                0,
                0,
            );
        }
        let mut sets = sets()?;
        sets.effective &= !self.bit();
        sets.permitted &= !self.bit();
        sets.inheritable &= !self.bit();
        // SAFETY: header and data are what capset(2) expects for version 3, of
        // which the second half (capabilities 32 and up) is passed back as read.
        let answer = unsafe { libc::syscall(libc::SYS_capset, &Header::SELF, &sets.raw()) };
        Errno::result(answer).map(drop)
    }

    const fn bit(self) -> u64 {
        1 << self as u32
    }
}

#[repr(C)]
struct Header {
    version: u32,
    pid: i32,
}

impl Header {
    /// `_LINUX_CAPABILITY_VERSION_3`, this process.
    const SELF: Self = Self {
        version: 0x2008_0522,
        pid: 0,
    };
}

/// Low and high halves of effective, permitted, inheritable: the layout of
/// `cap_user_data_t[2]`.
type Raw = [[u32; 3]; 2];

struct Sets {
    effective: u64,
    permitted: u64,
    inheritable: u64,
}

impl Sets {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "each set is cut into its two halves"
    )]
    fn raw(&self) -> Raw {
        [0, 32].map(|shift| {
            [self.effective, self.permitted, self.inheritable].map(|set| (set >> shift) as u32)
        })
    }
}

fn sets() -> nix::Result<Sets> {
    let mut raw: Raw = [[0; 3]; 2];
    // SAFETY: for version 3 the kernel writes two structs of three u32.
    let answer = unsafe { libc::syscall(libc::SYS_capget, &Header::SELF, &mut raw) };
    Errno::result(answer)?;
    let join = |i: usize| u64::from(raw[0][i]) | u64::from(raw[1][i]) << 32;
    Ok(Sets {
        effective: join(0),
        permitted: join(1),
        inheritable: join(2),
    })
}
