//! The cache backends of production.

use std::collections::BTreeSet;

use super::project::Project;
use crate::base::{Evidence, Fact};
use crate::python::Value;

pub(super) fn read(project: &Project<'_>) -> Fact<Vec<String>> {
    let settings = &project.prod;
    let Some(setting) = settings.get("CACHES") else {
        let evidence = vec![Evidence::new(settings.place("CACHES"), "does not set CACHES")];
        return Fact::with(Vec::new(), evidence);
    };
    let mut found: BTreeSet<&str> = BTreeSet::new();
    collect(&setting.value, &mut found, 0);
    let evidence = settings.evidence("CACHES", "sets `CACHES`");
    if found.is_empty() {
        return Fact::unknown(
            Vec::new(),
            evidence,
            settings.why("CACHES", "the backends are decided at run time"),
        );
    }
    Fact::with(found.into_iter().map(str::to_owned).collect(), evidence)
}

fn collect(value: &Value, found: &mut BTreeSet<&'static str>, depth: usize) {
    if depth > 20 {
        return;
    }
    match value {
        Value::Dict(entries) => {
            if let Some(backend) = value.get("BACKEND") {
                backends(backend, found);
                return;
            }
            for (_, entry) in entries {
                collect(entry, found, depth + 1);
            }
        }
        Value::OneOf(items) => items.iter().for_each(|item| collect(item, found, depth + 1)),
        Value::Env(read) => {
            if let Some(default) = &read.default {
                collect(default, found, depth + 1);
            }
        }
        Value::Unknown { assumed: Some(assumed), .. } => collect(assumed, found, depth + 1),
        _ => {}
    }
}

fn backends(value: &Value, found: &mut BTreeSet<&'static str>) {
    for one in value.alternatives() {
        let assumed = one.assumed();
        let Some(path) = assumed.as_ref().and_then(Value::as_str) else { continue };
        let path = path.to_ascii_lowercase();
        let kind = [
            ("redis", "redis"),
            ("valkey", "redis"),
            (".memcached", "memcached"),
            ("pymemcache", "memcached"),
            ("pylibmc", "memcached"),
            ("bmemcached", "memcached"),
            ("db.databasecache", "database"),
            ("filebased", "file"),
            ("locmem", "locmem"),
            ("dummy", "dummy"),
        ];
        found.extend(kind.iter().filter(|(part, _)| path.contains(part)).map(|(_, kind)| *kind));
    }
}
