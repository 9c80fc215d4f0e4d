//! Everything this tool says, from `messages/vi.ftl` and `messages/en.ftl`, in the
//! syntax of Project Fluent.

use crate::language::Language;
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The file of a language.
#[must_use]
pub const fn source(language: Language) -> &'static str {
    match language {
        Language::Vi => include_str!("../messages/vi.ftl"),
        Language::En => include_str!("../messages/en.ftl"),
    }
}

/// The messages of one language.
pub struct Messages {
    pub language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Messages {
    /// # Panics
    /// Where a file in `messages/` is not in Fluent's syntax, which a test excludes.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let code = language.code().parse::<LanguageIdentifier>();
        let mut bundle = FluentBundle::new(vec![code.expect("a language code")]);
        // Marks for text of both directions, which ours is not: a reader could not
        // copy a command with these around a name.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(source(language).to_owned());
        let resource = resource.unwrap_or_else(|(_, errors)| panic!("{language:?}: {errors:?}"));
        bundle.add_resource_overriding(resource);
        Self { language, bundle }
    }

    /// The message of `key`; the key itself where there is none, which a test
    /// excludes.
    #[must_use]
    pub fn get(&self, key: &str) -> String {
        self.fill(key, &[])
    }

    /// The message of `key` with its values. A number chooses between one and many.
    #[must_use]
    pub fn fill(&self, key: &str, values: &[(&'static str, FluentValue<'_>)]) -> String {
        self.find(key, values).unwrap_or_else(|| key.to_owned())
    }

    /// The message of `key`, if there is one.
    #[must_use]
    pub fn find(&self, key: &str, values: &[(&'static str, FluentValue<'_>)]) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let args: FluentArgs<'_> = values.iter().cloned().collect();
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(&args), &mut errors);
        debug_assert!(errors.is_empty(), "{key}: {errors:?}");
        Some(text.into_owned())
    }
}
