//! Both languages say the same things.

mod fixture;

use labkit::Language;
use measure::{
    record::{Floor, Kind, Mechanism, Remark, Waiting},
    text::Words,
};

#[test]
fn both_languages_have_the_same_texts_with_the_same_values() {
    let [vi, en] = Language::ALL.map(|language| Words::new(language).shape());
    assert!(!vi.is_empty(), "the texts can be read");
    assert_eq!(vi, en);
}

#[test]
fn everything_that_a_report_can_name_has_a_text() {
    use Mechanism::{
        Eventfd, Mailbox, MutexCondvar, Pipe, PosixQueue, Ring, Semaphore, SysvQueue,
        UnixSeqpacket, UnixStream,
    };
    use Remark::{Busy, Interrupted, NotPinned, NotRaised, OneCore, SlowClock};
    let mechanisms = [
        Mailbox,
        Ring,
        Semaphore,
        MutexCondvar,
        Eventfd,
        PosixQueue,
        SysvQueue,
        Pipe,
        UnixStream,
        UnixSeqpacket,
    ];
    let waiting = [Waiting::Spin, Waiting::Sleep, Waiting::SpinThenSleep];
    let remarks = [OneCore, Busy, NotPinned, SlowClock, NotRaised, Interrupted];
    for language in Language::ALL {
        let words = Words::new(language);
        let mut told = Vec::new();
        told.extend(mechanisms.map(|m| words.mechanism(m)));
        told.extend(waiting.map(|w| words.waiting(w)));
        told.extend(remarks.map(|r| words.remark(r)));
        told.extend([Kind::RoundTrip, Kind::Stream, Kind::OpenLoop].map(|k| words.kind(k)));
        told.extend([Floor::TwoLines, Floor::Yield, Floor::Stream].map(|f| words.floor(f)));
        // A missing text is told by its key, which has a dot between two words.
        let missing = |text: &&String| text.contains('.') && !text.contains(' ');
        assert_eq!(told.iter().find(missing), None);
    }
}
