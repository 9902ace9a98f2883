//! The progress of a long run: a moving line on a terminal, one line for each finished step everywhere.

use std::time::Duration;

use super::style::{aside, bad, doubtful, good};
use super::waiting::Waiting;
use super::{Volume, harmless, talk};

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
    line: Waiting,
}

impl Progress {
    #[expect(clippy::new_without_default, reason = "it depends on the terminal")]
    pub fn new() -> Self {
        Self { line: Waiting::new() }
    }

    /// Says that the step `name` runs now.
    pub fn start(&self, name: &str) {
        self.line.start(&harmless(name));
    }

    /// Says what the running step does: a line of a build's or a container's output.
    pub fn detail(&self, detail: &str) {
        if Volume::now() == Volume::Verbose {
            self.say(&format!("        {}\n", aside(&harmless(detail.trim_end()))));
        }
        self.line.detail(&harmless(detail.lines().next_back().unwrap_or_default()));
    }

    /// Says what the running step goes on to: on the moving line, else on a line of its own, because nothing else shows
    /// that the run is alive.
    pub fn goes_on(&self, text: &str) {
        if self.line.is_seen() || Volume::now() == Volume::Verbose {
            self.detail(text);
        } else {
            talk(&format!("        {}\n", aside(&harmless(text))));
        }
    }

    /// Says how the step `name` ended.
    pub fn end(&self, name: &str, ended: Ended, took: Duration, detail: &str) {
        self.say(&finished(name, ended, took, detail));
    }

    /// Says something between steps.
    pub fn say(&self, text: &str) {
        self.line.beside(|| talk(text));
    }
}

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
}
