//! What the lab promises, seen on this kernel.

use labkit::testing::{Bin, Run};
use libc::{IPC_CREAT, IPC_PRIVATE, IPC_RMID, IPC_STAT, SHM_RDONLY, shmat, shmctl, shmget};
use nix::errno::Errno;
use std::{
    mem::zeroed,
    ptr::{null, null_mut},
};

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-sysv-shm"));

fn prints(run: &Run, line: &str) {
    let found = run.program_output().lines().any(|printed| printed == line);
    assert!(found, "{line:?} in {run:#?}");
}

fn faults(run: Run, code: &str) -> Run {
    let run = run.ends("signal", 0);
    assert_eq!(run.record["signal"]["name"], "SIGSEGV", "{run:#?}");
    assert_eq!(run.record["signal"]["code_name"], code, "{run:#?}");
    run
}

#[test]
fn unchecked_it_writes_to_where_nothing_is() {
    for run in [LAB.run(["broken", "unchecked"]), LAB.run::<&str>([])] {
        let run = faults(run, "SEGV_MAPERR");
        prints(&run, "shmget returned -1");
        prints(&run, "shmat returned -1");
    }
}

#[test]
fn checked_the_text_reaches_another_process() {
    let run = LAB.run(["fixed", "unchecked"]).works();
    prints(&run, "Data read: Hello, Shared Memory!");
}

#[test]
fn a_segment_does_not_grow() {
    LAB.run(["broken", "bigger"]).shows("shmget", Errno::EINVAL);
    let run = LAB.run(["fixed", "bigger"]).works();
    prints(&run, "there: 128 bytes, attached 0 times");
    prints(&run, "128 readings written");
}

#[test]
fn the_second_copy_finds_what_the_first_one_made() {
    LAB.run(["broken", "exists"]).shows("shmget", Errno::EEXIST);
    let run = LAB.run(["fixed", "exists"]).works();
    prints(&run, "the first copy has counted to 1");
    prints(&run, "the second copy has counted to 2");
}

#[test]
fn what_is_absent_may_come() {
    LAB.run(["broken", "absent"]).shows("shmget", Errno::ENOENT);
    let run = LAB.run(["fixed", "absent"]).works();
    prints(&run, "read 42");
}

#[test]
fn the_owners_bits_are_for_the_owner() {
    let run = LAB
        .run(["broken", "not-yours"])
        .shows("shmat", Errno::EACCES);
    prints(&run, "shmget made a segment with mode 0444");
    let run = LAB.run(["fixed", "not-yours"]).works();
    prints(&run, "read: 42");
}

#[test]
fn attached_for_reading_it_cannot_be_written() {
    let run = faults(LAB.run(["broken", "read-only"]), "SEGV_ACCERR");
    prints(&run, "taking 21");
    let run = LAB.run(["fixed", "read-only"]).works();
    prints(&run, "taking 22");
}

#[test]
fn a_removed_segment_has_no_key_and_an_attached_one_stays() {
    LAB.run(["broken", "removed"])
        .shows("shmget", Errno::ENOENT);
    let run = LAB.run(["fixed", "removed"]).works();
    prints(&run, "the result is 42");
}

#[test]
fn segments_are_counted() {
    let run = LAB.run(["broken", "full"]).shows("shmget", Errno::ENOSPC);
    prints(&run, "a segment for client 1");
    let run = LAB.run(["fixed", "full"]).works();
    prints(&run, "client 1 wrote 11");
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}

/// The one that waits for a segment has a limit of its own. The broken one does
/// not wait at all.
#[test]
fn alone_it_gives_up() {
    let run = LAB.run_bereft(["fixed", "absent"]).ends("errno", 1);
    assert_eq!(run.record["call"], "shmget", "{run:#?}");
    let errno = &run.record["errno"]["number"];
    assert_eq!(*errno, Errno::ENOENT as i32, "{run:#?}");
}

