//! The wiring of one stack's settings: the way in which most of what the stack needs comes true.

use std::collections::BTreeSet;

use super::settled::{Settled, base, project};
use crate::plan::addresses::login::StoreLogin;
use crate::plan::ground::Ground;
use crate::plan::secret_drafts::Draft;
use crate::plan::wiring::{self, Assignment, Samples, Wired, entries};
use crate::plan::{entry_points, needs, secret_files};
use crate::python::{Evaluation, Request, World, evaluate};
use crate::stack::Environment;

/// Wires the settings, with a login of the store where each client has a place for it.
pub(super) fn wired(ground: &Ground<'_>) -> Settled {
    let login = ground.store_login.as_ref();
    let with = wired_given(ground, &Assignment::new(), login);
    if login.is_none() || with.is_in_order() {
        return with;
    }
    // Where some clients have no place for a password, the store asks for none.
    let without = wired_given(ground, &Assignment::new(), None);
    if without.faults() < with.faults() { without } else { with }
}

/// Wires the settings where these variables are set in any case, and the store's clients log in with `login`.
pub(super) fn wired_given(ground: &Ground<'_>, given: &Assignment, login: Option<&StoreLogin>) -> Settled {
    let first = wired_with(ground, given, login, (true, false));
    let opens_files = ground.open().files.iter().any(|file| !file.exists);
    if first.evaluation.failures.is_empty() || !opens_files {
        return first;
    }
    // Where the settings work on text, `false` in a file is not what they can read; and a file that may be missing
    // may hold what else is not there.
    for way in [(false, false), (true, true), (false, true)] {
        let other = wired_with(ground, given, login, way);
        if other.evaluation.failures.is_empty() {
            return other;
        }
    }
    first
}

fn wired_with(
    ground: &Ground<'_>,
    given: &Assignment,
    login: Option<&StoreLogin>,
    (typed, optional): (bool, bool),
) -> Settled {
    let mut samples = Samples::default();
    let (goals, urls) = needs::goals(ground, &mut samples, login);
    let paths = secret_files::paths(ground.open());
    let with_paths = (!paths.is_empty()).then(|| with_paths(ground, &paths));
    let open = with_paths.as_ref().unwrap_or_else(|| ground.open());
    let drafts = Draft::all(open, typed, optional);
    let project = project(ground, ground.tree, &drafts, (&ground.module, ground.class.as_deref()));
    let mut base = base(&ground.module, ground.class.as_deref());
    base.extend(entry_points::naming(ground));
    base.extend(given.clone());
    base.extend(passwords(ground, open, login, &samples));
    base.extend(paths);
    let opened: BTreeSet<_> = drafts.iter().map(|draft| draft.path.clone()).collect();
    let with_entries = (!opened.is_empty()).then(|| entries::as_variables(open, &opened));
    let open = with_entries.as_ref().unwrap_or(open);
    let Wired { variables, placeholders, evaluation, standings } =
        wiring::wire(&project, open, &goals, &base, &urls);
    let (entries, mut variables): (Assignment, Assignment) =
        variables.into_iter().partition(|(name, _)| entries::split(name).is_some());
    let mut placeholders = placeholders;
    let beside = entry_points::required(ground, &variables);
    placeholders.extend(beside.keys().cloned());
    variables.extend(beside);
    Settled {
        goals,
        variables,
        placeholders,
        samples,
        drafts,
        entries,
        overlay: None,
        worker: None,
        store_login: login.cloned(),
        evaluation,
        standings,
    }
}

/// Returns the passwords of stores whose variables the settings cannot do without: an address that is written down leaves nothing to
/// wire, and any other text would be a password that the store refuses.
fn passwords(
    ground: &Ground<'_>,
    open: &Evaluation,
    login: Option<&StoreLogin>,
    samples: &Samples,
) -> Assignment {
    let names =
        ground.stores(login).into_iter().filter_map(|placed| placed.login).map(|login| login.password);
    let is_demanded =
        |name: &String| open.reads.iter().any(|read| read.name == *name && read.default.is_none());
    let passwords = names.filter(is_demanded);
    passwords.filter_map(|name| Some((name.clone(), samples.values().get(&name)?.clone()))).collect()
}

/// The settings where variables name the files that they open, and all else is open.
fn with_paths(ground: &Ground<'_>, paths: &Assignment) -> Evaluation {
    evaluate(&Request {
        tree: ground.tree,
        roots: ground.roots(),
        module: &ground.module,
        class: ground.class.as_deref(),
        world: World::Target { debug: ground.environment == Environment::Dev, variables: paths },
    })
}
