use super::*;

const DEADLOCK: &str = r#"
[[term]]
id = "deadlock"
chapter = "ipc/deadlock.md#kernel"
vi.term = "khóa chết"
vi.also = ["bế tắc"]
vi.about = "Chờ nhau `mãi`."
en.term = "deadlock"
en.about = "Waiting for `ever`."
"#;

const QUEUE: &str = r#"
[[term]]
id = "pipe"
vi.term = "đường ống"
vi.about = "Một chiều."
en.term = "pipe"
en.about = "One way."
"#;

fn pages() -> Vec<Page> {
    vec![
        Page::parse(
            "src/vi/glossary.md",
            "# Thuật ngữ {#glossary}\n\n<!-- glossary -->\n",
        ),
        Page::parse(
            "src/en/glossary.md",
            "# Glossary {#glossary}\n\n<!-- glossary -->\n",
        ),
        Page::parse(
            "src/vi/ipc/deadlock.md",
            "# `sem_wait`: khóa {#dead}\n\n## Nhân {#kernel}\n\nLà một *khóa\nchết*.\n\n## Sau {#after}\n",
        ),
        Page::parse(
            "src/en/ipc/deadlock.md",
            "# `sem_wait`: locks {#dead}\n\n## The kernel {#kernel}\n\nDeadlocks happen.\n\n## After {#after}\n",
        ),
    ]
}

fn glossary(text: &str) -> Glossary {
    Glossary::parse(text, &pages())
}

/// The lines of what is wrong with a glossary.
fn wrong(text: &str) -> Vec<usize> {
    let problems = glossary(text).check(&pages());
    assert!(
        problems
            .iter()
            .all(|p| p.file == Path::new(FILE) && !p.remedy.is_empty()),
        "{problems:?}"
    );
    problems.iter().map(|problem| problem.line).collect()
}

const NONE: [usize; 0] = [];

#[test]
fn each_language_has_its_own_order_and_one_set_of_ids() {
    let glossary = glossary(&format!("{QUEUE}{DEADLOCK}"));
    let vi = glossary.shown(Path::new("src/vi/glossary.md"), Language::Vi);
    let en = glossary.shown(Path::new("src/en/glossary.md"), Language::En);
    let at = |text: &str, what: &str| {
        text.find(what)
            .unwrap_or_else(|| panic!("{what} in {text}"))
    };
    assert!(at(&vi, "### đường ống {#pipe}") < at(&vi, "### khóa chết {#deadlock}"));
    assert!(at(&en, "### deadlock {#deadlock}") < at(&en, "### pipe {#pipe}"));
    assert!(at(&vi, "## Đ {#letter-đ}") < at(&vi, "{#pipe}"));
    assert!(vi.contains("bế tắc") && vi.contains("<span lang=\"en\">deadlock</span>"));
    assert!(!en.contains("bế tắc") && en.contains("<span lang=\"vi\">khóa chết</span>"));
    assert!(
        vi.contains("[`sem_wait`: khóa](ipc/deadlock.md#kernel)"),
        "{vi}"
    );
    assert!(
        en.contains("[`sem_wait`: locks](ipc/deadlock.md#kernel)"),
        "{en}"
    );
}

#[test]
fn a_page_in_a_folder_finds_the_chapters() {
    let text = glossary(DEADLOCK).shown(Path::new("src/en/a/b.md"), Language::En);
    assert!(text.contains("(../ipc/deadlock.md#kernel)"), "{text}");
}

#[test]
fn what_is_right_is_not_reported() {
    assert_eq!(wrong(&format!("{QUEUE}{DEADLOCK}")), NONE);
    assert_eq!(wrong(&DEADLOCK.replace("#kernel", "")), NONE);
}

#[test]
fn what_a_term_lacks_is_told_with_its_line() {
    for lacking in [
        DEADLOCK.replace("vi.about = \"Chờ nhau `mãi`.\"\n", ""),
        DEADLOCK.replace("en.term = \"deadlock\"\n", ""),
        DEADLOCK.replace("also", "alias"),
        DEADLOCK.replace("id =", "id"),
    ] {
        assert_eq!(wrong(&lacking).len(), 1, "{lacking}");
    }
    let empty = DEADLOCK.replace("Waiting for `ever`.", " ");
    assert_eq!(wrong(&empty), [3]);
    assert_eq!(
        wrong(&DEADLOCK.replace("\"deadlock\"\nch", "\"Dead lock\"\nch")),
        [3]
    );
}

#[test]
fn a_term_twice_is_told_at_the_second() {
    let found = wrong(&format!("{QUEUE}{QUEUE}"));
    assert!(
        !found.is_empty() && found.iter().all(|line| *line == 10),
        "{found:?}"
    );
}

#[test]
fn a_chapter_that_is_not_there_or_does_not_say_the_term_is_told() {
    for bad in [
        "ipc/none.md",
        "ipc/deadlock.md#none",
        "ipc/deadlock.md#after",
    ] {
        let text = DEADLOCK.replace("ipc/deadlock.md#kernel", bad);
        assert_eq!(wrong(&text), [3, 3], "{bad}");
    }
    // One language alone.
    assert_eq!(wrong(&DEADLOCK.replace("khóa chết", "bế tắc")), [3]);
    assert_eq!(
        wrong(&DEADLOCK.replace("khóa chết\"", "bế tắc\"\nvi.says = \"khóa chết\"")),
        NONE
    );
    // The end of another word is no use of a term.
    assert_eq!(
        wrong(&DEADLOCK.replace("en.term = \"deadlock", "en.term = \"lock")),
        [3]
    );
}

#[test]
fn a_term_without_a_chapter_is_noticed_once_a_page_uses_it() {
    let mut pages = pages();
    assert!(glossary(QUEUE).notices(&pages).is_empty());
    pages.push(Page::parse("src/vi/x.md", "Một đường ống.\n"));
    let notices = glossary(QUEUE).notices(&pages);
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].line, 3);
    assert!(glossary(DEADLOCK).notices(&pages).is_empty());
}

#[test]
fn an_id_that_the_page_has_already_is_told() {
    let pages = [Page::parse(
        "src/en/glossary.md",
        "# G {#pipe}\n\n<!-- glossary -->\n",
    )];
    let found = Glossary::parse(QUEUE, &pages).check(&pages);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].line, 3);
}

#[test]
fn a_page_without_a_source_is_told_and_a_book_without_either_is_fine() {
    let root = tempfile::tempdir().expect("a folder");
    let absent = Glossary::load(root.path(), &pages()).expect("read");
    let found = absent.check(&pages());
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|problem| problem.line == 3));
    assert!(absent.check(&[]).is_empty());
    assert!(ids(root.path()).is_empty());
}
