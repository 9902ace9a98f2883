//! Databases beside the default one, which no server of the stack has.

use std::collections::BTreeSet;

use super::messages::once;
use crate::base::codes::plan::DATABASE_NOT_MADE;
use crate::base::wording::and_ticked;
use crate::base::{Diagnostic, Place, address};
use crate::plan::ground::Ground;
use crate::plan::image::manage;
use crate::plan::needs::replicas;
use crate::plan::wiring::candidates::candidates;
use crate::plan::wiring::{Goal, Want};
use crate::python::Value;
use crate::stack::Stack;

/// A warning for each alias that a server should have and none of the stack has.
pub(super) fn find(ground: &Ground<'_>, stack: &Stack) -> Vec<Diagnostic> {
    let same = replicas::aliases(ground);
    let others = aliases(ground).into_iter().filter(|alias| alias != "default" && !same.contains(alias));
    let missing = others.filter(|alias| !is_elsewhere(ground, alias));
    let said = missing.map(|alias| {
        let place = ground.open().place("DATABASES");
        let migrate = once(ground, stack, &manage(ground, &["migrate", &format!("--database={alias}")]));
        database_not_made(&alias, &variables(ground, &alias), &migrate, place)
    });
    said.collect()
}

fn aliases(ground: &Ground<'_>) -> BTreeSet<String> {
    let goal = Goal::new(&["DATABASES"], Want::Truth(true), "");
    let databases = candidates(&goal, ground.open()).into_iter().flat_map(Value::alternatives);
    let names = databases.filter_map(Value::entries).flatten().filter_map(|(alias, _)| alias.as_str());
    names.map(str::to_owned).collect()
}

/// Tells whether the settings say where the database is, and it is on another machine.
fn is_elsewhere(ground: &Ground<'_>, alias: &str) -> bool {
    let goal = Goal::new(&["DATABASES", alias, "HOST"], Want::Truth(true), "");
    let hosts = candidates(&goal, ground.open());
    !hosts.is_empty() && hosts.iter().all(|host| host.as_str().is_some_and(address::is_elsewhere))
}

/// The variables that the alias is read from.
fn variables(ground: &Ground<'_>, alias: &str) -> BTreeSet<String> {
    let goal = Goal::new(&["DATABASES", alias], Want::Truth(true), "");
    let reads = candidates(&goal, ground.open()).into_iter().flat_map(Value::reads);
    reads.map(|read| read.name.clone()).collect()
}

/// A database beside the default one is made by no service. `migrate` is the command that fills it.
fn database_not_made(
    alias: &str,
    variables: &BTreeSet<String>,
    migrate: &str,
    place: Option<&Place>,
) -> Diagnostic {
    let title = format!("no service of the stack has the database `{alias}`");
    let diagnostic = Diagnostic::warning(DATABASE_NOT_MADE, title);
    let diagnostic = match place {
        Some(place) => diagnostic.at(place, format!("`{alias}` is one of these")),
        None => diagnostic,
    };
    let names: Vec<&String> = variables.iter().collect();
    let address = if names.is_empty() {
        "read its address from variables, and put them into `.env`".to_owned()
    } else {
        format!("put its address into `.env`: {}", and_ticked(&names))
    };
    diagnostic
        .because("the stack makes, connects and migrates the database `default` alone")
        .help(format!("make the database on a server, and {address}"))
        .help(format!("apply its migrations: `{migrate}`"))
}
