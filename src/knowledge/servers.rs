//! Servers that settings lead to and that no stack has a service for: how their addresses look.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;

pub(super) const TEXT: &str = include_str!("servers.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    server: Vec<Server>,
}

/// A kind of server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// For people, as it stands in a sentence: `Memcached`, `a mail server`.
    pub name: String,
    schemes: Vec<String>,
    ports: Vec<u16>,
    words: Vec<String>,
    #[expect(dead_code, reason = "for whoever edits the table")]
    source: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

/// The server that a setting leads to: by the scheme of the address, else by a word in the path of the setting's names
/// (`HAYSTACK_CONNECTIONS`, `default`, `URL`), else by the port.
pub fn find(path: &[String], scheme: Option<&str>, port: Option<u16>) -> Option<&'static Server> {
    let all = &TABLE.server;
    let by_scheme = || {
        all.iter().find(|server| scheme.is_some_and(|scheme| server.schemes.iter().any(|own| own == scheme)))
    };
    let upper: Vec<String> = path.iter().map(|name| name.to_ascii_uppercase()).collect();
    let has = |word: &String| upper.iter().any(|name| name.split(['_', '-', '.']).any(|part| part == word));
    let by_name = || all.iter().find(|server| server.words.iter().any(has));
    let by_port = || all.iter().find(|server| port.is_some_and(|port| server.ports.contains(&port)));
    by_scheme().or_else(by_name).or_else(by_port)
}

/// The server called `name` (as in facts: `elasticsearch`).
pub fn named(name: &str) -> Option<&'static Server> {
    TABLE.server.iter().find(|server| server.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_its_server_by_scheme_name_or_port() {
        let found = |path: &[&str], scheme, port| {
            let path: Vec<String> = path.iter().map(ToString::to_string).collect();
            find(&path, scheme, port).map(|server| server.name.as_str())
        };
        assert_eq!(
            found(&["HAYSTACK_CONNECTIONS", "default", "URL"], Some("http"), Some(9200)),
            Some("Elasticsearch")
        );
        assert_eq!(found(&["OPENSEARCH_DSL", "default", "hosts"], None, Some(9200)), Some("OpenSearch"));
        assert_eq!(found(&["CACHES", "default", "LOCATION"], None, Some(11211)), Some("Memcached"));
        assert_eq!(found(&["STORE_URI"], Some("mongodb"), None), Some("MongoDB"));
        assert_eq!(found(&["EMAIL_HOST"], None, None), Some("a mail server"));
        assert_eq!(found(&["SITE_URL"], Some("http"), Some(8000)), None);
    }
}
