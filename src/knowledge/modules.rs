//! Which distribution brings a module.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;

pub(super) const TEXT: &str = include_str!("modules.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    #[expect(dead_code, reason = "for whoever edits the table")]
    source: String,
    modules: BTreeMap<String, String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

/// The distribution that brings the top-level `module`, as a requirement; `None` where that is not known.
pub fn distribution_of(module: &str) -> Option<&'static str> {
    TABLE.modules.get(module).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_that_are_named_otherwise_are_known() {
        assert_eq!(distribution_of("environ"), Some("django-environ"));
        assert_eq!(distribution_of("rest_framework"), Some("djangorestframework"));
        assert_eq!(distribution_of("shop"), None);
    }
}
