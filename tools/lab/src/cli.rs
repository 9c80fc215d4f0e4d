//! What can be asked. The words of the help are in `messages/`: `help-ID` for an
//! argument, `about-COMMAND` and `usage-COMMAND` for a command.

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Parser)]
#[command(
    name = "lab",
    bin_name = "cargo lab",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// Read from the words themselves before anything else, by
    /// [`crate::language::asked`], so that every complaint comes in it.
    #[arg(long, global = true, value_parser = ["vi", "en"], value_name = "LANG")]
    pub lang: Option<String>,
    /// Likewise, by [`crate::output::choose_color`].
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    #[arg(short, long, global = true, action = ArgAction::Help)]
    pub help: Option<bool>,
    #[arg(short = 'V', long, action = ArgAction::Version)]
    pub version: Option<bool>,
    #[command(subcommand)]
    pub task: Task,
}

/// When to colour the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Task {
    Compare(Compare),
    Errno(Errno),
}

/// Two machines side by side.
#[derive(Debug, Args)]
pub struct Compare {
    #[arg(value_name = "A.json")]
    pub a: PathBuf,
    #[arg(value_name = "B.json")]
    pub b: PathBuf,
    #[arg(long)]
    pub json: bool,
}

/// Which calls answer an errno, and which lab shows it.
#[derive(Debug, Args)]
pub struct Errno {
    /// Several words are one text: nobody should need quotes. A number may be
    /// negative, as a kernel log has it.
    #[arg(value_name = "WORD", num_args = 0.., allow_negative_numbers = true)]
    pub word: Vec<String>,
    #[arg(long)]
    pub json: bool,
    #[arg(long)]
    pub fresh: bool,
}
