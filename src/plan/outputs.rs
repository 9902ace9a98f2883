//! Which files are written.

use camino::Utf8PathBuf;
use serde::Serialize;

use super::constraints::Constraints;
use super::ground::Ground;
use super::overlay::Overlay;
use super::secret_files::SecretFile;
use super::settle::Settled;
use super::{layout, needs, writable};
use crate::base::wording;
use crate::catalog::target::Target;
use crate::choose::Answers;
use crate::stack::{Environment, Stack};

/// A file that render makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Output {
    /// Relative to the folder that the user named.
    pub path: Utf8PathBuf,
    pub kind: OutputKind,
    pub executable: bool,
    /// Why it is written, as a phrase.
    pub because: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum OutputKind {
    /// `Dockerfile`.
    DevDockerfile,
    ProdDockerfile,
    DockerIgnore,
    /// A file that describes a stack to the tool that runs the stack, by its template.
    Stack {
        environment: Environment,
        template: String,
    },
    /// The script that replaces running containers, by its template.
    Redeploy {
        template: String,
    },
    /// `.env`, written once with mode 0600.
    EnvFile,
    EnvExample,
    DevEntrypoint,
    ProdEntrypoint,
    /// A configuration file of a server or proxy, by its template.
    Configuration {
        template: String,
    },
    /// The script of [`super::Stack::test_databases`], below `templates/database/`.
    TestDatabases,
    /// That of [`super::Plan::overlays`] with this path, verbatim.
    Overlay,
    /// That of [`super::Plan::secret_files`] with this path; written once.
    SecretFile,
    /// The file of secrets with placeholders, to be committed.
    SecretExample,
    /// That of [`super::Plan::constraints`] with this path.
    Constraints,
    /// `DOCKER.md`.
    Document,
}

/// The paths that no image may hold, beside those that every project has (version control, virtual environments,
/// `node_modules`, env files, private keys).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DockerIgnore {
    /// The lines of the `.dockerignore` that the project has already, where djdock may take it over; they stand
    /// first and stay as they are; where they leave out everything, a last one lets it in again.
    pub existing: Vec<String>,
    /// Of this project, relative to the build context: `STATIC_ROOT`, `MEDIA_ROOT`, database files, secret files.
    pub paths: Vec<Utf8PathBuf>,
    /// Files that the build needs although one of the `existing` rules may leave them out: the README that a build backend
    /// reads, djdock's own files that images hold. Single files, so that no secret beside them is let in.
    pub keep: Vec<Utf8PathBuf>,
}

