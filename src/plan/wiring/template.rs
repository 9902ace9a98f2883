//! Solving text that is put together from variables: `f"redis://{host}:{port}/0"`.

use std::collections::BTreeMap;

use super::login::Login;
use super::url::authority_of;
use crate::python::{EnvRead, Value};

/// Marks the place of the n-th variable in text that is looked at as a whole.
const MARKS: char = '\u{e000}';

/// Variables that make the concatenation of `parts` come to `wanted`. Between two variables there must be known
/// text that occurs in `wanted`; neighbours are told apart by the default of the first.
pub(super) fn solve(parts: &[Value], wanted: &str) -> Option<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut rest = wanted;
    let mut pending: Option<&EnvRead> = None;
    for part in parts {
        match part {
            Value::Env(read) => {
                if let Some(before) = pending.replace(read) {
                    let text = before.default.as_ref()?.as_text()?;
                    rest = rest.strip_prefix(text.as_str())?;
                    put(&mut found, before, &text)?;
                }
            }
            known => {
                let text = known.as_text()?;
                match pending.take() {
                    Some(read) => {
                        let at = rest.find(text.as_str())?;
                        put(&mut found, read, &rest[..at])?;
                        rest = &rest[at + text.len()..];
                    }
                    None => rest = rest.strip_prefix(text.as_str())?,
                }
            }
        }
    }
    match pending {
        Some(read) => put(&mut found, read, rest)?,
        None if rest.is_empty() => {}
        None => return None,
    }
    Some(found)
}

