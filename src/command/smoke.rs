//! `djdock smoke`: proves that the files on the disk work.

#![expect(clippy::disallowed_methods, reason = "it reads and writes the files that its flags name")]

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::project::{self, Dir, Project};
use super::{Exit, Failure, answers};
use crate::base::codes::shell::FILE_UNWRITABLE;
use crate::base::codes::smoke::{CHECKS_UNREADABLE, NOTHING_TO_SMOKE, VALUES_UNREADABLE};
use crate::base::wording::{count, is_secret_variable};
use crate::base::{Diagnostic, Tree};
use crate::choose::{Answers, Draft};
use crate::plan::probes::Act;
use crate::plan::{Plan, plan};
use crate::render::{Values, render};
use crate::shell;
use crate::shell::disk::ThrowAway;
use crate::shell::engine::Engine;
use crate::shell::engine::compose::Compose;
use crate::shell::interrupt::Stopped;
use crate::shell::smoke::{Check, Run, SmokeReport, Step, Watch, checks, junit, smoke};
use crate::shell::terminal::{self, Ended, Progress};
use crate::shell::{random, user};
use crate::stack::VariableValue;
use crate::stack::{Environment, Role, Stack};
use crate::update::env;

/// Build the images, start the stack for a moment, and show that it works
///
/// Runs the files that are on the disk beside everything else: with secrets, ports, volumes and names of its own, so
/// that a running stack of the project is not touched. Everything that it makes is removed at the end.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Which stack
    #[arg(value_enum, default_value_t = Target::Prod)]
    target: Target,
    #[command(flatten)]
    dir: Dir,
    /// Leave the stack running, and print its address and how to remove it
    #[arg(long)]
    keep: bool,
    /// Remove a run that was kept, or with `all` every one, and do nothing else
    #[arg(long, value_name = "RUN", conflicts_with_all = ["keep", "json", "junit", "checks", "env_file"])]
    remove: Option<String>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// Write the report for CI servers into this file
    #[arg(long, value_name = "FILE")]
    junit: Option<Utf8PathBuf>,
    /// Values for this run alone, such as a bucket for tests, which is then written to
    #[arg(long, value_name = "FILE")]
    env_file: Option<Utf8PathBuf>,
    /// Pages that must show too (default: smoke.toml in the project's folder, where there is one)
    #[arg(long, value_name = "FILE")]
    checks: Option<Utf8PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Target {
    Dev,
    Prod,
}

impl From<Target> for Environment {
    fn from(target: Target) -> Self {
        match target {
            Target::Dev => Self::Dev,
            Target::Prod => Self::Prod,
        }
    }
}

impl Arguments {
    /// The production stack in `dir`, as `init --smoke` proves it.
    pub(super) fn of_production(dir: Dir) -> Self {
        Self {
            target: Target::Prod,
            dir,
            keep: false,
            remove: None,
            json: false,
            junit: None,
            env_file: None,
            checks: None,
        }
    }
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    if let Some(run) = &arguments.remove {
        return remove(run);
    }
    let project = project::read_to_write(&arguments.dir)?.or_nothing_to_plan()?;
    let (project, chosen) = answers::of(project, &Draft::default(), None)?;
    let plan = plan(&project.own, &project.facts, &chosen.answers)
        .map_err(|errors| Failure::in_tree(errors, &project.tree))?;
    let stack = plan.stack(arguments.target.into());
    let file = plan.target.file(stack.environment);
    written(&project, file)?;
    let checks = checks_of(arguments, &project.tree)?;
    let given = arguments.env_file.as_deref().map(values_of).transpose()?;
    let run = prepare(&project, &plan, stack, &chosen.answers, checks, given.as_deref())?;
    let run = Run { keep: arguments.keep, ..run };
    let engine = Engine::connect()?;
    let compose = Compose::version()?;
    let mut watch = OnTerminal(Progress::new());
    watch.0.say(&format!("Docker Engine {}, compose {compose}\n", engine.version()));
    let ended = smoke(&run, &engine, &mut watch);
    drop(watch);
    if matches!(ended, Err(Stopped::Interrupted)) {
        terminal::talk("Everything that the run had made is removed.\n");
    }
    let report = ended?;
    tell(&report, arguments, &project.tree)?;
    Ok(if report.ok { Exit::Done } else { Exit::No })
}

/// Removes runs that were kept.
fn remove(run: &str) -> Result<Exit, Failure> {
    let removed = shell::smoke::remove(&Engine::connect()?, run)?;
    for (name, things) in &removed {
        terminal::talk(&format!("Removed {name}: {things}.\n"));
    }
    if removed.is_empty() {
        terminal::talk("No smoke run was kept.\n");
    }
    Ok(Exit::Done)
}

