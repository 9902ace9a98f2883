//! Imports of the project that are not its own, for proposed requirements and for missing ones.

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::{Place, Tree, path};
use crate::python::{Evaluation, Value};

/// The part of a dotted name that a distribution brings: `rest_framework` of `rest_framework.authtoken`.
pub fn top_level(module: &str) -> &str {
    module.split('.').next().unwrap_or(module)
}

/// Returns the top-level modules whose import stands at the very beginning of a line, with the line's number: nothing catches
/// the error where they are missing.
pub fn at_load(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let absolute = lines_at_load(text).filter(|(_, module, _)| !module.is_empty());
    absolute.map(|(number, module, _)| (number, module))
}

/// Returns the import statements at the very beginning of a line: the line's number, the top-level module (empty where the
/// import is relative), and the line.
pub(super) fn lines_at_load(text: &str) -> impl Iterator<Item = (u32, &str, &str)> {
    (1..).zip(text.lines()).filter_map(|(number, line)| {
        let rest = line.strip_prefix("import ").or_else(|| line.strip_prefix("from "))?;
        let module = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
        Some((number, module, line))
    })
}

/// Tells whether an import statement may name a file for tests: see [`is_aside`].
pub(super) fn may_be_of_tests(line: &str) -> bool {
    line.starts_with("from ") && (line.contains("test") || line.contains("factor"))
}

/// The apps of `INSTALLED_APPS` and the line that has them, as far as they are known.
pub fn apps(evaluation: &Evaluation) -> Vec<(String, Place)> {
    let place = evaluation.place("INSTALLED_APPS").unwrap_or(&Place::Default);
    let apps = evaluation.get("INSTALLED_APPS").and_then(Value::assumed);
    let names = apps.iter().filter_map(Value::items).flatten().filter_map(Value::as_str);
    names.map(|name| (name.to_owned(), place.clone())).collect()
}

/// Tells whether `import module` in `file` finds a module of the project: below a folder that Python imports from, or
/// beside a file that is in no package, as Python runs scripts.
pub fn is_own(tree: &Tree, roots: &[Utf8PathBuf], file: Option<&Utf8Path>, module: &str) -> bool {
    let is_below = |folder: &Utf8Path| {
        let names = [format!("{module}.py"), module.to_owned()];
        names.iter().filter_map(|name| path::join(folder, name)).any(|at| tree.resolve(at).is_some())
    };
    let script_folder = file.map(path::parent).filter(|folder| !tree.is_file(folder.join("__init__.py")));
    roots.iter().any(|root| is_below(root)) || script_folder.is_some_and(is_below)
}

/// Tells whether the file is for tests, documentation or tools: what it imports, the site need not have.
pub fn is_aside(file: &Utf8Path) -> bool {
    const FOLDERS: &[&str] =
        &["tests", "test", "factories", "scripts", "docs", "notebooks", "tools", "node_modules", "examples"];
    const FILES: &[&str] = &["conftest", "fabfile", "factories", "setup", "noxfile", "locustfile"];
    let name = path::stem(file);
    path::parts(path::parent(file)).any(|part| FOLDERS.contains(&part))
        || name.starts_with("test")
        || ["_test", "_tests", "_factory", "_factories"].iter().any(|end| name.ends_with(end))
        || FILES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_of_a_package_hides_no_distribution_of_its_name() {
        let tree = Tree::from_literals([
            ("shop/__init__.py", ""),
            ("shop/celery.py", ""),
            ("job/run.py", ""),
            ("job/redis.py", ""),
        ]);
        let own = |file: &str, module| is_own(&tree, &[".".into()], Some(file.into()), module);
        assert!(own("shop/celery.py", "shop"));
        assert!(!own("shop/celery.py", "celery"), "the package's own celery.py is `shop.celery`");
        assert!(own("job/run.py", "redis"), "a script sees what lies beside it");
        assert!(!own("shop/celery.py", "redis"));
    }

    #[test]
    fn files_for_tests_and_tools_are_aside() {
        assert!(is_aside("shop/tests/views.py".into()) && is_aside("shop/test_views.py".into()));
        assert!(is_aside("shop/factories.py".into()) && is_aside("shop/factories/order.py".into()));
        assert!(is_aside("conftest.py".into()) && is_aside("docs/conf.py".into()));
        assert!(!is_aside("shop/views.py".into()) && !is_aside("manage.py".into()));
    }
}
