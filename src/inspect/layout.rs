//! The layout of the project: `manage.py`, its folder, the folders from which dotted names resolve, and the
//! settings module that it names.

use camino::{Utf8Path, Utf8PathBuf};

use super::entry_points::{self, EntryPoint};
use super::naming::{Named, is_aside, named_by};
use super::settings::words::{Purpose, purpose};
use super::sources::Sources;
use crate::base::{Evidence, Fact, Place, Tree, path};
use crate::python::scan::Scan;

/// How many folders may lie above a `manage.py`.
const DEEPEST: usize = 3;

#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) manage_py: Fact<Option<Utf8PathBuf>>,
    pub(super) project_dir: Fact<Utf8PathBuf>,
    pub(super) python_roots: Fact<Vec<Utf8PathBuf>>,
    pub(super) settings_module: Fact<Option<String>>,
    /// Every `manage.py`, the most likely first.
    pub(super) candidates: Vec<Utf8PathBuf>,
    /// Every module that `manage.py` may name, the default first.
    pub(super) named: Vec<Named>,
    /// Modules that `manage.py` may name besides: those that fit a name that a variable completes.
    pub(super) possible: Vec<Named>,
    /// Files called `manage.py` that are no text.
    pub(super) unreadable: Vec<Utf8PathBuf>,
}

/// Finds the project in `sources.tree` and sets the roots of `sources`.
pub(super) fn read(sources: &mut Sources<'_>, said: Option<&Utf8Path>) -> Layout {
    let mut candidates = candidates(sources.tree);
    if let Some(said) = said
        && let Some(at) = candidates.iter().position(|candidate| candidate == said)
    {
        let chosen = candidates.remove(at);
        candidates.insert(0, chosen);
    }
    let Some(manage) = candidates.first().cloned() else { return without_manage(sources) };
    let scan = sources.scan(&manage).unwrap_or_default();
    // A symbolic link runs where it leads: Python puts the folder of the file itself on its path.
    let real = sources.tree.resolve(&manage).unwrap_or_else(|| manage.clone());
    let folder = path::parent(&real).to_owned();
    let mut roots = roots(&scan, &folder, sources.tree);
    sources.roots.clone_from(&roots.value);
    let mut named = named_by(&scan);
    let script = EntryPoint::script(sources.tree, &sources.roots, &real);
    let evaluated = script.iter().flat_map(|script| &script.named);
    let possible: Vec<Named> = evaluated.flat_map(|one| entry_points::modules_of(sources, one)).collect();
    // What is named where tests are run alone (`sys.argv[1] == "test"`) is not what else runs.
    if let Some(script) = &script
        && !script.named.is_empty()
    {
        named.retain(|one| {
            purpose(&one.module) != Purpose::Test || possible.iter().any(|other| other.module == one.module)
        });
    }
    if named.is_empty() {
        named = elsewhere(sources, &scan);
    }
    if named.is_empty() {
        let evaluated = script.iter().flat_map(|script| &script.named);
        let known = evaluated.filter(|one| one.value.assumed().is_some());
        named = known.flat_map(|one| entry_points::modules_of(sources, one)).collect();
    }
    if let Some(first) = named.first()
        && let Some(above) = sources.above_the_package(&folder, &first.module)
    {
        let reason = format!("`{}` resolves from `{above}`", first.module);
        roots.evidence.insert(0, Evidence::new(first.place.clone(), reason));
        roots.value.retain(|root| *root != folder);
        roots.value.insert(0, above);
        sources.roots.clone_from(&roots.value);
    }
    Layout {
        manage_py: Fact::new(Some(manage.clone()), Place::Path(manage.clone()), "runs Django's commands"),
        project_dir: Fact::new(folder, Place::Path(manage.clone()), "the folder of `manage.py`"),
        python_roots: roots,
        settings_module: match script.as_ref().and_then(entry_points::deciding_variable) {
            Some((variable, place)) if named.is_empty() => chosen_by(variable, place),
            _ => default(&named, &manage),
        },
        candidates,
        named,
        possible,
        unreadable: Vec::new(),
    }
}