/// These look at how their peer ended, and do not like it.
#[test]
fn alone_every_other_program_ends_by_itself() {
    for args in [
        ["fixed", "unchecked"],
        ["broken", "exists"],
        ["fixed", "exists"],
        ["fixed", "not-yours"],
        ["broken", "read-only"],
        ["fixed", "read-only"],
        ["broken", "removed"],
        ["fixed", "removed"],
    ] {
        LAB.run_bereft(args).ends("panic", 1);
    }
}

/// Counted where no other program makes any; a kernel that destroys a segment
/// does so at the last detachment, which is over when the program has ended.
#[test]
fn nothing_is_left_behind() {
    let counted = LAB.in_private(
        "for case in unchecked bigger exists absent not-yours read-only removed full; do
            for variant in broken fixed; do
                $LAB $variant $case >/dev/null 2>&1 || echo \"$variant $case: $?\"
            done
        done
        count
        rest || true",
    );
    assert_eq!(counted.trim(), "0");
}

/// What a person does about a segment that nobody needs any more.
#[test]
fn ipcs_shows_a_segment_and_ipcrm_removes_it() {
    let counted = LAB.in_private(
        "id=$(ipcmk --shmem 100 | tr -dc 0-9)
        ipcs -m | grep -c nattch
        count
        ipcrm -m \"$id\"
        count",
    );
    assert_eq!(
        counted.split_whitespace().collect::<Vec<_>>(),
        ["1", "1", "0"]
    );
}

/// With the capability that the lab gives up, the mode means nothing.
#[test]
fn root_is_not_asked() {
    if !labkit::Capability::IpcOwner.is_effective() {
        return;
    }
    // SAFETY: the memory is attached for reading and writing.
    unsafe {
        let id = shmget(IPC_PRIVATE, 4, IPC_CREAT);
        let memory = shmat(id, null(), 0);
        assert_eq!(Errno::result(memory).map(drop), Ok(()));
        memory.cast::<u32>().write_volatile(1);
        assert_eq!(shmctl(id, IPC_RMID, null_mut()), 0);
    }
}

/// What the mode means to a user who is not the owner. Only root can be two.
#[test]
fn another_user_takes_what_the_mode_offers() {
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    let (fine, denied) = (0, Errno::EACCES as i32);
    let asked = [0o600, 0o644, 0o666].map(as_another_user);
    let remove = Errno::EPERM as i32;
    assert_eq!(
        asked,
        [
            // reads, writes, asks IPC_STAT, removes
            [denied, denied, denied, remove],
            [fine, denied, fine, remove],
            [fine, fine, fine, remove],
        ]
    );
}

/// The errnos that another user gets from a segment of this mode; 0 is success.
fn as_another_user(mode: i32) -> [i32; 4] {
    let failed = |failed: bool| if failed { Errno::last_raw() } else { 0 };
    // SAFETY: after fork(2) the child only makes system calls, and ends; nobody
    // touches the memory.
    unsafe {
        let id = shmget(IPC_PRIVATE, 4, IPC_CREAT | mode);
        assert!(id >= 0);
        let nowhere = usize::MAX as *mut libc::c_void;
        let mut stat: libc::shmid_ds = zeroed();
        let errnos = [0, 1, 2, 3].map(|what| {
            let child = libc::fork();
            if child == 0 {
                // The bare call: setuid(3) of glibc speaks to all threads, see nptl(7).
                libc::syscall(libc::SYS_setgroups, 0, null_mut::<libc::gid_t>());
                libc::syscall(libc::SYS_setgid, 65534);
                libc::syscall(libc::SYS_setuid, 65534);
                libc::_exit(failed(match what {
                    0 => shmat(id, null(), SHM_RDONLY) == nowhere,
                    1 => shmat(id, null(), 0) == nowhere,
                    2 => shmctl(id, IPC_STAT, &mut stat) == -1,
                    _ => shmctl(id, IPC_RMID, null_mut()) == -1,
                }));
            }
            let mut status = 0;
            assert_eq!(libc::waitpid(child, &mut status, 0), child);
            libc::WEXITSTATUS(status)
        });
        shmctl(id, IPC_RMID, null_mut());
        errnos
    }
}
