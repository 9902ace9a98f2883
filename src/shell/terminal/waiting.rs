//! The moving line that shows that a long work goes on: on a terminal only, and only when the work takes long.

use std::io::IsTerminal;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Volume;

/// How long a work takes before a moving line appears: one that comes and goes at once is a flicker.
const PATIENCE: Duration = Duration::from_millis(300);

/// Shows that `name` goes on, until the result is dropped.
#[must_use]
pub fn waiting(name: &str) -> Waiting {
    let line = Waiting::new();
    line.start(name);
    line
}

/// A line that moves once [`PATIENCE`] is over.
#[derive(Debug)]
pub struct Waiting(Option<Line>);

#[derive(Debug)]
struct Line {
    bar: ProgressBar,
    /// Dropped to end the thread that shows the bar, should it still wait.
    patience: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Waiting {
    /// Makes the line; where stderr is a file or a pipe, or djdock is to be quiet, one that is never seen.
    pub(super) fn new() -> Self {
        let is_wanted = std::io::stderr().is_terminal() && Volume::now() != Volume::Quiet;
        Self(is_wanted.then(|| Line::after(PATIENCE, ProgressDrawTarget::stderr)))
    }

    /// Tells whether somebody sees the line.
    pub(super) fn is_seen(&self) -> bool {
        self.0.is_some()
    }

    /// Names the work that goes on now.
    pub(super) fn start(&self, name: &str) {
        if let Some(line) = &self.0 {
            line.bar.set_prefix(name.to_owned());
            line.bar.set_message("");
            line.bar.reset_elapsed();
        }
    }

    pub(super) fn detail(&self, detail: &str) {
        if let Some(line) = &self.0 {
            line.bar.set_message(detail.to_owned());
        }
    }

    /// Prints something above the line.
    pub(super) fn beside(&self, print: impl FnOnce()) {
        match &self.0 {
            Some(line) => line.bar.suspend(print),
            None => print(),
        }
    }
}

impl Line {
    fn after(patience: Duration, target: impl FnOnce() -> ProgressDrawTarget + Send + 'static) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_style(style());
        let (sender, receiver) = channel();
        let shown = bar.clone();
        let thread = std::thread::spawn(move || {
            if receiver.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(target());
                shown.enable_steady_tick(Duration::from_millis(120));
            }
        });
        Self { bar, patience: Some((sender, thread)) }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.patience.take() {
            drop(sender);
            // A thread that shows the bar just now must not do so after the bar is gone.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}

fn style() -> ProgressStyle {
    // A template that does not parse would be found by the test below; the default one is plainer.
    ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

const TEMPLATE: &str = "{spinner} {prefix} {elapsed:.dim} {wide_msg:.dim}";

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use indicatif::TermLike;

    use super::*;

    /// A terminal that counts its calls, and shows nothing.
    #[derive(Clone, Debug, Default)]
    struct Counted(Arc<AtomicUsize>);

    impl Counted {
        fn count(&self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    impl TermLike for Counted {
        fn width(&self) -> u16 {
            80
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            self.count();
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            self.count();
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            self.count();
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            self.count();
            Ok(())
        }
        fn write_line(&self, _: &str) -> io::Result<()> {
            self.count();
            Ok(())
        }
        fn write_str(&self, _: &str) -> io::Result<()> {
            self.count();
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            self.count();
            Ok(())
        }
        fn flush(&self) -> io::Result<()> {
            self.count();
            Ok(())
        }
    }

    fn after(patience: Duration, terminal: &Counted) -> Waiting {
        let terminal = Box::new(terminal.clone());
        Waiting(Some(Line::after(patience, || ProgressDrawTarget::term_like(terminal))))
    }

    #[test]
    fn a_work_that_ends_soon_leaves_the_terminal_untouched() {
        let terminal = Counted::default();
        let line = after(Duration::from_mins(10), &terminal);
        line.start("reading");
        line.detail("settings.py");
        line.beside(|| ());
        drop(line);
        assert_eq!(terminal.0.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn a_work_that_lasts_shows_that_it_goes_on() {
        let terminal = Counted::default();
        let line = after(Duration::ZERO, &terminal);
        line.start("reading");
        let seen = (0..200).any(|_| {
            std::thread::sleep(Duration::from_millis(10));
            terminal.0.load(Ordering::Relaxed) > 0
        });
        assert!(seen, "nothing moves");
    }

    #[test]
    fn the_template_of_the_moving_line_is_understood() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }
}
