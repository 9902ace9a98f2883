//! The decisions of a target about settings: `DEBUG` is off in production, and on in development, and the
//! variables say that name the environment.

use std::collections::BTreeMap;

use super::holding::{holds_thing, names_environment};
use super::words::{Purpose, is_plainly, purpose};
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
