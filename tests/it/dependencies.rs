//! What is read of a project's dependencies, Python and Django, end to end.

use djdock::base::Tree;
use djdock::inspect::{dependencies, python_version};

/// The facts in a few lines, as a project's folder gives them.
fn facts(files: &[(&str, &str)], project_dir: &str) -> String {
    let tree = Tree::from_literals(files.iter().copied());
    let (read, mut diagnostics) = dependencies::read(&tree, project_dir.into());
    let (python, more) = python_version::read(&tree, project_dir.into(), &read);
    diagnostics.extend(more);
    let mut lines = vec![format!(
        "{:?} {:?} lock {:?}",
        read.package_manager.value, read.requirements_files.value, read.lock_file.value
    )];
    lines.push(format!(
        "python {} for {} django {} of {}",
        python.version.value.unwrap_or_default(),
        python.requirement.value.as_deref().unwrap_or("nothing"),
        python.django_version.value.as_deref().unwrap_or("unknown"),
        read.django_requirement.value.as_deref().unwrap_or("nothing"),
    ));
    lines.extend(diagnostics.iter().map(|one| format!("{}: {}", one.code, one.title)));
    lines.join("\n")
}

#[test]
fn a_bare_project_says_that_nothing_is_stated() {
    assert!(facts(&[("manage.py", "")], ".").contains("requirements-not-found"));
}
