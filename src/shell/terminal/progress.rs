//! The progress of a long run: a moving line on a terminal, one line for each finished step everywhere.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::style::{aside, bad, doubtful, good};
use super::{harmless, talk};

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Well,
    Badly,
    /// It was not carried out, because one that it needs failed.
    Skipped,
}

/// The steps of a run, one after the other. Everything goes to stderr.
#[derive(Debug)]
pub struct Progress {
    /// The moving line; none where stderr is a file or a pipe.
    line: Option<ProgressBar>,
}

impl Progress {
    #[expect(clippy::new_without_default, reason = "what it is depends on the terminal")]
    pub fn new() -> Self {
        Self { line: std::io::stderr().is_terminal().then(ProgressBar::new_spinner).map(styled) }
    }

    /// Says that the step `name` runs now.
    pub fn start(&self, name: &str) {
        if let Some(line) = &self.line {
            line.set_prefix(harmless(name));
            line.set_message("");
            line.reset_elapsed();
            line.enable_steady_tick(Duration::from_millis(120));
        }
    }

    /// Says what the running step does: a line of a build's or a container's output.
    pub fn detail(&self, detail: &str) {
        if let Some(line) = &self.line {
            line.set_message(harmless(detail.lines().next_back().unwrap_or_default()));
        }
    }

    /// Says what the running step goes on to: on the moving line, else on a line of its own, because nothing else shows
    /// that the run is alive.
    pub fn goes_on(&self, text: &str) {
        match &self.line {
            Some(_) => self.detail(text),
            None => talk(&format!("        {}\n", aside(&harmless(text)))),
        }
    }

    /// Says how the step `name` ended.
    pub fn end(&self, name: &str, ended: Ended, took: Duration, detail: &str) {
        let text = finished(name, ended, took, detail);
        match &self.line {
            Some(line) => line.suspend(|| talk(&text)),
            None => talk(&text),
        }
    }

    /// Says something between steps.
    pub fn say(&self, text: &str) {
        match &self.line {
            Some(line) => line.suspend(|| talk(text)),
            None => talk(text),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(line) = &self.line {
            line.finish_and_clear();
        }
    }
}

fn styled(line: ProgressBar) -> ProgressBar {
    // A template that does not parse would be found by the test below; the default one is plainer.
    let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_spinner());
    line.with_style(style)
}

const TEMPLATE: &str = "{spinner} {prefix} {elapsed:.dim} {wide_msg:.dim}";

fn finished(name: &str, ended: Ended, took: Duration, detail: &str) -> String {
    let mark = match ended {
        Ended::Well => good("ok     "),
        Ended::Badly => bad("failed "),
        Ended::Skipped => doubtful("skipped"),
    };
    let took = aside(&format!("{:6.1} s", took.as_secs_f64()));
    format!("{mark} {took}  {}  {}\n", harmless(name), aside(&harmless(detail)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finished_step_is_a_line_that_says_all() {
        let text = finished("static-through-proxy", Ended::Well, Duration::from_millis(120), "GET /x → 200");
        let plain = anstream::adapter::strip_str(&text).to_string();
        assert_eq!(plain, "ok         0.1 s  static-through-proxy  GET /x → 200\n");
    }

    #[test]
    fn the_template_of_the_moving_line_is_understood() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }
}
