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
    // pip reads UTF-16 by its mark, and sed does not.
    let encoded = files.iter().filter(|file| ground.tree.bytes(file).is_ok_and(is_utf16));
    let encoded: Vec<String> = encoded.map(|file| layout::source(file)).collect();
    let mut commands = Vec::new();
    if !encoded.is_empty() {
        let script = "import pathlib, sys; [path.write_text(path.read_text('utf-16'), 'utf-8') \
                      for path in map(pathlib.Path, sys.argv[1:])]";
        let words = ["python", "-c", script].into_iter().chain(encoded.iter().map(String::as_str));
        commands.push(super::command(&words.collect::<Vec<_>>()));
    }
    let lines = format!("/^({})([^A-Za-z0-9._-]|$)/Id", names.join("|"));
    let mut command = super::command(&["sed", "--in-place", "--regexp-extended", &lines]);
    command.extend(files.into_iter().map(layout::source));
    commands.push(command);
    Some(Step::Run {
        commands,
        variables: BTreeMap::new(),
        caches: Vec::new(),
        purpose: RunPurpose::ForeignRequirements,
    })
}

/// Tells whether the bytes begin with a mark of UTF-16.
fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff])
}
