//! What the lab promises, seen on this kernel.

use labkit::testing::{Bin, Run};
use libc::{IPC_CREAT, IPC_NOWAIT, IPC_PRIVATE, IPC_RMID, c_long, msgctl, msgget, msgrcv, msgsnd};
use nix::errno::Errno;
use std::ptr::null_mut;

const LAB: Bin = Bin(env!("CARGO_BIN_EXE_lab-sysv-queue"));

fn prints(run: &Run, line: &str) {
    let found = run.program_output().lines().any(|printed| printed == line);
    assert!(found, "{line:?} in {run:#?}");
}

/// The lie, and the queue's own word against it.
#[test]
fn unchecked_it_speaks_of_a_message_that_never_was() {
    for run in [LAB.run(["broken", "unchecked"]), LAB.run::<&str>([])] {
        let run = run.works();
        prints(&run, "Message sent: Hello, Message Queue!");
        prints(&run, "Message received: Hello, Message Queue!");
        prints(&run, "was a message in the queue? false");
    }
}

#[test]
fn checked_the_message_reaches_another_process() {
    let run = LAB.run(["fixed", "unchecked"]).works();
    prints(&run, "Message received: Hello, Message Queue!");
    prints(&run, "was a message in the queue? true");
}

#[test]
fn nothing_of_the_type_is_not_an_empty_queue() {
    let run = LAB
        .run(["broken", "no-message"])
        .shows("msgrcv", Errno::ENOMSG);
    prints(&run, "question: 21 x 2, messages waiting: 1");
    let run = LAB.run(["fixed", "no-message"]).works();
    prints(&run, "answer: 42");
}

#[test]
fn a_small_buffer_is_refused_and_the_message_stays() {
    let run = LAB
        .run(["broken", "small-buffer"])
        .shows("msgrcv", Errno::E2BIG);
    prints(&run, "messages in the queue now: 1");
    let run = LAB.run(["fixed", "small-buffer"]).works();
    prints(&run, "messages in the queue now: 0");
    prints(&run, "received 64 bytes");
}

#[test]
fn a_byte_over_the_limit_is_refused_and_pieces_arrive() {
    LAB.run(["broken", "too-long"])
        .shows("msgsnd", Errno::EINVAL);
    let run = LAB.run(["fixed", "too-long"]).works();
    let msgmax = std::fs::read_to_string("/proc/sys/kernel/msgmax").expect("readable");
    let whole = 1 + msgmax.trim().parse::<usize>().expect("a number");
    prints(&run, &format!("the report is whole: {whole} bytes"));
}

#[test]
fn types_begin_at_one() {
    let run = LAB
        .run(["broken", "bad-type"])
        .shows("msgsnd", Errno::EINVAL);
    assert_eq!(run.program_output().lines().count(), 2, "{run:#?}");
    let run = LAB.run(["fixed", "bad-type"]).works();
    prints(&run, "worker 2 has job 102");
}

#[test]
fn a_full_queue_takes_the_rest_later() {
    let run = LAB.run(["broken", "full"]).shows("msgsnd", Errno::EAGAIN);
    assert_eq!(run.program_output().matches("sent").count(), 4, "{run:#?}");
    let run = LAB.run(["fixed", "full"]).works();
    assert_eq!(run.program_output().matches("sent").count(), 8, "{run:#?}");
}

#[test]
fn what_never_fits_fails_on_an_empty_queue() {
    let run = LAB
        .run(["broken", "never-fits"])
        .shows("msgsnd", Errno::EAGAIN);
    prints(&run, "try 5: messages in the queue: 0");
    let run = LAB.run(["fixed", "never-fits"]).works();
    prints(&run, "sending 64 bytes");
    prints(&run, "sending 36 bytes");
}

#[test]
fn a_waiting_reader_hears_of_the_removal() {
    let run = LAB.run(["broken", "removed"]).shows("msgrcv", Errno::EIDRM);
    prints(&run, "done: [1, 2]");
    let run = LAB.run(["fixed", "removed"]).works();
    prints(&run, "done: [1, 2]");
}

#[test]
fn the_mode_is_asked_by_the_first_use() {
    let run = LAB
        .run(["broken", "not-yours"])
        .shows("msgrcv", Errno::EACCES);
    prints(&run, "msgget found the queue");
    let run = LAB.run(["fixed", "not-yours"]).works();
    prints(&run, "received 1234");
}

