//! The files that djdock would write: everything up to the disk, and nothing on it.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::Failure;
use super::project::Project;
use crate::base::codes::update::FILE_UNKNOWN;
use crate::base::wording::and_ticked;
use crate::base::{Diagnostic, Kind, Severity, Tree};
use crate::choose::{Chosen, file};
use crate::plan::{Note, Plan, plan};
use crate::render::{GeneratedFile, Values, render};
use crate::shell::disk::InGit;
use crate::shell::interrupt::Stopped;
use crate::shell::{disk, random, user};
use crate::update::{self, Change, ChangeKind, Wishes, memory};

#[derive(Debug)]
pub struct Proposal {
    pub project: Project,
    pub chosen: Chosen,
    pub plan: Plan,
    pub generated: Vec<GeneratedFile>,
    /// Sorted by path.
    pub changes: Vec<Change>,
    /// Of the project, the plan and the changes; the gravest first.
    pub diagnostics: Vec<Diagnostic>,
}

/// Plans, renders, and compares with what is there. The person's `wishes` decide about files that stand in the way.
pub fn propose(project: Project, chosen: Chosen, wishes: &Wishes) -> Result<Proposal, Failure> {
    let mut plan = match plan(&project.own, &project.facts, &chosen.answers) {
        Ok(plan) => plan,
        Err(errors) => return Err(no_plan(project, errors)),
    };
    // What is known to fail is not written, whoever found it.
    if project.diagnostics.iter().any(|one| one.severity == Severity::Error) {
        return Err(no_plan(project, Vec::new()));
    }
    plan.diagnostics = project.pointing_at_kept(plan.diagnostics);
    let values = values_of(&project.tree, &plan)?;
    let mut generated = render(&plan, &chosen.answers, &values)?;
    let mut changes = update::changes(&project.tree, &project.record, &generated, wishes);
    let replaced = replaced(&project, &changes);
    if let Some(note) = note_of_replaced(&replaced) {
        plan.notes.push(note);
        generated = render(&plan, &chosen.answers, &values)?;
        changes = update::changes(&project.tree, &project.record, &generated, wishes);
    }
    changes.push(answers_file(&project, &chosen, &replaced));
    changes.extend(project.facts.proposed_requirements.iter().map(|proposed| {
        let because = "what to install: look it over, it is yours";
        update::change_of_persons_file(&project.tree, &proposed.path, proposed.text.clone(), because)
    }));
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    let mut diagnostics = project.diagnostics.clone();
    diagnostics.extend(plan.diagnostics.iter().cloned());
    let record = &project.record;
    diagnostics.extend(
        changes.iter().filter_map(|change| update::messages::of_change(change, &project.tree, record)),
    );
    diagnostics.extend(update::messages::deleted(&changes, &generated));
    diagnostics.extend(update::messages::unknown_paths(wishes, &changes));
    diagnostics.extend(update::messages::marks_left(&project.tree, record));
    diagnostics.extend(beside(&project.tree, &plan, &changes));
    file::ignored(&project.tree).take_out(&mut diagnostics);
    Diagnostic::sort(&mut diagnostics);
    Ok(Proposal { project, chosen, plan, generated, changes, diagnostics })
}

impl Proposal {
    pub fn has(&self, kind: ChangeKind) -> bool {
        self.changes.iter().any(|change| change.kind == kind)
    }

    /// Tells whether a person's file is where djdock has to write one, or a conflict is undecided: then nothing is
    /// written.
    pub fn is_blocked(&self) -> bool {
        self.has(ChangeKind::Foreign) || self.has(ChangeKind::Conflict) || self.names_unknown_files()
    }

    /// Tells whether the command line names a file that djdock does not write.
    pub fn names_unknown_files(&self) -> bool {
        self.diagnostics.iter().any(|one| one.code == FILE_UNKNOWN)
    }

    /// Tells whether anything would be written or removed.
    pub fn is_news(&self) -> bool {
        self.changes.iter().any(Change::is_news)
    }

    /// Returns the proposal for other wishes of the person.
    pub fn with_wishes(self, wishes: &Wishes) -> Result<Self, Failure> {
        propose(self.project, self.chosen, wishes)
    }

    /// Returns the files that will change although git does not have their present text; `None` where git cannot say.
    pub fn not_committed(&self) -> Option<Vec<Utf8PathBuf>> {
        let is_there = |change: &&Change| {
            !change.secret && change.is_news() && self.project.tree.kind_on_disk(&change.path).is_some()
        };
        let paths: Vec<&Utf8Path> =
            self.changes.iter().filter(is_there).map(|change| change.path.as_path()).collect();
        disk::not_committed(&self.project.dir, &paths)
    }

    /// Files of secrets that are there, or will be, and that git does not ignore.
    pub fn secrets_in_git(&self) -> Vec<(&Utf8Path, InGit)> {
        let is_there = |change: &&Change| {
            change.file.is_some() || self.project.tree.kind_on_disk(&change.path) == Some(Kind::File)
        };
        let secret = self.changes.iter().filter(|change| change.secret).filter(is_there);
        let standing = |change: &Change| disk::in_git(&self.project.dir, &change.path);
        let named = secret.map(|change| (change.path.as_path(), standing(change)));
        named.filter(|(_, standing)| *standing != InGit::Ignored).collect()
    }

