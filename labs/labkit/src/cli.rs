//! A lab as a command: asks, runs, tells, tidies up.

use super::{
    args::{self, Form, Misuse, Request},
    ending::Ending,
    failure,
    journal::{self, Journal},
    lab::{Case, Lab, Need, Variant},
    language::Language,
    name,
    namespace::Refused,
    record::{Record, promised},
    supervisor::{Blocked, Job, Seen, supervise},
    text::{About, Text},
    voice::{self, Verdict, Voice},
};
use nix::{
    errno::Errno,
    sys::signal::{self, SigHandler, Signal},
};
use serde_json::json;
use std::{
    env,
    ffi::OsString,
    io::{self, Write as _},
    process::ExitCode,
};

/// What a lab's `main` does. Exit status: 0 the lab showed what it promises, 1
/// the kernel answered otherwise, 2 wrong usage, 3 it cannot be shown here.
#[must_use]
pub fn run(lab: &Lab) -> ExitCode {
    let args: Vec<OsString> = env::args_os().skip(1).collect();
    let asked = args::language(&args);
    let language = asked.unwrap_or_else(Language::of_environment);
    let text = Text::new(language);
    let about = match About::new(lab) {
        Ok(about) => about,
        Err(error) => {
            complain(&text.fill("trouble.about", &[("error", &error)]));
            return ExitCode::from(1);
        }
    };
    let voice = Voice {
        lab,
        about: &about,
        language,
        text,
        asked: asked.is_some(),
    };
    let result = match args::parse(lab, &args, &voice.text) {
        Err(Misuse(message)) => {
            complain(&message);
            return ExitCode::from(2);
        }
        Ok(Request::Help) => say(&voice.help()),
        Ok(Request::List { json: false }) => say(&voice.list()),
        Ok(Request::List { json: true }) => say(&format!("{}\n", description(lab, &about))),
        Ok(Request::Run {
            case,
            variant,
            form,
        }) => return run_case(&voice, case, variant, form),
    };
    finish(result, 0)
}

fn run_case(voice: &Voice<'_>, case: &Case, variant: Variant, form: Form) -> ExitCode {
    // From here to the end of the clean-up a signal may end the program, but not
    // keep us from tidying up after it.
    let blocked = Blocked::new();
    journal::sweep();
    let run = name::start(voice.lab.name);
    let journal = Journal::start(run);
    if !journal.as_ref().is_ok_and(|journal| journal.lasts()) {
        complain(voice.text.get("trouble.journal"));
    }
    let heading = match form {
        Form::Explained => say(&format!("{}\n\n", voice.heading(case, variant))),
        Form::Bare | Form::Json => Ok(()),
    };
    let seen = match (&heading, &journal) {
        (Ok(()), Ok(_)) => Some(conduct(voice, case, variant, form, &blocked)),
        // Without a list of its objects, nobody could tidy up after a program.
        (Ok(()), Err(error)) => Some((without_journal(error), false)),
        // Nobody listens any more; there is nothing to run a program for.
        (Err(_), _) => None,
    };
    let objects = journal
        .as_ref()
        .map_or_else(|_| Vec::new(), |j| j.objects());
    let left = journal.map_or_else(|_| Vec::new(), Journal::clear);
    drop(blocked);

    let Some((mut seen, retried)) = seen else {
        return finish(heading, 1);
    };
    for (object, errno) in &left {
        let values = [
            ("object", &object.to_string()),
            ("errno", &format!("{errno:?}")),
            ("text", &failure::text(*errno)),
        ];
        complain(&voice.text.fill(
            "verdict.left",
            &values.map(|(name, value)| (name, value.as_str())),
        ));
    }
    let (_, promise) = case.program(variant);
    // A program that misses its other process panics, or waits in vain; the reason
    // is what the other one was refused.
    if let Some((call, errno)) = seen.peer.clone()
        && voice::lacks(&call, errno)
        && matches!(
            seen.ending,
            Ending::Panicked { .. } | Ending::TimeOut { .. }
        )
        && !promise.kept_by(&seen.ending)
    {
        seen.ending = Ending::Failed { call, errno };
    }
    let verdict = Verdict::of(&promise, &seen.ending);
    let status = verdict.exit_status();
    let arranged = !matches!(seen.ending, Ending::Unavailable { .. });
    let private = arranged && (retried || case.needs.iter().any(Need::is_private));
    match &seen.ending {
        Ending::Interrupted { signal } => die_by(*signal),
        // Our output was a pipe that nobody reads any more.
        Ending::Signal {
            signal: Signal::SIGPIPE,
            ..
        } if verdict != Verdict::Kept => {
            return ExitCode::SUCCESS;
        }
        _ => {}
    }
    if let Some(line) = seen.ending.last_words() {
        match form {
            Form::Json => seen.output.extend(format!("{line}\n").into_bytes()),
            Form::Bare | Form::Explained => complain(&line),
        }
    }
    let result = match form {
        Form::Json => {
            let record = Record {
                lab: voice.lab,
                case,
                variant,
                run,
                seen: &seen,
                exit_status: status,
                private,
                reason: (verdict == Verdict::Unavailable)
                    .then(|| voice::reason(voice.lab, voice.about, &seen)),
                objects: &objects,
                left: &left,
            };
            say(&format!("{}\n", record.json()))
        }
        // The book and other readers of --bare still learn why it is not there.
        Form::Bare if verdict == Verdict::Kept => Ok(()),
        Form::Bare => {
            complain(&voice.explain(case, variant, verdict, &seen, private));
            Ok(())
        }
        Form::Explained => {
            let next = voice.next(case, variant);
            say(&format!(
                "\n{}\n\n{next}\n",
                voice.explain(case, variant, verdict, &seen, private)
            ))
        }
    };
    finish(result, status)
}