/// Every file of the plan, sorted by path.
pub(super) fn outputs(
    answers: &Answers,
    target: &Target,
    stacks: [&Stack; 2],
    overlays: &[Overlay],
    files: &[SecretFile],
    constraints: &[Constraints],
) -> Vec<Output> {
    let config = |name: &str| answers.config_dir.join(name);
    let output = |path: Utf8PathBuf, kind: OutputKind, because: &str| Output {
        executable: matches!(
            kind,
            OutputKind::DevEntrypoint | OutputKind::ProdEntrypoint | OutputKind::Redeploy { .. }
        ),
        path,
        kind,
        because: because.to_owned(),
    };
    let [dev, prod] = stacks;
    let mut all = vec![
        output("Dockerfile".into(), OutputKind::DevDockerfile, "the development image"),
        output("Dockerfile.prod".into(), OutputKind::ProdDockerfile, "the production images"),
        output(
            ".dockerignore".into(),
            OutputKind::DockerIgnore,
            "keeps secrets and what only this machine needs out of images",
        ),
        output(prod.env_file.clone(), OutputKind::EnvFile, "secrets and what differs between machines"),
        output(
            format!("{}.example", prod.env_file).into(),
            OutputKind::EnvExample,
            "the same variables, to be committed",
        ),
        output(config("entrypoint.sh"), OutputKind::DevEntrypoint, "what a development container does first"),
        output(
            config("entrypoint.prod.sh"),
            OutputKind::ProdEntrypoint,
            "what a production container does first",
        ),
        output("DOCKER.md".into(), OutputKind::Document, "how to run it, and what was found"),
    ];
    for file in target.files {
        let kind = OutputKind::Stack { environment: file.environment, template: file.template.to_owned() };
        all.push(output(file.path.into(), kind, file.because));
    }
    let redeploy = OutputKind::Redeploy { template: target.redeploy.template.to_owned() };
    all.push(output(config(target.redeploy.path), redeploy, target.redeploy.because));
    let of_proxy = answers.proxy.run.as_ref().filter(|_| prod.proxy.is_some()).map(|run| run.configuration);
    for configuration in answers.server.configuration.into_iter().chain(of_proxy) {
        let kind = OutputKind::Configuration { template: configuration.template.to_owned() };
        all.push(output(config(configuration.file), kind, configuration.because));
    }
    if let Some(tests) = &dev.test_databases {
        let because = "lets tests make their databases in development";
        all.push(output(tests.script.clone(), OutputKind::TestDatabases, because));
    }
    for overlay in overlays {
        let names: Vec<&str> = overlay.overrides.iter().map(|entry| entry.setting.as_str()).collect();
        let because =
            format!("sets {} for containers; the rest is the project's own", wording::and_ticked(&names));
        all.push(output(overlay.path.clone(), OutputKind::Overlay, &because));
    }
    for file in files {
        all.push(output(
            file.path.clone(),
            OutputKind::SecretFile,
            "the settings read it, and it is not in the project",
        ));
        all.push(output(file.example.clone(), OutputKind::SecretExample, "the same keys, to be committed"));
    }
    for held in constraints {
        let because = "versions that an installer is held to";
        all.push(output(held.path.clone(), OutputKind::Constraints, because));
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

/// Returns the paths that no image may hold, beside those that every project has.
pub(super) fn docker_ignore(
    ground: &Ground<'_>,
    settled: &Settled,
    files: &[SecretFile],
    outputs: &[Output],
) -> DockerIgnore {
    let existing = ground.tree.text(".dockerignore").map(|text| text.lines().map(str::to_owned).collect());
    let mut paths: Vec<Utf8PathBuf> = files.iter().map(|file| file.path.clone()).collect();
    let inside = |folder: String| {
        folder.strip_prefix(layout::SOURCE).map(|rest| Utf8PathBuf::from(rest.trim_start_matches('/')))
    };
    for name in ["STATIC_ROOT", "MEDIA_ROOT"] {
        let folder = settled.evaluation.get(name).and_then(|value| needs::folder(value, &ground.working));
        let folder = folder.and_then(inside).filter(|folder| !folder.as_str().is_empty());
        // A folder with sources in it is not what collectstatic or people made; nor is what is under version control:
        // pictures that stand in for uploads, style sheets that no app has.
        let is_brought = |folder: &Utf8PathBuf| writable::brought(ground, &layout::source(folder)).is_some();
        paths.extend(
            folder
                .filter(|folder| !is_brought(folder))
                .filter(|folder| !ground.tree.below(folder).any(|(path, _)| path.extension() == Some("py"))),
        );
    }
    paths.sort();
    paths.dedup();
    let is_mounted = |kind: &OutputKind| {
        matches!(
            kind,
            OutputKind::SecretFile
                | OutputKind::SecretExample
                | OutputKind::TestDatabases
                | OutputKind::Redeploy { .. }
        )
    };
    let in_images =
        |output: &&Output| output.path.starts_with(&ground.answers.config_dir) && !is_mounted(&output.kind);
    let mut keep: Vec<Utf8PathBuf> =
        outputs.iter().filter(in_images).map(|output| output.path.clone()).collect();
    let readmes = ground.facts.install.iter().flat_map(|install| &install.manifests);
    keep.extend(
        readmes
            .filter(|file| file.file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case("readme")))
            .cloned(),
    );
    let mut existing: Vec<String> = existing.unwrap_or_default();
    if existing.iter().any(|line| leaves_out_everything(line)) {
        // It was written for an image that holds only what it names.
        existing.push("!*".to_owned());
    }
    if existing.is_empty() {
        keep.clear();
    }
    DockerIgnore { existing, paths, keep }
}

fn leaves_out_everything(line: &str) -> bool {
    matches!(line.trim().trim_start_matches("./").trim_start_matches('/'), "*" | "**" | "**/*")
}
