//! DEBUG in production.

use super::hidden_branch;
use crate::base::codes::check::settings::{DEBUG_BY_DEFAULT, DEBUG_ON};
use crate::base::{Diagnostic, Place};
use crate::check::{Rule, Subject};
use crate::python::Value;

pub const RULES: &[Rule] = &[Rule { codes: &[DEBUG_ON, DEBUG_BY_DEFAULT], find }];

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some((value, place)) = subject.setting("DEBUG") else { return Vec::new() };
    match (value.as_bool(), value.assumed().and_then(|assumed| assumed.as_bool())) {
        (Some(true), _) => vec![always_on(place, hidden_branch::find(subject).is_empty())],
        (None, Some(true)) => vec![on_unless_told(value, place)],
        _ => Vec::new(),
    }
}

/// `may_stay` is whether turning it off afterwards has the same effect.
fn always_on(place: &Place, may_stay: bool) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        DEBUG_ON,
        "`DEBUG` is `True` in the production settings, whatever the environment says",
    )
    .at(place, "set here")
    .because("every error shows visitors the settings, the code and the variables of the failing view")
    .help("read it from a variable: `DEBUG = os.environ.get(\"DEBUG\") == \"1\"`");
    if may_stay {
        diagnostic
            .help("or leave the file as it is: `djdock init` overrides it in a settings module of its own")
    } else {
        diagnostic
    }
}

fn on_unless_told(value: &Value, place: &Place) -> Diagnostic {
    let names: Vec<&str> = value.reads().iter().map(|read| read.name.as_str()).collect();
    let title = match names.first() {
        Some(name) => format!("`DEBUG` is `True` unless the variable `{name}` says otherwise"),
        None => "`DEBUG` is `True` unless something decides otherwise at run time".to_owned(),
    };
    Diagnostic::warning(DEBUG_BY_DEFAULT, title)
        .at(place, "on by default")
        .because("a container that is started without its env file runs in debug mode, and nothing says so")
        .help("turn the default round, so that forgetting the variable is safe")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings as findings;

    #[test]
    fn debug_must_be_off_without_being_told() {
        assert_eq!(findings(RULES, "DEBUG = True", &[]), ["debug-on:1"]);
        assert_eq!(
            findings(RULES, "import os\nDEBUG = os.environ.get('DEBUG', '1') == '1'", &[]),
            ["debug-by-default:2"]
        );
        assert!(findings(RULES, "import os\nDEBUG = os.environ.get('DEBUG') == '1'", &[]).is_empty());
        assert!(findings(RULES, "DEBUG = False", &[]).is_empty());
    }
}
