//! Plots as documents: what stands in them, not how they look.

mod fixture;

use labkit::Language;
use measure::{
    plot,
    record::{Kind, Report},
};
use roxmltree::Document;
use std::collections::BTreeSet;

fn all() -> Vec<(Report, Kind)> {
    let reports = [
        fixture::latency(),
        fixture::throughput(),
        fixture::one_core(),
        fixture::refused(),
        fixture::failures(),
        fixture::interrupted(),
    ];
    let kinds = reports.into_iter().flat_map(|report| {
        let kinds = plot::kinds(&report);
        kinds.into_iter().map(move |kind| (report.clone(), kind))
    });
    kinds.collect()
}

#[test]
fn a_plot_has_a_name_and_a_description_and_no_size_of_its_own() {
    for (report, kind) in all() {
        for language in Language::ALL {
            let svg = plot::svg(&report, kind, language);
            let document = Document::parse(&svg).expect("well-formed");
            let root = document.root_element();
            assert_eq!(root.attribute("role"), Some("img"));
            assert_eq!(root.attribute("lang"), Some(language.code()));
            assert!(root.attribute("viewBox").is_some());
            assert_eq!(root.attribute("width").or(root.attribute("height")), None);
            for (refers, tag) in [("aria-labelledby", "title"), ("aria-describedby", "desc")] {
                let element = root
                    .children()
                    .find(|child| child.has_tag_name(("http://www.w3.org/2000/svg", tag)));
                let element = element.expect(tag);
                assert_eq!(root.attribute(refers), element.attribute("id"));
                assert!(element.text().is_some_and(|text| !text.trim().is_empty()));
            }
        }
    }
}

#[test]
fn every_stand_in_colour_has_become_a_real_one() {
    for (report, kind) in all() {
        let svg = plot::svg(&report, kind, Language::En);
        let document = Document::parse(&svg).expect("well-formed");
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            for colour in ["fill", "stroke"]
                .into_iter()
                .filter_map(|name| node.attribute(name))
            {
                // The stand-ins are nearly black, which no real colour is.
                assert!(!colour.starts_with("#0") || colour == "#0F869A", "{colour}");
                assert!(
                    colour.starts_with('#') || colour == "none" || colour == "currentColor",
                    "{colour}"
                );
            }
            if node.has_tag_name(("http://www.w3.org/2000/svg", "text")) {
                assert_eq!(node.attribute("fill"), Some("currentColor"));
            }
        }
    }
}

#[test]
fn the_same_report_gives_the_same_plot() {
    for (report, kind) in all() {
        let draw = || plot::svg(&report, kind, Language::Vi);
        assert_eq!(draw(), draw());
    }
}

#[test]
fn several_plots_on_a_page_share_no_id() {
    let mut ids = BTreeSet::new();
    let mut count = 0;
    for (report, kind) in all() {
        for language in Language::ALL {
            let svg = plot::svg(&report, kind, language);
            let document = Document::parse(&svg).expect("well-formed");
            let found = document
                .descendants()
                .filter_map(|node| node.attribute("id"));
            for id in found {
                ids.insert(id.to_owned());
                count += 1;
            }
        }
    }
    assert_eq!(ids.len(), count);
}

/// The dashes of the long lines of a colour.
#[test]
fn no_two_mechanisms_have_the_same_dashes() {
    let svg = plot::svg(&fixture::latency(), Kind::RoundTrip, Language::En);
    let document = Document::parse(&svg).expect("well-formed");
    let lines = document.descendants().filter(|node| {
        node.attribute("stroke-width") == Some("4") && node.attribute("points").is_some()
    });
    let looks: BTreeSet<_> = lines
        .map(|line| (line.attribute("stroke"), line.attribute("stroke-dasharray")))
        .collect();
    let dashes: BTreeSet<_> = looks.iter().map(|(_, dash)| dash).collect();
    // Ten mechanisms, the ring also in place and asking first.
    assert_eq!((looks.len(), dashes.len()), (12, 12));
}

#[test]
fn what_has_no_place_on_the_axes_is_left_out() {
    let mut report = fixture::latency();
    for (at, row) in report.results.iter_mut().enumerate() {
        row.times.p50_ns = [Some(0.0), Some(f64::NAN), Some(-1.0), None][at % 4];
    }
    report.results.retain(|row| row.kind == Kind::RoundTrip);
    report.floors.memcpy_ns.insert(8, 0.0);
    assert_eq!(plot::kinds(&report), []);
    for report in [report, fixture::empty("lab-latency")] {
        let svg = plot::svg(&report, Kind::RoundTrip, Language::En);
        Document::parse(&svg).expect("well-formed");
    }
}

#[test]
fn one_size_and_one_figure_are_enough_for_a_plot() {
    let mut report = fixture::latency();
    report.results.truncate(1);
    let svg = plot::svg(&report, Kind::RoundTrip, Language::En);
    Document::parse(&svg).expect("well-formed");
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
}
