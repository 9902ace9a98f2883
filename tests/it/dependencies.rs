//! What is read of a project's dependencies, Python and Django, end to end.

use djdock::base::Tree;
use djdock::inspect::facts::PackageManager;
use djdock::inspect::{dependencies, python_version};
use expect_test::{Expect, expect};

/// The facts in a few lines, as a project's folder gives them.
fn facts(files: &[(&str, &str)], project_dir: &str) -> String {
    let tree = Tree::from_literals(files.iter().copied());
    let (read, mut diagnostics) = dependencies::read(&tree, project_dir.into());
    let (python, more) = python_version::read(&tree, project_dir.into(), &read);
    diagnostics.extend(more);
    let files: Vec<&str> = read.requirements_files.value.iter().map(|file| file.as_str()).collect();
    let lock = read.lock_file.value.as_ref().map_or("-", |lock| lock.as_str());
    let mut lines = vec![format!("{:?} reads {}; lock {lock}", read.package_manager.value, files.join(" "))];
    lines.push(format!(
        "python {} of {}; django {} of {}",
        python.version.value.as_deref().unwrap_or("?"),
        python.requirement.value.as_deref().unwrap_or("-"),
        python.django_version.value.as_deref().unwrap_or("?"),
        read.django_requirement.value.as_deref().unwrap_or("-"),
    ));
    lines.extend(diagnostics.iter().map(|one| format!("{}: {}", one.code, one.title)));
    lines.join("\n") + "\n"
}

fn check(files: &[(&str, &str)], expected: &Expect) {
    expected.assert_eq(&facts(files, "."));
}

const POETRY: &str = "[tool.poetry.dependencies]\npython = \"^3.12\"\ndjango = \"^5.2\"\n";
const POETRY_LOCK: &str =
    "[[package]]\nname = \"django\"\nversion = \"5.2.1\"\n\n[metadata]\nlock-version = \"2.0\"\n";
const UV_LOCK: &str = "version = 1\n\n[[package]]\nname = \"django\"\nversion = \"5.2.1\"\n";

