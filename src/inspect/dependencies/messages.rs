//! Messages about manifests and lockfiles: one function per situation.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::super::facts::{Distribution, DistributionSource, Install, PackageManager, ProposedRequirements};
use super::candidate::{Candidate, Found, Malformed};
use super::old_index;
use super::requirements_txt::Requirements;
use super::stated::Index;
use super::{manifest::Manifest, roles};
use crate::base::codes::dependencies as codes;
use crate::base::{Diagnostic, Evidence, Place, Severity, Tree, path, wording};
use crate::catalog::target::{self, Act};
use crate::stack::Environment;

/// Reports faults of manifests as files.
pub(super) fn of_manifests(found: &Found) -> Vec<Diagnostic> {
    let one = |(path, what, line): &(camino::Utf8PathBuf, String, u32)| {
        Diagnostic::error(codes::MANIFEST_BROKEN, format!("`{path}` is not valid TOML: {what}"))
            .at(&Place::line(path.clone(), *line), "cannot be read from here on")
            .because("the package manager stops at it, so the image would not build")
            .help(format!("correct line {line} of {path}"))
    };
    found.broken.iter().map(one).collect()
}

/// Nothing can be installed.
pub(super) fn nothing_stated(tree: &Tree) -> Option<Diagnostic> {
    let has_python = tree.files().any(|file| path::extension(file) == Some("py"));
    has_python.then(|| {
        Diagnostic::error(codes::REQUIREMENTS_NOT_FOUND, "nothing says which distributions the project needs")
            .because(
                "looked for requirements files, `pyproject.toml`, `Pipfile`, `setup.py` and conda environments \
                 beside `manage.py`, above it and in the usual folders",
            )
            .help("write what is installed into a file: `pip freeze > requirements.txt`")
    })
}

/// pip gets a file that djdock makes.
pub(super) fn proposed(proposal: &ProposedRequirements, is_conda: bool) -> Diagnostic {
    let file = &proposal.path;
    let title = if is_conda {
        format!("images are not built with conda, so `{file}` is made from its environment")
    } else {
        format!("nothing says what the project needs, so `{file}` is made from what its code imports")
    };
    let said = if is_conda { "installs with conda" } else { "imports Django" };
    let mut diagnostic = Diagnostic::warning(codes::REQUIREMENTS_PROPOSED, title).at(&proposal.source, said);
    if !proposal.unknown.is_empty() {
        let modules = wording::and_ticked(&proposal.unknown);
        diagnostic = diagnostic.because(format!("not known is what brings {modules}: add it by hand"));
    }
    if !proposal.programs.is_empty() {
        let programs = wording::and_ticked(&proposal.programs);
        diagnostic = diagnostic
            .because(format!("pip has no {programs}: install what the site needs of it in the images"));
    }
    diagnostic.help(format!("look `{file}` over, and pin the versions: `pip freeze` where the project runs"))
}

/// Two managers have a lockfile in the same folder.
pub(super) fn two_lockfiles(chosen: &Candidate, rival: &Candidate) -> Option<Diagnostic> {
    let (lock, other) = (chosen.lock.as_ref()?, rival.lock.as_ref()?);
    let use_of = |candidate: &Candidate| {
        let said = |evidence: &&Evidence| !matches!(&evidence.place, Place::Path(path) if Some(path) == candidate.lock.as_ref());
        candidate
            .evidence
            .iter()
            .find(said)
            .map(|evidence| format!("{} at {}", evidence.reason, evidence.place))
    };
    let mut diagnostic = Diagnostic::error(
        codes::TWO_LOCKFILES,
        format!("both `{}` and `{}` are present", name(lock), name(other)),
    );
    for candidate in [chosen, rival] {
        let lock = candidate.lock.as_deref().unwrap_or(Utf8Path::new(""));
        diagnostic = diagnostic.because(match use_of(candidate) {
            Some(said) => format!("for `{lock}`: {} {said}", candidate.manager.word()),
            None => format!("nothing refers to `{lock}`"),
        });
    }
    Some(
        diagnostic
            .because(format!("{} is assumed", chosen.manager.word()))
            .help(format!("delete `{other}`: `git rm {other}`"))
            .help(format!(
                "or choose: `--package-manager {}` or `--package-manager {}`",
                chosen.manager.word(),
                rival.manager.word()
            )),
    )
}

