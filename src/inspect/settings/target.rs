//! The decisions of a target about settings: `DEBUG` is off in production, and on in development, and the
//! variables say that name the environment.

use std::collections::BTreeMap;

use super::holding::{holds_thing, names_environment};
use super::words::{Purpose, is_plainly, purpose, switched_environment, truth_of};
use crate::python::{Evaluation, Request, Value, World, evaluate};

/// The settings where the target decides what is else left to variables; `None` where they leave it nothing.
pub(in crate::inspect) fn decided(
    request: &Request<'_>,
    open: &Evaluation,
    debug: bool,
) -> Option<Evaluation> {
    let variables = named_environment(open, debug);
    let undecided = open.get("DEBUG").is_some_and(|value| !matches!(value, Value::Bool(_)));
    if variables.is_empty() && !undecided {
        return None;
    }
    Some(evaluate(&Request { world: World::Target { debug, variables: &variables }, ..*request }))
}

/// A word of development as a module's name, and a host in a comparison.
const LOCAL_HOST: &str = "localhost";

/// Returns the switches among the variables of [`named_environment`], which are called after an environment: no other goal is
/// worth turning one the wrong way.
pub(crate) fn environment_switches(open: &Evaluation, debug: bool) -> BTreeMap<String, String> {
    let mut variables = named_environment(open, debug);
    variables.retain(|name, _| switched_environment(name).is_some());
    variables
}

/// Returns the word for a switch that is called after an environment and compared with a truth: `PRODUCTION == "1"`.
fn switch(name: &str, words: &[String], wanted: Purpose) -> Option<String> {
    let own = switched_environment(name)?;
    let word = words.first()?;
    let (is_true, contrary) = truth_of(word)?;
    words.iter().all(|word| truth_of(word).is_some()).then_some(())?;
    let is_wanted = (own == wanted) == is_true;
    Some(if is_wanted { word.clone() } else { contrary.to_owned() })
}

/// Variables that the settings compare with the name of an environment (`STAGE == "prod"`), and that name.
pub(crate) fn named_environment(open: &Evaluation, debug: bool) -> BTreeMap<String, String> {
    let wanted = if debug { Purpose::Development } else { Purpose::Production };
    let mut variables = BTreeMap::new();
    for (name, words) in &open.compared {
        // A host that is compared with `localhost` names no environment.
        if holds_thing(open, name)
            || open.imported.contains(name)
            || (words.iter().any(|word| word == LOCAL_HOST) && !names_environment(name))
        {
            continue;
        }
        if let Some(word) = switch(name, words, wanted) {
            variables.insert(name.clone(), word);
            continue;
        }
        let default =
            open.reads.iter().filter(|read| read.name == *name).find_map(|read| read.default.as_ref());
        let default = default.and_then(Value::assumed);
        let default = default.as_ref().and_then(Value::as_str);
        let meant = default.map(purpose);
        let for_production = |word: &String| is_plainly(word) && purpose(word) == Purpose::Production;
        match default {
            // Development is what there is by default, unless that is production.
            Some(default) if meant == Some(wanted) || debug && meant != Some(Purpose::Production) => {
                if meant == Some(wanted) || words.iter().any(for_production) {
                    variables.insert(name.clone(), default.to_owned());
                }
                continue;
            }
            None if debug => continue,
            _ => {}
        }
        if let Some(word) = words.iter().find(|word| is_plainly(word) && purpose(word) == wanted) {
            variables.insert(name.clone(), word.clone());
        } else if let (false, Some(default)) = (debug, default)
            && meant == Some(Purpose::Development)
            && words.iter().all(|word| matches!(purpose(word), Purpose::Development | Purpose::Test))
            && words.iter().any(|word| word == default)
        {
            // `if ENV == "dev": … else: …`: production is what is not development.
            variables.insert(name.clone(), "production".to_owned());
        }
    }
    variables
}
