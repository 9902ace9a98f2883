//! The view of a Dockerfile: each step has the one field set that says what it is.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use crate::base::path;
use crate::stack::{Command, HealthCheck, Image, RunPurpose, Stage, Step};

/// `Dockerfile`, `Dockerfile.prod`.
#[derive(Serialize)]
pub(in crate::render) struct DockerfileView<'a> {
    pub comments: bool,
    pub prod: bool,
    pub stages: Vec<StageView<'a>>,
}

#[derive(Serialize)]
pub(in crate::render) struct StageView<'a> {
    pub name: &'a str,
    pub from: &'a str,
    pub steps: Vec<StepView<'a>>,
}

/// One of the fields is set, or `run` and what it is for.
#[derive(Default, Serialize)]
pub(in crate::render) struct StepView<'a> {
    /// True if an empty line stands above it.
    apart: bool,
    system_packages: Option<&'a [String]>,
    environment: Option<Vec<Pair<'a>>>,
    argument: Option<Pair<'a>>,
    work_folder: Option<&'a str>,
    manifests: Option<Vec<Manifests>>,
    source: Option<Copy<'a>>,
    script: Option<Copy<'a>>,
    template: Option<Copy<'a>>,
    copy_from: Option<CopyFrom<'a>>,
    run: Option<RunView<'a>>,
    installs: bool,
    makes_virtual_environment: bool,
    brings_package_manager: bool,
    checks_imports: bool,
    leaves_requirements_out: bool,
    collects_static: bool,
    compiles_distributions: bool,
    compiles_project: bool,
    compiles_messages: bool,
    makes_locales: bool,
    downloads: bool,
    compresses: bool,
    keeps_connections: bool,
    builds_frontend: bool,
    make_user: Option<MakeUser<'a>>,
    user: Option<&'a str>,
    owned_folders: Option<OwnedFolders<'a>>,
    expose: Option<u16>,
    entrypoint: Option<&'a [String]>,
    ends_in_time: bool,
    cmd: Option<&'a [String]>,
    health_check: Option<HealthCheckView>,
    stop_signal: Option<&'a str>,
}

#[derive(Serialize)]
struct Pair<'a> {
    name: &'a str,
    value: &'a str,
}

/// Files of one folder, and the folder in the image: `COPY` keeps no folders by itself.
#[derive(Serialize)]
struct Manifests {
    paths: Vec<String>,
}

/// A `RUN` in shell form.
#[derive(Serialize)]
struct RunView<'a> {
    /// The value of `--mount=`.
    mounts: Vec<String>,
    /// Exported where several commands need them, else set for the one.
    exports: bool,
    variables: Vec<Pair<'a>>,
    commands: Vec<&'a [String]>,
}

/// Always in exec form: a shell, where one is needed, is named.
#[derive(Serialize)]
struct HealthCheckView {
    test: Vec<String>,
    interval: u32,
    timeout: u32,
    retries: u32,
    start_period: u32,
    start_interval: u32,
}

#[derive(Serialize)]
struct Copy<'a> {
    /// From where, and to where.
    paths: [&'a str; 2],
    to: &'a str,
    /// The whole build context.
    whole: bool,
}

#[derive(Serialize)]
struct CopyFrom<'a> {
    stage: &'a str,
    paths: [&'a str; 2],
    owner: Option<&'a str>,
}

#[derive(Serialize)]
struct MakeUser<'a> {
    uid: &'a str,
    gid: &'a str,
    name: &'a str,
    /// Numbers that the host chooses may be taken in the image already.
    may_exist: bool,
}

#[derive(Serialize)]
struct OwnedFolders<'a> {
    paths: &'a [String],
    filled: &'a [String],
    user: &'a str,
    group: &'a str,
}

impl<'a> DockerfileView<'a> {
    /// Images of one Dockerfile list the same stages, so any of them will do.
    pub(in crate::render) fn new(image: &'a Image, prod: bool, comments: bool) -> Self {
        Self { comments, prod, stages: image.stages.iter().map(StageView::new).collect() }
    }
}

