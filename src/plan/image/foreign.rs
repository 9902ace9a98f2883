//! Requirements that were frozen on another system: pip stops at them on Linux.

use std::collections::BTreeMap;

use camino::Utf8Path;

use crate::inspect::facts::{Distribution, Install};
use crate::knowledge::distributions::Foreign;
use crate::plan::ground::Ground;
use crate::plan::layout;
use crate::stack::{RunPurpose, Step};

/// Returns the requirements that pip is asked for and cannot install.
pub(super) fn required<'a>(
    ground: &Ground<'a>,
) -> impl Iterator<Item = (&'a Distribution, &'static Foreign)> + use<'a> {
    let can = ground.facts.install.as_ref().is_some_and(Install::can_leave_lines_out);
    let all = ground.facts.distributions.iter().filter(move |_| can);
    all.filter_map(|one| Some((one, one.foreign()?)))
}

/// Takes them out of the copies in the image, before pip reads these.
pub(super) fn leave_out(ground: &Ground<'_>, install: &Install) -> Option<Step> {
    let mut names: Vec<String> = Vec::new();
    let mut files: Vec<&Utf8Path> = Vec::new();
    for (distribution, row) in required(ground) {
        // The same name may be written in several ways: https://packaging.python.org/en/latest/specifications/name-normalization/
        names.push(row.name.replace('-', "[-_.]+"));
        files
            .extend(distribution.place.path().filter(|file| install.manifests.iter().any(|one| one == file)));
    }
    if files.is_empty() {
        return None;
    }
    names.sort();
    names.dedup();
    files.sort();
    files.dedup();
    let lines = format!("/^({})([^A-Za-z0-9._-]|$)/Id", names.join("|"));
    let mut command = super::command(&["sed", "--in-place", "--regexp-extended", &lines]);
    command.extend(files.into_iter().map(layout::source));
    Some(Step::Run {
        commands: vec![command],
        variables: BTreeMap::new(),
        caches: Vec::new(),
        purpose: RunPurpose::ForeignRequirements,
    })
}
