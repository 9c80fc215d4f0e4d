//! From the labs' records to: which call answered which errno, in which program.

use super::{lines, texts::Known};
use crate::record::{Case, Errno, Promise, Record, Shown, Texts, Variant};

/// One program that has to do with an errno.
#[derive(Debug, Clone)]
pub struct Sighting {
    pub number: i32,
    /// Absent where the program names the errno but not the call.
    pub call: Option<String>,
    pub way: Way,
    pub lab: String,
    pub lab_title: Texts,
    pub summary: Texts,
    pub chapter: String,
    pub case: String,
    pub case_title: Texts,
    pub variant: Variant,
    pub told: Texts,
}

/// How the errno comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// It ended the program, as promised.
    Ended,
    /// It ended the program, which promises something else.
    Instead(Promise),
    /// The program, or another of its processes, met it and went on.
    Passed,
    /// Promised, but this kernel answered otherwise.
    Missed,
    /// Promised, but it cannot be shown here, for this reason.
    Hidden(Texts),
}

impl Sighting {
    /// The command that shows it.
    #[must_use]
    pub fn command(&self) -> String {
        let Self { lab, case, .. } = self;
        format!("cargo run -p {lab} -- {} {case}", self.variant.word())
    }
}

/// A program that cannot be shown on this machine.
#[derive(Debug, Clone)]
pub struct Hidden {
    pub lab: String,
    pub case: String,
    pub variant: Variant,
    pub promise: Promise,
    pub reason: Texts,
}

/// Everything the records say of errnos.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// By errno; those met on the way after the others.
    pub sightings: Vec<Sighting>,
    pub hidden: Vec<Hidden>,
}

impl Index {
    /// Reads every record of `labs`.
    #[must_use]
    pub fn new(labs: &[Shown], all: &[Known]) -> Self {
        let mut index = Self::default();
        for shown in labs {
            for record in &shown.records {
                let case = shown.lab.cases.iter().find(|case| case.name == record.case);
                if let Some(case) = case {
                    index.add(shown, case, record, all);
                }
            }
        }
        // By call, then by lab; what was seen before what was not, else in the order of
        // teaching.
        index.sightings.sort_by(|a, b| {
            let passed = |s: &Sighting| s.way == Way::Passed;
            let call = |s: &Sighting| (s.number, passed(s), s.call.is_none(), s.call.clone());
            let rest = |s: &Sighting| (s.lab.clone(), s.way.rank());
            call(a).cmp(&call(b)).then_with(|| rest(a).cmp(&rest(b)))
        });
        index
    }

    fn add(&mut self, shown: &Shown, case: &Case, record: &Record, all: &[Known]) {
        let program = case.program(record.variant);
        let promise = &program.promise;
        let sighting = |number, call: Option<String>, way| Sighting {
            number,
            call,
            way,
            lab: shown.lab.lab.clone(),
            lab_title: shown.lab.title.clone(),
            summary: shown.lab.summary.clone(),
            chapter: shown.lab.chapter.clone(),
            case: case.name.clone(),
            case_title: case.title.clone(),
            variant: record.variant,
            told: program.told.clone(),
        };
        let promised = promise.errno.as_ref().map(|errno| errno.number);
        // What the record says then is why it cannot be shown, not what it shows.
        if record.exit_status == 3 {
            let reason = record.reason.clone().unwrap_or_default();
            self.hidden.push(Hidden {
                lab: shown.lab.lab.clone(),
                case: case.name.clone(),
                variant: record.variant,
                promise: promise.clone(),
                reason: reason.clone(),
            });
            if let Some(number) = promised {
                let way = Way::Hidden(reason);
                self.sightings
                    .push(sighting(number, promise.call.clone(), way));
            }
            return;
        }
        let ended = record.errno.as_ref().map(|Errno { number, .. }| *number);
        if let Some(number) = ended {
            let way = if record.exit_status == 0 {
                Way::Ended
            } else {
                Way::Instead(promise.clone())
            };
            self.sightings
                .push(sighting(number, record.call.clone(), way));
        }
        if record.exit_status != 0
            && let Some(number) = promised
        {
            self.sightings
                .push(sighting(number, promise.call.clone(), Way::Missed));
        }
        for (number, call) in lines::answers(&record.output, all) {
            let same = Some(number) == ended && (call.is_none() || call == record.call);
            if !same {
                self.sightings.push(sighting(number, call, Way::Passed));
            }
        }
    }