/// Lines that are no requirements: one finding for a file.
pub(super) fn malformed(lines: &[Malformed]) -> Vec<Diagnostic> {
    let mut files: BTreeMap<Option<&Utf8Path>, Vec<&Malformed>> = BTreeMap::new();
    for line in lines {
        files.entry(line.2.path()).or_default().push(line);
    }
    files.into_values().filter_map(|lines| malformed_file(&lines)).collect()
}

/// Names a line that is no requirement, if that is plain; else returns the message of the reader of requirements.
fn no_requirement(line: &str, why: &str) -> String {
    const COMMANDS: [&str; 9] =
        ["pip", "pip3", "python", "python3", "sudo", "apt", "apt-get", "brew", "conda"];
    let is_command = line.split_once(' ').is_some_and(|(first, _)| COMMANDS.contains(&first));
    if is_command {
        return "a command, which a shell understands and pip does not".to_owned();
    }
    let mut letters = why.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn malformed_file(lines: &[&Malformed]) -> Option<Diagnostic> {
    /// Lines that are shown.
    const FEW: usize = 4;
    // A line may hold an address with a password; only its beginning up to one is shown.
    let shown = |line: &str| line.split("://").next().unwrap_or_default().to_owned();
    let title = match lines {
        [] => return None,
        [(line, _, _)] => format!("`{}` is not a requirement", shown(line)),
        [(_, _, place), ..] => {
            let file = place.path().map_or_else(String::new, |path| format!(" of `{path}`"));
            format!("{} lines{file} are not requirements", lines.len())
        }
    };
    let mut diagnostic = Diagnostic::error(codes::REQUIREMENTS_MALFORMED, title);
    for (line, why, place) in lines.iter().take(FEW) {
        diagnostic = diagnostic.at(place, no_requirement(line, why));
    }
    for (line, _, place) in lines.iter().skip(FEW) {
        diagnostic = diagnostic.because(format!("{place}: `{}`", shown(line)));
    }
    let object = if lines.len() == 1 { "it" } else { "them" };
    Some(
        diagnostic
            .because(if lines.len() == 1 {
                "pip stops at it, so the image would not build"
            } else {
                "pip stops at the first one, so the image would not build"
            })
            .help(format!("write {object} as `name==1.2.3`, or remove {object}")),
    )
}

/// Reports faults of requirements files beyond single lines.
pub(super) fn of_requirements(tree: &Tree, read: &Requirements) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for (missing, place) in &read.missing {
        all.push(
            Diagnostic::error(
                codes::REQUIREMENTS_FILE_MISSING,
                format!("`{missing}` is included and is not there"),
            )
            .at(place, "named here")
            .help(format!("add `{missing}`, or remove the line from {place}")),
        );
    }
    for file in &read.files {
        if let Some(right) = roles::misspelt(file) {
            all.push(
                Diagnostic::warning(
                    codes::REQUIREMENTS_FILE_MISSPELT,
                    format!("`{file}` is taken for `{right}`"),
                )
                .because("hosting services and editors look for the right name and will not find it")
                .help(format!("rename it: `git mv {file} {}`", file.with_file_name(&right))),
            );
        }
        if tree.bytes(file).is_ok_and(is_foreign_encoding) {
            all.push(
                Diagnostic::error(codes::REQUIREMENTS_NOT_UTF8, format!("`{file}` is not in UTF-8"))
                    .because("pip in the image ends in `UnicodeDecodeError` at it, even where the bytes stand in a comment")
                    .help(format!("save it as UTF-8: `iconv -f CP949 -t UTF-8 {file} -o {file}.new && mv {file}.new {file}`")),
            );
        }
    }
    all
}

