//! A prefix of the whole site that nothing in the stack takes off.

use crate::base::codes::plan::SETTING_ASSUMED;
use crate::base::{Diagnostic, Place};
use crate::plan::ground::Ground;
use crate::plan::service;
use crate::plan::settle::Settled;

/// A warning where the site lies below a prefix and no proxy of the stack knows.
pub(super) fn find(ground: &Ground<'_>, settled: &Settled) -> Option<Diagnostic> {
    let prefix = service::url_prefix(settled)?;
    let is_served = ground.has_proxy() && service::is_plain_prefix(&prefix);
    (!is_served).then(|| prefix_not_taken_off(&prefix, ground.open().place("FORCE_SCRIPT_NAME")))
}

/// The whole site lies below a path, and who passes requests on must know.
fn prefix_not_taken_off(prefix: &str, place: Option<&Place>) -> Diagnostic {
    let title = format!(
        "the site lies below `{prefix}` (`FORCE_SCRIPT_NAME`), and nothing in the stack takes that off"
    );
    let diagnostic = Diagnostic::warning(SETTING_ASSUMED, title);
    let diagnostic = match place {
        Some(place) => diagnostic.at(place, "decided here"),
        None => diagnostic,
    };
    diagnostic
        .because(format!("Django puts `{prefix}` before each link, and answers requests without it"))
        .help(format!("let what passes requests on take `{prefix}` off their paths"))
}
