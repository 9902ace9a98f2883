//! Commands that run while the image is built, and their variables: values that are thrown away with the command.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::command;
use crate::knowledge::distributions;
use crate::plan::ground::Ground;
use crate::plan::settle::Settled;
use crate::plan::{collected, entry_points, layout, needs, writable};
use crate::python::{Minor, Value, Version};
use crate::stack::{Command, RunPurpose, Step};

/// The commands of Django's own that work without `manage.py`, where that would overrule the settings module.
pub(in crate::plan) fn manage(ground: &Ground<'_>, arguments: &[&str]) -> Vec<String> {
    let file = ground.facts.manage_py.value.as_deref();
    let mut argv = match file.and_then(|file| file.file_name()) {
        Some(name) if !overrules(ground) => command(&["python", name]),
        _ => command(&["python", "-m", "django"]),
    };
    argv.extend(command(arguments));
    argv
}

/// Tells whether `manage.py` sets the settings module whatever the environment says.
fn overrules(ground: &Ground<'_>) -> bool {
    let text = ground.facts.manage_py.value.as_deref().and_then(|file| ground.tree.text(file));
    text.is_some_and(|text| text.lines().any(sets_module))
}

/// `os.environ["DJANGO_SETTINGS_MODULE"] = …`
pub(in crate::plan) fn sets_module(line: &str) -> bool {
    let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    ["os.environ[\"DJANGO_SETTINGS_MODULE\"]=", "os.environ['DJANGO_SETTINGS_MODULE']="]
        .iter()
        .any(|start| line.starts_with(start) && !line[start.len()..].starts_with('='))
}

/// Makes what apps compile into static files, collects static files where the image holds them, and compiles the project, with
/// throw-away values for what the settings ask for.
///
/// `logs` are folders of log files that hold nothing before it: what the command logs would be root's, and nobody
/// else could go on writing there.
pub(super) fn with_settings(
    ground: &Ground<'_>,
    settled: &Settled,
    compile: Option<Command>,
    logs: &[&String],
) -> Step {
    let mut variables = BTreeMap::new();
    let beside = entry_points::names(ground);
    for (name, value) in &settled.variables {
        let needed = beside.contains(name)
            || name.starts_with("DJANGO_SETTINGS")
            || name.starts_with("DJANGO_CONF")
            || settled.evaluation.reads.iter().any(|read| read.name == *name);
        if needed {
            variables.insert(name.clone(), throw_away(settled, value));
        }
    }
    // Files of secrets are there for this command alone: they are gone before the layer is made.
    let mut commands = Vec::new();
    let files = settled.secret_files(&ground.answers.config_dir);
    for (file, text) in &files {
        let text = throw_away(settled, text);
        let script = "import pathlib, sys; path = pathlib.Path(sys.argv[1]); \
                      path.parent.mkdir(parents=True, exist_ok=True); path.write_text(sys.argv[2])";
        commands.push(command(&["python", "-c", script, &file.target, &text]));
    }
    let quiet = quiet_settings(ground, settled);
    let module = format!("{}/{QUIET}.py", ground.working);
    if !quiet.is_empty() {
        let script = "import sys; print(*sys.argv[2:], sep=chr(10), file=open(sys.argv[1], 'w'))";
        let lines = quiet.iter().map(String::as_str);
        commands
            .push(command(&["python", "-c", script, &module].into_iter().chain(lines).collect::<Vec<_>>()));
        variables.insert("DJANGO_SETTINGS_MODULE".to_owned(), QUIET.to_owned());
    }
    let mut caches = super::bytecode::caches(ground);
    let makes_files = ground.collects_static() || makes_sources(ground);
    let purpose = if makes_files {
        RunPurpose::CollectStatic { compiles: compile.is_some() }
    } else {
        RunPurpose::ProjectBytecode
    };
    if makes_files {
        collect_static(ground, settled, &mut commands, &mut caches);
    }
    commands.extend(compile);
    if !logs.is_empty() {
        let folders = logs.iter().map(|folder| folder.as_str());
        let words: Vec<&str> = ["find"].into_iter().chain(folders).chain(["-type", "f", "-delete"]).collect();
        commands.push(command(&words));
    }
    commands.extend(files.iter().map(|(file, _)| command(&["rm", &file.target])));
    if !quiet.is_empty() {
        commands.push(command(&["rm", &module]));
    }
    Step::Run { commands, variables, caches, purpose }
}

/// Tells whether apps compile something into the static files of production.
pub(super) fn makes_sources(ground: &Ground<'_>) -> bool {
    ground.collected().is_some() && !ground.machine.static_builds.is_empty()
}

