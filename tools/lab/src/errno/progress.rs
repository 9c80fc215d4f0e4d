//! What a reader sees on stderr while the labs are built and run, on a terminal.

use crate::{kept::Progress, messages::Messages};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal as _;

/// cargo shows its own progress while it builds; a bar, while the labs run.
pub struct Bar {
    bar: ProgressBar,
    building: String,
}

impl Bar {
    #[must_use]
    pub fn new(messages: &Messages) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        let template = format!(
            "{} [{{bar:30}}] {{pos}}/{{len}}",
            messages.get("errno-running")
        );
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self {
            bar,
            building: messages.get("errno-building"),
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn building(&self) {
        if std::io::stderr().is_terminal() {
            crate::output::remark(&self.building);
        }
    }

    fn ran(&self, done: usize, of: usize) {
        if done == 0 {
            self.bar.set_length(of as u64);
            // Hidden by indicatif where stderr is no terminal.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(done as u64);
    }
}
