//! Which distribution brings a module that code imports.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;
use crate::python::Minor;

pub(super) const TEXT: &str = include_str!("modules.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    #[expect(dead_code, reason = "for whoever edits the table")]
    source: String,
    standard: BTreeSet<String>,
    same: BTreeSet<String>,
    along: BTreeSet<String>,
    modules: BTreeMap<String, String>,
    removed: Vec<Removed>,
    others: BTreeMap<String, Vec<String>>,
}

/// Modules that one release of Python dropped.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Removed {
    python: Minor,
    modules: BTreeSet<String>,
    /// Distributions that bring such a module all the same.
    #[serde(default)]
    brought_by: BTreeMap<String, String>,
    #[expect(dead_code, reason = "for whoever edits the table")]
    source: String,
}

/// The end of a module of Python itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The first Python without the module.
    pub since: Minor,
    /// The distribution that brings the module on this Python and later ones.
    pub brought_by: Option<&'static str>,
}

/// Returns the end of a module of Python itself; `None` for every other module.
pub fn removal_of(module: &str) -> Option<Removal> {
    let row = TABLE.removed.iter().find(|row| row.modules.contains(module))?;
    Some(Removal { since: row.python, brought_by: row.brought_by.get(module).map(String::as_str) })
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

static BY_MODULE: LazyLock<BTreeMap<&'static str, String>> = LazyLock::new(|| {
    let same = TABLE.same.iter().map(|module| (module.as_str(), module.replace('_', "-")));
    same.chain(TABLE.modules.iter().map(|(module, name)| (module.as_str(), name.clone()))).collect()
});

/// Tells whether nobody has to ask for the top-level module: Python itself brings it, or those that are asked for do.
pub fn comes_along(module: &str) -> bool {
    TABLE.standard.contains(module) || TABLE.along.contains(module)
}

/// The distribution that brings the top-level module `module`, as a requirement without a version. `None` where the table does not
/// know it: to guess a name would install whatever is published under it.
pub fn distribution_of(module: &str) -> Option<&'static str> {
    BY_MODULE.get(module).map(String::as_str)
}

/// Tells whether the distribution called `name` (normalised) brings the top-level module: the usual one, or another of it.
pub fn brings(name: &str, module: &str) -> bool {
    let usual = distribution_of(module).and_then(|requirement| requirement.split('[').next());
    usual == Some(name) || others(module).iter().any(|other| other == name)
}

/// Tells whether the table says what the distribution called `name` (normalised) brings.
pub fn is_known(name: &str) -> bool {
    let usual = BY_MODULE.values().filter_map(|requirement| requirement.split('[').next());
    usual.chain(TABLE.others.values().flatten().map(String::as_str)).any(|known| known == name)
}

/// Other distributions that bring a module of the same name: beside one of them the usual one would take its place.
pub fn others(module: &str) -> &'static [String] {
    TABLE.others.get(module).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_lead_to_their_distributions() {
        assert_eq!(distribution_of("rest_framework"), Some("djangorestframework"));
        assert_eq!(distribution_of("django_redis"), Some("django-redis"));
        assert_eq!(distribution_of("utils"), None);
        assert_eq!(others("psycopg2"), ["aws-psycopg2", "psycopg2-binary"]);
        assert!(comes_along("json") && comes_along("six") && !comes_along("django"));
        // What editors import by themselves is Python's own too.
        assert!(["nturl2path", "_typing", "cProfile", "_collections_abc"].into_iter().all(comes_along));
    }

    #[test]
    fn modules_that_python_dropped_are_still_its_own() {
        for row in &TABLE.removed {
            for module in row.modules.iter().chain(row.brought_by.keys()) {
                assert!(row.modules.contains(module) && comes_along(module), "{module}");
            }
        }
        let imp = Removal { since: Minor(3, 12), brought_by: None };
        assert_eq!(removal_of("imp"), Some(imp));
        assert_eq!(removal_of("cgi").and_then(|removal| removal.brought_by), Some("legacy-cgi"));
        assert_eq!(removal_of("json"), None);
    }

    #[test]
    fn each_module_has_one_row_and_a_normalised_distribution() {
        for (module, distribution) in &TABLE.modules {
            assert!(!TABLE.same.contains(module) || *distribution == module.replace('_', "-"), "{module}");
            assert!(!TABLE.standard.contains(module), "{module}");
            let name = distribution.split('[').next().unwrap();
            assert_eq!(name, crate::python::normalised(name), "{module}");
        }
        assert!(TABLE.same.is_disjoint(&TABLE.standard));
    }
}