#[test]
fn both_languages_describe_it() {
    LAB.is_described();
}

/// Whoever waits for a message, or for room, waits in vain, and is ended.
#[test]
fn alone_a_waiting_program_is_ended() {
    let waiting = [
        ["fixed", "no-message"],
        ["broken", "removed"],
        ["fixed", "removed"],
        ["fixed", "never-fits"],
    ];
    // Side by side: each takes the whole time limit of its case.
    std::thread::scope(|scope| {
        for args in waiting {
            scope.spawn(move || LAB.run_bereft(args).ends("timeout", 1));
        }
    });
}

#[test]
fn alone_every_other_program_ends_by_itself() {
    // The patience of the fixed one has an end.
    let run = LAB.run_bereft(["fixed", "full"]).ends("errno", 1);
    assert_eq!(run.record["call"], "msgsnd", "{run:#?}");
    assert_eq!(
        run.record["errno"]["number"],
        Errno::EAGAIN as i32,
        "{run:#?}"
    );
    // These look at how their peer ended, and do not like it.
    for args in [
        ["fixed", "unchecked"],
        ["fixed", "too-long"],
        ["broken", "not-yours"],
        ["fixed", "not-yours"],
    ] {
        LAB.run_bereft(args).ends("panic", 1);
    }
}

/// The first queue of a new IPC namespace, as in a container.
#[test]
fn zero_is_an_id_like_any_other() {
    let made = LAB.in_private("ipcmk --queue");
    assert_eq!(made.split_whitespace().last(), Some("0"), "{made}");
}

/// The words to search for: nix has its own.
#[test]
fn c_programs_word_it_otherwise() {
    let words = std::io::Error::from(Errno::EAGAIN).to_string();
    assert_eq!(words, "Resource temporarily unavailable (os error 11)");
}

/// With the capability that the labs give up, the mode means nothing.
#[test]
fn root_is_not_asked() {
    if !labkit::Capability::IpcOwner.is_effective() {
        return;
    }
    let mut message: [c_long; 2] = [1, 42];
    // SAFETY: every call stays inside `message`.
    unsafe {
        let id = msgget(IPC_PRIVATE, IPC_CREAT);
        let sent = msgsnd(id, message.as_ptr().cast(), 8, 0);
        let received = msgrcv(id, message.as_mut_ptr().cast(), 8, 0, IPC_NOWAIT);
        let removed = msgctl(id, IPC_RMID, null_mut());
        assert_eq!((sent, received, removed), (0, 8, 0));
    }
}

/// What the mode means to a user who is not the owner. Only root can be two.
#[test]
fn another_user_takes_what_0666_offers() {
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    let everybody = as_another_user(0o666);
    assert_eq!(everybody, [0, Errno::EPERM as i32]);
    let owner = as_another_user(0o600);
    assert_eq!(owner, [Errno::EACCES as i32, Errno::EPERM as i32]);
}

/// A queue of this mode with one message: what another user gets from
/// receiving it, and from removing the queue. 0 is success.
fn as_another_user(mode: i32) -> [i32; 2] {
    let message: [c_long; 2] = [1, 42];
    // SAFETY: after fork(2) the child only makes system calls, all of which stay
    // inside `message`, and ends.
    unsafe {
        let id = msgget(IPC_PRIVATE, IPC_CREAT | mode);
        assert!(id >= 0 && msgsnd(id, message.as_ptr().cast(), 8, 0) == 0);
        let errnos = [false, true].map(|remove| {
            let child = libc::fork();
            if child == 0 {
                // The bare call: setuid(3) of glibc speaks to all threads, see nptl(7).
                libc::syscall(libc::SYS_setgroups, 0, null_mut::<libc::gid_t>());
                libc::syscall(libc::SYS_setgid, 65534);
                libc::syscall(libc::SYS_setuid, 65534);
                let mut message: [c_long; 2] = [0; 2];
                let answer = if remove {
                    msgctl(id, IPC_RMID, null_mut()) as isize
                } else {
                    msgrcv(id, message.as_mut_ptr().cast(), 8, 0, IPC_NOWAIT)
                };
                libc::_exit(if answer < 0 { Errno::last_raw() } else { 0 });
            }
            let mut status = 0;
            assert_eq!(libc::waitpid(child, &mut status, 0), child);
            libc::WEXITSTATUS(status)
        });
        msgctl(id, IPC_RMID, null_mut());
        errnos
    }
}