/// Runs the program; a second time in an IPC namespace of its own where the
/// machine has no room for another object. True says that it was so.
fn conduct(
    voice: &Voice<'_>,
    case: &Case,
    variant: Variant,
    form: Form,
    blocked: &Blocked,
) -> (Seen, bool) {
    let (program, promise) = case.program(variant);
    let run = |needs| {
        let job = Job {
            program,
            needs,
            limit: case.limit,
            capture: form == Form::Json,
        };
        supervise(&job, blocked).unwrap_or_else(Seen::refused)
    };
    let seen = run(case.needs);
    let full = matches!(
        seen.ending,
        // unshare(2) says so of namespaces, not of objects.
        Ending::Failed { ref call, errno: Errno::ENOSPC } if call != "unshare"
    );
    if !full || promise.kept_by(&seen.ending) || case.needs.iter().any(Need::is_private) {
        return (seen, false);
    }
    let mut needs = case.needs.to_vec();
    needs.push(Need::PrivateIpc);
    if form == Form::Explained {
        let _ = say(&format!("\n{}\n\n", voice.text.get("verdict.retried")));
    }
    let again = run(&needs);
    // Where no namespace can be had, the first answer is the one that matters.
    if matches!(again.ending, Ending::Unavailable { .. }) {
        (seen, false)
    } else {
        (again, true)
    }
}

/// What is seen where no journal can be had, not even in memory.
fn without_journal(error: &io::Error) -> Seen {
    Seen::refused(Refused {
        step: "memfd_create".to_owned(),
        errno: error.raw_os_error().map_or(Errno::EIO, Errno::from_raw),
    })
}

/// The lab and its promises, for tools: `list --json`.
fn description(lab: &Lab, about: &About) -> serde_json::Value {
    let both = |get: &dyn Fn(Language) -> String| {
        let texts = Language::ALL.map(|l| (l.code().to_owned(), json!(get(l))));
        serde_json::Value::Object(texts.into_iter().collect())
    };
    let cases: Vec<_> = lab
        .cases
        .iter()
        .map(|case| {
            let of_case =
                |key: &'static str| both(&|l| about.of_case(l, case.name, key).to_owned());
            json!({
                "name": case.name,
                "title": of_case("title"),
                "broken": {
                    "promise": promised(&case.shows),
                    "told": of_case("broken"),
                    "varies": case.varies,
                },
                "fixed": {
                    "promise": promised(&case.fixed_shows),
                    "told": of_case("fixed"),
                    "varies": case.fixed_varies,
                },
                "limit_ms": u64::try_from(case.limit.as_millis()).unwrap_or(u64::MAX),
            })
        })
        .collect();
    json!({
        "lab": lab.name,
        "title": both(&|l| about.of_lab(l, "title").to_owned()),
        "summary": both(&|l| about.of_lab(l, "summary").to_owned()),
        "chapter": about.chapter(),
        "man": about.man(),
        "cases": cases,
    })
}

fn say(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// To stderr; a reader who closed that too wants to hear nothing.
fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// A closed pipe is not an error: `lab-emsgsize | head -1` is quiet.
fn finish(result: io::Result<()>, status: u8) -> ExitCode {
    match result {
        Ok(()) => ExitCode::from(status),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("stdout: {error}"));
            ExitCode::from(1)
        }
    }
}

/// Ends as the signal would have ended us, so that a shell sees what happened.
fn die_by(signal: Signal) {
    // SAFETY: the default action runs no code of ours.
    let _ = unsafe { signal::signal(signal, SigHandler::SigDfl) };
    let _ = signal::raise(signal);
}
