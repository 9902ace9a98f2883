//! Processes of the project's own for which the stack has no service.

use std::collections::BTreeSet;

use super::messages;
use crate::base::{Diagnostic, Place};
use crate::inspect::Facts;
use crate::inspect::existing::processes::Kind;
use crate::inspect::management;

/// One note for each: what is started elsewhere by `manage.py`, and commands that never return.
pub(super) fn not_run(facts: &Facts) -> Vec<Diagnostic> {
    let mut said: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for process in facts.processes.value.iter().filter(|process| process.kind == Kind::Other) {
        let Some(name) = command_of(&process.command) else { continue };
        if said.insert(name) {
            let reason = format!("started here as `{}`", process.name);
            found.push(messages::process_not_run(&format!("manage.py {name}"), &process.place, &reason));
        }
    }
    let commands = &facts.management_commands;
    for (command, evidence) in commands.value.iter().zip(&commands.evidence) {
        if command.kind == management::Kind::Daemon && said.insert(&command.name) {
            let place: &Place = &evidence.place;
            let line = format!("manage.py {}", command.name);
            found.push(messages::process_not_run(&line, place, &evidence.reason));
        }
    }
    found
}

/// The management command that a process starts.
fn command_of(command: &str) -> Option<&str> {
    let (_, rest) = command.split_once("manage.py ")?;
    rest.split_whitespace().next().filter(|name| !name.starts_with('-'))
}
