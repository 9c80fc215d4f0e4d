//! What a lab is: cases, their programs, and what each must show.

use super::{ending::Ending, failure, privilege::Capability};
use nix::{
    errno::Errno,
    sys::signal::Signal,
    unistd::{Uid, getuid},
};
use std::time::Duration;

/// A lab's program: an ordinary `main` that gives back its first failed call.
pub type Program = fn() -> failure::Result;

/// A whole lab, as its `main.rs` declares it.
pub struct Lab {
    /// The package's name, such as `lab-emsgsize`; objects are named after it.
    pub name: &'static str,
    /// The text of `lab.toml`.
    pub about: &'static str,
    /// The cases in teaching order; the first is what runs without arguments.
    pub cases: &'static [Case],
}

/// One error, as a program that meets it and the same program mended.
pub struct Case {
    pub name: &'static str,
    pub broken: Program,
    pub fixed: Program,
    /// What the broken program must show.
    pub shows: Shows,
    /// What the fixed program must show.
    pub fixed_shows: Shows,
    /// What must be arranged around both programs.
    pub needs: &'static [Need],
    /// How long a program may take before the supervisor ends it.
    pub limit: Duration,
    /// Whether the broken program prints figures that differ from run to run.
    pub varies: bool,
    /// Whether the fixed program does.
    pub fixed_varies: bool,
}

/// The promise: how a program must end. It is checked when a reader runs the
/// lab, when the tests run and when the book is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// It ends well.
    Success,
    /// This call fails with this errno.
    Errno(&'static str, Errno),
    /// The kernel ends it by this signal.
    Signal(Signal),
    /// It is still blocked when its time is up.
    TimeOut,
}

impl Shows {
    /// Whether `ending` is what was promised.
    #[must_use]
    pub fn kept_by(&self, ending: &Ending) -> bool {
        match (self, ending) {
            (Self::Success, Ending::Success) | (Self::TimeOut, Ending::TimeOut { .. }) => true,
            (Self::Errno(call, errno), Ending::Failed { call: c, errno: e }) => {
                call == c && errno == e
            }
            (Self::Signal(signal), Ending::Signal { signal: s, .. }) => signal == s,
            _ => false,
        }
    }
}

/// Something that must be arranged around a program, without touching the
/// machine: the child gives up a capability, or moves into namespaces of its
/// own, see user_namespaces(7), ipc_namespaces(7), mount_namespaces(7).
#[derive(Debug, Clone, Copy)]
pub enum Need {
    /// Run without this capability, because with it the kernel hides the error.
    Without(Capability),
    /// An IPC namespace of its own.
    PrivateIpc,
    /// A file below `/proc/sys` that belongs to the IPC namespace, such as
    /// `fs/mqueue/msg_max`, set to this value there.
    Sysctl(&'static str, u64),
    /// A `/dev/shm` of its own with room for this many bytes.
    DevShm(u64),
    /// A second user: the program must be able to become [`another_user`] by
    /// setresuid(2), for which it takes root. Nobody else can be two users.
    AnotherUser,
}

/// The user that a program with [`Need::AnotherUser`] becomes: "nobody", by its
/// usual number; for nobody, its neighbour.
#[must_use]
pub fn another_user() -> Uid {
    let nobody = Uid::from_raw(65534);
    if getuid() == nobody {
        Uid::from_raw(65533)
    } else {
        nobody
    }
}

impl Need {
    pub(crate) fn is_private(&self) -> bool {
        !matches!(self, Self::Without(_) | Self::AnotherUser)
    }
}

impl Case {
    /// A case whose broken program must show `shows`, and whose fixed program
    /// must end well.
    #[must_use]
    pub const fn new(name: &'static str, broken: Program, shows: Shows, fixed: Program) -> Self {
        Self {
            name,
            broken,
            fixed,
            shows,
            fixed_shows: Shows::Success,
            needs: &[],
            limit: Duration::from_secs(10),
            varies: false,
            fixed_varies: false,
        }
    }

    /// What the fixed program shows, where that is not a plain success.
    #[must_use]
    pub const fn fixed_shows(mut self, shows: Shows) -> Self {
        self.fixed_shows = shows;
        self
    }

    /// What must be arranged around both programs.
    #[must_use]
    pub const fn needs(mut self, needs: &'static [Need]) -> Self {
        self.needs = needs;
        self
    }

    /// Another time limit than ten seconds.
    #[must_use]
    pub const fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Says that the broken program prints figures that differ from run to run, so
    /// that the book marks them as measured.
    #[must_use]
    pub const fn varies(mut self) -> Self {
        self.varies = true;
        self
    }

    /// The same of the fixed program.
    #[must_use]
    pub const fn fixed_varies(mut self) -> Self {
        self.fixed_varies = true;
        self
    }

    pub(crate) const fn varies_in(&self, variant: Variant) -> bool {
        match variant {
            Variant::Broken => self.varies,
            Variant::Fixed => self.fixed_varies,
        }
    }

    pub(crate) fn program(&self, variant: Variant) -> (Program, Shows) {
        match variant {
            Variant::Broken => (self.broken, self.shows),
            Variant::Fixed => (self.fixed, self.fixed_shows),
        }
    }
}

/// Which of a case's two programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    Broken,
    Fixed,
}

impl Variant {
    pub const ALL: [Self; 2] = [Self::Broken, Self::Fixed];

    /// The word on the command line and in records.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Fixed => "fixed",
        }
    }
}