fn chosen_by(variable: &str, place: &Place) -> Fact<Option<String>> {
    let reason = format!("puts the name of the settings module together with `{variable}`");
    let evidence = vec![Evidence::new(place.clone(), reason)];
    Fact::unknown(None, evidence, format!("the settings module is decided by `{variable}`"))
}

/// Returns the settings modules named by the modules that `manage.py` hands over to: it imports or runs them.
fn elsewhere(sources: &Sources<'_>, scan: &Scan) -> Vec<Named> {
    let imported = scan.imports.iter().filter(|import| import.level == 0).map(|import| import.module.clone());
    let run = scan.calls.iter().filter(|call| call.callee.ends_with("run_module"));
    let run = run.filter_map(|call| call.arguments.first()?.as_str()).map(str::to_owned);
    for module in run.chain(imported) {
        for name in [format!("{module}.__main__"), module] {
            let found = sources.file_of(&name).and_then(|file| sources.scan(&file));
            let named = found.map(|scan| named_by(&scan)).unwrap_or_default();
            if !named.is_empty() {
                return named;
            }
        }
    }
    Vec::new()
}

fn default(named: &[Named], manage: &Utf8Path) -> Fact<Option<String>> {
    match named {
        [] => Fact::new(None, Place::Path(manage.to_owned()), "names no settings module"),
        [only] => Fact::new(Some(only.module.clone()), only.place.clone(), "sets DJANGO_SETTINGS_MODULE"),
        [first, others @ ..] => {
            let mut fact = Fact::new(
                Some(first.module.clone()),
                first.place.clone(),
                "sets DJANGO_SETTINGS_MODULE where no test holds",
            );
            fact.evidence.extend(
                others.iter().map(|one| Evidence::new(one.place.clone(), format!("or `{}`", one.module))),
            );
            fact
        }
    }
}

/// Every `manage.py` of a Django project, the most likely first.
fn candidates(tree: &Tree) -> Vec<Utf8PathBuf> {
    let mut found: Vec<Utf8PathBuf> = tree
        .below(Utf8Path::new("."))
        .map(|(path, _)| path)
        .filter(|path| path.file_name() == Some("manage.py") && path::depth(path) <= DEEPEST)
        .filter(|path| is_manage(tree, path))
        .map(Utf8Path::to_owned)
        .collect();
    if found.is_empty() {
        // Some call it otherwise: `manage_prod.py`, `run.py`.
        found = tree
            .files()
            .filter(|path| path::extension(path) == Some("py") && path::depth(path) <= 1)
            .filter(|path| tree.text(path).is_some_and(|text| text.contains("execute_from_command_line(")))
            .map(Utf8Path::to_owned)
            .collect();
    }
    // Two links to one file are one project.
    let mut seen = std::collections::BTreeSet::new();
    found.sort_by_key(|path| (is_aside(path), path::depth(path), path.clone()));
    found.retain(|path| seen.insert(tree.resolve(path).unwrap_or_else(|| path.clone())));
    found
}

fn is_manage(tree: &Tree, path: &Utf8Path) -> bool {
    let text = tree.text(path).or_else(|| tree.text(tree.resolve(path)?));
    text.is_some_and(|text| {
        text.contains("execute_from_command_line")
            || text.contains("DJANGO_SETTINGS_MODULE")
            || text.contains("execute_manager")
            || (text.contains("__main__") && (text.contains("runpy") || text.contains("import main")))
            || (text.contains("__main__") && hands_over(tree, path::parent(path), text))
    })
}

/// Tells whether a module beside the file, that it imports, runs Django's commands: `from shop import manage`.
fn hands_over(tree: &Tree, folder: &Utf8Path, text: &str) -> bool {
    let imported = text.lines().filter_map(|line| {
        let rest = line.trim_start();
        rest.strip_prefix("from ").or_else(|| rest.strip_prefix("import "))?.split([' ', '.', ',']).next()
    });
    imported.filter(|module| !module.is_empty()).any(|module| {
        let files = [format!("{module}/__init__.py"), format!("{module}.py")];
        let mut texts = files.iter().filter_map(|file| tree.text(path::join(folder, file)?));
        texts.any(|text| text.contains("execute_from_command_line"))
    })
}