impl<'a> StageView<'a> {
    fn new(stage: &'a Stage) -> Self {
        let mut steps: Vec<StepView<'a>> = Vec::new();
        for step in &stage.steps {
            let mut view = StepView::new(step);
            if !steps.last_mut().is_some_and(|last| last.takes_over(&mut view)) {
                view.apart = !steps.last().is_some_and(|last| last.leads_to(&view)) && !steps.is_empty();
                steps.push(view);
            }
        }
        Self { name: &stage.name, from: &stage.from, steps }
    }
}

impl<'a> StepView<'a> {
    fn new(step: &'a Step) -> Self {
        let mut view = Self::default();
        match step {
            Step::SystemPackages { packages } => view.system_packages = Some(packages),
            Step::Environment { variables } => view.environment = Some(pairs(variables)),
            Step::Argument { name, default } => view.argument = Some(Pair { name, value: default }),
            Step::WorkFolder { path } => view.work_folder = Some(path),
            Step::CopyManifests { files, to } => view.manifests = Some(manifests(files, to)),
            Step::Install { commands, caches, variables, secrets, ssh } => {
                let mut mounts = cache_mounts(caches);
                mounts.extend(secrets.iter().map(|id| format!("type=secret,id={id},env={id}")));
                mounts.extend(ssh.then(|| "type=ssh".to_owned()));
                view.installs = true;
                view.run = Some(RunView::new(mounts, commands, variables));
            }
            Step::CopySource { from, to } => {
                view.source = Some(Copy { paths: [from, to], to, whole: from == "." });
            }
            Step::CopyTemplate { from, to } => {
                view.template = Some(Copy { paths: [from.as_str(), to], to, whole: false });
            }
            Step::CopyScript { from, to } => {
                view.script = Some(Copy { paths: [from.as_str(), to], to, whole: false });
            }
            Step::CopyFrom { stage, from, to, owner } => {
                view.copy_from = Some(CopyFrom { stage, paths: [from, to], owner: owner.as_deref() });
            }
            Step::Run { commands, variables, caches, purpose } => {
                view.say(*purpose);
                let mounts = cache_mounts(caches);
                view.run = Some(RunView::new(mounts, commands, variables));
            }
            Step::MakeUser { uid, gid, name } => {
                view.make_user = Some(MakeUser { uid, gid, name, may_exist: uid.contains('$') });
            }
            Step::User { user } => view.user = Some(user),
            Step::OwnedFolders { paths, filled, owner } => {
                let (user, group) = owner.split_once(':').unwrap_or((owner, owner));
                view.owned_folders = Some(OwnedFolders { paths, filled, user, group });
            }
            Step::Expose { port } => view.expose = Some(*port),
            Step::Entrypoint { argv, ends_in_time } => {
                view.entrypoint = Some(argv);
                view.ends_in_time = *ends_in_time;
            }
            Step::Cmd { argv } => view.cmd = Some(argv),
            Step::HealthCheck(check) => view.health_check = Some(HealthCheckView::new(check)),
            Step::StopSignal { signal } => view.stop_signal = Some(signal),
        }
        view
    }

    /// Tells whether the two read as one paragraph.
    fn leads_to(&self, next: &Self) -> bool {
        let says_how_to_run = |step: &Self| {
            step.user.is_some()
                || step.expose.is_some()
                || step.stop_signal.is_some()
                || step.health_check.is_some()
                || step.entrypoint.is_some()
                || step.cmd.is_some()
        };
        (says_how_to_run(self) && says_how_to_run(next))
            || (self.argument.is_some() && next.argument.is_some())
            || (self.work_folder.is_some() && next.work_folder.is_some())
    }

