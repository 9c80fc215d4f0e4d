//! The command line.

use clap::Parser;
use labkit::Language;

/// Measures the ring beside iceoryx2 and rtrb: same work, same run, as ratios.
///
/// Exit status: 0 nothing failed (INCONCLUSIVE is no failure), 1 a ratio missed its
/// bound, 2 wrong usage, 3 it could not be measured here.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Args {
    /// Print one JSON document instead of the table.
    #[arg(long)]
    pub json: bool,

    /// Good rounds wanted for each ratio; fewer than 20 give no verdict.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..))]
    pub rounds: u16,

    /// The language, vi or en; otherwise LC_ALL, LC_MESSAGES, LANG decide.
    #[arg(long, value_parser = language)]
    pub lang: Option<Language>,
}

fn language(code: &str) -> Result<Language, String> {
    Language::from_code(code).ok_or_else(|| "vi, en".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Args::command().debug_assert();
    }
}
