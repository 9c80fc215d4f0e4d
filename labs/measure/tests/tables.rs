//! What a terminal and a page show of a report.

mod fixture;

use labkit::Language;
use measure::{
    markdown,
    record::{Outcome, Report},
    sections::{self, Section},
    table,
    text::Words,
};
use textwrap::core::display_width;

fn all() -> Vec<Report> {
    vec![
        fixture::latency(),
        fixture::throughput(),
        fixture::one_core(),
        fixture::refused(),
        fixture::failures(),
        fixture::interrupted(),
        fixture::empty("lab-latency"),
    ]
}

fn sections(report: &Report) -> Vec<Section> {
    sections::of(report, &Words::new(Language::En))
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for report in all() {
        for language in Language::ALL {
            for width in [40, 60, 80, 120] {
                let text = table::text(&report, language, width);
                for line in text.lines() {
                    assert!(display_width(line) <= width, "{width}: {line}");
                    assert_eq!(line, line.trim_end());
                }
            }
        }
    }
}

#[test]
fn a_refusal_shows_its_call_and_errno_in_the_cell_and_its_text_below() {
    let report = fixture::refused();
    let first = &sections(&report)[0];
    let rows = first.groups.iter().flat_map(|group| &group.rows);
    let cells: Vec<_> = rows.flat_map(|row| &row.cells).collect();
    let refused: Vec<_> = cells
        .iter()
        .filter(|cell| cell.contains("EFIXTURE"))
        .collect();
    // Two queues, two sizes, spinning and asleep.
    assert_eq!(refused.len(), 8);
    assert_eq!(
        refused
            .iter()
            .filter(|cell| cell.contains("mq_open"))
            .count(),
        4
    );
    assert_eq!(
        refused
            .iter()
            .filter(|cell| cell.contains("msgsnd"))
            .count(),
        4
    );
    // Said once for each call, however many cells there are.
    let said = first
        .notes
        .iter()
        .filter(|note| note.contains("Made up for a test"));
    assert_eq!(said.count(), 2);
}

#[test]
fn what_took_raised_limits_is_marked_and_says_what_the_limits_answer() {
    let marked = |report: &Report| {
        let sections = sections(report);
        let rows = sections[0].groups.iter().flat_map(|group| &group.rows);
        let cells = rows.flat_map(|row| row.cells.clone());
        let count = cells.filter(|cell| cell.ends_with('†')).count();
        let note = sections[0]
            .notes
            .iter()
            .find(|note| note.starts_with('†'))
            .cloned();
        (count, note)
    };
    let (count, note) = marked(&fixture::latency());
    // Two sizes, spinning and asleep.
    assert_eq!(count, 4);
    assert!(note.is_some_and(|note| note.contains("mq_open") && note.contains("EFIXTURE")));
    assert_eq!(marked(&fixture::refused()), (0, None));
}

#[test]
fn every_failure_has_a_note_of_its_own() {
    let sections = sections(&fixture::failures());
    assert_eq!(
        sections[0]
            .notes
            .iter()
            .filter(|note| !note.starts_with('†'))
            .count(),
        3
    );
    let all = sections[0].notes.join(" ");
    for part in ["message 17 came after message 19", "SIGKILL"] {
        assert!(all.contains(part), "{all}");
    }
}

#[test]
fn two_cores_come_first_and_rows_stand_with_those_that_wait_alike() {
    let sections = sections(&fixture::latency());
    let rows = |section: &Section| -> Vec<usize> {
        section
            .groups
            .iter()
            .map(|group| group.rows.len())
            .collect()
    };
    assert_eq!(rows(&sections[0]), [8, 9, 1]);
    let one_core = &sections[3];
    assert_eq!(rows(one_core), [9, 1]);
    assert_eq!(one_core.columns.len(), fixture::SIZES.len());
}

#[test]
fn rates_stand_in_order_and_both_ways_of_counting_side_by_side() {
    let sections = sections(&fixture::latency());
    let open = sections.last().expect("a table of fixed rates");
    assert_eq!(open.groups[0].rows.len(), 15);
    let slow = &open.groups[0].rows[0];
    let fast = &open.groups[0].rows[2];
    assert_eq!(
        slow.cells[0], slow.cells[1],
        "without a queue both are alike"
    );
    assert_eq!(
        fast.cells[0], slow.cells[0],
        "counted naively, nothing shows"
    );
    assert_ne!(fast.cells[1], fast.cells[0], "counted rightly, it does");
}

#[test]
fn markdown_tables_have_as_many_cells_in_every_row() {
    for report in all() {
        for language in Language::ALL {
            let text = markdown::text(&report, language);
            let mut columns = None;
            for line in text.lines() {
                if !line.starts_with('|') {
                    columns = None;
                    continue;
                }
                let bars = line.replace("\\|", "").matches('|').count();
                assert_eq!(*columns.get_or_insert(bars), bars, "{line}");
            }
            assert!(!text.contains('\t'));
        }
    }
}

#[test]
fn markdown_leaves_the_first_table_open_and_folds_the_others() {
    for report in all() {
        let text = markdown::text(&report, Language::En);
        let tables = text.matches("\n| --- |").count();
        let (open, folded) = text.split_once("<details>").expect("something to open");
        assert_eq!(open.matches("\n| --- |").count(), tables.min(1));
        // Each is closed before the next, and an empty line makes Markdown of it.
        for part in folded.split("<details>") {
            assert_eq!(part.matches("</details>").count(), 1, "{part}");
            assert!(part.contains("</summary>\n\n"), "{part}");
            assert!(part.matches("\n| --- |").count() <= 1, "{part}");
        }
    }
}

#[test]
fn markdown_keeps_the_two_dashes_of_an_option() {
    let mut report = fixture::empty("lab-latency");
    report.machine.processor = "--x".to_owned();
    let text = markdown::text(&report, Language::En);
    assert!(text.contains("-\\-x"), "{text}");
}

#[test]
fn markdown_takes_no_markup_from_a_report() {
    let mut report = fixture::empty("lab-latency");
    report.machine.processor = "<b>|*x*_y_`z`".to_owned();
    let text = markdown::text(&report, Language::En);
    assert!(text.contains("&lt;b>\\|\\*x\\*\\_y\\_\\`z\\`"), "{text}");
}

#[test]
fn figures_have_the_decimal_sign_of_the_language() {
    let row: Outcome = fixture::one_core().results.swap_remove(0);
    assert_eq!(row.times.p50_ns.map(f64::round), Some(5202.0));
    let report = Report {
        results: vec![row],
        ..fixture::one_core()
    };
    assert!(table::text(&report, Language::En, 80).contains("5.2 µs"));
    assert!(table::text(&report, Language::Vi, 80).contains("5,2 µs"));
}

#[test]
fn remarks_are_told_in_both_forms() {
    let report = fixture::one_core();
    for language in Language::ALL {
        let words = Words::new(language);
        for remark in &report.remarks {
            let sentence = words.remark(*remark);
            assert!(markdown::text(&report, language).contains(&sentence));
            assert!(table::text(&report, language, 400).contains(&sentence));
        }
    }
}