/// The folder of `manage.py`, and what it adds to `sys.path` inside the tree.
fn roots(scan: &Scan, folder: &Utf8Path, tree: &Tree) -> Fact<Vec<Utf8PathBuf>> {
    let mut evidence = vec![Evidence::new(Place::Path(scan.path.clone()), "its folder is on Python's path")];
    let mut roots = vec![folder.to_owned()];
    for call in &scan.calls {
        let (position, first) = match scan.full_name(&call.callee).as_str() {
            "sys.path.insert" => (1, true),
            "sys.path.append" => (0, false),
            _ => continue,
        };
        let Some(at) = call.arguments.get(position).and_then(|argument| scan.path_of(argument, folder))
        else {
            continue;
        };
        if !tree.is_folder(&at) || roots.contains(&at) {
            continue;
        }
        evidence.insert(0, Evidence::new(scan.place(call.line), format!("adds `{at}` to `sys.path`")));
        if first {
            roots.insert(0, at);
        } else {
            roots.push(at);
        }
    }
    Fact::with(roots, evidence)
}

/// A project without `manage.py`: found through the WSGI or ASGI file that names the settings.
fn without_manage(sources: &mut Sources<'_>) -> Layout {
    let tree = sources.tree;
    let mut files: Vec<&Utf8Path> = tree
        .files()
        .filter(|path| matches!(path::name(path), "wsgi.py" | "asgi.py") && path::depth(path) <= DEEPEST + 1)
        .filter(|path| tree.text(path).is_some_and(|text| text.contains("DJANGO_SETTINGS_MODULE")))
        .collect();
    files.sort_by_key(|path| (is_aside(path), path::depth(path), *path));
    for file in files {
        let Some(scan) = sources.scan(file) else { continue };
        let named = named_by(&scan);
        let Some(first) = named.first() else { continue };
        // The folder from which the module resolves lies above the file.
        for folder in path::parent(file).ancestors().chain(std::iter::once(Utf8Path::new("."))) {
            let folder = if folder.as_str().is_empty() { Utf8Path::new(".") } else { folder };
            sources.roots = vec![folder.to_owned()];
            if sources.file_of(&first.module).is_some() {
                let reason = format!("`{}` resolves from `{folder}`", first.module);
                return Layout {
                    manage_py: Fact::with(
                        None,
                        vec![Evidence::new(Place::Absent("manage.py".into()), "looked for")],
                    ),
                    project_dir: Fact::new(folder.to_owned(), first.place.clone(), reason.clone()),
                    python_roots: Fact::new(vec![folder.to_owned()], first.place.clone(), reason),
                    settings_module: Fact::new(
                        None,
                        Place::Absent("manage.py".into()),
                        "there is no `manage.py`",
                    ),
                    candidates: Vec::new(),
                    named,
                    possible: Vec::new(),
                    unreadable: unreadable(tree),
                };
            }
        }
    }
    sources.roots = vec![".".into()];
    Layout {
        manage_py: Fact::with(None, vec![Evidence::new(Place::Absent("manage.py".into()), "looked for")]),
        project_dir: Fact::new(".".into(), Place::Default, "there is no `manage.py`"),
        python_roots: Fact::new(vec![".".into()], Place::Default, "there is no `manage.py`"),
        settings_module: Fact::with(
            None,
            vec![Evidence::new(Place::Absent("manage.py".into()), "looked for")],
        ),
        unreadable: unreadable(tree),
        ..Layout::default()
    }
}

