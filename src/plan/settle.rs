//! The closed loop: wiring, then an overlay for what no variable can change, then the proof.

mod connections;
mod settled;
mod wired;
mod worker;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use self::settled::Settled;
use self::settled::base;
use self::wired::wired;

use super::ground::Ground;
use super::overlay::{self, Wish};
use super::secret_drafts::Draft;
use super::wiring::{Goal, Standing};
use super::{messages, persistent};
use crate::base::{Diagnostic, codes};
use crate::python::with_room;
use crate::stack::Environment;

/// Settles both stacks. Errors say which settings cannot be made to fit.
pub(super) fn settle(dev: &Ground<'_>, prod: &Ground<'_>) -> Result<(Settled, Settled), Vec<Diagnostic>> {
    let (mut settled_dev, mut settled_prod) = both(|| wired(dev), || wired(prod));
    share_files((dev, &mut settled_dev), (prod, &mut settled_prod));
    connections::keep(prod, &mut settled_prod);
    let additions = |ground: &Ground<'_>, settled: &Settled| {
        if !ground.answers.overlay {
            return Vec::new();
        }
        let mut found = overlay::additions(ground, &settled.evaluation);
        // For speed alone no module is written that the project would run without.
        if !found.is_empty() || !settled.missed().is_empty() {
            found.extend(persistent::lines(ground, &settled.evaluation));
        }
        found
    };
    let (adds_dev, adds_prod) = (additions(dev, &settled_dev), additions(prod, &settled_prod));
    let mut errors = Vec::new();
    let settled = [&mut settled_dev, &mut settled_prod];
    if !lay_one_over_both([dev, prod], settled, (&adds_dev, &adds_prod), &mut errors) {
        let is_needed = !settled_prod.missed().is_empty() || !adds_prod.is_empty();
        let suffix = if is_needed { "_dev" } else { "" };
        lay_over(dev, &mut settled_dev, suffix, None, adds_dev, &mut errors);
        lay_over(prod, &mut settled_prod, "", None, adds_prod, &mut errors);
    }
    // Beside the site's settings an overlay of theirs may lie too.
    worker::settle(dev, &mut settled_dev, "_worker_dev", &mut errors);
    worker::settle(prod, &mut settled_prod, "_worker", &mut errors);
    prove(dev, &settled_dev, &mut errors);
    prove(prod, &settled_prod, &mut errors);
    if errors.is_empty() { Ok((settled_dev, settled_prod)) } else { Err(errors) }
}

