//! Facts + Answers → Plan: images, services, the wiring, the settings overlay, probes; proven without Docker.

pub mod addresses;
mod assemble;
mod collected;
mod combinations;
mod compatibility;
pub mod constraints;
pub mod credentials;
pub mod documented;
mod early_queries;
mod entry_points;
mod frontend;
mod ground;
mod image;
mod installer;
pub mod layout;
mod machine;
mod messages;
mod needs;
mod notes;
pub mod outputs;
mod outside;
pub mod overlay;
mod persistent;
mod preload;
pub mod probes;
mod processes;
mod proof;
mod secret_drafts;
pub mod secret_files;
mod service;
mod settle;
mod unlisted;
mod unserved;
mod variables;
pub mod wiring;
mod writable;

use serde::Serialize;

pub use constraints::Constraints;
pub(crate) use notes::HTTPS;
pub use outputs::{DockerIgnore, Output, OutputKind};
pub use overlay::Overlay;
pub use probes::Probe;
pub use secret_files::SecretFile;

use crate::base::{Diagnostic, Evidence, Severity, Tree};
use crate::catalog::Pick;
use crate::catalog::target::Target;
use crate::check::Subject;
use crate::check::settings::{
    code_addresses, foreign_paths, hidden_branch, migrations, static_files, webpack,
};
use crate::choose::Answers;
use crate::inspect::Facts;
use crate::stack::{Environment, Stack, Variable, VariableValue};
use ground::Ground;

/// Everything that will be written, run and shown; proven by evaluating the settings again under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The tool that runs the stacks.
    pub target: Pick<Target>,
    pub dev: Stack,
    pub prod: Stack,
    /// Sorted by path.
    pub outputs: Vec<Output>,
    /// The probes of one stack stand together, in the order in which they are carried out.
    pub probes: Vec<Probe>,
    /// The settings modules that djdock writes beside the project's own, where they are needed: one for both
    /// stacks, or one for each.
    pub overlays: Vec<Overlay>,
    pub secret_files: Vec<SecretFile>,
    /// Versions that installers are held to, sorted by path.
    pub constraints: Vec<Constraints>,
    pub docker_ignore: DockerIgnore,
    /// The variables that the project's own example of an env file documents.
    #[serde(skip)]
    pub documented: Vec<documented::Documented>,
    /// Sentences about findings, decisions and assumptions, for DOCKER.md.
    pub notes: Vec<Note>,
    /// Warnings and notes; errors are no plan.
    pub diagnostics: Vec<Diagnostic>,
}

/// A decision that a reader should know of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The topic, in a word or two: `Database`, `Static files`.
    pub topic: String,
    /// A sentence.
    pub text: String,
    pub evidence: Vec<Evidence>,
}

impl Plan {
    pub fn stack(&self, environment: Environment) -> &Stack {
        match environment {
            Environment::Dev => &self.dev,
            Environment::Prod => &self.prod,
        }
    }

    pub fn stacks(&self) -> [&Stack; 2] {
        [&self.dev, &self.prod]
    }

    /// The lines of the env file: those of production, then what development needs beside them.
    pub fn variables(&self) -> Vec<&Variable> {
        let mut variables: Vec<&Variable> = self.prod.variables.iter().collect();
        for variable in &self.dev.variables {
            match variables.iter_mut().find(|known| known.name == variable.name) {
                // A comment for production, and needed in development.
                Some(known) if matches!(known.value, VariableValue::Optional { .. }) => {
                    *known = variable;
                }
                Some(_) => {}
                None => variables.push(variable),
            }
        }
        variables.sort_by_key(|variable| variable.group);
        variables
    }
}

