//! From a page as it is written to the Markdown that mdBook renders.
//!
//! Everything here is a function from text to text; running and reading files
//! is done before, so that a page can be expanded without touching anything.

mod measured;

use crate::{
    command::Command,
    glossary::Glossary,
    measurement,
    measuring::Measurements,
    outline::{Directive, Kind, Language, directives},
    problem::Problem,
    runs::{Runs, Shown},
    words::{escape, words},
};
use mdbook_markdown::{
    MarkdownOptions, new_cmark_parser,
    pulldown_cmark::{Event, Tag},
};
use similar::TextDiff;
use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Component, Path, PathBuf},
};

/// Who runs the labs: what the lines below live output name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Such as `Linux 6.18.44`.
    pub kernel: String,
    /// Such as `x86_64`.
    pub machine: String,
    pub root: bool,
}

/// All that the expansion of a page needs besides its text.
pub struct Context<'a> {
    pub language: Language,
    /// The folder names of all labs.
    pub labs: &'a [String],
    /// Those of them that measure.
    pub measuring: &'a [String],
    pub runs: &'a Runs,
    pub measurements: &'a Measurements,
    pub machine: &'a Machine,
    pub glossary: &'a Glossary,
    /// The two files of each `{{#diff a b}}`, by path from the project's root.
    pub files: &'a BTreeMap<PathBuf, String>,
    /// Lines (from 1) of this page's headings whose section is newer in the
    /// other language, with the anchor there; 0 stands for the page's beginning.
    pub stale: &'a [(usize, String)],
    /// The repository's address in a browser, if it is known.
    pub repository: Option<&'a str>,
}

