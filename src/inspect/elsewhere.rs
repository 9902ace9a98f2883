//! Addresses of machines elsewhere: what somebody runs already needs no service.

use super::project::Settings;
use crate::base::address;
use crate::python::Value;

/// Settings are trees of limited depth; addresses lie near the top.
const DEEPEST: usize = 6;

/// Tells whether every address in the setting is written down, and is that of a machine elsewhere.
pub(super) fn is_elsewhere(settings: &Settings, name: &str) -> bool {
    let Some(setting) = settings.get(name) else { return false };
    let mut hosts = Vec::new();
    hosts_in(&setting.value, &mut hosts, DEEPEST);
    setting.value.reads().is_empty()
        && !hosts.is_empty()
        && hosts.iter().all(|host| address::is_elsewhere(host))
}

fn hosts_in(value: &Value, found: &mut Vec<String>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Str(text) => {
            if let Some((_, rest)) = text.split_once("://") {
                let authority = rest.split(['/', '?']).next().unwrap_or(rest);
                let host = authority.rsplit('@').next().unwrap_or(authority);
                found.push(host.split(':').next().unwrap_or(host).to_owned());
            }
        }
        Value::List(items) | Value::OneOf(items) => {
            for item in items {
                hosts_in(item, found, depth);
            }
        }
        Value::Dict(entries) => entries.iter().for_each(|(_, value)| hosts_in(value, found, depth)),
        _ => {}
    }
}
