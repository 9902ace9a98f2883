//! Modules that the project keeps as templates alone: git ignores what people copy them to.

use camino::{Utf8Path, Utf8PathBuf};

use super::facts::ModuleTemplate;
use super::messages;
use super::naming::Named;
use super::sources::Sources;
use crate::base::{Diagnostic, Tree, path};
use crate::python::templates::template_of;
use crate::python::{Evaluation, Failure, FailureKind};

/// The tree with every missing module of which there is a template, as people have it once they copied it.
#[derive(Clone, Debug)]
pub(super) struct Filled {
    pub(super) tree: Tree,
    pub(super) copies: Vec<ModuleTemplate>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Filled {
    /// The tree, and in it the settings module that `manage.py` names.
    pub(super) fn with_default_module(sources: &Sources<'_>, default: Option<&Named>) -> Self {
        let mut filled = Self { tree: sources.tree.clone(), copies: Vec::new(), diagnostics: Vec::new() };
        let Some(default) = default else { return filled };
        if sources.file_of(&default.module).is_some() || sources.folder_of(&default.module).is_some() {
            return filled;
        }
        let template = filled.copy(&sources.roots, &default.module);
        filled.diagnostics.push(messages::settings_module_missing(default, template.as_deref()));
        filled
    }

    /// Returns the tree with the modules that evaluations missed: `from .local import *`. `None` if there is no
    /// template for any.
    pub(super) fn with_imported(&self, roots: &[Utf8PathBuf], evaluations: &[&Evaluation]) -> Option<Self> {
        let mut filled = self.clone();
        for failure in evaluations.iter().flat_map(|evaluation| by_default(evaluation)) {
            let dotted = match &failure.kind {
                FailureKind::MissingModule(dotted) => dotted.clone(),
                // `include("local.py")`
                FailureKind::MissingFile(path) if path.extension() == Some("py") => {
                    path.as_str().trim_end_matches(".py").replace('/', ".")
                }
                _ => continue,
            };
            if !filled.copies.iter().any(|copy| copy.module == dotted)
                && let Some(template) = match &failure.kind {
                    FailureKind::MissingFile(path) => filled.copy_to(&dotted, std::iter::once(path.clone())),
                    _ => filled.copy(roots, &dotted),
                }
            {
                filled.diagnostics.push(messages::imported_module_missing(
                    &dotted,
                    &failure.place,
                    &template,
                ));
            }
        }
        (filled.copies.len() > self.copies.len()).then_some(filled)
    }

    /// Lays a template over the place where `dotted` should be, and says which.
    fn copy(&mut self, roots: &[Utf8PathBuf], dotted: &str) -> Option<Utf8PathBuf> {
        let file = format!("{}.py", dotted.replace('.', "/"));
        let expected =
            roots.iter().filter_map(|root| path::join(Utf8Path::new("."), root.join(&file).as_str()));
        self.copy_to(dotted, expected)
    }

    /// Returns the copy for the first of these places beside which there is a template.
    fn copy_to(
        &mut self,
        dotted: &str,
        mut expected: impl Iterator<Item = Utf8PathBuf>,
    ) -> Option<Utf8PathBuf> {
        let (path, template, text) = expected.find_map(|path| {
            let template = template_of(&self.tree, &path)?;
            let text = self.tree.text(&template)?.to_owned();
            Some((path, template, text))
        })?;
        self.tree = self.tree.with_files([(path.clone(), text)]);
        self.copies.push(ModuleTemplate { module: dotted.to_owned(), path, template: template.clone() });
        Some(template)
    }
}

/// Returns the failures that stop the import if nothing is set: also behind a test of a variable that names the module to import
/// instead, which nobody but the person can set.
fn by_default(evaluation: &Evaluation) -> impl Iterator<Item = &Failure> {
    let names_another = |failure: &&Failure| {
        !failure.variables.is_empty()
            && failure.variables.iter().all(|name| evaluation.imported.contains(name))
    };
    evaluation.failures.iter().chain(evaluation.possible_failures.iter().filter(names_another))
}
