//! The help text in the reader's language.
//!
//! clap has no translation of its own (clap-rs/clap#380): every word that it would
//! print in English is set from the messages here, or hidden where it cannot be.

use crate::{
    cli::Cli,
    messages::Messages,
    output::{COMMAND, NAME},
};
use clap::{Arg, Command, CommandFactory as _, builder::Styles};

/// The command line with its help from `messages`.
#[must_use]
pub fn localized(messages: &Messages) -> Command {
    let styles = Styles::styled()
        .header(NAME)
        .usage(NAME)
        .literal(COMMAND)
        .placeholder(anstyle::Style::new());
    let mut command = texts(Cli::command(), messages, "lab").styles(styles);
    let names: Vec<_> = command
        .get_subcommands()
        .map(|task| task.get_name().to_owned())
        .collect();
    for name in names {
        command = command.mut_subcommand(&name, |task| texts(task, messages, &name));
    }
    command
}

fn texts(command: Command, messages: &Messages, name: &str) -> Command {
    let usage = NAME;
    let template = format!(
        "{{about}}\n\n{usage}{}{usage:#} {{usage}}\n\n{{all-args}}{{after-help}}",
        messages.get("help-usage")
    );
    command
        .about(messages.get(&format!("about-{name}")))
        .override_usage(messages.get(&format!("usage-{name}")))
        .after_help(messages.get(&format!("after-{name}")))
        .help_template(template)
        .subcommand_help_heading(lasting(messages.get("help-commands")))
        .mut_args(|arg| argument(arg, messages))
}

fn argument(arg: Arg, messages: &Messages) -> Arg {
    let id = arg.get_id().to_string();
    let heading = if arg.is_positional() {
        "help-arguments"
    } else {
        "help-options"
    };
    let arg = arg
        .help(messages.get(&format!("help-{id}")))
        .help_heading(lasting(messages.get(heading)));
    if !arg.get_action().takes_values() {
        return arg;
    }
    // Told in the help texts themselves: clap has these in English only.
    let arg = arg.hide_possible_values(true).hide_default_value(true);
    match messages.find(&format!("value-{id}"), &[]) {
        Some(name) => arg.value_name(lasting(name)),
        None => arg,
    }
}

/// clap takes these as `&'static str` only, unless its feature `string` is on; with
/// that, cargo would compile clap once for us and once for the other tools. A dozen
/// short texts, once a run.
fn lasting(text: String) -> &'static str {
    text.leak()
}
