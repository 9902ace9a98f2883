//! Messages about files: those in the way, conflicts, deleted and unused ones, and those that git does not have.

use camino::{Utf8Path, Utf8PathBuf};

use super::change::{Change, ChangeKind, Conflict};
use super::merge::Clash;
use super::record::Record;
use super::wishes::Wishes;
use super::{merge, record};
use crate::base::codes::update::{
    COMPOSE_OVERRIDE_ADDED, COMPOSE_SHADOWED, CONFLICT_MARKS, ENV_DOLLAR, ENV_LACKS_VARIABLES, FILE_DELETED,
    FILE_EDITED, FILE_NOT_NEEDED, FILE_NOT_OURS, FILE_OUT_OF_DATE, FILE_UNKNOWN, GIT_NOT_CLEAN,
};
use crate::base::wording::{and_ticked, did_you_mean};
use crate::base::{Diagnostic, Kind, Place, Severity, Tree};
use crate::render::GeneratedFile;

/// Returns the diagnostic that a person should see before the change is made; `None` if there is nothing to say.
pub fn of_change(change: &Change, tree: &Tree, record: &Record) -> Option<Diagnostic> {
    let path = change.path.as_path();
    match change.kind {
        ChangeKind::Foreign if change.secret => Some(env_not_completed(path, &change.because)),
        ChangeKind::Foreign => Some(match tree.kind_on_disk(path) {
            Some(Kind::File) if tree.bytes_on_disk(path).is_ok() => not_ours(path),
            kind => in_the_way(path, kind),
        }),
        ChangeKind::Conflict => match change.conflict.as_ref()? {
            Conflict::SameLines(clashes) => {
                Some(clashing(path, clashes, record.base_text(tree, path).is_some()))
            }
            // `marks_left` says so.
            Conflict::MarksLeft => None,
            Conflict::NotText => Some(not_text(path)),
        },
        ChangeKind::Orphan => Some(edits_unused(path, record.is_known_unused(path))),
        ChangeKind::Merged => {
            let text = change.file.as_ref().map(|file| file.contents.as_str());
            text.and_then(merge::line_of_mark).map(|_| marks(path))
        }
        ChangeKind::Create
        | ChangeKind::Unchanged
        | ChangeKind::Update
        | ChangeKind::Remove
        | ChangeKind::Deleted => None,
    }
}

fn not_ours(path: &Utf8Path) -> Diagnostic {
    Diagnostic::error(FILE_NOT_OURS, format!("`{path}` exists and was not made by djdock"))
        .because("nothing was written")
        .help(format!("compare first: add `--dry-run --diff --replace {}` to the command", quote(path)))
        .help(format!("then replace it: add `--replace {}`; yours is kept as `{path}.bak`", quote(path)))
}

fn env_not_completed(path: &Utf8Path, is: &str) -> Diagnostic {
    Diagnostic::error(ENV_LACKS_VARIABLES, format!("`{path}` cannot be completed: it {is}"))
        .because("the stack needs variables from it; nothing was written")
        .help(format!("make it a text file in UTF-8, or move it away: `mv {path} {path}.bak`"))
}

/// Lines of a person's env file in which compose takes `$` for a variable: where they are, never what they say.
pub fn dollars(path: &Utf8Path, lines: &[(u32, &str)]) -> Option<Diagnostic> {
    let names: Vec<&str> = lines.iter().map(|(_, name)| *name).collect();
    let (_, first) = lines.first()?;
    let title = format!("compose takes the `$` in {} for a variable", and_ticked(&names));
    let mut diagnostic = Diagnostic::warning(ENV_DOLLAR, title);
    for (line, _) in lines {
        diagnostic = diagnostic.at_secret(&Place::line(path, *line), "a `$` without single quotes");
    }
    Some(
        diagnostic
            .because("containers get the value without what follows the `$`, or compose stops")
            .help(format!("put the value in single quotes: `{first}='…'`")),
    )
}

/// Compose files of the person that `docker compose` does not read by itself any more, now that there is `ours`.
pub fn shadowed(ours: &Utf8Path, theirs: &[&Utf8Path]) -> Option<Diagnostic> {
    let first = theirs.first()?;
    let title = format!("`docker compose` reads `{ours}` from now on, and {} no more", and_ticked(theirs));
    Some(
        Diagnostic::warning(COMPOSE_SHADOWED, title)
            .because("of several files that it knows by name, compose reads the first: compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml")
            .help(format!("to run yours, name it: `docker compose --file {} up`", quote(first)))
            .help("delete it when djdock's does its work"),
    )
}