/// Decides everything. An error where no plan fits, or where the settings, evaluated again under the plan,
/// do not come to what the stack needs.
pub fn plan(tree: &Tree, facts: &Facts, answers: &Answers) -> Result<Plan, Vec<Diagnostic>> {
    let tree = &completed(tree, facts);
    let unlisted = unlisted::find(tree, facts);
    let (machine, of_machine) = machine::find(tree, facts);
    let dev = Ground::new(tree, facts, answers, &unlisted, &machine, Environment::Dev);
    let prod = Ground::new(tree, facts, answers, &unlisted, &machine, Environment::Prod);
    let refused = combinations::refused(&prod);
    if !refused.is_empty() {
        return Err(refused);
    }
    let mut diagnostics = compatibility::check(&prod)?;
    let (settled_dev, settled_prod) = settle::settle(&dev, &prod).map_err(|mut errors| {
        errors.extend(outside::find(&[dev.open(), prod.open()]));
        errors
    })?;
    let nothing_to_install = || vec![messages::nothing_to_install(facts)];
    let prod_stack = assemble::stack(&prod, &settled_prod, &[]).ok_or_else(nothing_to_install)?;
    let dev_stack =
        assemble::stack(&dev, &settled_dev, &prod_stack.variables).ok_or_else(nothing_to_install)?;
    let mut faults = proof::prove(&prod, &settled_prod, &prod_stack);
    faults.extend(proof::prove(&dev, &settled_dev, &dev_stack));
    if !faults.is_empty() {
        return Err(faults);
    }
    let of_stack = |settled: &settle::Settled| {
        let of_worker = settled.worker.as_ref().and_then(|worker| worker.overlay.clone());
        settled.overlay.clone().into_iter().chain(of_worker)
    };
    let mut overlays: Vec<Overlay> = [&settled_prod, &settled_dev].into_iter().flat_map(of_stack).collect();
    overlays.sort_by(|a, b| a.path.cmp(&b.path));
    overlays.dedup_by(|a, b| a.path == b.path);
    let files = [&settled_prod, &settled_dev].map(|settled| settled.secret_files(&answers.config_dir));
    let mut secret_files: Vec<SecretFile> = Vec::new();
    for (file, _) in files.into_iter().flatten() {
        if !secret_files.iter().any(|known| known.path == file.path) {
            secret_files.push(file);
        }
    }
    let constraints = constraints::files([&dev, &prod]);
    let outputs = outputs::outputs(
        answers,
        prod.target,
        [&dev_stack, &prod_stack],
        &overlays,
        &secret_files,
        &constraints,
    );
    let docker_ignore = outputs::docker_ignore(&prod, &settled_prod, &secret_files, &outputs);
    let mut probes = probes::probes(&dev, &dev_stack, &settled_dev);
    probes.extend(probes::probes(&prod, &prod_stack, &settled_prod));
    let notes = notes::notes(
        &prod,
        &settled_prod,
        &settled_dev,
        &overlays,
        [&dev_stack, &prod_stack],
        service::development(&dev),
    );
    diagnostics.extend(messages::unlisted(&unlisted));
    diagnostics.extend(of_machine);
    diagnostics.extend(processes::not_run(tree, facts, &prod_stack));
    diagnostics.extend(unserved::find(&prod, &settled_prod, &prod_stack));
    // The files are right all the same, so it does not stop them from being written.
    let absent = migrations::find(&Subject::new(tree, facts));
    let hidden = static_files::manifest(&Subject::new(tree, facts));
    let unmade = webpack::find(&Subject::new(tree, facts));
    let all = absent.into_iter().chain(hidden).chain(unmade);
    diagnostics.extend(all.map(|one| Diagnostic { severity: Severity::Warning, ..one }));
    diagnostics.extend(outside::find(&[&settled_dev.evaluation, &settled_prod.evaluation]));
    let overridden = overlays.iter().flat_map(|overlay| &overlay.overrides);
    let given: Vec<&str> = overridden.map(|entry| entry.setting.as_str()).collect();
    diagnostics.extend(hidden_branch::find_beyond(&Subject::new(tree, facts), &given));
    diagnostics.extend(code_addresses::find(&Subject::new(tree, facts)));
    diagnostics.extend(elsewhere(tree, facts, &[&settled_prod, &settled_dev]));
    diagnostics.extend(settle::assumptions(&[(&dev, &settled_dev), (&prod, &settled_prod)]));
    diagnostics.extend(settle::breakdowns(&[&settled_dev, &settled_prod]));
    Diagnostic::sort(&mut diagnostics);
    diagnostics.dedup();
    Ok(Plan {
        target: prod.target.into(),
        dev: dev_stack,
        prod: prod_stack,
        outputs,
        probes,
        overlays,
        secret_files,
        constraints,
        docker_ignore,
        documented: documented::read(tree, &facts.project_dir.value),
        notes,
        diagnostics,
    })
}

/// Paths of another machine that no overlay replaces.
fn elsewhere(tree: &Tree, facts: &Facts, stacks: &[&settle::Settled]) -> Vec<Diagnostic> {
    let subject = Subject::new(tree, facts);
    let of_stack = |settled: &&settle::Settled| {
        let overlaid = settled.overlay.iter().flat_map(|overlay| &overlay.overrides);
        let overlaid: Vec<String> = overlaid.map(|entry| entry.setting.clone()).collect();
        foreign_paths::find(&subject, &settled.evaluation, |name| overlaid.iter().any(|own| own == name))
    };
    let mut found: Vec<Diagnostic> = Vec::new();
    for one in stacks.iter().flat_map(of_stack) {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// The tree as containers will have it: with a copy of each template that stands for a module, and with the
/// requirements that djdock proposes.
fn completed(tree: &Tree, facts: &Facts) -> Tree {
    let copies = facts.module_templates.iter();
    let copies = copies.filter_map(|copy| Some((copy.path.clone(), tree.text(&copy.template)?.to_owned())));
    let proposed = facts.proposed_requirements.iter().map(|one| (one.path.clone(), one.text.clone()));
    tree.with_files(copies.chain(proposed))
}