/// Variables that make the concatenation a URL with this host and port: each variable is told by where it
/// stands in the URL.
pub(super) fn solve_url(
    parts: &[Value],
    scheme: &str,
    (host, port): (&str, u16),
    asked: &Login,
    has_numbers: bool,
) -> Option<BTreeMap<String, String>> {
    let credentials = asked.credentials();
    let (text, reads) = marked(parts)?;
    let Some((found_scheme, rest)) = text.split_once("://") else {
        return solve_suffixed(&reads, &text, &format!("{scheme}://{}{host}:{port}", asked.in_url()));
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (login, address) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (found_host, found_port) = address.split_once(':').unwrap_or((address, ""));
    // Another kind of server is not turned into this one by changing its host.
    if !found_scheme.contains(|c: char| c >= MARKS) && !found_scheme.starts_with(scheme) {
        return None;
    }
    let mut found = BTreeMap::new();
    for (index, read) in reads.iter().enumerate() {
        let mark = char::from_u32(u32::from(MARKS) + u32::try_from(index).ok()?)?;
        let alone = |part: &str| part.chars().eq([mark]);
        let value = if alone(found_scheme) {
            scheme.to_owned()
        } else if alone(found_host) {
            host.to_owned()
        } else if alone(found_port) {
            port.to_string()
        } else if login.rsplit_once(':').is_some_and(|(_, password)| alone(password)) {
            credentials.password.clone()
        } else if alone(login.split(':').next().unwrap_or_default()) {
            credentials.user.clone()
        } else if login.contains(mark) || path.contains(mark) {
            let default = read.default.as_ref().and_then(Value::as_text).unwrap_or_default();
            match (path.contains(mark), default.is_empty()) {
                (true, true) if has_numbers => "0".to_owned(),
                (true, true) => "/".to_owned(),
                _ => default,
            }
        } else {
            return None;
        };
        put(&mut found, read, &value)?;
    }
    // What is not a variable must be right already.
    let known = |part: &str| !part.chars().any(|c| c >= MARKS);
    let right = (!known(found_host) || found_host == host)
        && (!known(found_port) || found_port.is_empty() || found_port == port.to_string());
    right.then_some(found)
}

/// Returns the user and the variable of the password in a URL that is put together from variables; no user where a variable
/// without a default names it.
pub fn login_of_url(value: &Value) -> Option<(Option<String>, Option<String>)> {
    if let Value::Unknown { .. } = value {
        let reads = value.reads();
        let named = |ends: &[&str]| {
            let is_so =
                |read: &&&EnvRead| ends.iter().any(|end| read.name.to_ascii_uppercase().ends_with(end));
            reads.iter().find(is_so).map(|read| read.name.clone())
        };
        return named(&["HOST", "HOSTNAME"]).map(|_| (Some(String::new()), named(&["PASSWORD", "PASS"])));
    }
    let Value::Text(parts) = value else { return None };
    let (text, reads) = marked(parts)?;
    let (login, _) = authority_of(&text)?.rsplit_once('@')?;
    let (user, password) = login.split_once(':')?;
    let read_as = |part: &str| {
        let mut letters = part.chars();
        let mark = letters.next().filter(|mark| *mark >= MARKS && letters.next().is_none())?;
        reads.get(usize::try_from(u32::from(mark) - u32::from(MARKS)).ok()?).copied()
    };
    let user = match read_as(user) {
        Some(read) => read.default.as_ref().and_then(Value::as_text).filter(|text| !text.is_empty()),
        None => Some(user.to_owned()),
    };
    Some((user, read_as(password).map(|read| read.name.clone())))
}

/// Returns the concatenation of `parts` with a mark in the place of each variable, and the variables in the order of marks.
fn marked(parts: &[Value]) -> Option<(String, Vec<&EnvRead>)> {
    let mut reads: Vec<&EnvRead> = Vec::new();
    let mut text = String::new();
    for part in parts {
        if let Value::Env(read) = part {
            text.push(char::from_u32(u32::from(MARKS) + u32::try_from(reads.len()).ok()?)?);
            reads.push(read);
        } else {
            text.push_str(&part.as_text()?);
        }
    }
    Some((text, reads))
}

/// Variables of text whose first part is a variable that holds a whole URL, with what is added to it:
/// `f"{REDIS_URL}/{DB}"`, `REDIS_URL + "?db=1"`. `url` is what the first must be.
fn solve_suffixed(reads: &[&EnvRead], text: &str, url: &str) -> Option<BTreeMap<String, String>> {
    let (first, rest) = reads.split_first()?;
    let mut suffix = text.strip_prefix(MARKS)?.to_owned();
    if !suffix.starts_with(['/', '?']) {
        return None;
    }
    let mut found = BTreeMap::new();
    for (index, read) in rest.iter().enumerate() {
        let mark = char::from_u32(u32::from(MARKS) + u32::try_from(index + 1).ok()?)?;
        // What is added to the address of such a URL is the number of a database.
        let default = read.default.as_ref().and_then(Value::as_text).unwrap_or_default();
        let value = if default.is_empty() { "0".to_owned() } else { default };
        suffix = suffix.replace(mark, &value);
        put(&mut found, read, &value)?;
    }
    put(&mut found, first, url)?;
    Some(found)
}

/// Two places for one variable must agree.
fn put(found: &mut BTreeMap<String, String>, read: &EnvRead, value: &str) -> Option<()> {
    match found.get(&read.name) {
        Some(known) if known != value => None,
        _ => {
            found.insert(read.name.clone(), value.to_owned());
            Some(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Place;
    use crate::python::Cast;

    fn env(name: &str, default: Option<&str>) -> Value {
        Value::Env(Box::new(EnvRead {
            name: name.to_owned(),
            default: default.map(|text| Value::Str(text.to_owned())),
            cast: Cast::Str,
            fails_when_unset: false,
            place: Place::line("settings.py", 1),
        }))
    }

    fn text(text: &str) -> Value {
        Value::Str(text.to_owned())
    }

    fn map(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn text_is_solved_from_both_ends() {
        assert_eq!(
            solve(&[text("/srv/"), env("SITE", None)], "/srv/static"),
            Some(map(&[("SITE", "static")]))
        );
        assert_eq!(
            solve(&[env("A", None), text(":"), env("B", None)], "db:5432"),
            Some(map(&[("A", "db"), ("B", "5432")]))
        );
        assert_eq!(solve(&[text("/srv/"), env("SITE", None)], "/opt/static"), None);
        assert_eq!(solve(&[env("A", None), text(":"), env("A", None)], "x:y"), None);
    }

    #[test]
    fn a_url_is_solved_by_where_its_variables_stand() {
        let parts = [
            text("redis://:"),
            env("PW", None),
            text("@"),
            env("HOST", Some("localhost")),
            text(":"),
            env("PORT", None),
            text("/0"),
        ];
        assert_eq!(
            solve_url(&parts, "redis", ("redis", 6379), &Login::Nowhere, true),
            Some(map(&[("PW", ""), ("HOST", "redis"), ("PORT", "6379")]))
        );
        let short = [text("redis://"), env("HOST", None), text("/1")];
        assert_eq!(
            solve_url(&short, "redis", ("redis", 6379), &Login::Nowhere, true),
            Some(map(&[("HOST", "redis")]))
        );
        let with_suffix = |parts: &[Value]| solve_url(parts, "redis", ("redis", 6379), &Login::Nowhere, true);
        let url = ("CACHE", "redis://redis:6379");
        assert_eq!(with_suffix(&[env("CACHE", None), text("/1")]), Some(map(&[url])));
        let parts = [env("CACHE", None), text("?db="), env("NUMBER", None)];
        assert_eq!(with_suffix(&parts), Some(map(&[url, ("NUMBER", "0")])));
        let parts = [env("CACHE", None), text("/"), env("NUMBER", Some("3"))];
        assert_eq!(with_suffix(&parts), Some(map(&[url, ("NUMBER", "3")])));
        assert_eq!(with_suffix(&[env("HOST", None), text(":6379")]), None);
        let fixed = [text("redis://localhost:"), env("PORT", None)];
        assert_eq!(solve_url(&fixed, "redis", ("redis", 6379), &Login::Nowhere, true), None);
    }
}