    /// Plain commands that follow each other share a layer.
    fn takes_over(&mut self, next: &mut Self) -> bool {
        let (Some(run), Some(more)) = (&mut self.run, &mut next.run) else { return false };
        if run.mounts != more.mounts || !run.variables.is_empty() || !more.variables.is_empty() {
            return false;
        }
        run.commands.append(&mut more.commands);
        self.checks_imports |= next.checks_imports;
        self.collects_static |= next.collects_static;
        self.compiles_distributions |= next.compiles_distributions;
        self.compiles_project |= next.compiles_project;
        self.compiles_messages |= next.compiles_messages;
        self.builds_frontend |= next.builds_frontend;
        self.makes_locales |= next.makes_locales;
        self.downloads |= next.downloads;
        self.compresses |= next.compresses;
        self.keeps_connections |= next.keeps_connections;
        true
    }

    fn say(&mut self, purpose: RunPurpose) {
        let purpose = match purpose {
            RunPurpose::VirtualEnvironment => &mut self.makes_virtual_environment,
            RunPurpose::PackageManager => &mut self.brings_package_manager,
            RunPurpose::ImportCheck => &mut self.checks_imports,
            RunPurpose::ForeignRequirements => &mut self.leaves_requirements_out,
            RunPurpose::CollectStatic { compiles } => {
                self.compiles_project |= compiles;
                &mut self.collects_static
            }
            RunPurpose::DistributionBytecode => &mut self.compiles_distributions,
            RunPurpose::ProjectBytecode => &mut self.compiles_project,
            RunPurpose::CompileMessages => &mut self.compiles_messages,
            RunPurpose::Frontend => &mut self.builds_frontend,
            RunPurpose::Locales => &mut self.makes_locales,
            RunPurpose::Download => &mut self.downloads,
            RunPurpose::Compress => &mut self.compresses,
            RunPurpose::ProxySettings => &mut self.keeps_connections,
        };
        *purpose = true;
    }
}

impl<'a> RunView<'a> {
    fn new(mounts: Vec<String>, commands: &'a [Command], variables: &'a BTreeMap<String, String>) -> Self {
        Self {
            mounts,
            exports: commands.len() > 1 && !variables.is_empty(),
            variables: pairs(variables),
            commands: commands.iter().map(Vec::as_slice).collect(),
        }
    }
}

impl HealthCheckView {
    fn new(check: &HealthCheck) -> Self {
        let mut test = check.test.clone();
        if check.shell {
            test.splice(0..0, ["/bin/sh".to_owned(), "-c".to_owned()]);
        }
        let HealthCheck { interval, timeout, retries, start_period, start_interval, .. } = *check;
        Self { test, interval, timeout, retries, start_period, start_interval }
    }
}

fn cache_mounts(folders: &[String]) -> Vec<String> {
    folders.iter().map(|folder| format!("type=cache,target={folder}")).collect()
}

fn pairs(variables: &BTreeMap<String, String>) -> Vec<Pair<'_>> {
    variables.iter().map(|(name, value)| Pair { name, value }).collect()
}

fn manifests(files: &[Utf8PathBuf], to: &str) -> Vec<Manifests> {
    let mut folders: BTreeMap<&Utf8Path, Vec<String>> = BTreeMap::new();
    for file in files {
        folders.entry(path::parent(file)).or_default().push(file.to_string());
    }
    let to = to.trim_end_matches('/');
    let folder = |(folder, mut paths): (&Utf8Path, Vec<String>)| {
        paths.push(if folder == "." { format!("{to}/") } else { format!("{to}/{folder}/") });
        Manifests { paths }
    };
    folders.into_iter().map(folder).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_keep_their_folders() {
        let files = [".requirements/base.txt".into(), ".requirements/prod.txt".into(), "setup.py".into()];
        let found = manifests(&files, "/app/");
        let found: Vec<_> = found.iter().map(|group| group.paths.join(" ")).collect();
        assert_eq!(
            found,
            ["setup.py /app/", ".requirements/base.txt .requirements/prod.txt /app/.requirements/"]
        );
    }
}
