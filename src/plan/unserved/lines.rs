//! Settings that djdock's overlay would add, where none may be written: what a site behind a proxy lacks without them.

use crate::base::Diagnostic;
use crate::base::codes::plan::PROXY_SETTINGS_MISSING;
use crate::base::wording::and_ticked;
use crate::check::Subject;
use crate::check::settings::logging;
use crate::plan::ground::Ground;
use crate::plan::overlay;
use crate::plan::settle::Settled;

/// The settings that depend on the proxy in front of the site.
const PROXYS: &[&str] = &["SECURE_PROXY_SSL_HEADER", "CSRF_TRUSTED_ORIGINS"];

/// Returns a warning about the settings for what ends TLS, with the lines to add, and what there is to say of logs.
pub(super) fn find(ground: &Ground<'_>, settled: &Settled) -> Vec<Diagnostic> {
    if ground.answers.overlay {
        return Vec::new();
    }
    let additions = overlay::additions(ground, &settled.evaluation);
    // How a log is set up is a rule of its own; so is where static files lie, which `check` tells by itself.
    let is_proxys = |lines: &&overlay::Lines| PROXYS.contains(&lines.name.as_str());
    let lines: Vec<&overlay::Lines> = additions.iter().filter(is_proxys).collect();
    let logs = additions.iter().any(|lines| lines.name == "LOGGING");
    let mut found = Vec::new();
    if logs {
        found.extend(logging::unseen_errors(&Subject::new(ground.tree, ground.facts)));
    }
    let names: Vec<&str> = lines.iter().map(|lines| lines.name.as_str()).collect();
    if names.is_empty() {
        return found;
    }
    let title = format!("the production settings lack {}, which a site behind TLS needs", and_ticked(&names));
    let mut diagnostic = Diagnostic::warning(PROXY_SETTINGS_MISSING, title);
    if let Some(module) = settled.evaluation.modules.first() {
        diagnostic = diagnostic.because(format!("looked for in `{}` and what it imports", module.path));
    }
    diagnostic = diagnostic
        .because("the proxy speaks http to Django: without them a browser that came by https gets links to http, and its forms are refused (403)");
    for line in lines {
        for (left, right) in &line.assignments {
            let right: Vec<&str> = right.split_whitespace().collect();
            diagnostic = diagnostic.help(format!("add `{left} = {}`", right.join(" ")));
        }
    }
    found.push(diagnostic.help("or let djdock set them in a module of its own, beside yours: `--overlay`"));
    found
}