    /// What the records say of one errno.
    pub fn of(&self, number: i32) -> impl Iterator<Item = &Sighting> {
        self.sightings.iter().filter(move |s| s.number == number)
    }
}

impl Way {
    const fn rank(&self) -> u8 {
        match self {
            Self::Ended => 0,
            Self::Missed => 1,
            Self::Hidden(_) => 2,
            Self::Instead(_) => 3,
            Self::Passed => 4,
        }
    }

    /// The word in JSON.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Missed => "missed",
            Self::Hidden(_) => "hidden",
            Self::Instead(_) => "instead",
            Self::Passed => "passed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::texts, *};
    use serde_json::json;

    /// A lab of one case that promises `mq_send` EAGAIN, and one record of it.
    fn index(
        exit_status: u8,
        call: &str,
        errno: i32,
        output: &str,
    ) -> Vec<(i32, String, Option<String>)> {
        let both = |text| json!({ "vi": text, "en": text });
        let program = |promise| json!({ "promise": promise, "told": both("told") });
        let shown = json!({
            "lab": {
                "lab": "lab-x", "title": both("t"), "summary": both("s"), "chapter": "x",
                "cases": [{
                    "name": "one", "title": both("c"), "limit_ms": 1000,
                    "broken": program(json!({
                        "ending": "errno", "call": "mq_send", "errno": { "number": 11, "name": "EAGAIN" },
                    })),
                    "fixed": program(json!({ "ending": "success" })),
                }],
            },
            "records": [{
                "lab": "lab-x", "case": "one", "variant": "broken", "call": call,
                "errno": { "number": errno, "name": "?" }, "exit_status": exit_status,
                "reason": both("why"), "output": output,
            }],
        });
        let shown: Shown = serde_json::from_value(shown).expect("a lab");
        let index = Index::new(&[shown], &texts::all());
        let of = |s: Sighting| (s.number, s.way.word().to_owned(), s.call);
        index.sightings.into_iter().map(of).collect()
    }

    fn seen(number: i32, way: &str, call: Option<&str>) -> (i32, String, Option<String>) {
        (number, way.to_owned(), call.map(ToOwned::to_owned))
    }

    #[test]
    fn what_ended_a_program_is_indexed_once() {
        let output = "mq_send: EAGAIN: Resource temporarily unavailable (11)\n";
        assert_eq!(
            index(0, "mq_send", 11, output),
            [seen(11, "ended", Some("mq_send"))]
        );
    }

    #[test]
    fn what_it_met_before_is_indexed_beside() {
        let output = "peer: mq_open: EEXIST: File exists (17): removing it\n";
        assert_eq!(
            index(0, "mq_send", 11, output),
            [
                seen(11, "ended", Some("mq_send")),
                seen(17, "passed", Some("mq_open"))
            ]
        );
    }

    #[test]
    fn another_answer_stands_beside_the_promise() {
        assert_eq!(
            index(1, "mq_open", 24, ""),
            [
                seen(11, "missed", Some("mq_send")),
                seen(24, "instead", Some("mq_open"))
            ]
        );
    }

    #[test]
    fn what_keeps_a_lab_from_running_is_not_what_it_shows() {
        assert_eq!(
            index(3, "unshare", 1, ""),
            [seen(11, "hidden", Some("mq_send"))]
        );
    }
}
