//! The record of a run: what the tools read, and nothing else.

use super::{
    ending::Ending,
    failure,
    lab::{Case, Lab, Shows, Variant},
    object::Object,
    supervisor::Seen,
};
use nix::{errno::Errno, sys::signal::Signal};
use serde_json::{Map, Value, json};

/// One run of one program, with its verdict.
pub struct Record<'a> {
    pub lab: &'a Lab,
    pub case: &'a Case,
    pub variant: Variant,
    /// The run's id, which every object's name ends with.
    pub run: &'a str,
    pub seen: &'a Seen,
    /// The lab's own exit status, see the help text.
    pub exit_status: u8,
    /// Whether the program ran in namespaces of its own.
    pub private: bool,
    /// Why it cannot be shown here, by language code.
    pub reason: Option<Value>,
    pub objects: &'a [Object],
    pub left: &'a [(Object, Errno)],
}

impl Record<'_> {
    /// One JSON object. Absent things are `null`, so that every record has the
    /// same keys.
    #[must_use]
    pub fn json(&self) -> Value {
        let Self {
            lab, case, seen, ..
        } = self;
        let (_, promise) = case.program(self.variant);
        let (call, errno, signal, fault, panic) = match &seen.ending {
            Ending::Failed { call, errno } => (Some(call), Some(*errno), None, None, None),
            Ending::Unavailable { step, errno } => (Some(step), Some(*errno), None, None, None),
            Ending::Signal { signal, fault } => (None, None, Some(*signal), *fault, None),
            Ending::Interrupted { signal } => (None, None, Some(*signal), None, None),
            Ending::Panicked { message } => (None, None, None, None, Some(message)),
            Ending::Success | Ending::TimeOut { .. } | Ending::Exited { .. } => {
                (None, None, None, None, None)
            }
        };
        let signal = signal.map(|signal| {
            json!({
                "number": signal as i32,
                "name": signal.as_str(),
                "code": fault.map(|f| f.code),
                "code_name": fault.and_then(|f| f.code_name(signal)),
                "address": fault.map(|f| f.address),
            })
        });
        let texts =
            |list: &[Object]| -> Vec<String> { list.iter().map(Object::to_string).collect() };
        let left: Vec<_> = self.left.iter().map(|(object, _)| object.clone()).collect();
        let mut record = json!({
            "lab": lab.name,
            "case": case.name,
            "variant": self.variant.word(),
            "run": self.run,
            "pid": seen.pid,
            "promise": promised(&promise),
            "kept": promise.kept_by(&seen.ending),
            "ending": word(&seen.ending),
            "call": call,
            "errno": errno.map(named),
            "signal": signal,
            "panic": panic,
            "exit_status": self.exit_status,
            "reason": self.reason,
            "gave_up": seen.gave_up,
            "raised": seen.raised,
            "private": self.private,
            "varies": case.varies_in(self.variant),
            "objects": texts(self.objects),
            "left": texts(&left),
            "output": String::from_utf8_lossy(&seen.output),
        });
        let surroundings = seen
            .surroundings
            .as_deref()
            .and_then(|s| serde_json::from_str(s).ok());
        let surroundings: Map<_, _> = surroundings.unwrap_or_default();
        if let Some(record) = record.as_object_mut() {
            for key in ["kernel", "uid", "gid", "capabilities", "limits"] {
                record.insert(
                    key.to_owned(),
                    surroundings.get(key).cloned().unwrap_or_default(),
                );
            }
        }
        record
    }
}

/// The kind of ending, in one word.
fn word(ending: &Ending) -> &'static str {
    match ending {
        Ending::Success => "success",
        Ending::Failed { .. } => "errno",
        Ending::Signal { .. } => "signal",
        Ending::TimeOut { .. } => "timeout",
        Ending::Panicked { .. } => "panic",
        Ending::Exited { .. } => "exit",
        Ending::Unavailable { .. } => "unavailable",
        Ending::Interrupted { .. } => "interrupted",
    }
}

/// Number, name and text of an errno.
fn named(errno: Errno) -> Value {
    json!({ "number": errno as i32, "name": format!("{errno:?}"), "text": failure::text(errno) })
}

/// A promise, in the words of a record.
#[must_use]
pub fn promised(shows: &Shows) -> Value {
    let signal = |signal: &Signal| json!({ "number": *signal as i32, "name": signal.as_str() });
    match shows {
        Shows::Success => json!({ "ending": "success" }),
        Shows::Errno(call, errno) => {
            json!({ "ending": "errno", "call": call, "errno": named(*errno) })
        }
        Shows::Signal(s) => json!({ "ending": "signal", "signal": signal(s) }),
        Shows::TimeOut => json!({ "ending": "timeout" }),
    }
}
