//! Requirements at which pip stops in an image: frozen on another system, taken from the index, or asked for at its old address.

use std::collections::BTreeMap;

use camino::Utf8Path;

use crate::base::Place;
use crate::inspect::dependencies::old_index;
use crate::inspect::facts::{Distribution, Install, PackageManager};
use crate::plan::ground::Ground;
use crate::plan::layout;
use crate::stack::{RunPurpose, Step};

/// A requirement that pip is asked for and cannot install.
pub(super) struct LeftOut<'a> {
    pub distribution: &'a Distribution,
    /// The distribution that brings the same modules.
    pub instead: Option<&'static str>,
    /// A phrase: the reason for the other distribution.
    pub because: String,
}

/// Returns the requirements that pip is asked for and cannot install.
pub(super) fn required<'a>(ground: &Ground<'a>) -> Vec<LeftOut<'a>> {
    let facts = ground.facts;
    let Some(install) = facts.install.as_ref().filter(|install| install.can_leave_lines_out()) else {
        return Vec::new();
    };
    let development = install.development.distributions.iter().filter(|_| !ground.is_prod());
    facts.distributions.iter().chain(development).filter_map(of).collect()
}

fn of(distribution: &Distribution) -> Option<LeftOut<'_>> {
    let name = &distribution.name;
    if let Some(row) = distribution.foreign() {
        let because = format!("it brings on Linux what `{name}` brings {}", row.system);
        return Some(LeftOut { distribution, instead: row.instead.as_deref(), because });
    }
    let row = distribution.absent()?;
    let because = format!("it brings what `{name}` stands for");
    Some(LeftOut { distribution, instead: row.instead.as_deref(), because })
}

/// Takes them out of the copies in the image, before pip reads these, and writes the index's present address there.
pub(super) fn leave_out(ground: &Ground<'_>, install: &Install) -> Option<Step> {
    if install.manager != PackageManager::Pip {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    let mut files: Vec<&Utf8Path> = Vec::new();
    let copied = |file: &&Utf8Path| {
        let development = install.development.manifests.iter().filter(|_| !ground.is_prod());
        install.manifests.iter().chain(development).any(|one| one == file)
    };
    for LeftOut { distribution, .. } in required(ground) {
        // The same name may be written in several ways: https://packaging.python.org/en/latest/specifications/name-normalization/
        names.push(distribution.name.replace('-', "[-_.]+"));
        files.extend(distribution.place.path().filter(copied));
    }
    let addresses = old_index::lines(ground.tree, install);
    files.extend(addresses.iter().filter_map(Place::path).filter(copied));
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
    let mut scripts: Vec<String> = Vec::new();
    if !names.is_empty() {
        scripts.push(format!("/^({})([^A-Za-z0-9._-]|$)/Id", names.join("|")));
    }
    if !addresses.is_empty() {
        let old = old_index::OLD.replace('.', "\\.");
        scripts.push(format!("/^-/s#://{old}/#://{}/#", old_index::PRESENT));
    }
    let mut command = super::command(&["sed", "--in-place", "--regexp-extended"]);
    match scripts.as_slice() {
        [only] => command.push(only.clone()),
        all => command.extend(all.iter().map(|script| format!("--expression={script}"))),
    }
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