/// Files of the person that `docker compose` adds to `ours` by itself.
pub fn overridden(ours: &Utf8Path, theirs: &[&Utf8Path]) -> Option<Diagnostic> {
    let first = theirs.first()?;
    let title = format!("`docker compose` adds `{first}` to `{ours}`");
    Some(
        Diagnostic::warning(COMPOSE_OVERRIDE_ADDED, title)
            .because("it was written for another compose file, and changes services of the same names")
            .help(format!("see what comes of both: `docker compose config`; if it does not fit, rename it: `mv {first} {first}.bak`")),
    )
}

fn quote(path: &Utf8Path) -> std::borrow::Cow<'_, str> {
    shell_words::quote(path.as_str())
}

/// A file in which both changed the same lines: each place, with the first of djdock's lines there.
fn clashing(path: &Utf8Path, clashes: &[Clash], has_base: bool) -> Diagnostic {
    let title = format!("you and djdock changed the same lines of `{path}`");
    let mut diagnostic = Diagnostic::error(FILE_EDITED, title);
    for clash in clashes {
        let first_other = |text: &str, than: &str| {
            let is_other = |line: &&str| !line.is_empty() && than.lines().all(|known| known.trim() != *line);
            text.lines().map(str::trim).find(is_other).map(ToOwned::to_owned)
        };
        let text =
            match (first_other(&clash.djdocks, &clash.persons), first_other(&clash.was, &clash.djdocks)) {
                (Some(line), _) => format!("djdock would write: {line}"),
                (None, Some(line)) => format!("djdock would take out: {line}"),
                (None, None) => "djdock would write the lines here in another way".to_owned(),
            };
        diagnostic = diagnostic.at(&Place::line(path, clash.line), text);
    }
    let name = quote(path);
    if !has_base {
        let base = record::base_path(path);
        diagnostic = diagnostic.because(format!(
            "djdock's last text of the file, `{base}`, is missing or changed: every difference counts as a conflict"
        ));
    }
    diagnostic
        .because("nothing was written: the files belong together")
        .help(format!("see both texts: add `--dry-run --diff --conflict {name}=inline` to the command"))
        .help(format!(
            "keep your lines there: add `--conflict {name}=ours`; `--conflict ours` means every file"
        ))
        .help(format!(
            "take djdock's lines there: add `--conflict {name}=theirs`; yours is kept as `{path}.bak`"
        ))
}

/// A file that the stack reads no more, and that holds edits.
fn edits_unused(path: &Utf8Path, is_known: bool) -> Diagnostic {
    let severity = if is_known { Severity::Note } else { Severity::Error };
    let title = format!("you edited `{path}`, and no part of the stack reads it any more");
    Diagnostic::new(FILE_NOT_NEEDED, severity, title)
        .because("djdock wrote it for earlier answers; it was left as it is, and your edits have no effect")
        .help("bring what you need of it into the files that took its place: DOCKER.md names them")
        .help("or undo the change of the answers in `djdock.toml`, and run `djdock update`")
}

/// Files that were deleted and stay so: an error where another generated file names them.
pub fn deleted(changes: &[Change], generated: &[GeneratedFile]) -> Vec<Diagnostic> {
    let deleted = changes.iter().filter(|change| change.kind == ChangeKind::Deleted);
    deleted.map(|change| deleted_file(&change.path, needed_by(&change.path, generated))).collect()
}

/// The generated file that cannot do without `path`: one that names the path, or the module of that path.
fn needed_by<'a>(path: &Utf8Path, generated: &'a [GeneratedFile]) -> Option<&'a Utf8Path> {
    let module = path.as_str().strip_suffix(".py").map(|module| module.replace('/', "."));
    let names = |text: &str| {
        let is_code = |line: &&str| !line.trim_start().starts_with('#');
        let mut lines = text.lines().filter(is_code);
        lines.any(|line| {
            has_word(line, path.as_str()) || module.as_ref().is_some_and(|name| has_word(line, name))
        })
    };
    let is_stack = |file: &&GeneratedFile| {
        file.path != path && file.path.extension() != Some("md") && !file.path.as_str().contains("ignore")
    };
    generated.iter().filter(is_stack).find(|file| names(&file.contents)).map(|file| file.path.as_path())
}

