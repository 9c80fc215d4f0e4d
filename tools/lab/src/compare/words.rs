//! The records' words in the reader's language.

use super::pair::Key;
use crate::messages::Messages;
use measure::record::{Failed, Refusal};
use serde::Serialize;

/// The word that a record has for `value`, such as `posix-queue`.
#[must_use]
pub fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The message for a record's word, such as `mechanism-posix-queue`.
#[must_use]
pub fn label(group: &str, value: impl Serialize, messages: &Messages) -> String {
    messages.get(&format!("{group}-{}", word(value)))
}

/// What a group of rows has in common: `POSIX queue, sleeping, 2 processors`.
#[must_use]
pub fn group(key: &Key, messages: &Messages) -> String {
    let mut parts = vec![
        label("mechanism", key.mechanism, messages),
        label("waiting", key.waiting, messages),
        messages.fill("compare-cores", &[("count", key.cores.into())]),
    ];
    if key.lent {
        parts.push(messages.get("compare-lent"));
    }
    if key.batch != 1 {
        parts.push(messages.fill("compare-batch", &[("count", key.batch.into())]));
    }
    parts.join(", ")
}

/// Why there is no figure, in one word for a cell.
#[must_use]
pub fn in_short(failed: &Failed, messages: &Messages) -> String {
    match failed {
        Failed::Refused(refusal) => refusal.errno.name.clone(),
        Failed::Killed(signal) => signal.clone(),
        Failed::Corrupt(_) => messages.get("failed-corrupt"),
        Failed::TimedOut => messages.get("failed-timed-out"),
    }
}

/// Why there is no figure, in full.
#[must_use]
pub fn in_full(failed: &Failed, messages: &Messages) -> String {
    match failed {
        Failed::Refused(refusal) => refused(refusal),
        Failed::Killed(signal) => messages.fill("failed-killed", &[("signal", signal.into())]),
        Failed::Corrupt(what) => messages.fill("failed-corrupt-how", &[("what", what.into())]),
        Failed::TimedOut => messages.get("failed-timed-out"),
    }
}

/// A failed call as a lab prints it.
#[must_use]
pub fn refused(refusal: &Refusal) -> String {
    let errno = &refusal.errno;
    format!(
        "{}: {}: {} ({})",
        refusal.call, errno.name, errno.text, errno.number
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use measure::record::{Floor, Kind, Mechanism, Remark, Waiting};

    /// Every word that a record may have has a label. A new one does not compile
    /// until it is named here.
    #[test]
    fn every_word_has_a_label_in_both_languages() {
        const fn is_listed(m: Mechanism, w: Waiting, k: Kind, f: Floor, r: Remark) {
            use Mechanism as M;
            match m {
                M::Mailbox | M::Ring | M::Semaphore | M::MutexCondvar | M::Eventfd => {}
                M::PosixQueue | M::SysvQueue | M::Pipe | M::UnixStream | M::UnixSeqpacket => {}
            }
            match w {
                Waiting::Spin | Waiting::Sleep | Waiting::SpinThenSleep => {}
            }
            match k {
                Kind::RoundTrip | Kind::Stream | Kind::OpenLoop => {}
            }
            match f {
                Floor::TwoLines | Floor::Yield | Floor::Stream => {}
            }
            match r {
                Remark::OneCore | Remark::Busy | Remark::NotPinned => {}
                Remark::SlowClock | Remark::NotRaised | Remark::Interrupted => {}
            }
        }
        is_listed(
            Mechanism::Ring,
            Waiting::Spin,
            Kind::Stream,
            Floor::Stream,
            Remark::Busy,
        );
        let mechanisms = [
            "mailbox",
            "ring",
            "semaphore",
            "mutex-condvar",
            "eventfd",
            "posix-queue",
            "sysv-queue",
            "pipe",
            "unix-stream",
            "unix-seqpacket",
        ];
        let remarks = [
            "one-core",
            "busy",
            "not-pinned",
            "slow-clock",
            "not-raised",
            "interrupted",
        ];
        for language in Language::ALL {
            let messages = Messages::new(language);
            let has = |group: &str, words: &[&str]| {
                for word in words {
                    let key = format!("{group}-{word}");
                    assert!(messages.find(&key, &[]).is_some(), "{language:?} {key}");
                }
            };
            has("mechanism", &mechanisms);
            has("waiting", &["spin", "sleep", "spin-then-sleep"]);
            has("kind", &["round-trip", "stream", "open-loop"]);
            has("kind-says", &["round-trip", "stream", "open-loop"]);
            has("remark", &remarks);
        }
        assert_eq!(word(Mechanism::MutexCondvar), "mutex-condvar");
        assert_eq!(word(Remark::NotPinned), "not-pinned");
    }
}