/// Neither UTF-8 nor marked as UTF-16.
fn is_foreign_encoding(bytes: &[u8]) -> bool {
    let marked = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    !marked && std::str::from_utf8(bytes).is_err()
}

/// A manager that locks, without its lock.
pub(super) fn lock_missing(manager: PackageManager, manifest: &Manifest) -> Option<Diagnostic> {
    let (lock, command) = match manager {
        PackageManager::Uv => ("uv.lock", "uv lock"),
        PackageManager::Poetry => ("poetry.lock", "poetry lock"),
        PackageManager::Pipenv => ("Pipfile.lock", "pipenv lock"),
        PackageManager::Pdm => ("pdm.lock", "pdm lock"),
        _ => return None,
    };
    let lock = manifest.folder().join(lock);
    let lock = lock.strip_prefix("./").unwrap_or(&lock);
    Some(
        Diagnostic::warning(codes::LOCKFILE_MISSING, format!("`{lock}` is not in the project"))
            .because(format!("each build resolves the versions of `{}` anew", manifest.path))
            .help(format!("create and commit it: `{command}`")),
    )
}

/// Django without an upper bound.
pub(super) fn django_unpinned(written: &str, place: &Place) -> Diagnostic {
    let shown = if written.is_empty() { "django".to_owned() } else { format!("django{written}") };
    Diagnostic::warning(codes::DJANGO_UNPINNED, format!("`{shown}` installs whatever release is newest"))
        .at(place, "has no upper bound")
        .because("two builds of the same commit can hold different major versions of Django")
        .help("state the line that the project is tested with, for example `django~=5.2.0`")
}

/// A requirement that was frozen elsewhere, and that pip finds nothing for on Linux.
fn of_another_system(install: &Install, distribution: &Distribution) -> Option<Diagnostic> {
    let row = distribution.foreign()?;
    let left_out = install.can_leave_lines_out();
    let severity = if left_out { Severity::Warning } else { Severity::Error };
    let title = format!("`{}` cannot be installed in an image: it exists {} alone", row.name, row.system);
    let mut diagnostic = Diagnostic::new(codes::REQUIREMENT_OF_ANOTHER_SYSTEM, severity, title)
        .at(&distribution.place, "required here")
        .because("the install in an image stops at it")
        .help("take the line out");
    if let Some(instead) = &row.instead {
        diagnostic = diagnostic
            .help(format!("require `{instead}` instead, which needs a library that djdock installs"));
    }
    if left_out {
        diagnostic = diagnostic.help("or leave it: `djdock init` leaves it out of what images install");
    }
    Some(diagnostic)
}

/// A requirement for which the index has nothing that can be installed.
fn of_no_index(install: &Install, distribution: &Distribution) -> Option<Diagnostic> {
    let row = distribution.absent()?;
    let left_out = install.can_leave_lines_out();
    let severity = if left_out { Severity::Warning } else { Severity::Error };
    let written = match (&distribution.version, &distribution.specifier) {
        (Some(version), _) => format!("{}=={version}", row.name),
        (None, written) => format!("{}{}", row.name, written.as_deref().unwrap_or_default()),
    };
    let mut diagnostic = Diagnostic::new(
        codes::REQUIREMENT_NOT_ON_INDEX,
        severity,
        format!("`{written}` cannot be installed"),
    )
    .at(&distribution.place, "required here")
    .because(row.because.clone())
    .because("the install in an image stops at it");
    diagnostic = match &row.instead {
        Some(instead) => diagnostic.help(format!("require `{instead}` instead")),
        None => diagnostic.help("take the line out"),
    };
    Some(match (left_out, &row.instead) {
        (true, Some(instead)) => {
            diagnostic.help(format!("or leave it: `djdock init` lets images install `{instead}`"))
        }
        (true, None) => diagnostic.help("or leave it: `djdock init` leaves it out of what images install"),
        (false, _) => diagnostic,
    })
}

