//! The book tool: `cargo book build`, `serve` and `check`.
//!
//! From text to pages: [`outline`] reads Markdown as mdBook does; [`parity`],
//! [`links`], [`lint`], [`glossary`] and [`evidence`] compare and check; [`command`]
//! and [`runs`] run what the pages show, through mdbook-cmdrun, in [`live`], or take
//! what [`kept`] has of an earlier build; [`measurement`] and [`measuring`] do so for
//! figures; [`expand`] writes it into the pages; [`inspect`] does all of this and
//! collects the problems; [`site`] has mdBook render both languages; [`serve`] does so
//! at every change.

pub mod command;
pub mod evidence;
pub mod expand;
pub mod glossary;
pub mod inspect;
pub mod kept;
pub mod labs;
pub mod links;
pub mod lint;
pub mod live;
pub mod mask;
pub mod measurement;
pub mod measuring;
pub mod outline;
pub mod parity;
pub(crate) mod place;
pub mod problem;
pub mod project;
pub mod runs;
pub mod serve;
pub mod site;
pub mod snippet;
pub mod words;
