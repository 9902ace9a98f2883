//! URLs that stand for a dict of settings: databases, caches, mail, search.

use super::Interp;
use super::object::Obj;
use crate::python::value::Cast;

/// The keys that a URL of a database decides.
pub(super) const DATABASE_KEYS: &[&str] = &["ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT"];

/// The keys that a URL of a cache decides.
pub(super) const CACHE_KEYS: &[&str] = &["BACKEND", "LOCATION"];

/// The keys that a URL of mail decides.
pub(super) const EMAIL_KEYS: &[&str] = &[
    "EMAIL_BACKEND",
    "EMAIL_HOST",
    "EMAIL_HOST_USER",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_PORT",
    "EMAIL_USE_TLS",
    "EMAIL_USE_SSL",
    "EMAIL_FILE_PATH",
];

pub(super) fn is_url(cast: &Cast) -> bool {
    matches!(cast, Cast::DatabaseUrl | Cast::CacheUrl | Cast::EmailUrl | Cast::SearchUrl)
}

/// The keys of the dict that a variable's URL certainly becomes: one that may be missing has a default that is empty.
pub(super) fn certain_keys(value: &Obj, heap: &super::heap::Heap) -> Option<&'static [&'static str]> {
    let Obj::Env(env) = value else { return None };
    let keys = match env.cast {
        Cast::DatabaseUrl => DATABASE_KEYS,
        Cast::CacheUrl => CACHE_KEYS,
        Cast::EmailUrl => EMAIL_KEYS,
        _ => return None,
    };
    match &env.default {
        Some(Obj::Dict(cell)) if heap.entries(*cell).is_none_or(|dict| dict.entries.is_empty()) => None,
        Some(Obj::Dict(_)) | None => Some(keys),
        Some(_) => None,
    }
}

/// The parts of a URL, still quoted.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Url {
    pub(super) scheme: String,
    pub(super) user: String,
    pub(super) password: String,
    pub(super) host: String,
    pub(super) port: String,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
}

/// Takes a URL apart as Python's `urlparse` does. `None` without a scheme.
pub(super) fn split(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once(':')?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (user_info, address) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    let (host, port) = match address.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (address, ""),
    };
    Some(Url {
        scheme: scheme.to_owned(),
        user: unquote(user),
        password: unquote(password),
        host: unquote(host.trim_start_matches('[').trim_end_matches(']')),
        port: port.to_owned(),
        path: path.to_owned(),
        query: query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), unquote(value)))
            .collect(),
    })
}

