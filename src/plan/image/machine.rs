//! Steps for what the code takes from the machine: locales, variables, what libraries fetch.

use std::collections::BTreeMap;

use super::command;
use crate::catalog::package_manager::VENV;
use crate::plan::ground::Ground;
use crate::stack::{RunPurpose, Step};

/// The folder where pip, as root, keeps its downloads.
pub(super) const PIP_CACHE: &str = "/root/.cache/pip";

/// Makes the locales and sets the variables that the code counts on, once the system packages are there.
pub(super) fn locales_and_variables(ground: &Ground<'_>) -> Vec<Step> {
    let machine = ground.machine;
    let mut steps = Vec::new();
    let make = |locale: &crate::knowledge::locales::Locale| {
        command(&["localedef", "-i", &locale.source, "-f", &locale.charset, &locale.name])
    };
    if !machine.locales.is_empty() {
        steps.push(Step::Run {
            commands: machine.locales.keys().map(make).collect(),
            variables: BTreeMap::new(),
            caches: Vec::new(),
            purpose: RunPurpose::Locales,
        });
    }
    if !machine.environment.is_empty() {
        let variables = machine.environment.iter().map(|(name, (value, _))| (name.clone(), value.clone()));
        steps.push(Step::Environment { variables: variables.collect() });
    }
    steps
}

/// Fetches what libraries would fetch when the site starts, into the virtual environment.
pub(super) fn downloads(ground: &Ground<'_>) -> Vec<Step> {
    let downloads = ground.machine.downloads.iter();
    let step = |through_pip: bool| {
        let wanted = downloads.clone().filter(|one| one.row.through_pip == through_pip);
        let commands: Vec<_> = wanted.filter_map(|one| one.row.command(&one.name, VENV)).collect();
        // The environment has no pip of its own, and that of the image can install into it.
        let pip = format!("/usr/local/lib/python{}/site-packages", ground.python);
        let variables = through_pip.then(|| ("PYTHONPATH".to_owned(), pip)).into_iter().collect();
        let caches = if through_pip { vec![PIP_CACHE.to_owned()] } else { Vec::new() };
        (!commands.is_empty()).then_some(Step::Run {
            commands,
            variables,
            caches,
            purpose: RunPurpose::Download,
        })
    };
    [step(false), step(true)].into_iter().flatten().collect()
}
