//! The parts of a stack: everything that is needed is there, and everything that is named exists.

use std::collections::BTreeSet;

use super::{Fault, Subject};
use crate::catalog::static_files::Collected;
use crate::plan::service;
use crate::stack::{
    Condition, DependsOn, Image, Mount, Restart, Role, Service, ServiceImage, Step, Text, TextPart,
};

pub(super) fn faults(subject: &Subject<'_>) -> Vec<Fault> {
    let mut found = missing(subject);
    for service in &subject.stack.services {
        found.extend(image(subject, service));
        found.extend(names(subject, service));
        found.extend(service.depends_on.iter().filter_map(|after| dependency(subject, service, after)));
        found.extend(not_waited_for(subject, service));
        found.extend(waits_for_itself(subject, service));
    }
    found.extend(subject.stack.images.iter().flat_map(stages));
    found.extend(taken_twice(subject));
    found
}

/// Returns what the project needs and the stack has no service for.
fn missing(subject: &Subject<'_>) -> Vec<Fault> {
    let Subject { ground, stack, .. } = subject;
    let mut found = Vec::new();
    let mut need = |is_there: bool, title: String, because: &str| {
        if !is_there {
            found.push(Fault::new(title, because));
        }
    };
    let has = |role: Role, name: &str| {
        stack.services.iter().any(|service| service.role == role && service.name == name)
    };
    need(
        stack.role(Role::Web).is_some(),
        "no service runs the project".to_owned(),
        "nothing answers a request",
    );
    let migrates = stack.role(Role::Migrate).is_some();
    need(
        migrates,
        "no service applies migrations".to_owned(),
        "the project asks for tables that nobody makes",
    );
    if let Some(credentials) = ground.credentials.as_ref().filter(|_| ground.database.server().is_some()) {
        let name = ground.database.name;
        let title = format!("there is no service `{}` with {name}", credentials.host);
        need(has(Role::Database, &credentials.host), title, "the settings look for their database there");
    }
    for placed in ground.stores(None) {
        let title = format!("there is no service `{}` with {}", placed.host, placed.store.name);
        need(has(Role::Cache, &placed.host), title, "the settings look for their cache or broker there");
    }
    for name in service::worker_names(ground) {
        let is_there =
            stack.service(name).is_some_and(|one| matches!(one.role, Role::Worker | Role::Scheduler));
        need(is_there, format!("there is no service `{name}`"), "nobody works off the project's tasks");
    }
    if ground.has_proxy() {
        let is_there = stack.proxy.is_some() && stack.role(Role::Proxy).is_some();
        need(is_there, "there is no proxy".to_owned(), "the port of the app server is not published");
    }
    if service::collects_at_start(ground, subject.settled) {
        let (role, because) = match ground.collected() {
            Some(Collected::InStorage) => (Role::Upload, "the bucket of static files stays as it is"),
            _ => (Role::Collect, "the volume of static files stays empty"),
        };
        need(stack.role(role).is_some(), "no service collects static files".to_owned(), because);
    }
    if service::development(ground).is_some() {
        let because = "nobody makes the stylesheets and scripts of the front end";
        need(stack.role(Role::Assets).is_some(), "there is no service for the front end".to_owned(), because);
    }
    found
}

/// Returns the fault of an image that a service runs and nobody makes.
fn image(subject: &Subject<'_>, service: &Service) -> Option<Fault> {
    let ServiceImage::Built { image, .. } = &service.image else { return None };
    subject.stage(service).is_none().then(|| {
        let title = format!("`{}` runs the image `{image}`, of which there is no build stage", service.name);
        Fault::new(title, "the container cannot be made")
    })
}

/// Returns the stages that an image copies from before they are built.
fn stages(image: &Image) -> Vec<Fault> {
    let mut found = Vec::new();
    for (at, stage) in image.stages.iter().enumerate() {
        let copied = stage.steps.iter().filter_map(|step| match step {
            // Images have a tag; stages have none.
            Step::CopyFrom { stage, .. } if !stage.contains([':', '/']) => Some(stage),
            _ => None,
        });
        for from in copied.filter(|from| !image.stages[..at].iter().any(|earlier| earlier.name == **from)) {
            let title = format!("the stage `{}` copies from `{from}`, which no earlier stage is", stage.name);
            found.push(Fault::new(title, "the image cannot be built"));
        }
    }
    found
}

