//! The two files of messages against each other, and against the program.

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};
use lab::{language::Language, messages};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Each message with its variables.
fn shape(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let resource = parser::parse(messages::source(language)).expect("Fluent's syntax");
    let mut shape = BTreeMap::new();
    for entry in resource.body {
        if let Entry::Message(message) = entry {
            let pattern = message.value.expect("every message has a text");
            let mut variables = BTreeSet::new();
            collect(&pattern, &mut variables);
            let twice = shape.insert(message.id.name.to_owned(), variables);
            assert!(twice.is_none(), "{} twice", message.id.name);
        }
    }
    shape
}

fn collect(pattern: &Pattern<&str>, into: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        match expression {
            Expression::Inline(inline) => variable(inline, into),
            Expression::Select { selector, variants } => {
                variable(selector, into);
                for variant in variants {
                    collect(&variant.value, into);
                }
            }
        }
    }
}

fn variable(inline: &InlineExpression<&str>, into: &mut BTreeSet<String>) {
    if let InlineExpression::VariableReference { id } = inline {
        into.insert(id.name.to_owned());
    }
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_variables() {
    assert_eq!(shape(Language::Vi), shape(Language::En));
}

/// A key in the program that no file has would be printed as it is.
#[test]
fn every_message_that_the_program_names_is_there_and_every_other_is_gone() {
    let known = shape(Language::En);
    let mut source = String::new();
    read(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut source,
    );
    let code: String = source.split_whitespace().collect();
    for start in [
        "messages.get(\"",
        "messages.fill(\"",
        "Trouble::new(\"",
        "Trouble::file(\"",
    ] {
        for part in code.split(start).skip(1) {
            let key = part.split('"').next().expect("a string");
            assert!(known.contains_key(key), "{key}");
        }
    }
    // Those whose keys are put together: `help-ID`, `mechanism-WORD` and so on.
    let composed = [
        "help-",
        "about-",
        "usage-",
        "after-",
        "value-",
        "promise-",
        "mechanism-",
        "waiting-",
        "remark-",
        "kind-",
    ];
    for key in known.keys() {
        let used = code.contains(&format!("\"{key}\""));
        let composed = composed.iter().any(|start| key.starts_with(start));
        assert!(used || composed, "{key} is said nowhere");
    }
}

fn read(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(&path, into);
        } else {
            into.push_str(&fs::read_to_string(&path).expect("text"));
        }
    }
}