/// Lines that ask the public index at the address that it once had.
fn of_old_address(tree: &Tree, install: &Install) -> Option<Diagnostic> {
    let places = old_index::lines(tree, install);
    let (first, more) = places.split_first()?;
    let title = format!("the package index is asked at `{}`, its address until 2018", old_index::OLD);
    let mut diagnostic = Diagnostic::note(codes::INDEX_ADDRESS_OLD, title)
        .at(first, "named here")
        .because("images ask at its present address, and the file stays as it is");
    for place in more {
        diagnostic = diagnostic.at(place, "here too");
    }
    Some(diagnostic.help("take the line out: pip asks there by itself"))
}

/// Reports the needs of fetching the requirements.
pub(super) fn of_install(
    tree: &Tree,
    install: &Install,
    distributions: &[Distribution],
    indexes: &[Index],
) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for index in indexes.iter().filter(|index| index.has_credentials) {
        let mut diagnostic = Diagnostic::warning(
            codes::PRIVATE_INDEX,
            format!("requirements come from the index `{}`", index.url),
        )
        .at(&index.place, "named here")
        .because("a password that the build needs must not stay in the image");
        diagnostic = if install.variables.is_empty() {
            diagnostic.help(
                "where it asks for a password, pass that as a build secret: `docker build --secret id=index`",
            )
        } else {
            let names = wording::and_ticked(&install.variables);
            diagnostic.help(format!("pass {names} as build secrets, never as `ARG` or `ENV`"))
        };
        all.push(diagnostic);
    }
    all.extend(distributions.iter().filter_map(|one| of_another_system(install, one)));
    all.extend(distributions.iter().filter_map(|one| of_no_index(install, one)));
    all.extend(of_old_address(tree, install));
    let mut elsewhere: Vec<&Distribution> = Vec::new();
    for distribution in distributions {
        match &distribution.source {
            DistributionSource::Vcs(address) if is_ssh(address) => all.push(
                Diagnostic::warning(
                    codes::REQUIREMENT_OVER_SSH,
                    format!("`{}` is fetched over ssh from `{address}`", distribution.name),
                )
                .at(&distribution.place, "the builder has no key of its own")
                .help(format!(
                    "build with your agent's key: `{}`",
                    target::DEFAULT.usual_command(Environment::Dev, Act::BuildWithKeys)
                ))
                .help("or use an `https` address"),
            ),
            DistributionSource::Url(address) if address.starts_with("file:") => elsewhere.push(distribution),
            DistributionSource::Local(path) if tree.kind(path).is_none() => all.push(
                Diagnostic::error(
                    codes::LOCAL_REQUIREMENT_MISSING,
                    format!("`{}` is required from `{path}`, which is not in the project", distribution.name),
                )
                .at(&distribution.place, "named here")
                .help(format!(
                    "put it into the project as `{path}`; a git submodule: `git submodule update --init`"
                )),
            ),
            _ => {}
        }
    }
    if let Some(first) = elsewhere.first() {
        let names: Vec<&str> = elsewhere.iter().map(|one| one.name.as_str()).collect();
        let verb = if names.len() == 1 { "is" } else { "are" };
        all.push(
            Diagnostic::error(
                codes::LOCAL_REQUIREMENT_MISSING,
                format!("{} {verb} required from a path of another machine", wording::and_ticked(&names)),
            )
            .at(&first.place, "no image has that path")
            .because("`pip freeze` writes such lines in a conda environment")
            .help("write versions instead: `pip list --format=freeze > requirements.txt`"),
        );
    }
    all
}

pub(super) fn is_ssh(address: &str) -> bool {
    // A tag may follow `.git@`: that is no user of a server.
    address.contains("ssh://") || address.split(".git@").any(|part| part.contains("git@"))
}

fn name(path: &Utf8Path) -> &str {
    path.file_name().unwrap_or(path.as_str())
}