/// The stack's file must be there: what is proven is what is on the disk.
fn written(project: &Project, file: &Utf8Path) -> Result<(), Diagnostic> {
    if project.tree.kind_on_disk(file).is_some() {
        return Ok(());
    }
    let dir = &project.dir;
    Err(Diagnostic::error(NOTHING_TO_SMOKE, format!("there is no `{file}` in `{dir}`"))
        .help(format!("write it first: `djdock init {dir}`")))
}

fn checks_of(arguments: &Arguments, tree: &Tree) -> Result<Vec<Check>, Diagnostic> {
    match &arguments.checks {
        Some(file) => {
            let text = std::fs::read_to_string(file).map_err(|error| {
                Diagnostic::error(CHECKS_UNREADABLE, format!("cannot read the checks in `{file}`: {error}"))
                    .help("name a file with `[[check]]` tables")
            })?;
            checks::parse(file.as_str(), &text)
        }
        None => tree.text(checks::PATH).map_or(Ok(Vec::new()), |text| checks::parse(checks::PATH, text)),
    }
}

/// Reads the values that a person gives a run.
fn values_of(file: &Utf8Path) -> Result<String, Diagnostic> {
    std::fs::read_to_string(file).map_err(|error| {
        Diagnostic::error(VALUES_UNREADABLE, format!("cannot read the values in `{file}`: {error}"))
            .help("name a file with lines such as `AWS_STORAGE_BUCKET_NAME=tests`")
    })
}

fn prepare<'a>(
    project: &'a Project,
    plan: &'a Plan,
    stack: &'a Stack,
    answers: &Answers,
    checks: Vec<Check>,
    given: Option<&str>,
) -> Result<Run<'a>, Failure> {
    let mut trouble = None;
    let mut random = |length: usize| {
        random::secret(length).unwrap_or_else(|diagnostic| {
            trouble = Some(diagnostic);
            String::new()
        })
    };
    let (user, group) = user::ids();
    // Of an empty project, so that none of the person's secrets is kept.
    let nothing = Tree::from_literals::<&str, &str>([]);
    let values = Values::new(&nothing, plan, user, group, &mut random);
    if let Some(diagnostic) = trouble {
        return Err(diagnostic.into());
    }
    let generated = render(plan, answers, &values)?;
    let is_secret = |path: &Utf8PathBuf| plan.secret_files.iter().any(|file| file.path == *path);
    let throw_away = generated.into_iter().filter_map(|file| {
        // A file that containers read is read by their user's group.
        let mode = if is_secret(&file.path) { 0o640 } else { 0o600 };
        let is_secret = file.secret || is_secret(&file.path);
        let text = match given.filter(|_| file.path == stack.env_file) {
            Some(given) => env::overlaid(&file.contents, given),
            None => file.contents,
        };
        is_secret.then_some(ThrowAway { path: file.path, text, mode })
    });
    let root = project.dir.canonicalize_utf8().unwrap_or_else(|_unreadable| project.dir.clone());
    Ok(Run {
        root,
        tree: &project.tree,
        environment: stack.environment,
        name: stack.name.clone(),
        target: plan.target.entry(),
        project_service: stack.project_service().to_owned(),
        compose_file: plan.target.file(stack.environment).to_owned(),
        env_file: stack.env_file.clone(),
        throw_away: throw_away.collect(),
        secrets: secrets(project, plan, stack, &values, given),
        outside: outside(stack),
        may_write_outside: given.is_some(),
        probes: plan.probes.iter().collect(),
        checks,
        keep: false,
    })
}

/// Returns the services that write to something outside of the stack.
fn outside(stack: &Stack) -> Vec<String> {
    let services = stack.services.iter().filter(|service| service.role == Role::Upload);
    services.map(|service| service.name.clone()).collect()
}

