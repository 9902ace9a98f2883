//! Plan → `GeneratedFile`: templates, views (one struct per template) and filters (one per language).

#[cfg(test)]
mod contract;
mod filters;
#[cfg(test)]
mod samples;
mod secret_file;
mod templates;
pub mod values;
mod views;

use camino::Utf8PathBuf;

use crate::base::Diagnostic;
use crate::base::codes::render::TEMPLATE_BROKEN;
use crate::choose::Answers;
use crate::choose::answers::Comments;
use crate::plan::{Output, OutputKind, Plan};
use crate::stack::Stack;
use templates::Templates;
pub use values::Values;
use views::compose::ComposeView;
use views::constraints::ConstraintsView;
use views::dockerfile::DockerfileView;
use views::document::DocumentView;
use views::entrypoint::EntrypointView;
use views::environment::EnvironmentView;
use views::ignore::DockerIgnoreView;
use views::redeploy::RedeployView;
use views::serving::ServingView;
use views::test_databases::TestDatabasesView;

/// A file that djdock made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Relative to the folder that the user named.
    pub path: Utf8PathBuf,
    /// With LF line ends, whatever the system.
    pub contents: String,
    pub executable: bool,
    /// Written once with mode 0600, never merged or kept in the record: `.env`.
    pub secret: bool,
    /// Why it is written, as a phrase: shown by `init` and in JSON.
    pub because: String,
}

/// The files of `plan`, sorted by path. The answers say how much they explain, and in which language. An error is
/// a bug in a template.
pub fn render(plan: &Plan, answers: &Answers, values: &Values) -> Result<Vec<GeneratedFile>, Diagnostic> {
    let templates = Templates::load().map_err(|error| broken("the templates", &error))?;
    let mut files = Vec::new();
    for output in &plan.outputs {
        let text = text(&templates, plan, answers, values, output);
        let text = text.map_err(|error| broken(&format!("the template of `{}`", output.path), &error))?;
        // What a plan names but does not hold (a proxy's file in a stack without one) is no file.
        let Some(contents) = text else { continue };
        files.push(GeneratedFile {
            path: output.path.clone(),
            contents,
            executable: output.executable,
            secret: matches!(output.kind, OutputKind::EnvFile | OutputKind::SecretFile),
            because: output.because.clone(),
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn text(
    templates: &Templates,
    plan: &Plan,
    answers: &Answers,
    values: &Values,
    output: &Output,
) -> Result<Option<String>, tera::Error> {
    let comments = answers.comments != Comments::None;
    let dockerfile = |stack: &Stack, prod: bool| {
        let image = stack.images.iter().find(|image| image.dockerfile == output.path);
        let view = image.map(|image| DockerfileView::new(image, prod, comments));
        view.map(|view| templates.render("dockerfile/Dockerfile.tera", &view)).transpose()
    };
    let entrypoint = |stack: &Stack| {
        templates
            .render("project/entrypoint.sh.tera", &EntrypointView::new(&stack.entrypoint, comments))
            .map(Some)
    };
    let env = |values| templates.render("project/env.tera", &EnvironmentView::new(plan, values)).map(Some);
    let secret_file = |values: Option<&Values>| {
        let path = |file: &crate::plan::SecretFile| {
            if values.is_some() { file.path.clone() } else { file.example.clone() }
        };
        let is_this = |file: &&crate::plan::SecretFile| output.path == path(file);
        plan.secret_files.iter().find(is_this).map(|file| secret_file::text(file, values))
    };
    let overlay = || {
        plan.overlays.iter().find(|overlay| overlay.path == output.path).map(|overlay| overlay.text.clone())
    };
    match &output.kind {
        OutputKind::DevDockerfile => dockerfile(&plan.dev, false),
        OutputKind::ProdDockerfile => dockerfile(&plan.prod, true),
        OutputKind::DockerIgnore => {
            templates.render("project/dockerignore.tera", &DockerIgnoreView::new(plan)).map(Some)
        }
        OutputKind::Stack { environment, template } => {
            let view = ComposeView::new(plan.target.entry(), plan.stack(*environment), comments);
            templates.render(template, &view).map(Some)
        }
        OutputKind::Redeploy { template } => {
            let view = RedeployView::new(plan.target.entry(), &plan.prod, &output.path, comments);
            view.map(|view| templates.render(template, &view)).transpose()
        }
        OutputKind::EnvFile => env(Some(values)),
        OutputKind::EnvExample => env(None),
        OutputKind::DevEntrypoint => entrypoint(&plan.dev),
        OutputKind::ProdEntrypoint => entrypoint(&plan.prod),
        OutputKind::Configuration { template } => {
            templates.render(template, &ServingView::new(&plan.prod, comments)).map(Some)
        }
        OutputKind::TestDatabases => {
            let tests = plan.dev.test_databases.as_ref();
            tests
                .map(|tests| templates.render(&tests.template, &TestDatabasesView::new(tests, comments)))
                .transpose()
        }
        OutputKind::Overlay => Ok(overlay()),
        OutputKind::SecretFile => Ok(secret_file(Some(values))),
        OutputKind::SecretExample => Ok(secret_file(None)),
        OutputKind::Constraints => {
            let held = plan.constraints.iter().find(|held| held.path == output.path);
            let view = held.map(|held| ConstraintsView::new(held, comments));
            view.map(|view| templates.render("package_manager/constraints.txt.tera", &view)).transpose()
        }
        OutputKind::Document => {
            templates.render("project/DOCKER.md.tera", &DocumentView::new(plan)).map(Some)
        }
    }
}

fn broken(what: &str, error: &tera::Error) -> Diagnostic {
    Diagnostic::error(TEMPLATE_BROKEN, format!("{what} cannot be rendered"))
        .because(error.to_string())
        .because("this is a bug in djdock, not in the project")
        .help("report it with the output of `djdock inspect --json`")
}