    /// Returns the proposal with lines in `.gitignore` that keep secrets out of the next commit.
    #[must_use]
    pub fn keeping_secrets_out_of_git(mut self) -> Self {
        let tree = &self.project.tree;
        let existing = match tree.kind_on_disk(GITIGNORE) {
            None => "",
            Some(_) => match tree.text(GITIGNORE) {
                Some(text) => text,
                None => return self,
            },
        };
        let line_end = if existing.contains("\r\n") { "\r\n" } else { "\n" };
        let mut text = existing.to_owned();
        if !text.is_empty() && !text.ends_with('\n') {
            text += line_end;
        }
        for (path, _) in self.secrets_in_git() {
            let line = ignore_rule(path);
            if text.lines().all(|known| known != line) {
                text += &line;
                text += line_end;
            }
        }
        if text != existing {
            let because = "keeps secrets out of git";
            let change = update::change_of_persons_file(tree, GITIGNORE.into(), text, because);
            self.changes.push(change);
            self.changes.sort_by(|a, b| a.path.cmp(&b.path));
        }
        self
    }

    /// Carries it out, all or nothing.
    pub fn write(&self) -> Result<(), Stopped> {
        let writes = update::writes(&self.project.tree, &self.project.record, &self.changes, &self.generated);
        disk::write(&self.project.dir, &writes)
    }
}

pub(super) const GITIGNORE: &str = ".gitignore";

/// The line of `.gitignore` that means the file at `path` alone.
pub(super) fn ignore_rule(path: &Utf8Path) -> String {
    let escape = |letter: char| {
        let has_meaning = matches!(letter, '*' | '?' | '[' | '\\');
        [has_meaning.then_some('\\'), Some(letter)]
    };
    let escaped: String = path.as_str().chars().flat_map(escape).flatten().collect();
    format!("/{escaped}")
}

/// Joins the errors that prevent a plan with the diagnostics of the project: the one often explains the other.
fn no_plan(project: Project, errors: Vec<Diagnostic>) -> Failure {
    let mut diagnostics = project.diagnostics;
    diagnostics.retain(|known| errors.iter().all(|error| error.title != known.title));
    diagnostics.extend(errors);
    Diagnostic::sort(&mut diagnostics);
    debug_assert!(diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error));
    Failure::Diagnosed { diagnostics, tree: Some(project.tree) }
}

/// The secrets that files in `tree` hold already, and new ones for the rest.
pub(super) fn values_of(tree: &Tree, plan: &Plan) -> Result<Values, Diagnostic> {
    let mut trouble = None;
    let mut random = |length: usize| {
        random::secret(length).unwrap_or_else(|diagnostic| {
            trouble = Some(diagnostic);
            String::new()
        })
    };
    let (user, group) = user::ids();
    let values = Values::new(tree, plan, user, group, &mut random);
    trouble.map_or(Ok(values), Err)
}

/// Returns diagnostics about the person's files that meet the stack's: the env file, and compose files of other names.
pub(super) fn beside(tree: &Tree, plan: &Plan, changes: &[Change]) -> Vec<Diagnostic> {
    /// <https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file>
    const READ_ELSE: [&str; 3] = ["compose.yml", "docker-compose.yml", "docker-compose.yaml"];
    const ADDED: [&str; 4] = [
        "compose.override.yml",
        "compose.override.yaml",
        "docker-compose.override.yml",
        "docker-compose.override.yaml",
    ];
    let there = |names: &'static [&'static str]| -> Vec<&Utf8Path> {
        names.iter().map(Utf8Path::new).filter(|path| tree.kind_on_disk(path).is_some()).collect()
    };
    let ours = plan.target.file(plan.dev.environment);
    let is_new = changes.iter().any(|change| change.path == ours && change.kind == ChangeKind::Create);
    let env_file = plan.prod.env_file.as_path();
    let text = tree.bytes_on_disk(env_file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let text = text.unwrap_or_default();
    let mut lines = update::env::lines_with_dollar(&text);
    lines.retain(|(_, name)| plan.variables().iter().any(|variable| variable.name == *name));
    let shadowed = is_new.then(|| update::messages::shadowed(ours, &there(&READ_ELSE))).flatten();
    let overridden = update::messages::overridden(ours, &there(&ADDED));
    [update::messages::dollars(env_file, &lines), shadowed, overridden].into_iter().flatten().collect()
}

/// The person's files that djdock's stand in place of, or will after `changes`.
fn replaced(project: &Project, changes: &[Change]) -> BTreeSet<Utf8PathBuf> {
    let is_persons = |change: &&Change| {
        // Of a file that git ignores, or that is no text, no copy is kept, and no fact stands on the file.
        let is_kept = project.tree.text(&change.path).is_some();
        is_kept && !change.secret && change.backup.is_some() && project.record.wrote(&change.path).is_none()
    };
    let now = changes.iter().filter(is_persons).map(|change| &change.path);
    project.replaced.keys().chain(now).cloned().collect()
}

/// Says in DOCKER.md which files its places mean.
fn note_of_replaced(replaced: &BTreeSet<Utf8PathBuf>) -> Option<Note> {
    if replaced.is_empty() {
        return None;
    }
    let paths: Vec<&Utf8PathBuf> = replaced.iter().collect();
    let text = format!(
        "djdock took the place of {}. What it had read there counts still: a copy without secrets is in `{}/`, and \
         places here that name such a file mean that copy.",
        and_ticked(&paths),
        memory::FOLDER
    );
    Some(Note { topic: "Replaced".to_owned(), text, evidence: Vec::new() })
}

/// `djdock.toml` with what was answered, and with what djdock learned from files that it replaces.
fn answers_file(project: &Project, chosen: &Chosen, replaced: &BTreeSet<Utf8PathBuf>) -> Change {
    let text = file::write(project.tree.text(file::PATH), chosen, |path| replaced.contains(path));
    update::change_of_persons_file(&project.tree, file::PATH.into(), text, "your answers")
}