/// Adds the commands that make static files and collect them where the image holds them, and the folders of their cache mounts.
fn collect_static(
    ground: &Ground<'_>,
    settled: &Settled,
    commands: &mut Vec<Command>,
    caches: &mut Vec<String>,
) {
    let missing = missing_static_folders(ground, settled);
    if !missing.is_empty() {
        commands.push(command(&["mkdir", "--parents"]).into_iter().chain(missing).collect());
    }
    // Older files are written anew: what somebody collected once and committed must not stay.
    let root = static_root(ground, settled).filter(|_| ground.collects_static());
    if let Some(root) = &root
        && writable::brought(ground, root).is_some()
    {
        commands.push(written_anew(root));
    }
    for build in &ground.machine.static_builds {
        let arguments: Vec<&str> = build.arguments.iter().map(String::as_str).collect();
        commands.push(manage(ground, &arguments));
        caches.extend(build.caches.iter().map(|folder| format!("{}/{folder}", ground.working)));
    }
    if ground.collects_static() {
        let list = collected::committed_list(ground, settled).map(|file| layout::source(&file));
        commands.extend(list.iter().map(|list| command(&["cp", list, COMMITTED_LIST])));
        commands.push(collect(ground, settled));
        if let Some(list) = list {
            let script = "import json, sys; old, new = (json.load(open(path)) for path in sys.argv[1:]); \
                          new['paths'] = {**old['paths'], **new['paths']}; json.dump(new, open(sys.argv[2], 'w'))";
            commands.push(command(&["python", "-c", script, COMMITTED_LIST, &list]));
            commands.push(command(&["rm", COMMITTED_LIST]));
        }
    }
    if let Some(root) = &root
        && !collected::collects_something(ground, settled)
    {
        // Where there is nothing to collect the command makes no folder, and the proxy's image is made from it.
        commands.push(command(&["mkdir", "--parents", root]));
    }
    if ground.collects_static() && compresses(ground, settled) {
        // Pages look up what this makes.
        commands.push(manage(ground, &["compress"]));
    }
}

/// The place of the committed list of names with hashes while static files are collected.
const COMMITTED_LIST: &str = "/tmp/staticfiles.json";

/// Returns the command that collects static files.
fn collect(ground: &Ground<'_>, settled: &Settled) -> Command {
    let mut collect = manage(ground, &["collectstatic", "--noinput"]);
    for (_, name) in collected::sheets_for_a_build(ground, settled) {
        collect.extend(["--ignore".to_owned(), name]);
    }
    collect
}

/// Returns the command after which `collectstatic` copies every file again, also one that is older than its copy.
fn written_anew(root: &str) -> Command {
    command(&["find", root, "-type", "f", "-exec", "touch", "-d", "@0", "{}", "+"])
}

/// Returns the commands that delete what is gone from the project for a month, and mark everything else for `collectstatic`.
/// A file that a run has not written again keeps the mark, and the time when the mark was made.
fn gone_and_old(root: &str) -> [Command; 2] {
    const MARKED: &str = "1970-01-02";
    let find = |words: &[&str]| command(&[&["find", root, "-type", "f"], words].concat());
    [
        find(&["-not", "-newermt", MARKED, "-ctime", "+30", "-delete"]),
        find(&["-newermt", MARKED, "-exec", "touch", "-d", "@0", "{}", "+"]),
    ]
}

/// Tells whether pages look up what django-compressor makes of collected files.
fn compresses(ground: &Ground<'_>, settled: &Settled) -> bool {
    let is_on = |name: &str| settled.evaluation.get(name) == Some(&Value::Bool(true));
    ground.facts.installed_apps.value.iter().any(|app| app == "compressor") && is_on("COMPRESS_OFFLINE")
}

/// Returns the command that collects static files when the stack starts: into the folder `root` on a volume, or to the
/// project's own storage. A volume holds files of an earlier image, which may be newer than those of this one, and which pages
/// of that image name: those that are gone from the project are deleted a month later.
pub(in crate::plan) fn collect_at_start(
    ground: &Ground<'_>,
    settled: &Settled,
    root: Option<&str>,
) -> Command {
    let mut commands: Vec<Command> = root.map(gone_and_old).into_iter().flatten().collect();
    commands.push(collect(ground, settled));
    if compresses(ground, settled) {
        commands.push(manage(ground, &["compress"]));
    }
    match commands.as_slice() {
        [only] => only.clone(),
        several => {
            let lines: Vec<String> = several.iter().map(shell_words::join).collect();
            command(&["sh", "-c", &lines.join(" && ")])
        }
    }
}

