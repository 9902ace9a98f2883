//! From a project to answers: flags, then `djdock.toml`, then the person, then what djdock suggests.

use super::Failure;
use super::project::Project;
use crate::choose::{Chosen, Draft, Person, choose, choose_reading, file};
use crate::inspect::Said;

/// Answers every question about `project`. The project is read again when an answer changes what is to be read.
pub fn of(
    project: Project,
    flags: &Draft,
    mut person: Option<&mut dyn Person>,
) -> Result<(Project, Chosen), Failure> {
    let (written, mut problems) = project.tree.text(file::PATH).map(file::read).unwrap_or_default();
    let mut draft = flags.clone().or(written);
    problems.extend(draft.problems());
    if !problems.is_empty() {
        return Err(Failure::in_tree(problems, &project.tree));
    }
    let said = choose_reading(&project.facts, &project.folder, &mut draft, reborrow(&mut person))?;
    let project = if said == Said::default() { project } else { project.read_again(&said) };
    let chosen = choose(&project.facts, &project.folder, &draft, person)?;
    Ok((project, chosen))
}

fn reborrow<'a>(person: &'a mut Option<&mut dyn Person>) -> Option<&'a mut dyn Person> {
    match person {
        Some(person) => Some(*person),
        None => None,
    }
}