/// Tells whether `name` stands in `line`, and not as a part of a longer name: `Dockerfile` is not in `Dockerfile.prod`.
fn has_word(line: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_');
    line.match_indices(name).any(|(at, found)| {
        let (before, after) = (line[..at].chars().next_back(), line[at + found.len()..].chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

fn deleted_file(path: &Utf8Path, needed_by: Option<&Utf8Path>) -> Diagnostic {
    let diagnostic = match needed_by {
        Some(other) => {
            Diagnostic::error(FILE_DELETED, format!("`{path}` was deleted, and `{other}` needs it"))
        }
        None => Diagnostic::note(FILE_DELETED, format!("`{path}` was deleted, and stays so")),
    };
    diagnostic
        .because("djdock wrote it, and writes no file again that you deleted")
        .help(format!("if you want it back: `djdock update --replace {}`", quote(path)))
}

/// Both texts stand between marks in `path`.
fn marks(path: &Utf8Path) -> Diagnostic {
    let title = format!("`{path}` holds two texts where both sides changed the same lines");
    Diagnostic::error(CONFLICT_MARKS, title)
        .because("a file with the marks `<<<<<<<`, `=======` and `>>>>>>>` does not work")
        .help("keep the lines that you want, and delete the others and the three lines with marks")
}

/// A file that djdock would merge is no text.
fn not_text(path: &Utf8Path) -> Diagnostic {
    Diagnostic::error(FILE_EDITED, format!("`{path}` was edited, and is not in UTF-8"))
        .because("djdock cannot merge what is new into such a file; nothing was written")
        .help("save it in UTF-8, and run the command again")
        .help(format!(
            "or take djdock's text: add `--replace {}`; yours is kept as `{path}.bak`",
            quote(path)
        ))
}

/// Something else than a file that can be read is where djdock writes a file.
fn in_the_way(path: &Utf8Path, kind: Option<Kind>) -> Diagnostic {
    let is = match kind {
        Some(Kind::Folder) => "is a folder",
        Some(Kind::Symlink) => "is a symbolic link",
        Some(Kind::File) | None => "cannot be read",
    };
    let name = quote(path);
    Diagnostic::error(FILE_NOT_OURS, format!("`{path}` {is}, and djdock would write a file there"))
        .because("nothing was written")
        .help(format!("move it away: `mv {name} {name}.bak`"))
}

/// Files of djdock's in which an earlier conflict still waits for the person.
pub fn marks_left(tree: &Tree, record: &Record) -> Vec<Diagnostic> {
    let marked = record.paths().filter_map(|path| Some((path, merge::line_of_mark(tree.text(path)?)?)));
    marked
        .map(|(path, line)| marks(path).at(&Place::line(path, line), "one text begins here, the other below"))
        .collect()
}

/// Paths on the command line that djdock neither writes nor wrote.
pub fn unknown_paths(wishes: &Wishes, changes: &[Change]) -> Vec<Diagnostic> {
    let known: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
    let unknown = wishes.paths().filter(|path| !known.contains(&path.as_str()));
    let said = |path: &Utf8Path| {
        let title = format!("`{path}` is named on the command line, and is no file of djdock's");
        let diagnostic = Diagnostic::error(FILE_UNKNOWN, title);
        match did_you_mean(path.as_str(), known.iter().copied()) {
            Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
            None => diagnostic.help("name a file as `djdock update --dry-run` lists it"),
        }
    };
    unknown.map(said).collect()
}

/// Git was to say whether all is committed, and cannot.
pub fn no_git() -> Diagnostic {
    Diagnostic::error(GIT_NOT_CLEAN, "git cannot say whether every file is committed")
        .because("`--require-clean` needs git and a repository; nothing was written")
        .help("make one: `git init`, then commit your files; or leave `--require-clean` out")
}

/// Files with changes that git does not have yet, and that are about to change again.
pub fn not_committed(paths: &[Utf8PathBuf], is_refused: bool) -> Option<Diagnostic> {
    if paths.is_empty() {
        return None;
    }
    let names: Vec<String> = paths.iter().map(|path| quote(path).into_owned()).collect();
    let title = format!("git does not have the last changes of {}", and_ticked(paths));
    let diagnostic = if is_refused {
        Diagnostic::error(GIT_NOT_CLEAN, title).because("nothing was written, because of `--require-clean`")
    } else {
        Diagnostic::note(GIT_NOT_CLEAN, title)
            .because("after djdock has written, `git diff` shows your changes and djdock's together")
    };
    Some(diagnostic.help(format!("commit them first: `git add {} && git commit`", names.join(" "))))
}

/// `check` found that a file of secrets is missing, as in every fresh checkout.
pub fn not_made_here(path: &Utf8Path) -> Diagnostic {
    Diagnostic::note(FILE_OUT_OF_DATE, format!("`{path}` is not on this machine yet"))
        .because("it holds secrets and is not in version control, so a fresh checkout has none")
        .help("make it, with new secrets: `djdock update`")
}

/// `check` found a file that `update` would write differently.
pub fn out_of_date(path: &Utf8Path, kind: ChangeKind) -> Diagnostic {
    let title = match kind {
        ChangeKind::Create => format!("`{path}` is missing"),
        ChangeKind::Remove => format!("`{path}` is not needed any more"),
        _ => format!("`{path}` is out of date"),
    };
    Diagnostic::error(FILE_OUT_OF_DATE, title)
        .because("the project, its answers or djdock changed since it was written")
        .help("see the difference: `djdock update --dry-run --diff`")
        .help("write it again: `djdock update`")
}