#[test]
fn a_pyproject_that_only_configures_tools_does_not_count() {
    check(
        &[("pyproject.toml", "[tool.ruff]\nline-length = 100\n"), ("requirements.txt", "django==5.2.1\n")],
        &expect![[r#"
            Pip reads requirements.txt; lock -
            python 3.13 of -; django 5.2 of ==5.2.1
        "#]],
    );
}

#[test]
fn exported_requirements_beside_a_lock_do_not_change_the_manager() {
    check(
        &[
            ("pyproject.toml", POETRY),
            ("poetry.lock", POETRY_LOCK),
            ("requirements.txt", "django==5.2.1 \\\n    --hash=sha256:aa\n"),
            ("Dockerfile", "FROM python:3.12\nRUN pip install -r requirements.txt\nCMD gunicorn site.wsgi\n"),
        ],
        &expect![[r#"
            Poetry reads pyproject.toml; lock poetry.lock
            python 3.12 of >=3.12,<4; django 5.2 of ^5.2
        "#]],
    );
}

#[test]
fn two_lockfiles_are_an_error_and_evidence_chooses() {
    check(
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"a\"\ndependencies = [\"django~=5.2\"]\n[tool.uv]\npackage = false\n",
            ),
            ("poetry.lock", POETRY_LOCK),
            ("uv.lock", UV_LOCK),
        ],
        &expect![[r#"
            Uv reads pyproject.toml; lock uv.lock
            python 3.13 of -; django 5.2 of ~=5.2
            two-lockfiles: both `uv.lock` and `poetry.lock` are present
        "#]],
    );
}

#[test]
fn a_pipfile_without_a_lock_is_installed_from_its_export() {
    check(
        &[
            ("Pipfile", "[packages]\ndjango = \"~=5.0\"\n"),
            ("requirements.txt", "django==5.2.15\n"),
            ("runtime.txt", "python-3.11.9\n"),
        ],
        &expect![[r#"
            Pipenv reads requirements.txt; lock -
            python 3.11 of ==3.11.9; django 5.2 of ==5.2.15
        "#]],
    );
}

#[test]
fn requirements_of_pep_621_alone_are_setuptools() {
    check(
        &[(
            "pyproject.toml",
            "[project]\nname = \"a\"\nrequires-python = \">=3.11\"\ndependencies = [\"Django>=5.2,<6\"]\n",
        )],
        &expect![[r#"
            Setuptools reads pyproject.toml; lock -
            python 3.13 of >=3.11; django 5.2 of >=5.2,<6
        "#]],
    );
}

#[test]
fn a_lockfile_of_the_standard_states_what_it_locks() {
    const PYLOCK: &str = "lock-version = \"1.0\"\ncreated-by = \"pip\"\nrequires-python = \">=3.12\"\n\n\
                          [[packages]]\nname = \"django\"\nversion = \"5.2.1\"\n";
    check(
        &[("pylock.toml", PYLOCK)],
        &expect![[r#"
        Pip reads pylock.toml; lock pylock.toml
        python 3.13 of >=3.12; django 5.2 of ==5.2.1
    "#]],
    );
    // A manager's own lockfile comes first: the other one is its export.
    check(
        &[
            ("pylock.toml", PYLOCK),
            ("uv.lock", UV_LOCK),
            ("pyproject.toml", "[project]\nname = \"a\"\ndependencies = [\"django\"]\n"),
        ],
        &expect![[r#"
            Uv reads pyproject.toml; lock uv.lock
            python 3.13 of -; django 5.2 of 
        "#]],
    );
    let tree = Tree::from_literals([("pylock.toml", PYLOCK)]);
    let install = dependencies::read(&tree, ".".into()).0.install.unwrap();
    assert_eq!(install.manager, PackageManager::Uv, "pip cannot install from it everywhere");
    assert_eq!(install.requirement_files, ["pylock.toml"]);
}

#[test]
fn a_manifest_that_installs_nothing_still_states_its_python() {
    check(
        &[
            ("setup.py", "from setuptools import setup\nsetup(name='a', python_requires='<3.12')\n"),
            ("requirements.txt", "django==4.2.1\n"),
        ],
        &expect![[r#"
            Pip reads requirements.txt; lock -
            python 3.11 of <3.12; django 4.2 of ==4.2.1
            django-end-of-life: Django 4.2 had its last security fixes on 2026-04-07
        "#]],
    );
}

#[test]
fn a_django_that_nothing_pins_is_not_in_the_way_of_a_newer_python() {
    let tree = Tree::from_literals([("requirements.txt", "django\n"), ("runtime.txt", "python-3.9.1\n")]);
    let read = dependencies::read(&tree, ".".into()).0;
    let said = python_version::read(&tree, ".".into(), &read).1;
    let end = said.iter().find(|one| one.code.0 == "python-end-of-life").unwrap();
    assert!(end.helps.iter().any(|help| help == "choose a newer one: `--python 3.13`"), "{end:?}");
}

#[test]
fn a_misspelt_file_is_read_and_named() {
    check(
        &[("requeriments.txt", "Django==4.2.1\n"), ("manage.py", "")],
        &expect![[r#"
            Pip reads requeriments.txt; lock -
            python 3.13 of -; django 4.2 of ==4.2.1
            requirements-file-misspelt: `requeriments.txt` is taken for `requirements.txt`
            django-end-of-life: Django 4.2 had its last security fixes on 2026-04-07
        "#]],
    );
}

#[test]
fn a_python_that_django_does_not_run_on_is_an_error() {
    check(
        &[("requirements.txt", "django==6.0.1\n"), (".python-version", "3.11\n")],
        &expect![[r#"
            Pip reads requirements.txt; lock -
            python 3.13 of ==3.11.*; django 6.0 of ==6.0.1
            python-too-old: Django 6.0 needs Python 3.12 or newer, and the project asks for 3.11
        "#]],
    );
}

#[test]
fn an_old_python_is_used_and_said_to_be_over() {
    check(
        &[
            ("requirements.txt", "django==2.2.28\npsycopg2-binary==2.8.6\n"),
            ("Dockerfile", "FROM python:3.7\nRUN pip install -r requirements.txt\n"),
        ],
        &expect![[r#"
            Pip reads requirements.txt; lock -
            python 3.7 of ==3.7.*; django 2.2 of ==2.2.28
            python-end-of-life: Python 3.7 had its last security fixes on 2023-06-27
            django-end-of-life: Django 2.2 had its last security fixes on 2022-04-11
        "#]],
    );
}

#[test]
fn wheels_of_old_pins_hold_python_back() {
    check(
        &[("requirements.txt", "django==5.2.1\nnumpy==1.26.4\n")],
        &expect![[r#"
            Pip reads requirements.txt; lock -
            python 3.12 of -; django 5.2 of ==5.2.1
        "#]],
    );
}

#[test]
fn a_backport_that_was_frozen_says_how_old_python_was() {
    check(
        &[("requirements.txt", "backports.zoneinfo==0.2.1\nDjango==3.2.16\n")],
        &expect![[r#"
            Pip reads requirements.txt; lock -
            python 3.8 of -; django 3.2 of ==3.2.16
            python-end-of-life: Python 3.8 had its last security fixes on 2024-10-07
            django-end-of-life: Django 3.2 had its last security fixes on 2024-04-01
        "#]],
    );
    check(
        &[
            ("requirements.txt", "backports.zoneinfo==0.2.1; python_version < '3.9'\nDjango==5.2.1\n"),
            (".python-version", "3.13"),
        ],
        &expect![[r#"
            Pip reads requirements.txt; lock -
            python 3.13 of ==3.13.*; django 5.2 of ==5.2.1
        "#]],
    );
    check(
        &[
            ("requirements.txt", "backports.zoneinfo==0.2.1\nDjango==4.0.6\n"),
            ("runtime.txt", "python-3.10.4"),
        ],
        &expect![[r#"
            Pip reads requirements.txt; lock -
            python 3.10 of ==3.10.4; django 4.0 of ==4.0.6
            python-end-of-life: Python 3.10 had its last security fixes on 2026-10-31
            no-wheel: `backports-zoneinfo==0.2.1` cannot be installed on Python 3.10
            django-end-of-life: Django 4.0 had its last security fixes on 2023-04-01
        "#]],
    );
}

#[test]
fn statements_that_differ_are_said_and_the_range_wins() {
    check(
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"a\"\nrequires-python = \">=3.12\"\ndependencies = [\"django~=5.2\"]\n[tool.uv]\n",
            ),
            ("uv.lock", UV_LOCK),
            (".python-version", "3.10\n"),
        ],
        &expect![[r#"
            Uv reads pyproject.toml; lock uv.lock
            python 3.13 of >=3.12; django 5.2 of ~=5.2
            python-statements-differ: two places ask for different Pythons: `>=3.12` and `==3.10.*`
        "#]],
    );
}

#[test]
fn failure_40_an_old_gunicorn_on_a_new_python_is_said_to_miss_setuptools() {
    check(
        &[("requirements.txt", "django==5.2.1\ngunicorn==20.1.0\n"), (".python-version", "3.12")],
        &expect![[r#"
            Pip reads requirements.txt; lock -
            python 3.12 of ==3.12.*; django 5.2 of ==5.2.1
            unstated-need: `gunicorn==20.1.0` imports what only `setuptools<82` brings, and nothing installs it
        "#]],
    );
}

#[test]
fn broken_lines_and_missing_files_stop_the_build_and_are_errors() {
    check(
        &[("requirements.txt", "django 5.2\nDjango==5.2.1\n-r base.txt\nredis>=5\n")],
        &expect![[r#"
            Pip reads requirements.txt; lock -
            python 3.13 of -; django 5.2 of ==5.2.1
            requirements-malformed: `django 5.2` is not a requirement
            requirements-file-missing: `base.txt` is included and is not there
        "#]],
    );
}

#[test]
fn failure_61_requirements_over_ssh_and_private_indexes_are_said_without_credentials() {
    let files = [(
        "requirements.txt",
        "--extra-index-url https://${TOKEN}@packages.example.org/simple\ndjango==5.2.1\n\
         tool @ git+ssh://git@example.org/team/tool.git\n",
    )];
    check(
        &files,
        &expect![[r#"
            Pip reads requirements.txt; lock -
            python 3.13 of -; django 5.2 of ==5.2.1
            private-index: requirements come from the index `https://packages.example.org/simple`
            requirement-over-ssh: `tool` is fetched over ssh from `git+ssh://git@example.org/team/tool.git`
        "#]],
    );
    let (read, _) = dependencies::read(&Tree::from_literals(files), ".".into());
    let install = read.install.unwrap();
    assert_eq!(
        (install.needs_git, install.needs_ssh, install.variables),
        (true, true, vec!["TOKEN".to_owned()])
    );
}

#[test]
fn groups_of_production_are_installed_and_those_of_development_are_not() {
    let files = [
        (
            "pyproject.toml",
            "[project]\nname = \"a\"\ndependencies = [\"django==5.2.1\"]\n[dependency-groups]\ndev = [\"black\"]\n\
             production = [\"gunicorn\", { include-group = \"shared\" }]\nshared = [\"redis\"]\n[tool.uv]\npackage = false\n",
        ),
        (
            "uv.lock",
            "version = 1\n[[package]]\nname = \"django\"\nversion = \"5.2.1\"\n[[package]]\nname = \"gunicorn\"\nversion = \"23.0\"\n\
                     [[package]]\nname = \"redis\"\nversion = \"5.0\"\n[[package]]\nname = \"black\"\nversion = \"25.1\"\n",
        ),
    ];
    let (read, _) = dependencies::read(&Tree::from_literals(files), ".".into());
    let names: Vec<&str> = read.distributions.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["django", "gunicorn", "redis"]);
    let install = read.install.unwrap();
    assert_eq!(
        (install.groups, install.unneeded_groups),
        (vec!["production".to_owned()], vec!["dev".to_owned()])
    );
    assert_eq!(install.manifests, ["pyproject.toml", "uv.lock"]);
}

#[test]
fn the_manifest_above_manage_py_is_found() {
    let files =
        [("requirements.txt", "django==5.2.1"), ("app/manage.py", ""), ("frontend/package.json", "{}")];
    expect![[r#"
        Pip reads requirements.txt; lock -
        python 3.13 of -; django 5.2 of ==5.2.1
    "#]]
    .assert_eq(&facts(&files, "app"));
}

#[test]
fn nothing_stated_is_said() {
    check(
        &[("manage.py", "")],
        &expect![[r#"
            None reads ; lock -
            python 3.13 of -; django ? of -
            requirements-not-found: nothing says which distributions the project needs
        "#]],
    );
}

#[test]
fn the_person_chooses_the_manager() {
    let files =
        [("pyproject.toml", POETRY), ("poetry.lock", POETRY_LOCK), ("requirements.txt", "django==5.2.1\n")];
    let said = Some(PackageManager::Pip);
    let (read, _) = dependencies::read_as(&Tree::from_literals(files), ".".into(), said, &[]);
    assert_eq!(read.requirements_files.value, ["requirements.txt"]);
}
