//! Variables with the values that they are set to.

use std::collections::BTreeMap;

/// Variables and what they are set to.
pub type Assignment = BTreeMap<String, String>;

/// Hosts that can stand in a list: no wildcard.
pub(super) fn is_plain_host(host: &str) -> bool {
    !host.is_empty() && host != "*" && !host.starts_with('.') && !host.contains('[')
}
