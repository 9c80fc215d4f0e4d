//! `bare.c`, compiled with -O2 and loaded into this process.

use labkit::SysV;
use measure::{
    channel::{Plan, Side, Take},
    clock,
    fault::{Fault, call},
    loops::{End, Span},
    record::{Mechanism, Waiting},
};
use nix::errno::Errno;
use std::{
    ffi::{CString, c_char, c_int, c_long, c_void},
    fs,
    os::unix::ffi::OsStrExt as _,
    process::Command,
    sync::OnceLock,
};

type Posix = unsafe extern "C" fn(c_int, c_int, *mut c_char, usize, c_long) -> c_int;
type Sysv = unsafe extern "C" fn(c_int, c_int, *mut c_long, usize, c_int, c_long) -> c_int;

/// The library's handle, loaded once and never given back.
struct Bare(*mut c_void);

// SAFETY: a handle of dlopen(3) may be used from anywhere.
unsafe impl Send for Bare {}
// SAFETY: as above.
unsafe impl Sync for Bare {}

fn compile() -> Result<Bare, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let source = folder.path().join("bare.c");
    let library = folder.path().join("bare.so");
    fs::write(&source, include_str!("bare.c")).map_err(|error| error.to_string())?;
    let status = Command::new("cc")
        .args(["-O2", "-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .arg("-lrt")
        .status()
        .map_err(|error| format!("cc: {error}"))?;
    if !status.success() {
        return Err(format!("cc: {status}"));
    }
    let path = CString::new(library.as_os_str().as_bytes()).map_err(|error| error.to_string())?;
    // SAFETY: the library is the one just compiled; it has no code that runs on load.
    let handle = unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_NOW) };
    if handle.is_null() {
        return Err("dlopen failed".to_owned());
    }
    Ok(Bare(handle))
}

fn symbol(name: &str) -> Result<*mut c_void, Fault> {
    static BARE: OnceLock<Result<Bare, String>> = OnceLock::new();
    let bare = BARE.get_or_init(compile).as_ref();
    let bare = bare.map_err(|error| Fault::Corrupt(error.clone()))?;
    let name = CString::new(name).map_err(|error| Fault::Corrupt(error.to_string()))?;
    // SAFETY: a handle of dlopen(3) and a C string.
    let address = unsafe { libc::dlsym(bare.0, name.as_ptr()) };
    if address.is_null() {
        return Err(Fault::Corrupt("dlsym found nothing".to_owned()));
    }
    Ok(address)
}

/// Queues of the same kind and shape as [`Plan::open`] makes, with C at both ends.
pub fn open(plan: &Plan) -> Result<Take, Fault> {
    let plan = *plan;
    let posix = plan.mechanism == Mechanism::PosixQueue;
    let word = if posix { "posix" } else { "sysv" };
    let ping = symbol(&format!("{word}_ping"))? as usize;
    let pong = symbol(&format!("{word}_pong"))? as usize;
    let queues = if posix {
        posix_queues(&plan)?
    } else {
        sysv_queues()?
    };
    Ok(Box::new(move |side, _| {
        let [there, back] = queues;
        let (out, back) = match side {
            Side::First => (there, back),
            Side::Second => (back, there),
        };
        Ok(Box::new(Loop {
            plan,
            posix,
            ping,
            pong,
            out,
            back,
            message: vec![1; 1 + plan.size.div_ceil(8)],
        }))
    }))
}

fn posix_queues(plan: &Plan) -> Result<[c_int; 2], Fault> {
    let queue = || -> Result<c_int, Fault> {
        let name = labkit::queue_name("bare");
        let name = CString::new(name).map_err(|error| Fault::Corrupt(error.to_string()))?;
        let nonblock = if plan.waiting == Waiting::Spin {
            libc::O_NONBLOCK
        } else {
            0
        };
        let flags = libc::O_CREAT | libc::O_EXCL | libc::O_RDWR | nonblock;
        // SAFETY: all fields of mq_attr are integers.
        let mut attributes: libc::mq_attr = unsafe { std::mem::zeroed() };
        attributes.mq_maxmsg = 10;
        attributes.mq_msgsize = plan.size as c_long;
        // SAFETY: a C string and attributes that outlive the call.
        let queue = unsafe { libc::mq_open(name.as_ptr(), flags, 0o600, &raw mut attributes) };
        let queue = call("mq_open", Errno::result(queue))?;
        // SAFETY: a C string.
        let unlinked = unsafe { libc::mq_unlink(name.as_ptr()) };
        call("mq_unlink", Errno::result(unlinked))?;
        Ok(queue)
    };
    Ok([queue()?, queue()?])
}

fn sysv_queues() -> Result<[c_int; 2], Fault> {
    let queue = || -> Result<c_int, Fault> {
        let flags = libc::IPC_CREAT | libc::IPC_EXCL | 0o600;
        // Its name is noted, and removed when the run ends.
        // SAFETY: plain numbers.
        let queue = unsafe { libc::msgget(labkit::sysv_key(SysV::Queue), flags) };
        call("msgget", Errno::result(queue))
    };
    Ok([queue()?, queue()?])
}

struct Loop {
    plan: Plan,
    posix: bool,
    /// Addresses of the two functions.
    ping: usize,
    pong: usize,
    out: c_int,
    back: c_int,
    /// Room for a type and the text behind it.
    message: Vec<c_long>,
}

impl Loop {
    fn run(&mut self, function: usize, count: usize) -> Result<(), Fault> {
        let (size, count) = (self.plan.size, count as c_long);
        let message = self.message.as_mut_ptr();
        // SAFETY: the address is that of a function of `bare.c` with this signature;
        // the message has room for a type and `size` bytes.
        let errno = unsafe {
            if self.posix {
                let function: Posix = std::mem::transmute(function);
                function(self.out, self.back, message.cast(), size, count)
            } else {
                let function: Sysv = std::mem::transmute(function);
                let flags = if self.plan.waiting == Waiting::Spin {
                    libc::IPC_NOWAIT
                } else {
                    0
                };
                function(self.out, self.back, message, size, flags, count)
            }
        };
        match errno {
            0 => Ok(()),
            errno => call("bare.c", Err(Errno::from_raw(errno))),
        }
    }
}

impl End for Loop {
    fn ping(&mut self, _: u64, count: usize, _: Option<&mut Vec<u64>>) -> Result<Span, Fault> {
        let start = clock::now();
        self.run(self.ping, count)?;
        Ok(Span {
            wall_ns: clock::now() - start,
            cpu_ns: 0,
        })
    }

    fn pong(&mut self, _: u64, count: usize) -> Result<(), Fault> {
        self.run(self.pong, count)
    }
}
