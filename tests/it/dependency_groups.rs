//! Dependency groups (PEP 735) where nothing else is stated, or beside requirements.

use djdock::base::Tree;
use djdock::inspect::dependencies::{self, Dependencies};
use djdock::inspect::facts::PackageManager;

fn read(files: &[(&str, &str)]) -> Dependencies {
    dependencies::read(&Tree::from_literals(files.iter().copied()), ".".into()).0
}

/// <https://peps.python.org/pep-0735/>: groups need no project.
#[test]
fn groups_without_a_project_are_installed_as_the_dockerfile_asks() {
    let groups =
        "[dependency-groups]\nruntime = [\"django==5.2.1\"]\nextra = [\"redis\"]\ndev = [\"pytest\"]\n";
    let docker = "FROM python:3.11\nRUN pip install --group runtime --group dev\nCMD gunicorn site.wsgi\n";
    let files = [("pyproject.toml", groups), ("Dockerfile", docker)];
    for files in [&files[..], &files[..1]] {
        let found = read(files);
        assert_eq!(found.package_manager.value, PackageManager::Pip);
        assert_eq!(found.requirements_files.value, ["pyproject.toml"]);
        assert_eq!(found.django_requirement.value.as_deref(), Some("==5.2.1"));
        let install = found.install.unwrap();
        // The pip of the image may be too old for groups.
        assert_eq!((install.manager, install.groups), (PackageManager::Uv, vec!["runtime".to_owned()]));
        assert_eq!(install.requirement_files, [""; 0]);
    }
}

#[test]
fn groups_for_development_beside_requirements_change_nothing() {
    let found = read(&[
        ("pyproject.toml", "[dependency-groups]\ndev = [\"pytest-django\", \"django-stubs\"]\n"),
        ("requirements.txt", "django==5.2.1\n"),
    ]);
    assert_eq!(found.requirements_files.value, ["requirements.txt"]);
    assert_eq!(found.install.unwrap().manager, PackageManager::Pip);
}
