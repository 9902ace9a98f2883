//! The proof of a stack: its parts, taken together, do what the project needs.
//!
//! `settle` proves that the settings come to the right values under the variables that were found. Here the stack itself is
//! looked at, as the target will print it: who is there, who reaches whom at which port, which folders are whose, and which
//! variables each container really sees. A fault is a mistake of djdock's own, and nothing is written.

mod certificates;
mod files;
mod parts;
mod reach;
mod settings;
#[cfg(test)]
mod tests;

use super::ground::Ground;
use super::messages;
use super::settle::Settled;
use crate::base::Diagnostic;
use crate::base::codes::plan::STACK_NOT_PROVEN;
use crate::stack::{Role, Service, ServiceImage, Stack};

/// Returns every fault of a stack as an error that names the cause; none for a stack that can do its work.
pub(super) fn prove(ground: &Ground<'_>, settled: &Settled, stack: &Stack) -> Vec<Diagnostic> {
    let subject = Subject { ground, settled, stack };
    let mut faults = parts::faults(&subject);
    faults.extend(reach::faults(&subject));
    faults.extend(files::faults(&subject));
    faults.extend(settings::faults(&subject));
    faults.extend(certificates::faults(&subject));
    let word = messages::stack(ground.environment);
    let said = |fault: Fault| {
        let title = format!("the {word} stack does not work as planned: {}", fault.title);
        Diagnostic::error(STACK_NOT_PROVEN, title)
            .because(fault.because)
            .because("this is a bug in djdock, not in the project")
            .help("report it with the output of `djdock inspect --json`")
    };
    faults.into_iter().map(said).collect()
}

/// A stack, with what it was made for.
#[derive(Clone, Copy)]
struct Subject<'a> {
    ground: &'a Ground<'a>,
    settled: &'a Settled,
    stack: &'a Stack,
}

/// Something that cannot work.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    /// The mistake, as a clause.
    title: String,
    /// The consequence for the running stack, as a clause.
    because: String,
}

impl Fault {
    fn new(title: impl Into<String>, because: impl Into<String>) -> Self {
        Self { title: title.into(), because: because.into() }
    }
}

impl<'a> Subject<'a> {
    /// Returns the services that run the project's own code, in its image.
    fn of_project(&self) -> impl Iterator<Item = &'a Service> + use<'a> {
        let roles = [Role::Web, Role::Worker, Role::Scheduler, Role::Migrate, Role::Collect, Role::Upload];
        self.stack.services.iter().filter(move |service| roles.contains(&service.role))
    }

    /// Returns the services that keep data for the project: the database and the store.
    fn servers(&self) -> impl Iterator<Item = &'a Service> + use<'a> {
        let roles = [Role::Database, Role::Cache];
        self.stack.services.iter().filter(move |service| roles.contains(&service.role))
    }

    /// Returns the build stage that a service runs; `None` for an image that is pulled, or that is not in the stack.
    fn stage(&self, service: &Service) -> Option<&'a crate::stack::Stage> {
        let ServiceImage::Built { image, .. } = &service.image else { return None };
        let image = self.stack.images.iter().find(|built| built.name == *image)?;
        match &image.target {
            Some(target) => image.stages.iter().find(|stage| stage.name == *target),
            None => image.stages.last(),
        }
    }
}
