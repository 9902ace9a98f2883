//! Everything that is known when the lines of an overlay are written.

use std::collections::BTreeMap;

use crate::catalog::database::Database;
use crate::plan::credentials::Credentials;
use crate::python::Evaluation;

/// Everything that is known when lines are written.
#[derive(Clone, Debug)]
pub(super) struct Situation<'a> {
    pub evaluation: &'a Evaluation,
    /// Of the project's own settings, with variables as symbols.
    pub open: &'a Evaluation,
    /// The stack's database.
    pub database: &'static Database,
    pub credentials: Option<&'a Credentials>,
    /// The stand-in for its password.
    pub password: Option<&'a str>,
    /// Both stacks use the module, so nothing that differs may be literal.
    pub shared: bool,
    /// The class whose attributes the settings are, of which nothing can be changed in place.
    pub class: Option<&'a str>,
    /// Variables that the wiring has given away.
    pub taken: &'a BTreeMap<String, String>,
}

impl Situation<'_> {
    /// A name for a variable of the overlay's own: another one where the project reads the usual one otherwise.
    pub fn variable(&self, name: &str, value: &str) -> String {
        match self.taken.get(name) {
            Some(taken) if taken != value => format!("DJANGO_{name}"),
            _ => name.to_owned(),
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.evaluation.get(name).is_some()
    }
}

/// Text as a Python literal.
pub(super) fn literal(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            '\n' => quoted.push_str("\\n"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