/// Returns the names that a service speaks of and the stack does not declare.
fn names(subject: &Subject<'_>, service: &Service) -> Vec<Fault> {
    let stack = subject.stack;
    let mut found = Vec::new();
    let name = &service.name;
    let mut undeclared = |kind: &str, one: &str, is_declared: bool, because: &str| {
        if !is_declared {
            found.push(Fault::new(
                format!("`{name}` uses the {kind} `{one}`, which is not declared"),
                because,
            ));
        }
    };
    for mount in &service.mounts {
        if let Mount::Volume { volume, .. } = mount {
            let is_declared = stack.volumes.iter().any(|declared| declared.name == *volume);
            undeclared("volume", volume, is_declared, "nothing keeps what is written there");
        }
    }
    for network in &service.networks {
        let is_declared = stack.networks.iter().any(|declared| declared.name == *network);
        undeclared("network", network, is_declared, "the container cannot be connected");
    }
    for secret in &service.secrets {
        let is_declared = stack.secrets.iter().any(|declared| declared.name == *secret);
        undeclared("secret", secret, is_declared, "the file is not in the container");
    }
    let arguments: &[_] = match &service.image {
        ServiceImage::Built { arguments, .. } => arguments,
        ServiceImage::Named { .. } => &[],
    };
    let arguments = arguments.iter().map(|argument| &argument.value);
    for variable in service.environment.values().chain(arguments).flat_map(variables) {
        let is_declared = stack.variables.iter().any(|declared| declared.name == *variable);
        undeclared(
            "variable",
            variable,
            is_declared,
            "no line of the env file gives it a value, so it is empty",
        );
    }
    found
}

/// Returns the variables that a text cannot do without.
fn variables(text: &Text) -> impl Iterator<Item = &String> {
    text.0.iter().filter_map(|part| match part {
        TextPart::Variable { name } => Some(name),
        TextPart::Known { .. } | TextPart::VariableOr { .. } => None,
    })
}

/// Returns the fault of a service that starts after another one, where that never comes to the wanted state.
fn dependency(subject: &Subject<'_>, service: &Service, after: &DependsOn) -> Option<Fault> {
    let name = &service.name;
    let Some(other) = subject.stack.service(&after.service) else {
        let title = format!("`{name}` starts after `{}`, which is no service", after.service);
        return Some(Fault::new(title, "the stack is refused as a whole"));
    };
    let state = match after.condition {
        Condition::Healthy if other.health_check.is_none() => "is healthy, and it has no health check",
        Condition::CompletedSuccessfully if other.restart == Restart::UnlessStopped => {
            "has ended, and it is started again for ever"
        }
        _ => return None,
    };
    let title = format!("`{name}` waits until `{}` {state}", after.service);
    Some(Fault::new(title, format!("`{name}` never starts")))
}

/// Returns the services that a service needs and does not wait for.
fn not_waited_for(subject: &Subject<'_>, service: &Service) -> Vec<Fault> {
    let waits = |name: &str, wanted: &[Condition]| {
        service.depends_on.iter().any(|on| on.service == name && wanted.contains(&on.condition))
    };
    let mut found = Vec::new();
    let mut need = |other: &str, wanted: &[Condition], because: &str| {
        if !waits(other, wanted) {
            let title = format!("`{}` does not wait for `{other}`", service.name);
            found.push(Fault::new(title, because));
        }
    };
    let is_once = matches!(service.role, Role::Migrate | Role::Collect | Role::Upload);
    if is_once || matches!(service.role, Role::Web | Role::Worker | Role::Scheduler) {
        for server in subject.servers() {
            need(&server.name, &[Condition::Healthy], "its first connection is refused");
        }
    }
    if !matches!(service.role, Role::Migrate)
        && (is_once || matches!(service.role, Role::Web | Role::Worker | Role::Scheduler))
        && let Some(migrate) = subject.stack.role(Role::Migrate)
    {
        need(&migrate.name, &[Condition::CompletedSuccessfully], "it asks for tables that are not there yet");
    }
    let collects = subject.stack.role(Role::Collect).or(subject.stack.role(Role::Upload));
    if let (Role::Web | Role::Worker | Role::Scheduler, Some(collects)) = (service.role, collects) {
        let because = "pages name static files that are not there yet";
        need(&collects.name, &[Condition::CompletedSuccessfully], because);
    }
    found
}

/// Returns the fault of a service that starts after itself, by way of others.
fn waits_for_itself(subject: &Subject<'_>, service: &Service) -> Option<Fault> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut left: Vec<&str> = service.depends_on.iter().map(|on| on.service.as_str()).collect();
    while let Some(name) = left.pop() {
        if name == service.name {
            let title = format!("`{name}` starts after itself");
            return Some(Fault::new(title, "the stack is refused as a whole"));
        }
        if seen.insert(name)
            && let Some(next) = subject.stack.service(name)
        {
            left.extend(next.depends_on.iter().map(|on| on.service.as_str()));
        }
    }
    None
}

/// Returns names of services and ports of the host that are given twice.
fn taken_twice(subject: &Subject<'_>) -> Vec<Fault> {
    let mut found = Vec::new();
    let (mut names, mut ports) = (BTreeSet::new(), BTreeSet::new());
    for service in &subject.stack.services {
        if !names.insert(&service.name) {
            let title = format!("two services are called `{}`", service.name);
            found.push(Fault::new(title, "only one of them is made"));
        }
        for port in &service.ports {
            if !ports.insert(port.published) {
                let title = format!("two services publish the port {}", port.published);
                found.push(Fault::new(title, "the second one cannot start"));
            }
        }
    }
    found
}