/// The settings module of the commands that run while the image is built, where one is needed.
const QUIET: &str = "djdock_build_settings";

/// Returns the lines of a settings module under which no app asks the database while it is loaded: there is none while the
/// image is built. Empty where no app does; what the project sets itself stays.
fn quiet_settings(ground: &Ground<'_>, settled: &Settled) -> Vec<String> {
    let (module, class) = settled.module(ground);
    let apps = &ground.facts.installed_apps.value;
    let is_installed = |app: &str| {
        apps.iter()
            .any(|own| own.strip_prefix(app).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    };
    let rows = ground.facts.distributions.iter().flat_map(|one| {
        let version = one.version.as_deref().and_then(Version::parse);
        distributions::asks_when_loaded(&one.name, version.as_ref())
    });
    let rows = rows.filter(|row| is_installed(&row.app) && settled.evaluation.get(&row.setting).is_none());
    let set: Vec<String> = rows.map(|row| format!("{} = {}", row.setting, row.value)).collect();
    if set.is_empty() || class.is_some() {
        return Vec::new();
    }
    std::iter::once(format!("from {module} import *")).chain(set).collect()
}

/// Folders of `STATICFILES_DIRS` that are not in the project: outside of it, or empty, which git does not keep. Until
/// Django 4.0 collectstatic stops at them: <https://docs.djangoproject.com/en/4.0/ref/contrib/staticfiles/#collectstatic>.
fn missing_static_folders(ground: &Ground<'_>, settled: &Settled) -> Vec<String> {
    const SKIPPED_SINCE: Minor = Minor(4, 0);
    let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    if django.is_some_and(|django| django >= SKIPPED_SINCE) {
        return Vec::new();
    }
    let stated = settled.evaluation.get("STATICFILES_DIRS").and_then(Value::assumed);
    let folders = stated.as_ref().and_then(Value::items).unwrap_or_default().iter().filter_map(|item| {
        // A pair is a prefix and its folder.
        let item = item.items().and_then(<[Value]>::last).unwrap_or(item);
        needs::folder(item, &ground.working)
    });
    let is_missing = |folder: &String| match folder.strip_prefix(layout::SOURCE) {
        Some(inside) => ground.tree.below(Utf8Path::new(inside.trim_start_matches('/'))).next().is_none(),
        None => true,
    };
    let mut missing: Vec<String> = folders.filter(is_missing).collect();
    missing.sort();
    missing.dedup();
    missing
}

/// The value itself where it is no secret; else one that nobody could take for a real one.
fn throw_away(settled: &Settled, value: &str) -> String {
    let mut text = value.to_owned();
    for sample in settled.samples.values().values() {
        // A URL needs no password to be read, and one in a Dockerfile looks like a leak.
        text = text.replace(&format!(":{sample}@"), "@");
        text = text.replace(sample, "only-for-this-build-command-thrown-away-when-it-has-ended");
    }
    text
}

/// Imports the drivers, so that a shared library that is missing fails the build.
pub(super) fn import_check(ground: &Ground<'_>) -> Option<Step> {
    let added = super::added::added(ground);
    let is_there = |name: &str| {
        ground.has_distribution(name)
            || added.iter().any(|added| added.requirement.split(['[', '=']).next() == Some(name))
    };
    let mut modules: Vec<&str> = ground
        .database
        .drivers
        .iter()
        .filter(|driver| is_there(driver.distribution))
        .map(|driver| driver.module)
        .collect();
    modules.dedup();
    let all = modules.join(", ");
    (!modules.is_empty()).then(|| Step::Run {
        commands: vec![command(&["python", "-c", &format!("import {all}")])],
        variables: BTreeMap::new(),
        caches: super::bytecode::caches(ground),
        purpose: RunPurpose::ImportCheck,
    })
}

/// Returns the folder that collectstatic writes.
pub(in crate::plan) fn static_root(ground: &Ground<'_>, settled: &Settled) -> Option<String> {
    ground.keeps_static().then_some(())?;
    needs::folder(settled.evaluation.get("STATIC_ROOT")?, &ground.working)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_assignment_overrules_the_environment() {
        assert!(sets_module("    os.environ[\"DJANGO_SETTINGS_MODULE\"] = \"a.b\""));
        assert!(sets_module("os.environ['DJANGO_SETTINGS_MODULE']='a.b'"));
        assert!(!sets_module("os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"a.b\")"));
        assert!(!sets_module("if os.environ[\"DJANGO_SETTINGS_MODULE\"] == \"a.b\":"));
    }
}
