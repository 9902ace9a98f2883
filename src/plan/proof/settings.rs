//! The variables that containers really see: the settings come to what the stack needs under exactly these.

use std::collections::BTreeMap;

use super::{Fault, Subject};
use crate::base::Diagnostic;
use crate::catalog::database::Given;
use crate::catalog::store;
use crate::plan::messages;
use crate::plan::wiring::{Assignment, Standing};
use crate::stack::{Role, Service, VariableValue};

pub(super) fn faults(subject: &Subject<'_>) -> Vec<Fault> {
    let lines = env_file(subject);
    let mut found: Vec<Fault> =
        subject.of_project().flat_map(|service| of_service(subject, service, &lines)).collect();
    found.extend(database(subject, &lines));
    found.extend(stores(subject, &lines));
    found
}

/// Returns the lines of the env file, with the stand-ins of secrets.
fn env_file(subject: &Subject<'_>) -> BTreeMap<String, String> {
    let settled = subject.settled;
    let value = |name: &str, value: &VariableValue| match value {
        VariableValue::Plain { text } => Some(text.clone()),
        VariableValue::Asked { placeholder } => Some(placeholder.clone()),
        VariableValue::Generated { .. } => {
            let sample = settled.samples.values().get(name).or_else(|| settled.variables.get(name));
            Some(sample.cloned().unwrap_or_else(|| format!("generated for {name}")))
        }
        VariableValue::Optional { .. } => None,
        VariableValue::HostUser | VariableValue::HostGroup => Some("1000".to_owned()),
    };
    let lines = subject.stack.variables.iter();
    lines.filter_map(|line| Some((line.name.clone(), value(&line.name, &line.value)?))).collect()
}

/// Returns the variables of a service's containers.
fn seen(service: &Service, lines: &BTreeMap<String, String>) -> Assignment {
    let mut seen = if service.env_file { lines.clone() } else { BTreeMap::new() };
    seen.extend(service.environment.iter().map(|(name, text)| (name.clone(), text.resolve(lines))));
    seen
}

/// Returns what the settings of a service come to, where that is not what the stack needs.
fn of_service(subject: &Subject<'_>, service: &Service, lines: &BTreeMap<String, String>) -> Vec<Fault> {
    let Subject { ground, settled, .. } = *subject;
    let seen = seen(service, lines);
    let named = |name: &str| name.starts_with("DJANGO_SETTINGS") || name.starts_with("DJANGO_CONF");
    let is_workers = settled.worker.as_ref().is_some_and(|worker| {
        seen.get("DJANGO_SETTINGS_MODULE") == Some(&worker.module) && service.role != Role::Web
    });
    let is_proven = settled
        .variables
        .iter()
        .filter(|(name, _)| !(is_workers && named(name)))
        .all(|(name, value)| seen.get(name) == Some(value));
    let is_read = |name: &String| {
        !settled.variables.contains_key(name)
            && settled.evaluation.reads.iter().any(|read| read.name == *name)
    };
    // Under these very variables `settle` has proven the settings.
    if is_proven && !seen.keys().any(is_read) {
        return Vec::new();
    }
    let name = &service.name;
    let module = seen.get("DJANGO_SETTINGS_MODULE").map_or("", String::as_str);
    if !is_workers && module != settled.module(ground).0 {
        let title = format!("`{name}` runs with the settings `{module}`");
        return vec![Fault::new(title, "they are not those that were proven")];
    }
    let evaluation = settled.evaluate_under(ground, &seen);
    let fails = |failure| {
        let Diagnostic { title, labels, .. } =
            messages::import_fails(ground.environment, &ground.module, failure);
        let because = labels.first().map(|label| format!("{title}: {}", label.text)).unwrap_or(title);
        Fault::new(format!("the settings cannot be imported in `{name}`"), because)
    };
    if !evaluation.failures.is_empty() {
        return evaluation.failures.iter().map(fails).collect();
    }
    let goals = settled.goals.iter().zip(&settled.standings).filter(|(_, was)| **was == Standing::Met);
    let missed = goals.filter_map(|(goal, _)| {
        let standing = goal.standing(&evaluation);
        (standing != Standing::Met && !goal.is_wish()).then(|| {
            let title = format!("`{}` is not as it must be in `{name}`", goal.setting());
            Fault::new(title, format!("{}; {}", messages::detail(goal, &standing), goal.because))
        })
    });
    missed.collect()
}

/// Returns the variables of the database's own container that do not fit what the project logs in with.
fn database(subject: &Subject<'_>, lines: &BTreeMap<String, String>) -> Vec<Fault> {
    let Subject { ground, settled, stack } = *subject;
    let (Some(server), Some(credentials)) = (ground.database.server(), &ground.credentials) else {
        return Vec::new();
    };
    let Some(service) = stack.service(&credentials.host) else { return Vec::new() };
    let password = settled.samples.values().get(&credentials.password);
    let of_row = |(name, given): &(&str, Given)| {
        let (wanted, what) = match given {
            Given::Name => (Some(&credentials.name), "name of the database"),
            Given::User => (Some(&credentials.user), "user"),
            Given::Password => (password, "password"),
            Given::Text(_) => return None,
        };
        let found = service.environment.get(*name).map(|text| text.resolve(lines));
        let fits = wanted.is_none() || found.as_ref() == wanted;
        (!fits).then(|| {
            let title = format!("`{name}` of `{}` is not the {what} that the project uses", service.name);
            Fault::new(title, "the database refuses the project")
        })
    };
    server.environment.iter().filter_map(of_row).collect()
}

/// Returns the faults of stores whose user or password is not the one that their clients send.
fn stores(subject: &Subject<'_>, lines: &BTreeMap<String, String>) -> Vec<Fault> {
    let Subject { ground, settled, stack } = *subject;
    let mut found = Vec::new();
    for placed in ground.stores(settled.store_login.as_ref()) {
        let (Some(server), Some(service)) = (placed.store.login, stack.service(&placed.host)) else {
            continue;
        };
        for (name, given) in server.environment {
            let login = placed.login.as_ref();
            let (wanted, what) = match given {
                store::Given::User => (login.map(|login| login.named.clone()), "user"),
                store::Given::Password => (
                    login.and_then(|login| settled.samples.values().get(&login.password).cloned()),
                    "password",
                ),
                store::Given::Part | store::Given::Text(_) => continue,
            };
            if service.environment.get(*name).map(|text| text.resolve(lines)) != wanted {
                let title = format!("`{name}` of `{}` is not the {what} that the project sends", placed.host);
                found.push(Fault::new(title, format!("{} refuses the project", placed.store.name)));
            }
        }
    }
    found
}