/// Writes one overlay for both stacks, which sets whatever either needs; each stack has its own values. Returns false, and
/// changes nothing, where each stack needs an overlay of its own, or none.
fn lay_one_over_both(
    [dev, prod]: [&Ground<'_>; 2],
    settled: [&mut Settled; 2],
    (adds_dev, adds_prod): (&[overlay::Lines], &[overlay::Lines]),
    errors: &mut Vec<Diagnostic>,
) -> bool {
    let [settled_dev, settled_prod] = settled;
    let Some(paths) = shared_paths((dev, settled_dev), (prod, settled_prod)).filter(|_| adds_dev.is_empty())
    else {
        return false;
    };
    let (mut with_dev, mut with_prod) = (settled_dev.clone(), settled_prod.clone());
    let has_debug = settled_dev.evaluation.get("DEBUG").is_some();
    let adds = persistent::for_both(adds_prod.to_vec(), has_debug);
    let mut found = Vec::new();
    lay_over(dev, &mut with_dev, "", Some(&paths), adds.clone(), &mut found);
    lay_over(prod, &mut with_prod, "", Some(&paths), adds, &mut found);
    // One file has one text: what only one of the stacks has to set would fail in the other, or be missing there.
    if let (Some(one), Some(other)) = (&with_dev.overlay, &with_prod.overlay)
        && one.statements() != other.statements()
    {
        return false;
    }
    (*settled_dev, *settled_prod) = (with_dev, with_prod);
    errors.extend(found);
    true
}

/// The settings that one overlay for both stacks sets; `None` where each has its own, or needs none.
fn shared_paths(
    dev: (&Ground<'_>, &Settled),
    prod: (&Ground<'_>, &Settled),
) -> Option<BTreeSet<Vec<String>>> {
    let one_module = dev.0.module == prod.0.module && dev.0.class == prod.0.class;
    let (missed_dev, missed_prod) = (dev.1.missed(), prod.1.missed());
    // What development alone asks for must not be set in production.
    let is_asked = |path: &[String]| prod.1.goals.iter().any(|goal| goal.path == path);
    let is_common = missed_dev.iter().all(|(goal, _)| is_asked(&goal.path));
    let both = !missed_dev.is_empty() && !missed_prod.is_empty();
    (one_module && both && is_common)
        .then(|| missed_prod.into_iter().chain(missed_dev).map(|(goal, _)| goal.path.clone()).collect())
}

/// Both at once: each evaluates the settings again and again, and neither needs the other.
fn both<A: Send, B: Send>(one: impl Fn() -> A + Send + Sync, other: impl Fn() -> B + Send + Sync) -> (A, B) {
    std::thread::scope(|scope| {
        let first = scope.spawn(|| with_room(&one));
        let second = with_room(&other).unwrap_or_else(|_| other());
        (first.join().ok().and_then(Result::ok).unwrap_or_else(&one), second)
    })
}

/// A file that both stacks open is one file: it holds what either reads, and where they differ, production's.
fn share_files(dev: (&Ground<'_>, &mut Settled), prod: (&Ground<'_>, &mut Settled)) {
    let mut entries = dev.1.entries.clone();
    entries.extend(prod.1.entries.clone());
    let known = [dev.1.drafts.clone(), prod.1.drafts.clone()].concat();
    for (ground, settled) in [dev, prod] {
        let mut drafts = settled.drafts.clone();
        for draft in &mut drafts {
            for other in &known {
                draft.join(other);
            }
        }
        let is_same = |(mine, shared): (&Draft, &Draft)| mine.text(&settled.entries) == shared.text(&entries);
        let unchanged = settled.drafts.iter().zip(&drafts).all(is_same);
        settled.drafts = drafts;
        settled.entries.clone_from(&entries);
        if !unchanged {
            settled.evaluate(ground, ground.tree);
        }
    }
}

/// Writes an overlay for what is missed and for `additions`, and evaluates again with it. `paths` are settings that it must set
/// whether they are missed here or not.
fn lay_over(
    ground: &Ground<'_>,
    settled: &mut Settled,
    suffix: &str,
    paths: Option<&BTreeSet<Vec<String>>>,
    additions: Vec<overlay::Lines>,
    errors: &mut Vec<Diagnostic>,
) {
    let listed = |goal: &Goal| paths.is_some_and(|paths| paths.contains(&goal.path));
    let unmet = Standing::Missed(overlay::ONE_STACK.to_owned());
    let missed: Vec<(&Goal, &Standing)> = settled
        .goals
        .iter()
        .zip(&settled.standings)
        .filter(|(goal, standing)| (**standing != Standing::Met && !goal.is_wish()) || listed(goal))
        .filter(|(goal, _)| !goal.only_if_present || goal.is_certainly_there(&settled.evaluation))
        .map(|(goal, standing)| (goal, if *standing == Standing::Met { &unmet } else { standing }))
        .collect();
    let is_needed = !missed.is_empty() || !additions.is_empty();
    if !is_needed || !settled.evaluation.failures.is_empty() {
        return;
    }
    if !ground.answers.overlay {
        errors.extend(missed.iter().map(|(goal, standing)| {
            messages::overlay_needed(goal, standing, settled.evaluation.place(&goal.path[0]))
        }));
        return;
    }
    let Some(file) = ground.module_file(&ground.module) else { return };
    let password = ground
        .credentials
        .as_ref()
        .and_then(|credentials| settled.samples.values().get(&credentials.password));
    let (overlay, variables) = overlay::write(&Wish {
        extends: &ground.module,
        file: &file,
        class: ground.class.as_deref(),
        suffix,
        shared: paths.is_some(),
        evaluation: &settled.evaluation,
        open: ground.open(),
        database: ground.database,
        missed,
        additions,
        credentials: ground.credentials.as_ref(),
        password: password.map(String::as_str),
        variables: &settled.variables,
    });
    settled.variables.extend(variables);
    settled.variables.extend(base(&overlay.module, overlay.class.as_deref()));
    let tree = ground.tree.with_files([(overlay.path.clone(), overlay.text.clone())]);
    settled.overlay = Some(overlay);
    settled.evaluate(ground, &tree);
}

/// Every goal is met and nothing stops the import, or each that is not is an error.
fn prove(ground: &Ground<'_>, settled: &Settled, errors: &mut Vec<Diagnostic>) {
    let environment = ground.environment;
    // Of settings that are not there, all is unproven.
    if ground.module_file(&ground.module).is_none() {
        errors.push(messages::no_module(environment, &ground.module));
        return;
    }
    errors.extend(
        settled
            .evaluation
            .failures
            .iter()
            .map(|failure| messages::import_fails(environment, &ground.module, failure)),
    );
    if !settled.evaluation.failures.is_empty() || !ground.answers.overlay {
        return;
    }
    let missed = settled.missed().into_iter().filter(|(goal, standing)| !is_assumed(goal, standing));
    errors.extend(missed.map(|(goal, standing)| {
        messages::not_proven(environment, goal, standing, settled.evaluation.place(&goal.path[0]))
    }));
}

/// Tells whether a goal that is not known to be met is taken to be: what the stack depends on must be known.
fn is_assumed(goal: &Goal, standing: &Standing) -> bool {
    let essential = ["ALLOWED_HOSTS", "DATABASES", "DEBUG", "STATIC_ROOT"];
    // What lies deeper is a matter of how, not of whether: options of a database.
    let is_essential = essential.contains(&goal.path[0].as_str()) && goal.path.len() <= 3;
    *standing == Standing::Unknown && !is_essential
}

/// A warning for each setting of which something is taken to be as it must be, once where both stacks take it so.
pub(super) fn assumptions(stacks: &[(&Ground<'_>, &Settled)]) -> Vec<Diagnostic> {
    let mut assumed: BTreeMap<&[String], (&Goal, &Ground<'_>, Vec<Environment>)> = BTreeMap::new();
    for (ground, settled) in stacks {
        for (goal, standing) in settled.missed() {
            if is_assumed(goal, standing) {
                let entry = assumed.entry(&goal.path).or_insert_with(|| (goal, ground, Vec::new()));
                entry.2.push(ground.environment);
            }
        }
    }
    // What lies in one setting is decided in one place.
    let mut settings: BTreeMap<Taken<'_>, Vec<(&Goal, &Ground<'_>)>> = BTreeMap::new();
    for (goal, ground, stacks) in assumed.into_values() {
        settings.entry((&goal.path[0], stacks)).or_default().push((goal, ground));
    }
    let of_setting = |((name, stacks), found): (Taken<'_>, Vec<(&Goal, &Ground<'_>)>)| {
        let goals: Vec<&Goal> = found.iter().map(|(goal, _)| *goal).collect();
        // Where the project decides it: an overlay is not one of its files.
        let place = found.first().and_then(|(_, ground)| ground.open().place(name));
        messages::assumed(&stacks, &goals, place)
    };
    settings.into_iter().map(of_setting).collect()
}

/// A setting, and the stacks that take it to be right.
type Taken<'a> = (&'a str, Vec<Environment>);

/// Reports the causes that kept the settings from being evaluated under the plan, other than the settings themselves.
pub(super) fn breakdowns(stacks: &[&Settled]) -> Vec<Diagnostic> {
    let ours = [codes::settings::SETTINGS_READER_FAILED, codes::settings::SETTINGS_NO_THREAD];
    let told = stacks.iter().flat_map(|settled| &settled.evaluation.diagnostics);
    told.filter(|one| ours.contains(&one.code)).cloned().collect()
}
