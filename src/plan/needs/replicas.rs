//! How the stack's own database is reached: as `default`, and under other names of the same database.

use super::DEFAULT;
use crate::plan::credentials::Credentials;
use crate::plan::ground::Ground;
use crate::plan::wiring::candidates::candidates;
use crate::plan::wiring::{Goal, Want};
use crate::python::Value;

/// Returns the values that an alias must have to lead to the stack's database.
pub(super) fn connection(
    ground: &Ground<'_>,
    credentials: &Credentials,
    password: &str,
    alias: &str,
) -> Vec<Goal> {
    let because = format!("the database is the service `{}`", credentials.host);
    let exactly = |text: &str| Want::Text { text: text.to_owned(), also: Vec::new(), absent: false };
    let goal = |key: &str, want: Want, because: &str| Goal::new(&["DATABASES", alias, key], want, because);
    let port = Want::Text { text: credentials.port.to_string(), also: Vec::new(), absent: true };
    let mut goals = vec![
        goal("HOST", exactly(&credentials.host), &because),
        goal("NAME", exactly(&credentials.name), &because),
        goal("USER", exactly(&credentials.user), &because),
        goal("PASSWORD", exactly(password), "the password is made for this stack alone"),
        goal("PORT", port, &because),
    ];
    goals.extend(without_tls(ground, alias));
    goals
}

/// Returns the goal that asks for no TLS: images of database servers have no certificate, which hosts of databases demand.
fn without_tls(ground: &Ground<'_>, alias: &str) -> Option<Goal> {
    let option = ground.database.server()?.tls_option?;
    let also = ["disable", "allow"].map(str::to_owned).to_vec();
    let want = Want::Text { text: "prefer".to_owned(), also, absent: true };
    let because = "the stack's own database, on a network of its own, speaks no TLS";
    let goal = Goal::new(&["DATABASES", alias, "OPTIONS", option], want, because);
    Some(Goal { only_if_present: true, ..goal })
}

/// Other aliases of the database that `default` names: a replica is read from, and a stack has one server.
pub(in crate::plan) fn aliases(ground: &Ground<'_>) -> Vec<String> {
    let stated = Goal::new(&["DATABASES"], Want::Truth(true), "");
    let databases = candidates(&stated, ground.open()).into_iter().flat_map(Value::alternatives);
    let names = databases.filter_map(Value::entries).flatten().filter_map(|(alias, _)| alias.as_str());
    let mut found: Vec<String> = names.filter(|alias| is_same(ground, alias)).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}

fn is_same(ground: &Ground<'_>, alias: &str) -> bool {
    if alias == DEFAULT {
        return false;
    }
    let engine = Goal::new(&["DATABASES", alias, "ENGINE"], Want::Truth(true), "");
    let engines = candidates(&engine, ground.open()).into_iter().flat_map(Value::alternatives);
    if engines.filter_map(Value::as_str).any(|engine| !ground.database.speaks(engine)) {
        return false;
    }
    let own = named(ground, DEFAULT);
    let calls_itself = alias.split(['_', '-']).any(|word| {
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit()).to_ascii_lowercase();
        ["replica", "readreplica", "slave", "reader", "readonly"].contains(&word.as_str())
    });
    calls_itself || named(ground, alias).iter().any(|name| own.contains(name))
}

/// Returns the name of an alias's database: a text, or the variable that holds it.
fn named(ground: &Ground<'_>, alias: &str) -> Vec<String> {
    let goal = Goal::new(&["DATABASES", alias, "NAME"], Want::Truth(true), "");
    let stated = candidates(&goal, ground.open()).into_iter().flat_map(Value::alternatives);
    let names = stated.filter_map(|value| match value {
        Value::Str(text) if !text.is_empty() => Some(format!("text {text}")),
        Value::Env(read) => Some(format!("variable {}", read.name)),
        _ => None,
    });
    names.collect()
}
