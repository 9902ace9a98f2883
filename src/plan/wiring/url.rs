//! Addresses and URLs: to which host and database they lead, and the same with another host.

use crate::python::Value;

/// The host and port that a value leads to: a URL with one of `schemes`, `host:port`, a bare host, or a pair.
pub fn host_of(value: &Value, schemes: &[String]) -> Option<(String, Option<u16>)> {
    match value {
        Value::List(items) => match items.as_slice() {
            [host, port] if port.as_text()?.parse::<u16>().is_ok() => {
                Some((host.as_str()?.to_owned(), port.as_text()?.parse().ok()))
            }
            // Several nodes: all must be right, so the first that differs from the others would decide; they
            // are wired one by one elsewhere.
            [only] => host_of(only, schemes),
            _ => None,
        },
        Value::Str(text) => {
            let rest = match text.split_once("://") {
                Some((scheme, rest)) if schemes.iter().any(|known| known == scheme) => rest,
                Some(_) => return Some((text.clone(), None)),
                None => text.as_str(),
            };
            let authority = rest.split(['/', '?']).next().unwrap_or_default();
            let address = authority.rsplit('@').next().unwrap_or_default();
            match address.split_once(':') {
                Some((host, port)) => Some((host.to_owned(), port.parse().ok())),
                None => Some((address.to_owned(), None)),
            }
        }
        _ => None,
    }
}

/// Tells whether what follows the address of a URL names one database by its number, or none: `/0`, `?db=1`, and not the
/// `/0/1` or `/file.sqlite?0` of a URL that was put together from parts that do not fit.
pub(super) fn names_one_database(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else { return true };
    let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
    // The project may put the number in later: `"redis://redis:6379/{}".format(2)`.
    let is_left_open =
        |text: &str| text.starts_with('{') && text.ends_with('}') || ["%s", "%d"].contains(&text);
    let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit()) || is_left_open(text);
    let path = before.split_once('/').map_or("", |(_, path)| path);
    let mut databases = query.split('&').filter_map(|pair| pair.strip_prefix("db="));
    is_number(path) && databases.all(|number| !number.is_empty() && is_number(number))
}

/// Returns what stands between the scheme of a URL and its path: a login, a host and a port.
pub(super) fn authority_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split(['/', '?']).next()
}

/// A URL, or an address, with another host; what follows the address stays. `login` stands before the host of a URL.
pub(in crate::plan) fn with_host(
    text: &str,
    host: &str,
    port: u16,
    schemes: &[String],
    login: &str,
) -> Option<String> {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) if schemes.iter().any(|known| known == scheme) => (Some(scheme), rest),
        Some(_) => return None,
        None => (None, text),
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, after) = rest.split_at(end);
    let has_port = authority.rsplit('@').next().is_some_and(|address| address.contains(':'));
    let address = if scheme.is_some() || has_port { format!("{host}:{port}") } else { host.to_owned() };
    Some(match scheme {
        // Encryption is the business of whoever runs a server elsewhere; the service speaks plainly.
        Some(_) => format!("{}://{login}{address}{after}", schemes.first()?),
        None if authority.is_empty() => return None,
        None => format!("{address}{after}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Str(text.to_owned())
    }

    #[test]
    fn a_url_names_one_database_or_none() {
        for good in [
            "redis://redis:6379/{}",
            "redis://redis:6379/{number}",
            "redis://redis:6379/%d",
            "redis://redis:6379",
            "redis://redis/",
            "redis://:pw@redis:6379/0",
            "redis://redis?db=1&x=y",
            "redis:6379",
        ] {
            assert!(names_one_database(good), "{good}");
        }
        for bad in [
            "redis://redis:6379/0/1",
            "redis://redis/a.sqlite?0",
            "redis://redis?db=change-me",
            "redis://redis?db=",
        ] {
            assert!(!names_one_database(bad), "{bad}");
        }
    }

    #[test]
    fn the_host_of_a_broker_is_found_in_every_notation() {
        let schemes = vec!["redis".to_owned()];
        let host = |value: Value| host_of(&value, &schemes);
        assert_eq!(host(text("redis://:pw@localhost:6379/1")), Some(("localhost".into(), Some(6379))));
        assert_eq!(host(text("localhost")), Some(("localhost".into(), None)));
        assert_eq!(
            host(Value::List(vec![text("127.0.0.1"), Value::Int(6379)])),
            Some(("127.0.0.1".into(), Some(6379)))
        );
        assert_eq!(host(text("amqp://x")), Some(("amqp://x".into(), None)));
    }
}
