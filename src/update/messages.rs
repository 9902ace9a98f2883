//! Messages about files that stand in the way.

use camino::{Utf8Path, Utf8PathBuf};

use super::{Change, ChangeKind, Record, merge};
use crate::base::codes::update::{
    COMPOSE_OVERRIDE_ADDED, COMPOSE_SHADOWED, CONFLICT_MARKS, ENV_DOLLAR, ENV_LACKS_VARIABLES, FILE_DELETED,
    FILE_EDITED, FILE_NOT_NEEDED, FILE_NOT_OURS, FILE_OUT_OF_DATE, GIT_NOT_CLEAN,
};
use crate::base::wording::and_ticked;
use crate::base::{Diagnostic, Place, Severity, Tree};

/// Returns the diagnostic that a person should see before the change is made; `None` if there is nothing to say.
pub fn of_change(change: &Change, record: &Record) -> Option<Diagnostic> {
    let path = change.path.as_path();
    match change.kind {
        ChangeKind::Foreign if change.secret => Some(env_not_completed(path, &change.because)),
        ChangeKind::Foreign => Some(not_ours(path)),
        ChangeKind::Conflict => Some(clashing(change)),
        ChangeKind::Orphan => Some(edits_unused(path, record.is_known_unused(path))),
        ChangeKind::Deleted => Some(deleted(path)),
        ChangeKind::Merged => {
            change.file.as_ref().and_then(|file| line_of_mark(&file.contents)).map(|line| marks(path, line))
        }
        ChangeKind::Create | ChangeKind::Unchanged | ChangeKind::Update | ChangeKind::Remove => None,
    }
}

fn not_ours(path: &Utf8Path) -> Diagnostic {
    Diagnostic::error(FILE_NOT_OURS, format!("`{path}` exists and was not made by djdock"))
        .because("nothing was written")
        .help(format!("compare first: `djdock init --dry-run --diff --replace {path}`"))
        .help(format!("then replace it: `djdock init --replace {path}`; yours is kept as `{path}.bak`"))
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
fn clashing(change: &Change) -> Diagnostic {
    let path = &change.path;
    let title = format!("you and djdock changed the same lines of `{path}`");
    let mut diagnostic = Diagnostic::error(FILE_EDITED, title);
    for clash in &change.clashes {
        let djdocks = clash.djdocks.lines().map(str::trim).find(|line| !line.is_empty());
        let text = match djdocks {
            Some(line) => format!("djdock would write: {line}"),
            None => "djdock would write nothing here".to_owned(),
        };
        diagnostic = diagnostic.at(&Place::line(path, clash.line), text);
    }
    let name = quote(path);
    diagnostic
        .because("nothing was written: the files belong together")
        .help(format!("see both texts: `djdock update --dry-run --diff --conflict {name}=inline`"))
        .help(format!("keep your lines there: `djdock update --conflict {name}=ours`"))
        .help(format!(
            "take djdock's lines there: `djdock update --conflict {name}=theirs`; yours is kept as `{path}.bak`"
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

fn deleted(path: &Utf8Path) -> Diagnostic {
    Diagnostic::note(FILE_DELETED, format!("`{path}` was deleted, and stays so"))
        .because("djdock wrote it, and writes no file again that you deleted")
        .help(format!("if you want it back: `djdock update --replace {}`", quote(path)))
}

/// Both texts stand between marks in `path`, as in `line`.
fn marks(path: &Utf8Path, line: u32) -> Diagnostic {
    let title = format!("`{path}` holds two texts where you and djdock changed the same lines");
    Diagnostic::error(CONFLICT_MARKS, title)
        .at(&Place::line(path, line), "your lines begin here, djdock's below")
        .because("Docker cannot read a file with such marks")
        .help("keep the lines that you want, and delete the others and the three lines with marks")
}

/// Files of djdock's in which an earlier conflict still waits for the person.
pub fn marks_left(tree: &Tree, record: &Record) -> Vec<Diagnostic> {
    let marked = record.paths().filter_map(|path| Some((path, line_of_mark(tree.text(path)?)?)));
    marked.map(|(path, line)| marks(path, line)).collect()
}

fn line_of_mark(text: &str) -> Option<u32> {
    (1..).zip(text.lines()).find(|(_, line)| line.trim_end() == merge::MARK).map(|(number, _)| number)
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