/// Files called `manage.py` of which nobody can tell what they run.
fn unreadable(tree: &Tree) -> Vec<Utf8PathBuf> {
    let called_so =
        tree.files().filter(|path| path::name(path) == "manage.py" && path::depth(path) <= DEEPEST);
    let found = called_so.filter(|path| !is_aside(path) && tree.text(path).is_none());
    found.map(Utf8Path::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manage_py_may_hand_over_to_the_package() {
        let package = "import os\ntry:\n    import shop.devonly\n    MODE = 'development'\nexcept ImportError:\n    MODE = 'production'\n\
            def manage():\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.%s' % MODE)\n    execute_from_command_line(sys.argv)\n";
        let tree = Tree::from_literals([
            ("manage.py", "if __name__ == '__main__':\n    from shop import manage\n    manage()\n"),
            ("shop/__init__.py", package),
            ("shop/devonly.py", ""),
            ("shop/settings/production.py", ""),
            ("shop/settings/development.py", ""),
        ]);
        let layout = read(&mut Sources::new(&tree), None);
        assert_eq!(layout.manage_py.value.as_deref(), Some(Utf8Path::new("manage.py")));
        let named: Vec<&str> = layout.named.iter().map(|one| one.module.as_str()).collect();
        assert_eq!(named, ["shop.settings.development", "shop.settings.production"]);
    }

    const MANAGE: &str = "import os, sys\nif __name__ == '__main__':\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n    execute_from_command_line(sys.argv)\n";

    fn layout(files: &[(&str, &str)]) -> Layout {
        let tree = Tree::from_literals(files.iter().copied());
        read(&mut Sources::new(&tree), None)
    }

    #[test]
    fn manage_py_is_found_by_its_content_not_by_its_name_alone() {
        let found = layout(&[
            ("backend/manage.py", MANAGE),
            ("communities/url/manage.py", "urlpatterns = []\n"),
            ("a/b/c/d/manage.py", MANAGE),
        ]);
        assert_eq!(found.manage_py.value.as_deref(), Some(Utf8Path::new("backend/manage.py")));
        assert_eq!(found.candidates.len(), 1);
        assert_eq!(found.project_dir.value, "backend");
        assert_eq!(found.settings_module.value.as_deref(), Some("shop.settings"));
        assert_eq!(found.settings_module.decided_by(), Some(&Place::line("backend/manage.py", 3)));
    }

    #[test]
    fn of_several_projects_the_nearest_that_is_no_example_comes_first() {
        let found = layout(&[
            ("example/manage.py", MANAGE),
            ("web/site/manage.py", MANAGE),
            ("api/manage.py", MANAGE),
        ]);
        assert_eq!(found.candidates, ["api/manage.py", "web/site/manage.py", "example/manage.py"]);
    }

    #[test]
    fn the_person_chooses_among_several() {
        let tree = Tree::from_literals([("a/manage.py", MANAGE), ("b/manage.py", MANAGE)]);
        let found = read(&mut Sources::new(&tree), Some(Utf8Path::new("b/manage.py")));
        assert_eq!(found.project_dir.value, "b");
    }

    #[test]
    fn what_manage_py_adds_to_the_path_is_a_root() {
        let manage = "import os, sys\nfrom pathlib import Path\nSRC = Path(__file__).resolve().parent / 'src'\nsys.path.insert(0, str(SRC))\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings.local')\nos.environ.setdefault('DJANGO_CONFIGURATION', 'Local')\n";
        let found = layout(&[("backend/manage.py", manage), ("backend/src/settings/local.py", "")]);
        assert_eq!(found.python_roots.value, ["backend/src", "backend"]);
        assert_eq!(found.named[0].class.as_deref(), Some("Local"));
    }

    #[test]
    fn a_link_runs_where_it_leads() {
        let tree = Tree::from_literals([("src/manage.py", MANAGE), ("src/shop/settings.py", "")]);
        let tree = tree.with_links([("manage.py".into(), "src/manage.py".to_owned())].into());
        let found = read(&mut Sources::new(&tree), None);
        assert_eq!(found.project_dir.value, "src");
    }

    #[test]
    fn a_project_without_manage_py_is_found_through_wsgi() {
        let wsgi = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n";
        let found = layout(&[("app/shop/wsgi.py", wsgi), ("app/shop/settings.py", "")]);
        assert_eq!(found.manage_py.value, None);
        assert_eq!(found.project_dir.value, "app");
    }
}