/// The values that must be found nowhere: those of this run, and those that the person's env file, or the file of values for
/// this run, holds under the names of secrets. They are compared with what images hold, and taken out of what is shown.
fn secrets(
    project: &Project,
    plan: &Plan,
    stack: &Stack,
    values: &Values,
    given: Option<&str>,
) -> Vec<(String, String)> {
    let generated = plan.variables().into_iter().filter_map(|variable| match &variable.value {
        VariableValue::Generated { secret, .. } => {
            Some((variable.name.clone(), values.secrets.get(secret)?.clone()))
        }
        _ => None,
    });
    let mut secrets: Vec<(String, String)> = generated.collect();
    // What stands in the example of the env file for everybody to read is none.
    let is_placeholder = |name: &str, value: &str| {
        plan.variables().into_iter().any(|variable| {
            let asked =
                matches!(&variable.value, VariableValue::Asked { placeholder } if placeholder == value);
            variable.name == name && asked
        })
    };
    let mut names: Vec<String> = secrets.iter().map(|(name, _)| name.clone()).collect();
    for probe in &plan.probes {
        if let Act::InspectImages { variables, .. } = &probe.act {
            names.extend(variables.iter().cloned());
        }
    }
    let env_file =
        project.tree.bytes_on_disk(&stack.env_file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let env_file = env_file.unwrap_or_default();
    // A library may read a secret that the settings never mention.
    names.extend(
        env::names(given.unwrap_or_default()).filter(|name| is_secret_variable(name)).map(str::to_owned),
    );
    for (name, value) in env::values(&env_file).chain(env::values(given.unwrap_or_default())) {
        if names.iter().any(|known| known == name) && !is_placeholder(name, value) {
            secrets.push((name.to_owned(), value.to_owned()));
        }
    }
    secrets
}

fn tell(report: &SmokeReport, arguments: &Arguments, tree: &Tree) -> Result<(), Diagnostic> {
    if let Some(file) = &arguments.junit {
        std::fs::write(file, junit::junit(report)).map_err(|error| {
            Diagnostic::error(FILE_UNWRITABLE, format!("cannot write the report `{file}`: {error}"))
                .help("name a file in a folder that you may write to")
        })?;
    }
    if arguments.json {
        terminal::json(report)?;
    }
    let mut diagnostics: Vec<Diagnostic> = report.diagnostics().cloned().collect();
    // Several steps may fail of the same thing.
    diagnostics.dedup();
    terminal::diagnostics(Some(tree), &diagnostics);
    let left_out: Vec<(&str, &str)> = report.left_out().collect();
    if !left_out.is_empty() {
        terminal::talk("Not looked at\n");
        for (step, text) in &left_out {
            terminal::talk(&format!("  {step}: {text}\n"));
        }
    }
    terminal::talk(&summary(report));
    if let Some(run) = &report.kept {
        let address = report.address.as_deref().unwrap_or("(its port answers nothing)");
        terminal::talk(&format!(
            "\nThe stack is left running\n  {address}\n\nSee its log\n  docker compose -p {run} logs\n\nRemove everything of it\n  djdock smoke --remove {run}\n"
        ));
    }
    Ok(())
}

/// The last line: how many steps showed what they must, and whether that is all.
fn summary(report: &SmokeReport) -> String {
    let all = report.steps.len();
    let shown = report.steps.iter().filter(|step| step.ok).count();
    let skipped = report.steps.iter().filter(|step| step.skipped).count();
    let took = format!("{:.1} s", report.seconds);
    if report.ok {
        let end = match report.left_out().count() {
            0 => "the stack shows everything that it must".to_owned(),
            number => format!("the stack shows what it must, and {} not looked at", are(number)),
        };
        return format!("{shown} of {all} steps: {end}, in {took}.\n");
    }
    let failed = all - shown - skipped;
    let skipped = if skipped == 0 { String::new() } else { format!(", {skipped} skipped because of that") };
    format!(
        "{} failed{skipped}, of {all} in {took}: the stack does not work as it must.\n",
        count(failed, "step")
    )
}

/// "1 thing was", "2 things were".
fn are(number: usize) -> String {
    format!("{} {}", count(number, "thing"), if number == 1 { "was" } else { "were" })
}

/// Shows the steps as they come.
struct OnTerminal(Progress);

impl Watch for OnTerminal {
    fn begins(&mut self, step: &str) {
        self.0.start(step);
    }

    fn detail(&mut self, text: &str) {
        self.0.detail(text);
    }

    fn goes_on(&mut self, text: &str) {
        self.0.goes_on(text);
    }

    fn says(&mut self, text: &str) {
        self.0.say(&format!("{text}\n"));
    }

    fn ended(&mut self, step: &Step) {
        let ended = match (step.ok, step.skipped) {
            (true, _) => Ended::Well,
            (false, true) => Ended::Skipped,
            (false, false) => Ended::Badly,
        };
        self.0.end(&step.name, ended, Duration::from_secs_f64(step.seconds.max(0.0)), &step.detail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_said_only_where_nothing_was_left_out() {
        let step = |ok: bool, skipped: bool, left_out: &[&str]| Step {
            name: "home-page-assets".to_owned(),
            ok,
            skipped,
            seconds: 1.0,
            detail: String::new(),
            left_out: left_out.iter().map(|text| (*text).to_owned()).collect(),
            diagnostic: None,
        };
        let summary =
            |steps: Vec<Step>| summary(&SmokeReport::new(Environment::Prod, Vec::new(), steps, 41.23));
        let all = summary(vec![step(true, false, &[]), step(true, false, &[])]);
        assert_eq!(all, "2 of 2 steps: the stack shows everything that it must, in 41.2 s.\n");
        let partly = summary(vec![step(true, false, &[]), step(true, false, &["a link to another host"])]);
        assert_eq!(
            partly,
            "2 of 2 steps: the stack shows what it must, and 1 thing was not looked at, in 41.2 s.\n"
        );
        let failed = summary(vec![step(true, false, &[]), step(false, false, &[]), step(false, true, &[])]);
        assert_eq!(
            failed,
            "1 step failed, 1 skipped because of that, of 3 in 41.2 s: the stack does not work as it must.\n"
        );
    }
}