/// Expands the page `file` (from the project's root, such as
/// `src/vi/message-queues/emsgsize.md`).
///
/// # Errors
/// Every directive that cannot be expanded.
pub fn expand(file: &Path, text: &str, context: &Context<'_>) -> Result<String, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for directive in directives(text) {
        let replacement = match directive.kind {
            Kind::Command(words) => command(file, text, &directive, words, context),
            Kind::Measured(words) => measured::measured(file, text, &directive, words, context),
            Kind::Glossary => alone(file, text, &directive, "glossary")
                .map(|()| context.glossary.shown(file, context.language)),
            Kind::Helper { name: "diff", args } => diff(file, directive.line, args, context),
            // The others are mdBook's own.
            Kind::Helper { .. } => continue,
        };
        match replacement {
            Ok(replacement) => edits.push((directive.range, replacement)),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    edits.extend(source_links(file, text, context.repository));
    edits.extend(stale_notices(file, text, context));
    // From the end, so that the ranges before stay true.
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut text = text.to_owned();
    for (range, replacement) in edits {
        text.replace_range(range, &replacement);
    }
    Ok(format!(
        "{}\n\n{text}",
        language_switch(file, context.language)
    ))
}

/// What gets a frame has its line for itself.
fn alone(file: &Path, text: &str, directive: &Directive<'_>, name: &str) -> Result<(), Problem> {
    let range = &directive.range;
    let before = text[..range.start].rsplit('\n').next().unwrap_or("");
    let after = text[range.end..].split('\n').next().unwrap_or("");
    if before.is_empty() && after.trim().is_empty() {
        return Ok(());
    }
    Err(Problem::new(
        file,
        directive.line,
        format!("a {name} line stands inside another line"),
        "put it at the beginning of a line of its own, outside any fence: it becomes a frame or a list",
    ))
}

fn command(
    file: &Path,
    text: &str,
    directive: &Directive<'_>,
    words: &str,
    context: &Context<'_>,
) -> Result<String, Problem> {
    alone(file, text, directive, "cmdrun")?;
    let line = directive.line;
    let refused =
        |refusal: crate::command::Refusal| Problem::new(file, line, refusal.why, refusal.remedy);
    let command = Command::parse(words, context.labs).map_err(refused)?;
    if let Some(refusal) = measurement::instead_of(&command, context.measuring) {
        return Err(refused(refusal));
    }
    match context.runs.get(&command) {
        Some(Ok(shown)) => Ok(live(&command, shown, context)),
        Some(Err(why)) => Err(Problem::new(
            file,
            line,
            format!("`{command}` does not do what the page says"),
            why,
        )),
        None => Err(Problem::new(
            file,
            line,
            format!("`{command}` was not run"),
            "please report this",
        )),
    }
}

/// The frame of a live run.
fn live(command: &Command, shown: &Shown, context: &Context<'_>) -> String {
    let words = words(context.language);
    let typed = format!("$ {}", command.for_readers());
    match shown {
        Shown::Output {
            text,
            varies,
            timed_out,
        } => {
            let ran = if *varies { words.measured } else { words.ran };
            let ended = if *timed_out { words.timed_out } else { "" };
            let caption = format!("{ended}{ran}");
            let user = words.user(context.machine.root);
            let caption = caption
                .replace("{kernel}", &context.machine.kernel)
                .replace("{machine}", &context.machine.machine)
                .replace("{user}", user);
            figure(
                if *varies { "live measured" } else { "live" },
                &caption,
                "console",
                &format!("{typed}\n{}", text.trim_end()),
            )
        }
        Shown::Unavailable(reason) => {
            let reason = reason
                .get(context.language.code())
                .map_or("", String::as_str);
            unavailable(reason, &typed, context)
        }
    }
}

/// The frame of what this machine cannot show.
fn unavailable(reason: &str, typed: &str, context: &Context<'_>) -> String {
    let why = words(context.language).unavailable;
    let caption = format!("{why} {}", escape(reason.trim()));
    figure("live unavailable", &caption, "console", typed)
}

fn figure(class: &str, caption: &str, language: &str, text: &str) -> String {
    let fence = fence(text);
    format!(
        "<figure class=\"{class}\">\n\n{fence}{language}\n{text}\n{fence}\n\n\
         <figcaption>{caption}</figcaption>\n</figure>\n"
    )
}

/// A fence longer than any run of backquotes in `text`.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// The two paths of `{{#diff a b}}`, from the project's root.
#[must_use]
pub fn diff_paths(file: &Path, args: &str) -> Option<[PathBuf; 2]> {
    let mut words = args.split_whitespace().map(|word| from_root(file, word));
    let paths = [words.next()??, words.next()??];
    words.next().is_none().then_some(paths)
}

fn diff(file: &Path, line: usize, args: &str, context: &Context<'_>) -> Result<String, Problem> {
    let problem = |what: String| {
        let remedy = "write {{#diff BROKEN FIXED}}: two files, by their paths from this page";
        Problem::new(file, line, what, remedy)
    };
    let paths = diff_paths(file, args)
        .ok_or_else(|| problem(format!("{{{{#diff {args}}}}} names no two files")))?;
    let read = |path: &PathBuf| {
        context
            .files
            .get(path)
            .ok_or_else(|| problem(format!("there is no {}", path.display())))
    };
    let [old, new] = [read(&paths[0])?, read(&paths[1])?];
    let diff = TextDiff::from_lines(old, new);
    let text = diff.unified_diff().context_radius(3).to_string();
    let fence = fence(&text);
    Ok(format!("{fence}diff\n{}\n{fence}", text.trim_end()))
}

/// A path that a page names, from the project's root; nothing where it leaves
/// the project.
#[must_use]
pub fn from_root(file: &Path, path: &str) -> Option<PathBuf> {
    let mut from_root = file.parent()?.to_path_buf();
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir => from_root.pop().then_some(())?,
            Component::Normal(name) => from_root.push(name),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(from_root)
}

/// Links to files outside the book: to the repository where its address is
/// known, the bare text where not.
fn source_links(file: &Path, text: &str, repository: Option<&str>) -> Vec<(Range<usize>, String)> {
    let mut edits = Vec::new();
    for (event, range) in new_cmark_parser(text, &MarkdownOptions::default()).into_offset_iter() {
        let Event::Start(Tag::Link { dest_url, .. }) = event else {
            continue;
        };
        if dest_url.contains("://") || dest_url.starts_with(['#', '/']) {
            continue;
        }
        let Some(target) = from_root(file, &dest_url).filter(|target| !target.starts_with("src"))
        else {
            continue;
        };
        let source = &text[range.clone()];
        let Some(label) = source
            .strip_prefix('[')
            .and_then(|s| s.rsplit_once("]("))
            .map(|(l, _)| l)
        else {
            continue;
        };
        let replacement = match repository {
            Some(address) => {
                format!(
                    "[{label}]({}/blob/HEAD/{})",
                    address.trim_end_matches('/'),
                    target.display()
                )
            }
            None => label.to_owned(),
        };
        edits.push((range, replacement));
    }
    edits
}

/// From the page `file` to the page of the same name in the other language, as
/// the finished book has them.
fn to_other(file: &Path, language: Language) -> String {
    let page = file.strip_prefix(language.dir()).unwrap_or(file);
    let up = "../".repeat(page.components().count());
    format!(
        "{up}{}/{}",
        language.other().code(),
        page.with_extension("html").display()
    )
}

fn language_switch(file: &Path, language: Language) -> String {
    let (other, href) = (language.other(), to_other(file, language));
    let (code, name) = (other.code(), words(other).name);
    format!(
        "<p class=\"language-switch\"><a href=\"{href}\" hreflang=\"{code}\" lang=\"{code}\" \
         rel=\"alternate\">{name}</a></p>"
    )
}

fn stale_notices(file: &Path, text: &str, context: &Context<'_>) -> Vec<(Range<usize>, String)> {
    let other = context.language.other();
    let href = to_other(file, context.language);
    context.stale.iter().map(|(line, id)| {
        let end = text.split_inclusive('\n').take(*line).map(str::len).sum::<usize>();
        let anchor = if id.is_empty() { String::new() } else { format!("#{id}") };
        let notice = format!(
            "\n<aside class=\"stale\"><a href=\"{href}{anchor}\" hreflang=\"{}\">{}</a></aside>\n\n",
            other.code(),
            words(context.language).stale,
        );
        (end..end, notice)
    }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "src/vi/queues/emsgsize.md";

    fn machine() -> Machine {
        Machine {
            kernel: "Linux 6.18".into(),
            machine: "x86_64".into(),
            root: false,
        }
    }

    fn with(
        text: &str,
        runs: &Runs,
        repository: Option<&str>,
        stale: &[(usize, String)],
    ) -> Result<String, Vec<Problem>> {
        let (labs, machine) = (["emsgsize".to_owned()], machine());
        let files = BTreeMap::from([
            (PathBuf::from("labs/a/broken.rs"), "same\nold\n".to_owned()),
            (PathBuf::from("labs/a/fixed.rs"), "same\nnew\n".to_owned()),
        ]);
        let context = Context {
            language: Language::Vi,
            labs: &labs,
            measuring: &[],
            runs,
            measurements: &Measurements::new(),
            machine: &machine,
            glossary: &Glossary::default(),
            files: &files,
            stale,
            repository,
        };
        expand(Path::new(PAGE), text, &context)
    }

    fn runs(shown: Result<Shown, String>) -> Runs {
        let command = Command::parse("lab-emsgsize broken send", &["emsgsize".to_owned()]);
        Runs::from([(command.expect("plain"), shown)])
    }

    const LINE: &str = "a\n\n<!-- cmdrun lab-emsgsize broken send -->\n\nb\n";

    #[test]
    fn a_command_becomes_a_frame_with_what_the_reader_types() {
        let runs = runs(Ok(Shown::Output {
            text: "out `````\n".into(),
            varies: false,
            timed_out: false,
        }));
        let page = with(LINE, &runs, None, &[]).expect("expanded");
        assert!(
            page.contains("$ cargo run -p lab-emsgsize -- broken send\nout `````\n``````\n"),
            "{page}"
        );
        assert!(page.contains("Linux 6.18, x86_64"), "{page}");
        assert!(!page.contains("cmdrun"), "{page}");
    }

    #[test]
    fn what_cannot_be_shown_is_said_in_the_readers_language() {
        let reason = BTreeMap::from([("vi".into(), "vì <thế>".into()), ("en".into(), "so".into())]);
        let page = with(LINE, &runs(Ok(Shown::Unavailable(reason))), None, &[]).expect("expanded");
        assert!(
            page.contains("vì &lt;thế&gt;") && page.contains("unavailable"),
            "{page}"
        );
    }

    #[test]
    fn a_failed_run_a_refused_command_and_a_crowded_line_are_told_with_their_lines() {
        let text = format!("{LINE}\n<!-- cmdrun ls -->\n\nx <!-- cmdrun lab-emsgsize -->\n");
        let problems = with(&text, &runs(Err("status 1".into())), None, &[]).expect_err("problems");
        assert_eq!(
            problems.iter().map(|p| p.line).collect::<Vec<_>>(),
            [3, 7, 9]
        );
        assert!(problems.iter().all(|p| p.file == Path::new(PAGE)));
    }

    #[test]
    fn a_diff_is_made_from_the_files() {
        let text = "{{#diff ../../../labs/a/broken.rs ../../../labs/a/fixed.rs}}\n";
        let page = with(text, &Runs::new(), None, &[]).expect("expanded");
        assert!(
            page.contains("```diff\n") && page.contains("-old\n+new\n"),
            "{page}"
        );
        for bad in [
            "{{#diff a}}\n",
            "{{#diff ../x ../y}}\n",
            "{{#diff ../../../labs/a/broken.rs /etc/passwd}}\n",
        ] {
            assert!(with(bad, &Runs::new(), None, &[]).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_link_to_a_source_leads_to_the_repository_or_nowhere() {
        let text = "see [`broken.rs`](../../../labs/a/broken.rs) and [here](other.md)\n";
        let page = with(text, &Runs::new(), None, &[]).expect("expanded");
        assert!(
            page.contains("see `broken.rs` and [here](other.md)"),
            "{page}"
        );
        let page = with(text, &Runs::new(), Some("https://example.org/r"), &[]).expect("expanded");
        assert!(
            page.contains("[`broken.rs`](https://example.org/r/blob/HEAD/labs/a/broken.rs)"),
            "{page}"
        );
    }

    #[test]
    fn every_page_leads_to_its_other_language() {
        let page = with("# T\n", &Runs::new(), None, &[]).expect("expanded");
        assert!(
            page.contains("href=\"../../en/queues/emsgsize.html\" hreflang=\"en\""),
            "{page}"
        );
    }

    #[test]
    fn a_stale_section_says_so_below_its_heading() {
        let stale = [(3, "why".to_owned())];
        let page = with(
            "# T\n\n## Vì sao {#why}\n\ntext\n",
            &Runs::new(),
            None,
            &stale,
        )
        .expect("expanded");
        let heading = page.find("{#why}").expect("heading");
        let notice = page.find("#why\"").expect("notice");
        assert!(
            heading < notice && notice < page.find("text").expect("text"),
            "{page}"
        );
    }
}
