//! What all labs share.
//!
//! A lab is a crate whose `main.rs` names its cases and what each must show,
//! and hands them to [`run`]. labkit runs each program in a child process with
//! a time limit, tells apart how it ended, compares that with the promise, says
//! in the reader's language what was seen, and removes every object of the run.
//!
//! A program itself needs two things from here: a name for its object
//! ([`queue_name`] and its sisters) and [`Call::call`], which keeps the errno of
//! a failed call together with the name of that call.

#[cfg(not(target_os = "linux"))]
compile_error!(
    "these labs ask the Linux kernel, so they need Linux: use a Linux machine, a virtual machine, \
     WSL 2 on Windows (`wsl --install`), or a container (`docker run -it --rm -v .:/lab -w /lab rust`)"
);

// One condition on one module: elsewhere the sentence above is all that is said.
#[cfg(target_os = "linux")]
#[path = ""]
mod linux {
    pub mod args;
    pub mod child;
    pub mod cli;
    pub mod ending;
    pub mod failure;
    pub mod half_made;
    pub mod journal;
    pub mod lab;
    pub mod language;
    pub mod name;
    pub mod namespace;
    pub mod object;
    pub mod own;
    pub mod privilege;
    pub mod processes;
    pub mod record;
    pub mod report;
    pub mod supervisor;
    pub mod surroundings;
    pub mod testing;
    pub mod text;
    pub mod voice;
}

#[cfg(target_os = "linux")]
pub use linux::{
    args::language as language_asked_for,
    cli::run,
    ending::Ending,
    failure::{Call, Failure, Result, text as errno_text},
    lab::{Case, Lab, Need, Shows, Variant, another_user},
    language::Language,
    name::{queue_name, semaphore_name, shm_name, sysv_key},
    namespace,
    object::{Object, SysV},
    own::Own,
    privilege::Capability,
    testing,
    text::Text,
    voice::terminal_width,
};
