//! The settings of one stack, with all that makes them what they are.

use std::collections::BTreeSet;

use camino::Utf8Path;

use crate::base::Tree;
use crate::plan::addresses::login::StoreLogin;
use crate::plan::ground::Ground;
use crate::plan::overlay::Overlay;
use crate::plan::secret_drafts::Draft;
use crate::plan::secret_files::{self, SecretFile};
use crate::plan::wiring::{Assignment, Goal, Project, Samples, Standing, Want};
use crate::python::Evaluation;

/// The settings of one stack, settled.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Settled {
    pub goals: Vec<Goal>,
    /// Everything that is set, with stand-ins for secrets.
    pub variables: Assignment,
    pub placeholders: BTreeSet<String>,
    pub samples: Samples,
    pub(super) drafts: Vec<Draft>,
    /// The entries of `drafts`.
    pub(super) entries: Assignment,
    pub overlay: Option<Overlay>,
    /// The settings of the worker, where they are its own.
    pub worker: Option<WorkerModule>,
    /// The login of the store's clients; `None` where they need none.
    pub store_login: Option<StoreLogin>,
    /// Under everything above.
    pub evaluation: Evaluation,
    pub standings: Vec<Standing>,
}

impl Settled {
    pub(super) fn missed(&self) -> Vec<(&Goal, &Standing)> {
        self.goals
            .iter()
            .zip(&self.standings)
            .filter(|(goal, standing)| **standing != Standing::Met && !goal.is_wish())
            .collect()
    }

    /// Tells whether the settings can be imported and lead every client to the store.
    pub(super) fn is_in_order(&self) -> bool {
        self.faults() == (false, 0)
    }

    /// Tells whether the import fails, and counts the goals that are not met.
    pub(super) fn faults(&self) -> (bool, usize) {
        let is_about_store = |goal: &Goal| matches!(goal.want, Want::Host { .. } | Want::Text { .. });
        let missed =
            self.missed().into_iter().filter(|(goal, _)| is_about_store(goal) && goal.path[0] != "DATABASES");
        (!self.evaluation.failures.is_empty(), missed.count())
    }

    /// Sees again what the settings come to.
    pub(super) fn evaluate(&mut self, ground: &Ground<'_>, tree: &Tree) {
        let project = project(ground, tree, &self.drafts, self.module(ground));
        let mut assigned = self.variables.clone();
        assigned.extend(self.entries.clone());
        self.evaluation = project.closed(&assigned);
        self.standings = self.goals.iter().map(|goal| goal.standing(&self.evaluation)).collect();
    }

    /// The files of secrets, each with its text while stand-ins are in place of secrets.
    pub fn secret_files(&self, config_dir: &Utf8Path) -> Vec<(SecretFile, String)> {
        let made = |draft: &Draft| {
            (secret_files::made(draft, &self.entries, &self.samples, config_dir), draft.text(&self.entries))
        };
        self.drafts.iter().map(made).collect()
    }

    /// Returns what the settings come to where exactly these variables are set, with the files of secrets and the overlay.
    pub fn evaluate_under(&self, ground: &Ground<'_>, variables: &Assignment) -> Evaluation {
        let overlay = self.overlay.iter().map(|overlay| (overlay.path.clone(), overlay.text.clone()));
        let tree = ground.tree.with_files(overlay);
        let mut assigned = variables.clone();
        assigned.extend(self.entries.clone());
        project(ground, &tree, &self.drafts, self.module(ground)).closed(&assigned)
    }

    /// The module and class that the stack's `DJANGO_SETTINGS_MODULE` and `DJANGO_CONFIGURATION` name.
    pub fn module<'a>(&'a self, ground: &'a Ground<'_>) -> (&'a str, Option<&'a str>) {
        match &self.overlay {
            Some(overlay) => (&overlay.module, overlay.class.as_deref()),
            None => (&ground.module, ground.class.as_deref()),
        }
    }
}

/// The settings of the worker and the scheduler instead of the stack's.
#[derive(Clone, Debug)]
pub(in crate::plan) struct WorkerModule {
    pub module: String,
    pub overlay: Option<Overlay>,
}

/// Returns the project as the wiring evaluates it, with the settings of this module and class.
pub(super) fn project<'a>(
    ground: &'a Ground<'_>,
    tree: &'a Tree,
    drafts: &'a [Draft],
    (module, class): (&'a str, Option<&'a str>),
) -> Project<'a> {
    Project { environment: ground.environment, tree, roots: ground.roots(), module, class, drafts }
}

/// Returns the variables that say which settings are used.
pub(super) fn base(module: &str, class: Option<&str>) -> Assignment {
    let mut base = Assignment::from([("DJANGO_SETTINGS_MODULE".to_owned(), module.to_owned())]);
    if let Some(class) = class {
        base.insert("DJANGO_CONFIGURATION".to_owned(), class.to_owned());
    }
    base
}
