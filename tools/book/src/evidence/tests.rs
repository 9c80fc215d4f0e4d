use super::*;

const CHAPTER: &str = "# Q\n\n## A {#a}\n\n<!-- cmdrun lab-q broken send -->\n\n## B {#b}\n\n<!-- cmdrun snippet q one -->\n";

/// The lines of the statements that nothing shows.
fn unshown(text: &str) -> Vec<usize> {
    let root = tempfile::tempdir().expect("a folder");
    let tests = root.path().join("labs/q/tests");
    fs::create_dir_all(&tests).expect("folders");
    fs::write(tests.join("other_user.rs"), "fn removes(").expect("written");
    let pages = [
        Page::parse("src/en/how-we-know.md", text),
        Page::parse("src/en/q.md", CHAPTER),
    ];
    let problems = check(root.path(), &pages, &["q".to_owned()]);
    assert!(problems.iter().all(|p| !p.remedy.is_empty()));
    problems.into_iter().map(|problem| problem.line).collect()
}

const NONE: [usize; 0] = [];

#[test]
fn a_link_and_the_command_that_runs_there_are_evidence() {
    assert_eq!(
        unshown("Said\n: So. [Shown](q.md#a) by `cargo run -p lab-q -- broken send`.\n"),
        NONE
    );
    assert_eq!(
        unshown("Said\n: So. [Shown](q.md#b) by `cargo book snippet q one`.\n"),
        NONE
    );
    assert_eq!(
        unshown("Said\n: So. [Shown](q.md) by `cargo book snippet q one`.\n"),
        NONE
    );
}

#[test]
fn what_a_section_shows_measured_is_evidence_with_the_command_that_measures() {
    let chapter = "# M\n\n## A {#a}\n\n<!-- measured lab-q table -->\n\n## B {#b}\n\nText.\n";
    let entry = |to, typed| format!("Said\n: So. [Shown]({to}) by `{typed}`.\n");
    let judged = |to, typed| {
        let pages = [
            Page::parse("src/en/how-we-know.md", entry(to, typed)),
            Page::parse("src/en/m.md", chapter),
        ];
        check(Path::new("."), &pages, &["q".to_owned()]).len()
    };
    let typed = "cargo run --release -p lab-q -- --quick";
    assert_eq!(judged("m.md#a", typed), 0);
    assert_eq!(judged("m.md#b", typed), 1);
    assert_eq!(
        judged("m.md#a", "cargo run --release -p lab-z -- --quick"),
        1
    );
}

#[test]
fn a_link_alone_or_a_command_alone_or_another_section_is_none() {
    let text = "One\n: So. [Shown](q.md#a).\n\n\
                Two\n: So, by `cargo run -p lab-q -- broken send`.\n\n\
                Three\n: So. [Shown](q.md#b) by `cargo run -p lab-q -- broken send`.\n\n\
                Four\n: So. [Shown](none.md) by `cargo book snippet q one`.\n\n\
                Five\n: So.\n";
    assert_eq!(unshown(text), [1, 4, 7, 10, 13]);
}

#[test]
fn a_live_run_below_a_statement_is_evidence_for_it_alone() {
    let text = "One\n: So.\n\n<!-- cmdrun lab-q broken send -->\n\nTwo\n: So.\n\n## Next {#next}\n\n<!-- cmdrun lab-q broken send -->\n";
    assert_eq!(unshown(text), [6]);
}

#[test]
fn a_test_is_evidence_where_the_link_leads_to_it() {
    let entry = |file, command| format!("Said\n: So. [Shown]({file}) by `{command}`.\n");
    let there = "../../labs/q/tests/other_user.rs";
    assert_eq!(unshown(&entry(there, "cargo test -p lab-q removes")), NONE);
    assert_eq!(unshown(&entry(there, "cargo test -p lab-q none")), [1]);
    assert_eq!(unshown(&entry(there, "cargo test -p lab-z removes")), [1]);
    assert_eq!(
        unshown(&entry("q.md#a", "cargo test -p lab-q removes")),
        [1]
    );
}

#[test]
fn what_is_only_documented_names_its_source() {
    let text = "## D {#documented}\n\n- One: `man 7 pipe`.\n- Two: [docs](https://example.org).\n- Three: `cargo run -p lab-q`.\n- Four.\n";
    assert_eq!(unshown(text), [5, 6]);
}

#[test]
fn other_lists_and_other_pages_are_free() {
    assert_eq!(unshown("Text.\n\n- an item\n- another\n"), NONE);
    let free = Page::parse("src/en/q.md", "Said\n: So.\n");
    assert!(check(Path::new("."), &[free], &[]).is_empty());
}
