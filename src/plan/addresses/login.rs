//! Logins of a store: the settings that hold them, and the variable of the env file that holds the password.

use super::leads::{Found, Leads, is_of_one_server, leads};
use crate::catalog::store::Store;
use crate::plan::credentials::{identifier, names_one_environment};
use crate::plan::wiring::{Credentials, Goal, Login, Want, login_of_url};
use crate::python::{EnvRead, Evaluation, Value};

/// The login with which the clients of a store are served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreLogin {
    /// A user that the server has to be given beside its own.
    pub user: Option<String>,
    /// The user as clients name it; empty where none does.
    pub named: String,
    /// The variable of the env file that holds the password.
    pub password: String,
    /// The part of the server that addresses name behind the host: a virtual host.
    pub part: Option<String>,
}

/// Returns the login that the settings ask a store for: a variable flows into a password. `None` where none does and the store
/// takes clients without, and where the store knows no login. A user that nobody names is called `project`.
pub fn asked_for(open: &Evaluation, store: &Store, project: &str) -> Option<StoreLogin> {
    let server = store.login?;
    let leads = leads(open, store);
    let mut names = Vec::new();
    let mut users = Vec::new();
    for value in alternatives(&leads.passwords) {
        match value {
            Value::Env(read) if is_plain(read) => names.push(read.name.clone()),
            Value::SecretFile { .. } => names.push(format!("{}_PASSWORD", store.word.to_ascii_uppercase())),
            _ => {}
        }
    }
    for value in alternatives(&leads.addresses) {
        let Some((user, password)) = login_of_url(value) else { continue };
        names.extend(password);
        users.push(user.unwrap_or_else(|| server.user.to_owned()));
    }
    // A variable stands for the server's own user.
    users.extend(alternatives(&leads.users).into_iter().map(|value| match value {
        Value::Str(text) => text.clone(),
        _ => server.user.to_owned(),
    }));
    let password = names.into_iter().min_by_key(|name| names_one_environment(name));
    let own = || format!("{}_PASSWORD", store.word.to_ascii_uppercase());
    let password = password.or_else(|| server.is_required.then(own))?;
    let is_name = |user: &String| {
        !user.is_empty() && user.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    let stated = users.into_iter().find(is_name);
    let fallback = if server.is_required { identifier(project) } else { String::new() };
    let named = stated.filter(|user| !server.taken_users.contains(&user.as_str())).unwrap_or(fallback);
    let user = Some(named.clone()).filter(|user| !user.is_empty() && user != server.user);
    let part = alternatives(&leads.addresses).into_iter().find_map(part_of);
    Some(StoreLogin { user, named, password, part })
}

/// Returns the text behind the host of a URL, without the slash before it.
fn part_of(value: &Value) -> Option<String> {
    let text = value.assumed()?.as_str()?.to_owned();
    let (_, rest) = text.split_once("://")?;
    let (_, path) = rest.split('?').next()?.split_once('/')?;
    Some(path.to_owned()).filter(|path| !path.is_empty() && path != "/")
}

fn alternatives<'a>(found: &[Found<'a>]) -> Vec<&'a Value> {
    found.iter().flat_map(|(_, value)| value.alternatives()).collect()
}

/// Tells whether a variable holds a password and no address.
fn is_plain(read: &EnvRead) -> bool {
    !read.name.to_ascii_uppercase().contains("URL")
}

/// Returns the place where the client that uses an address finds its password.
pub(super) fn of_address(
    store: &Store,
    path: &[String],
    leads: &Leads<'_>,
    credentials: Option<&Credentials>,
) -> Login {
    let Some(credentials) = credentials.cloned() else { return Login::Nowhere };
    // With a URL of that key, clients look at nothing else; a URL of its own name is used by itself.
    let is_url = path.last().is_some_and(|last| {
        let last = last.to_ascii_uppercase();
        last == "URL" || path.len() == 1 && !last.ends_with("HOST")
    });
    let mut keys: Vec<Vec<String>> = Vec::new();
    for (password, _) in &leads.passwords {
        if is_of_one_server(store, path, password) && !keys.contains(password) {
            keys.push(password.clone());
        }
    }
    if is_url || keys.is_empty() { Login::InUrl(credentials) } else { Login::Beside { keys, credentials } }
}

/// Returns the goals for passwords and users that stand beside an address.
pub(super) fn goals(leads: &Leads<'_>, store: &Store, credentials: Option<&Credentials>) -> Vec<Goal> {
    let mut goals: Vec<Goal> = Vec::new();
    let mut add = |path: &[String], (text, also, absent): (&str, &str, bool), because: String| {
        if !goals.iter().any(|goal| goal.path == *path) {
            let want = Want::Text { text: text.to_owned(), also: vec![also.to_owned()], absent };
            goals.push(Goal { path: path.to_vec(), want, because, only_if_present: true });
        }
    };
    let name = store.name;
    for (path, _) in &leads.passwords {
        match credentials {
            Some(Credentials { password, .. }) => {
                let because = format!("{name} of the stack takes no client without its password");
                add(path, (password, password, false), because);
            }
            None => add(path, ("", "", true), format!("{name} of the stack has no password")),
        }
    }
    let own = store.login.map_or("", |login| login.user);
    for (path, _) in &leads.users {
        match credentials {
            Some(Credentials { user, .. }) if !user.is_empty() => {
                add(path, (user, user, user == own), format!("{name} of the stack knows this user"));
            }
            _ => add(path, ("", own, true), format!("{name} of the stack has no other user")),
        }
    }
    goals
}