pub(super) fn unquote(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match (first, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns the number or truth that a word of a query is read as.
fn literal(value: Obj) -> Obj {
    let Some(text) = value.as_str() else { return value };
    match text {
        "None" => Obj::None,
        "True" => Obj::Bool(true),
        "False" => Obj::Bool(false),
        _ => text.parse().map_or_else(|_| value.clone(), Obj::Int),
    }
}

/// Stands for the part of a text that is not known, while the text is taken apart.
const FIRST_MARK: u32 = 0xE000;

impl Interp<'_> {
    /// The dict that a URL stands for. Parts of it may be unknown.
    pub(super) fn url(&mut self, value: &Obj, cast: &Cast) -> Option<Obj> {
        let mut unknown = Vec::new();
        let text = match value {
            Obj::Str(text) => text.to_string(),
            Obj::Text(parts) => {
                let mut text = String::new();
                for part in parts.iter() {
                    match part {
                        Obj::Str(known) => text.push_str(known),
                        other => {
                            let mark = u32::try_from(unknown.len())
                                .ok()
                                .and_then(|at| char::from_u32(FIRST_MARK + at))?;
                            text.push(mark);
                            unknown.push(other.clone());
                        }
                    }
                }
                text
            }
            _ => return None,
        };
        if text.is_empty() {
            return Some(Obj::Dict(self.heap.dict(Vec::new())));
        }
        let url = split(&text)?;
        if url.scheme.chars().any(is_mark) {
            return None;
        }
        Some(match cast {
            Cast::DatabaseUrl => self.database_url(&url, &unknown)?,
            Cast::CacheUrl => self.cache_url(&url, &unknown),
            Cast::EmailUrl => self.email_url(&url, &unknown),
            _ => self.search_url(&url, &unknown),
        })
    }

    /// Text with its unknown parts put back.
    fn restore(&mut self, text: &str, unknown: &[Obj]) -> Obj {
        let mut parts = Vec::new();
        let mut known = String::new();
        for letter in text.chars() {
            if is_mark(letter) {
                parts.push(Obj::str(std::mem::take(&mut known)));
                let at = (letter as u32 - FIRST_MARK) as usize;
                parts.extend(unknown.get(at).cloned());
            } else {
                known.push(letter);
            }
        }
        parts.push(Obj::str(known));
        self.text_of(parts)
    }

    fn port(&mut self, port: &str, unknown: &[Obj]) -> Obj {
        port.parse().map_or_else(|_| self.restore(port, unknown), Obj::Int)
    }

    fn database_url(&mut self, url: &Url, unknown: &[Obj]) -> Option<Obj> {
        let engine = database_engine(&url.scheme)?;
        let sqlite = engine.ends_with("sqlite3") || engine.ends_with("spatialite");
        let name = if sqlite {
            // `sqlite:///relative`, `sqlite:////absolute`, `sqlite://:memory:`.
            let path = url.path.strip_prefix('/').unwrap_or(&url.path);
            if path.is_empty() { ":memory:".to_owned() } else { unquote(path) }
        } else {
            unquote(url.path.trim_start_matches('/'))
        };
        let name = self.restore(&name, unknown);
        let mut entries = vec![(Obj::str("ENGINE"), Obj::str(engine)), (Obj::str("NAME"), name)];
        for (key, value) in [("USER", &url.user), ("PASSWORD", &url.password), ("HOST", &url.host)] {
            let value = self.restore(value, unknown);
            entries.push((Obj::str(key), value));
        }
        let port = self.port(&url.port, unknown);
        entries.push((Obj::str("PORT"), port));
        let mut options = Vec::new();
        for (name, value) in &url.query {
            let value = self.restore(value, unknown);
            match name.to_ascii_uppercase().as_str() {
                upper @ ("CONN_MAX_AGE" | "CONN_HEALTH_CHECKS") => {
                    entries.push((Obj::str(upper), literal(value)));
                }
                _ => options.push((Obj::str(name), value)),
            }
        }
        if !options.is_empty() {
            let options = Obj::Dict(self.heap.dict(options));
            entries.push((Obj::str("OPTIONS"), options));
        }
        Some(Obj::Dict(self.heap.dict(entries)))
    }

    fn cache_url(&mut self, url: &Url, unknown: &[Obj]) -> Obj {
        let backend = match url.scheme.as_str() {
            "dbcache" | "db" => "django.core.cache.backends.db.DatabaseCache",
            "dummycache" | "dummy" => "django.core.cache.backends.dummy.DummyCache",
            "filecache" | "file" => "django.core.cache.backends.filebased.FileBasedCache",
            "memcache" | "memcached" | "pymemcache" | "djangopylibmc" | "pymemcached" => {
                "django.core.cache.backends.memcached.PyMemcacheCache"
            }
            "redis" | "rediss" | "rediscache" | "hiredis" | "redis-cache" => "django_redis.cache.RedisCache",
            _ => "django.core.cache.backends.locmem.LocMemCache",
        };
        let location = if backend.contains("redis") {
            let scheme = if url.scheme == "rediss" { "rediss" } else { "redis" };
            let user = match (url.user.is_empty(), url.password.is_empty()) {
                (true, true) => String::new(),
                _ => format!("{}:{}@", url.user, url.password),
            };
            let port = if url.port.is_empty() { String::new() } else { format!(":{}", url.port) };
            format!("{scheme}://{user}{}{port}{}", url.host, url.path)
        } else {
            let port = if url.port.is_empty() { String::new() } else { format!(":{}", url.port) };
            format!("{}{port}{}", url.host, url.path)
        };
        let location = self.restore(&location, unknown);
        Obj::Dict(
            self.heap.dict(vec![(Obj::str("BACKEND"), Obj::str(backend)), (Obj::str("LOCATION"), location)]),
        )
    }

    fn email_url(&mut self, url: &Url, unknown: &[Obj]) -> Obj {
        let backend = match url.scheme.as_str() {
            "consolemail" | "console" => "django.core.mail.backends.console.EmailBackend",
            "dummymail" | "dummy" => "django.core.mail.backends.dummy.EmailBackend",
            "filemail" | "file" => "django.core.mail.backends.filebased.EmailBackend",
            "memorymail" | "memory" => "django.core.mail.backends.locmem.EmailBackend",
            _ => "django.core.mail.backends.smtp.EmailBackend",
        };
        let mut entries = vec![(Obj::str("EMAIL_BACKEND"), Obj::str(backend))];
        for (key, value) in [
            ("EMAIL_HOST", &url.host),
            ("EMAIL_HOST_USER", &url.user),
            ("EMAIL_HOST_PASSWORD", &url.password),
        ] {
            let value = self.restore(value, unknown);
            entries.push((Obj::str(key), value));
        }
        let port = self.port(&url.port, unknown);
        entries.push((Obj::str("EMAIL_PORT"), port));
        let asked = |name: &str| {
            url.query.iter().find(|(key, _)| key == name).map(|(_, text)| super::truths::is_true(text))
        };
        let by_scheme = matches!(url.scheme.as_str(), "smtps" | "smtp+tls" | "submission");
        let ssl = asked("ssl").unwrap_or(url.scheme == "smtp+ssl");
        let tls = !ssl && asked("tls").unwrap_or(by_scheme);
        entries.push((Obj::str("EMAIL_USE_TLS"), Obj::Bool(tls)));
        entries.push((Obj::str("EMAIL_USE_SSL"), Obj::Bool(ssl)));
        let path = self.restore(url.path.trim_start_matches('/'), unknown);
        entries.push((Obj::str("EMAIL_FILE_PATH"), path));
        Obj::Dict(self.heap.dict(entries))
    }

    /// The channel layer that a URL stands for.
    pub(super) fn channels_url(&mut self, url: &str) -> Option<Obj> {
        let scheme = split(url)?.scheme;
        let backend = match scheme.as_str() {
            "inmemory" => "channels.layers.InMemoryChannelLayer",
            "redis" | "rediss" => "channels_redis.core.RedisChannelLayer",
            "redis+pubsub" => "channels_redis.pubsub.RedisPubSubChannelLayer",
            _ => return None,
        };
        let mut entries = vec![(Obj::str("BACKEND"), Obj::str(backend))];
        if scheme != "inmemory" {
            let hosts = Obj::List(self.heap.list(vec![Obj::str(url)]));
            let config = Obj::Dict(self.heap.dict(vec![(Obj::str("hosts"), hosts)]));
            entries.push((Obj::str("CONFIG"), config));
        }
        Some(Obj::Dict(self.heap.dict(entries)))
    }

    fn search_url(&mut self, url: &Url, unknown: &[Obj]) -> Obj {
        let engine = match url.scheme.as_str() {
            "elasticsearch" => "haystack.backends.elasticsearch_backend.ElasticsearchSearchEngine",
            "elasticsearch2" => "haystack.backends.elasticsearch2_backend.Elasticsearch2SearchEngine",
            "elasticsearch5" => "haystack.backends.elasticsearch5_backend.Elasticsearch5SearchEngine",
            "elasticsearch7" => "haystack.backends.elasticsearch7_backend.Elasticsearch7SearchEngine",
            "solr" => "haystack.backends.solr_backend.SolrEngine",
            "whoosh" => "haystack.backends.whoosh_backend.WhooshEngine",
            "xapian" => "haystack.backends.xapian_backend.XapianEngine",
            _ => "haystack.backends.simple_backend.SimpleEngine",
        };
        let port = if url.port.is_empty() { String::new() } else { format!(":{}", url.port) };
        let address = self.restore(&format!("http://{}{port}", url.host), unknown);
        Obj::Dict(self.heap.dict(vec![(Obj::str("ENGINE"), Obj::str(engine)), (Obj::str("URL"), address)]))
    }
}

fn is_mark(letter: char) -> bool {
    ('\u{E000}'..'\u{F8FF}').contains(&letter)
}

/// The engine for a scheme, as dj-database-url and django-environ have it.
pub(super) fn database_engine(scheme: &str) -> Option<&'static str> {
    Some(match scheme {
        "postgres" | "postgresql" | "pgsql" | "psql" => "django.db.backends.postgresql",
        "postgis" => "django.contrib.gis.db.backends.postgis",
        "mysql" | "mysql2" => "django.db.backends.mysql",
        "mysqlgis" => "django.contrib.gis.db.backends.mysql",
        "mysql-connector" => "mysql.connector.django",
        "sqlite" => "django.db.backends.sqlite3",
        "spatialite" => "django.contrib.gis.db.backends.spatialite",
        "oracle" => "django.db.backends.oracle",
        "oraclegis" => "django.contrib.gis.db.backends.oracle",
        "mssql" | "mssqlms" => "mssql",
        "redshift" => "django_redshift_backend",
        "cockroach" | "cockroachdb" => "django_cockroachdb",
        "timescale" => "timescale.db.backends.postgresql",
        "timescalegis" => "timescale.db.backends.postgis",
        "ldap" => "ldapdb.backends.ldap",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let url = split("postgres://me:p%40ss@db.example.org:5433/shop?sslmode=require").unwrap();
        assert_eq!(url.password, "p@ss");
        assert_eq!(
            (url.host.as_str(), url.port.as_str(), url.path.as_str()),
            ("db.example.org", "5433", "/shop")
        );
        assert_eq!(url.query, [("sslmode".to_owned(), "require".to_owned())]);
        assert_eq!(split("no url"), None);
    }
}
