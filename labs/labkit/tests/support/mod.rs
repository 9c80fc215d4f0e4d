//! What several test files need.

#![allow(dead_code, reason = "each test file uses a part of this")]

use labkit::testing::Bin;
use std::{io, os::unix::process::CommandExt as _, process::Command};

pub const SPECIMEN: Bin = Bin(env!("CARGO_BIN_EXE_specimen"));

/// A command of the specimen, for which the kernel answers the system calls
/// `numbers` with `errno`, as a container's seccomp filter would.
pub fn refusing(numbers: &'static [libc::c_long], errno: i32) -> Command {
    let mut command = SPECIMEN.command();
    // SAFETY: only two prctl(2) calls between fork and exec.
    unsafe { command.pre_exec(move || filter(numbers, errno)) };
    command
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
        program.push(statement(
            equal,
            0,
            1,
            u32::try_from(*number).expect("a small number"),
        ));
        program.push(statement(
            give,
            0,
            0,
            libc::SECCOMP_RET_ERRNO | errno as u32,
        ));
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

/// Limits the queue bytes of `command`, soft and hard.
pub fn limit_queues(command: &mut Command, soft: u64, hard: u64) {
    let limit = libc::rlimit {
        rlim_cur: soft,
        rlim_max: hard,
    };
    // SAFETY: only setrlimit(2) between fork and exec.
    unsafe {
        command.pre_exec(
            move || match libc::setrlimit(libc::RLIMIT_MSGQUEUE, &limit) {
                0 => Ok(()),
                _ => Err(io::Error::last_os_error()),
            },
        );
    }
}
