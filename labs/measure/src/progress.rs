//! How far a run is, for the one who waits.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Told by a measuring lab while it measures.
///
/// Call it only between measurements: drawing takes processor time. Nothing ticks
/// in between, no thread is started, so a process may fork while it shows.
pub trait Progress {
    /// So many steps are ahead. May be called again with another number.
    fn steps(&mut self, number: u64);
    /// What is being measured now, such as a mechanism.
    fn now(&mut self, what: &str);
    /// One step is done.
    fn step(&mut self);
}

/// A bar on stderr, if that is a terminal.
pub struct Bar(ProgressBar);

impl Bar {
    #[must_use]
    pub fn new() -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {elapsed} {wide_msg}");
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("█▌·"));
        }
        Self(bar)
    }
}

impl Default for Bar {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress for Bar {
    fn steps(&mut self, number: u64) {
        self.0.set_length(number);
    }

    fn now(&mut self, what: &str) {
        self.0.set_message(what.to_owned());
    }

    fn step(&mut self) {
        self.0.inc(1);
    }
}

impl Drop for Bar {
    /// Leaves the terminal as it was, also where measuring failed.
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// For those who show nothing.
pub struct Silent;

impl Progress for Silent {
    fn steps(&mut self, _: u64) {}
    fn now(&mut self, _: &str) {}
    fn step(&mut self) {}
}
