//! System packages that code needs without any distribution saying so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;

pub(super) const TEXT: &str = include_str!("programs.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    #[expect(dead_code, reason = "for whoever edits the table")]
    source: String,
    names: BTreeSet<String>,
    prefixes: Vec<String>,
    means: BTreeMap<String, String>,
    renamed: BTreeMap<String, BTreeMap<String, String>>,
    gone: BTreeMap<String, BTreeSet<String>>,
    commands: BTreeMap<String, String>,
    images_have: BTreeSet<String>,
    of_machines: BTreeSet<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

/// The relation of a package that some file installs to `suite`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// The name there.
    Named(String),
    /// No package of the suite brings it any more.
    Gone,
}

/// The program or library that `package` brings, of any Debian or Alpine, on `suite`; `None` for what the code has no
/// use for, as far as the table knows.
pub fn find(package: &str, suite: &str) -> Option<Program> {
    let name = TABLE.means.get(package).map_or(package, String::as_str);
    let known =
        TABLE.names.contains(name) || TABLE.prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()));
    // Alpine's names are not in the table.
    if !known || suite == "alpine" {
        return None;
    }
    if TABLE.gone.get(suite).is_some_and(|gone| gone.contains(name)) {
        return Some(Program::Gone);
    }
    let renamed = TABLE.renamed.get(suite).and_then(|renamed| renamed.get(name));
    Some(Program::Named(renamed.map_or(name, String::as_str).to_owned()))
}

/// The packages of an image that a program needs which code starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// A package brings it.
    Package(Program),
    /// Images have it, or it belongs to a machine that somebody administers.
    Nothing,
    Unknown,
}

/// Returns what the program called `command` needs on `suite`.
pub fn started(command: &str, suite: &str) -> Start {
    if TABLE.images_have.contains(command)
        || TABLE.of_machines.contains(command)
        || command.starts_with("python")
    {
        return Start::Nothing;
    }
    let Some(package) = TABLE.commands.get(command) else { return Start::Unknown };
    find(package, suite).map_or_else(|| Start::Package(Program::Named(package.clone())), Start::Package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_has_its_name_on_each_suite() {
        let named = |name: &str| Some(Program::Named(name.to_owned()));
        assert_eq!(find("ffmpeg", "trixie"), named("ffmpeg"));
        assert_eq!(find("tesseract-ocr-kor", "bookworm"), named("tesseract-ocr-kor"));
        assert_eq!(find("libgl1-mesa-glx", "trixie"), named("libgl1"));
        assert_eq!(find("libmagic1", "trixie"), named("libmagic1t64"));
        assert_eq!(find("libmagic1", "bookworm"), named("libmagic1"));
        assert_eq!(find("wkhtmltopdf", "trixie"), Some(Program::Gone));
        assert_eq!(find("build-essential", "trixie"), None);
    }

    #[test]
    fn a_program_that_code_starts_needs_a_package_nothing_or_is_unknown() {
        let package = |name: &str| Start::Package(Program::Named(name.to_owned()));
        assert_eq!(started("ffprobe", "trixie"), package("ffmpeg"));
        assert_eq!(started("soffice", "bookworm"), package("libreoffice"));
        assert_eq!(started("git", "trixie"), package("git"));
        assert_eq!(started("wkhtmltopdf", "trixie"), Start::Package(Program::Gone));
        assert_eq!(started("wkhtmltopdf", "bookworm"), package("wkhtmltopdf"));
        assert_eq!(started("tar", "trixie"), Start::Nothing);
        assert_eq!(started("python3.12", "trixie"), Start::Nothing);
        assert_eq!(started("systemctl", "trixie"), Start::Nothing);
        assert_eq!(started("weasel", "trixie"), Start::Unknown);
    }

    #[test]
    fn every_name_that_another_stands_for_is_in_the_table() {
        for name in TABLE.means.values().chain(TABLE.renamed.values().flat_map(BTreeMap::keys)) {
            assert!(TABLE.names.contains(name), "{name}");
        }
        for name in TABLE.gone.values().flatten() {
            assert!(TABLE.names.contains(name), "{name}");
        }
        let suites = super::super::system_packages::suites();
        for suite in TABLE.gone.keys().chain(TABLE.renamed.keys()) {
            assert!(suites.contains(suite), "{suite}");
        }
    }
}
