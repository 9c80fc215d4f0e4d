//! Where one mechanism stops being cheaper, from figures made up for each case.

mod fixture;

use labkit::Language;
use measure::{
    crossover::{Comparison, Span, Verdict, comparisons, omissions, sleeping},
    findings,
    record::{Failed, Kind, Mechanism, Outcome, Payload, Report, Waiting},
    text::Words,
};

/// Rows of one mechanism asleep on two cores: p50 by size.
fn rows(mechanism: Mechanism, p50s: &[(usize, f64)]) -> Vec<Outcome> {
    let like = fixture::latency().results.swap_remove(0);
    let row = |(size, p50): &(usize, f64)| {
        let mut row = Outcome {
            mechanism,
            waiting: Waiting::Sleep,
            size: *size,
            ..like.clone()
        };
        row.times.p50_ns = Some(*p50);
        row
    };
    p50s.iter().map(row).collect()
}

fn report(results: Vec<Outcome>) -> Report {
    Report {
        results,
        ..fixture::empty("lab-latency")
    }
}

fn spans(results: Vec<Outcome>) -> Vec<Span> {
    let mut all = comparisons(&report(results));
    assert_eq!(all.len(), 1);
    all.remove(0).spans
}

fn span(from: usize, to: usize, verdict: Verdict) -> Span {
    Span { from, to, verdict }
}

#[test]
fn neighbouring_sizes_with_the_same_verdict_are_one_span() {
    let mut results = rows(
        Mechanism::Ring,
        &[
            (64, 100.0),
            (8, 100.0),
            (1024, 100.0),
            (4096, 100.0),
            (65536, 100.0),
        ],
    );
    results.extend(rows(
        Mechanism::PosixQueue,
        &[
            (8, 400.0),
            (64, 200.0),
            (1024, 114.0),
            (4096, 90.0),
            (65536, 50.0),
        ],
    ));
    assert_eq!(
        spans(results),
        [
            span(
                8,
                64,
                Verdict::Ahead {
                    least: 2.0,
                    most: 4.0
                }
            ),
            span(1024, 4096, Verdict::Same),
            span(
                65536,
                65536,
                Verdict::Behind {
                    least: 2.0,
                    most: 2.0
                }
            ),
        ]
    );
}

#[test]
fn a_size_that_is_refused_is_a_span_of_its_own() {
    let mut results = rows(Mechanism::Ring, &[(8, 100.0), (64, 100.0), (1024, 100.0)]);
    results.extend(rows(
        Mechanism::SysvQueue,
        &[(8, 300.0), (64, 0.0), (1024, 0.0)],
    ));
    for row in &mut results[4..] {
        row.times.p50_ns = None;
        row.failed = Some(Failed::Refused(fixture::refusal("msgsnd")));
    }
    assert_eq!(
        spans(results),
        [
            span(
                8,
                8,
                Verdict::Ahead {
                    least: 3.0,
                    most: 3.0
                }
            ),
            span(64, 1024, Verdict::Refused(fixture::refusal("msgsnd"))),
        ]
    );
}

#[test]
fn one_that_spins_is_never_compared_with_one_that_sleeps() {
    let mut results = rows(Mechanism::Ring, &[(8, 100.0)]);
    results.extend(rows(Mechanism::Pipe, &[(8, 100.0)]));
    results[1].waiting = Waiting::Spin;
    assert_eq!(comparisons(&report(results.clone())), []);
    results[1].waiting = Waiting::Sleep;
    results[1].cores = 1;
    assert_eq!(comparisons(&report(results.clone())), []);
    results[1].cores = 2;
    results[0].payload = Payload::Lent;
    assert_eq!(comparisons(&report(results)), []);
}

#[test]
fn a_size_without_a_figure_of_the_ring_says_nothing() {
    let mut results = rows(Mechanism::Ring, &[(8, 100.0), (64, 100.0)]);
    results[0].failed = Some(Failed::TimedOut);
    results.extend(rows(Mechanism::Pipe, &[(8, 100.0), (64, 100.0)]));
    results[2].failed = Some(Failed::TimedOut);
    assert_eq!(spans(results), [span(64, 64, Verdict::Same)]);
}

#[test]
fn streams_are_compared_by_messages_a_second() {
    let all = comparisons(&fixture::throughput());
    let polled = |c: &&Comparison| {
        (c.kind, c.cores, c.waiting, c.other)
            == (Kind::Stream, 2, Waiting::Spin, Mechanism::PosixQueue)
    };
    let queue = all.iter().find(polled).expect("both were measured");
    let Verdict::Ahead { most, .. } = queue.spans[0].verdict else {
        panic!("{queue:?}");
    };
    assert!(most > 90.0);
    assert_eq!(queue.spans[1], span(65536, 1_048_576, Verdict::Same));
}

#[test]
fn what_sleeping_costs_is_told_where_it_was_measured() {
    let both = sleeping(&fixture::latency());
    assert_eq!(
        both.iter().map(|s| (s.cores, s.size)).collect::<Vec<_>>(),
        [(2, 8), (1, 8)]
    );
    assert!(both[0].spin_ns.is_some());
    assert_eq!(
        both[1].spin_ns, None,
        "nothing spins on one core in this report"
    );
    assert_eq!(sleeping(&fixture::throughput()), []);
}

#[test]
fn the_words_name_the_reader_s_own_sizes_and_factors() {
    let mut results = rows(Mechanism::Ring, &[(8, 100.0), (64, 100.0), (4096, 100.0)]);
    results.extend(rows(
        Mechanism::Pipe,
        &[(8, 310.0), (64, 210.0), (4096, 100.0)],
    ));
    for (language, factors) in [(Language::En, "2.1–3.1"), (Language::Vi, "2,1–3,1")] {
        let findings = findings::of(&report(results.clone()), &Words::new(language));
        let line = findings[0].lines[0].replace('\u{a0}', " ");
        for part in [factors, "64 B", "4 KiB"] {
            assert!(line.contains(part), "{line}");
        }
    }
    assert_eq!(
        findings::of(&report(Vec::new()), &Words::new(Language::En)),
        []
    );
}

#[test]
fn what_counting_naively_hides_is_told_where_it_hides_something() {
    let mut report = fixture::latency();
    let rates: Vec<_> = omissions(&report)
        .iter()
        .map(|(_, open)| open.rate)
        .collect();
    assert_eq!(rates, [1e6], "only two cores, only the rate with a queue");
    report
        .results
        .retain(|row| row.open_loop.as_ref().is_some_and(|open| open.rate == 1e4));
    assert_eq!(omissions(&report), []);
}

#[test]
fn spinners_are_compared_by_their_floors_and_sleepers_by_their_times() {
    // Between the two rows the machine's cache lines became four times as dear.
    let verdict = |waiting| {
        let mut results = rows(Mechanism::Ring, &[(8, 400.0)]);
        results.extend(rows(Mechanism::Pipe, &[(8, 1200.0)]));
        for (row, floor) in results.iter_mut().zip([400.0, 100.0]) {
            row.waiting = waiting;
            row.times_floor = row.times.p50_ns.map(|ns| ns / floor);
        }
        spans(results).remove(0).verdict
    };
    let ahead = |times| Verdict::Ahead {
        least: times,
        most: times,
    };
    assert_eq!(verdict(Waiting::Spin), ahead(12.0));
    assert_eq!(verdict(Waiting::Sleep), ahead(3.0));
}
