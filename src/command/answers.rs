//! From a project to answers: flags, then `djdock.toml`, then the person, then what djdock suggests.

use super::Failure;
use super::project::Project;
use crate::choose::{Chosen, Draft, Person, READING, choose, choose_reading, file};
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
    let mut project = project;
    let mut said = Said::default();
    for key in READING {
        // What is suggested, and what there is to choose from, follows the answer before.
        let person = reborrow(&mut person);
        let news = choose_reading(&project.facts, &project.folder, key, &mut draft, person)?;
        if news != Said::default() {
            said = said.or(news);
            project = project.read_again(&said);
        }
    }
    let chosen = choose(&project.facts, &project.folder, &draft, person)?;
    Ok((project, chosen))
}

fn reborrow<'a>(person: &'a mut Option<&mut dyn Person>) -> Option<&'a mut dyn Person> {
    match person {
        Some(person) => Some(*person),
        None => None,
    }
}
