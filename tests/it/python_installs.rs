//! How images get the project's distributions: pinned managers, locks of older tools, old sources, versions that come
//! from git, what only development requires, and the libraries that all of it needs.

use crate::support::pipeline::{MANAGE, Made, SETTINGS, WSGI, project};

const SITE: &[(&str, &str)] = &[
    ("manage.py", MANAGE),
    ("mysite/__init__.py", ""),
    ("mysite/settings.py", SETTINGS),
    ("mysite/urls.py", "urlpatterns = []\n"),
    ("mysite/wsgi.py", WSGI),
];

fn made(files: &[(&str, &str)]) -> Made {
    project(&[SITE, files].concat())
}

/// The lines of both Dockerfiles.
fn dockerfiles(made: &Made) -> (&str, &str) {
    (made.file("Dockerfile"), made.file("Dockerfile.prod"))
}

fn has_package(dockerfile: &str, package: &str) -> bool {
    dockerfile.lines().any(|line| line.trim().trim_end_matches(" \\") == package)
}

// --- pins ----------------------------------------------------------------------------------------------------------

#[test]
fn each_package_manager_is_held_to_the_versions_that_it_was_tried_with() {
    let poetry = "[tool.poetry]\nname = \"mysite\"\nversion = \"1\"\n[tool.poetry.dependencies]\npython = \"^3.12\"\n\
                  django = \"5.2.1\"\n";
    let pdm = "[project]\nname = \"mysite\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = \
               [\"django==5.2.1\"]\n[tool.pdm]\ndistribution = false\n";
    let pipfile = "[packages]\ndjango = \"==5.2.1\"\n";
    for (tool, file, text) in
        [("poetry", "pyproject.toml", poetry), ("pdm", "pyproject.toml", pdm), ("pipenv", "Pipfile", pipfile)]
    {
        let made = made(&[(file, text)]);
        let held = made.file(&format!("docker/{tool}-constraints.txt"));
        assert!(held.lines().filter(|line| line.contains("==")).count() > 5, "{held}");
        for dockerfile in [dockerfiles(&made).0, dockerfiles(&made).1] {
            let copied = format!("COPY docker/{tool}-constraints.txt /tmp/{tool}-constraints.txt");
            assert!(dockerfile.contains(&copied), "{dockerfile}");
            let install =
                format!("pip install --no-compile --constraint /tmp/{tool}-constraints.txt {tool}==");
            assert!(dockerfile.contains(&install), "{dockerfile}");
        }
    }
}

#[test]
fn a_manager_that_needs_nothing_has_no_list_of_what_it_needs() {
    let made = made(&[(
        "pyproject.toml",
        "[project]\nname = \"mysite\"\nversion = \"1\"\ndependencies = [\"django==5.2.1\"]\n[tool.uv]\npackage = false\n",
    )]);
    assert!(!dockerfiles(&made).1.contains("--constraint"), "{}", dockerfiles(&made).1);
}

#[test]
fn a_version_that_the_project_demands_and_nobody_tried_is_not_held_to_pins_of_another() {
    let made = made(&[(
        "pyproject.toml",
        "[tool.poetry]\nname = \"mysite\"\nversion = \"1\"\nrequires-poetry = \">=1.6,<1.7\"\n[tool.poetry.dependencies]\n\
         python = \"^3.12\"\ndjango = \"5.2.1\"\n",
    )]);
    let dockerfile = dockerfiles(&made).1;
    assert!(dockerfile.contains("poetry>=1.6,<1.7") && !dockerfile.contains("--constraint"), "{dockerfile}");
}

// --- locks of older tools ----------------------------------------------------------------------------------------------

const PIPFILE: &str = "[packages]\nDjango = \"==5.2.1\"\n[dev-packages]\nmysqlclient = \"*\"\n";
const PIPFILE_LOCK: &str = "{\n  \"_meta\": {\"hash\": {\"sha256\": \"of an older pipenv\"}, \"pipfile-spec\": 6},\n  \
                            \"default\": {\"django\": {\"version\": \"==5.2.1\"}},\n  \"develop\": {\"mysqlclient\": \
                            {\"version\": \"==2.2.7\"}}\n}\n";

#[test]
fn what_pipenv_locked_is_installed_whatever_its_hash() {
    let made = made(&[("Pipfile", PIPFILE), ("Pipfile.lock", PIPFILE_LOCK)]);
    let (dev, prod) = dockerfiles(&made);
    assert!(prod.contains("pipenv sync --extra-pip-args=--no-compile"), "{prod}");
    assert!(dev.contains("pipenv sync --dev --extra-pip-args=--no-compile"), "{dev}");
}

#[test]
fn what_the_development_section_of_a_lock_compiles_has_its_headers_in_development_alone() {
    let made = made(&[("Pipfile", PIPFILE), ("Pipfile.lock", PIPFILE_LOCK)]);
    let (dev, prod) = dockerfiles(&made);
    assert!(has_package(dev, "default-libmysqlclient-dev"), "{dev}");
    assert!(!has_package(prod, "default-libmysqlclient-dev"), "{prod}");
}

// --- old sources ---------------------------------------------------------------------------------------------------------

fn with_requirements(requirements: &str, python: &str) -> Made {
    made(&[("requirements.txt", requirements), (".python-version", python)])
}

#[test]
fn old_sources_are_built_with_tools_of_their_time() {
    for (requirements, python, constraint) in [
        ("django==3.2.25\ndjango-allauth==0.45.0\n", "3.9", "setuptools<70"),
        ("django==4.2.1\nPyYAML==5.4.1\n", "3.11", "cython<3"),
        ("django==4.2.1\nfeedparser==5.2.1\n", "3.11", "setuptools<58"),
        ("django==4.2.1\nopenai-whisper==20231117\n", "3.11", "setuptools<82"),
    ] {
        let made = with_requirements(requirements, python);
        let held = made.file("docker/build-constraints.txt");
        assert!(held.lines().any(|line| line == constraint), "{held}");
        for dockerfile in [dockerfiles(&made).0, dockerfiles(&made).1] {
            assert!(dockerfile.contains("PIP_BUILD_CONSTRAINT=/tmp/build-constraints.txt"), "{dockerfile}");
            assert!(dockerfile.contains("PIP_CONSTRAINT=/tmp/build-constraints.txt"), "{dockerfile}");
        }
    }
}

#[test]
fn releases_that_build_or_have_a_wheel_are_held_to_nothing() {
    for (requirements, python) in [
        ("django==4.2.1\ndjango-allauth==0.63.0\n", "3.11"),
        // It has a wheel for this Python.
        ("django==3.2.25\nPyYAML==5.4.1\n", "3.9"),
        ("django==4.2.1\nfeedparser\n", "3.11"),
    ] {
        let made = with_requirements(requirements, python);
        assert!(!dockerfiles(&made).1.contains("CONSTRAINT"), "{}", dockerfiles(&made).1);
    }
}

#[test]
fn a_build_tool_that_the_project_pins_otherwise_is_not_held_in_the_install() {
    let made = with_requirements("django==3.2.25\ndjango-allauth==0.45.0\nsetuptools==75.1.0\n", "3.9");
    let dockerfile = dockerfiles(&made).1;
    assert!(
        dockerfile.contains("PIP_BUILD_CONSTRAINT=") && !dockerfile.contains(" PIP_CONSTRAINT="),
        "{dockerfile}"
    );
}

// --- versions from git ---------------------------------------------------------------------------------------------------

#[test]
fn a_version_that_git_would_tell_is_stood_for_by_a_variable_of_the_install() {
    let manifest = |requires: &str, more: &str| {
        format!(
            "[build-system]\nrequires = [{requires}]\nbuild-backend = \"setuptools.build_meta\"\n[project]\nname = \
             \"mysite\"\ndynamic = [\"version\"]\nrequires-python = \">=3.12\"\ndependencies = [\"django==5.2.1\"]\n{more}"
        )
    };
    for (requires, more, variable) in [
        ("\"setuptools>=64\", \"setuptools_scm[toml]>=8\"", "", Some("SETUPTOOLS_SCM_PRETEND_VERSION=0.0.0")),
        ("\"hatchling\", \"hatch-vcs\"", "", Some("SETUPTOOLS_SCM_PRETEND_VERSION=0.0.0")),
        ("\"pbr>=6\"", "", Some("PBR_VERSION=0.0.0")),
        ("\"setuptools-scm\"", "[tool.setuptools_scm]\nfallback_version = \"1.0\"\n", None),
        ("\"setuptools\"", "", None),
    ] {
        let manifest = manifest(requires, more);
        let made = made(&[("pyproject.toml", &manifest)]);
        let dockerfile = dockerfiles(&made).1;
        match variable {
            Some(variable) => assert!(dockerfile.contains(variable), "{requires}: {dockerfile}"),
            None => assert!(!dockerfile.contains("VERSION=0.0.0"), "{requires}: {dockerfile}"),
        }
        // For the install, and not for what runs.
        assert!(!dockerfile.lines().any(|line| line.starts_with("ENV") && line.contains("_VERSION=0.0.0")));
    }
}

#[test]
fn a_setup_script_asks_for_a_version_from_git_too() {
    let script = "from setuptools import setup\nsetup(name='mysite', use_scm_version=True, \
                  setup_requires=['setuptools_scm'], install_requires=['django==5.2.1'])\n";
    let made = made(&[("setup.py", script)]);
    assert!(
        dockerfiles(&made).1.contains("SETUPTOOLS_SCM_PRETEND_VERSION=0.0.0"),
        "{}",
        dockerfiles(&made).1
    );
}

#[test]
fn a_package_of_the_project_that_takes_its_version_from_git_builds_too() {
    let made = made(&[
        ("requirements.txt", "django==5.2.1\n./libs/billing\n"),
        (
            "libs/billing/pyproject.toml",
            "[build-system]\nrequires = [\"hatchling\", \"hatch-vcs\"]\n[project]\nname = \
          \"billing\"\ndynamic = [\"version\"]\n",
        ),
    ]);
    assert!(
        dockerfiles(&made).1.contains("SETUPTOOLS_SCM_PRETEND_VERSION=0.0.0"),
        "{}",
        dockerfiles(&made).1
    );
}

// --- development -------------------------------------------------------------------------------------------------------------

const PROJECT: &str = "[project]\nname = \"mysite\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = \
                       [\"django==5.2.1\"]\n";

#[test]
fn extras_for_development_are_asked_for_in_development_alone() {
    for (tool, extra, wanted) in [
        ("[tool.uv]\npackage = false\n", "dev", "--extra dev"),
        ("[tool.uv]\npackage = false\n", "local", "--extra local"),
        ("[tool.pdm]\ndistribution = false\n", "development", "--group development"),
        ("[build-system]\nrequires = [\"setuptools\"]\n", "test", "'.[test]'"),
    ] {
        let manifest = format!("{PROJECT}[project.optional-dependencies]\n{extra} = [\"ipython\"]\n{tool}");
        let made = made(&[("pyproject.toml", &manifest)]);
        let (dev, prod) = dockerfiles(&made);
        assert!(dev.contains(wanted), "{wanted}: {dev}");
        assert!(!prod.contains(wanted), "{wanted}: {prod}");
    }
}

#[test]
fn groups_for_development_that_are_optional_are_asked_for() {
    let poetry = "[tool.poetry]\nname = \"mysite\"\nversion = \"1\"\n[tool.poetry.dependencies]\npython = \"^3.12\"\n\
                  django = \"5.2.1\"\n[tool.poetry.group.local]\noptional = true\n[tool.poetry.group.local.dependencies]\n\
                  ipython = \"*\"\n[tool.poetry.group.docs]\noptional = true\n[tool.poetry.group.docs.dependencies]\n\
                  sphinx = \"*\"\n";
    let uv = format!(
        "{PROJECT}[dependency-groups]\nlocal = [\"ipython\"]\ndocs = [\"sphinx\"]\n[tool.uv]\npackage = false\n"
    );
    for (manifest, wanted) in [(poetry, "--with local"), (uv.as_str(), "--group local")] {
        let made = made(&[("pyproject.toml", manifest)]);
        let (dev, prod) = dockerfiles(&made);
        assert!(dev.contains(wanted) && !dev.contains("docs"), "{dev}");
        assert!(!prod.contains(wanted), "{prod}");
    }
}

#[test]
fn an_extra_that_brings_an_app_of_the_development_settings_is_installed() {
    let manifest = format!(
        "{PROJECT}[project.optional-dependencies]\nhelpers = [\"django-extensions==4.1\"]\n[tool.uv]\npackage = false\n"
    );
    let base = SETTINGS;
    let files = [
        ("manage.py", MANAGE),
        ("mysite/__init__.py", ""),
        ("mysite/urls.py", "urlpatterns = []\n"),
        ("mysite/wsgi.py", WSGI),
        ("mysite/settings/__init__.py", ""),
        ("mysite/settings/base.py", base),
        ("mysite/settings/production.py", "from .base import *\n"),
        ("mysite/settings/development.py", "from .base import *\nINSTALLED_APPS += ['django_extensions']\n"),
        ("pyproject.toml", manifest.as_str()),
    ];
    let made = project(&files);
    let (dev, prod) = dockerfiles(&made);
    assert!(dev.contains("--extra helpers"), "{dev}");
    assert!(!prod.contains("--extra helpers"), "{prod}");
}

#[test]
fn what_development_compiles_has_its_headers_in_the_development_image() {
    for (file, text) in [
        ("requirements-dev.txt", "-r requirements.txt\npsycopg2\n"),
        ("requirements-local.txt", "psycopg2==2.9.9\n"),
        ("dev-requirements.txt", "psycopg2\n"),
        ("requirements_test.txt", "psycopg2\n"),
    ] {
        let made = made(&[("requirements.txt", "django==5.2.1\n"), (file, text)]);
        let (dev, prod) = dockerfiles(&made);
        assert!(dev.contains(file) && has_package(dev, "libpq-dev"), "{file}: {dev}");
        assert!(!prod.contains(file) && !has_package(prod, "libpq-dev"), "{file}: {prod}");
    }
}

#[test]
fn of_two_files_that_pin_otherwise_one_is_installed() {
    let made = made(&[
        ("requirements/base.txt", "django==5.2.1\n"),
        ("requirements/production.txt", "-r base.txt\ngunicorn==23.0.0\n"),
        ("requirements/dev.txt", "-r base.txt\npytest==8.4.0\n"),
        ("requirements/local.txt", "-r base.txt\npytest==7.4.4\n"),
        ("README.md", "Start with `pip install -r requirements/local.txt`.\n"),
    ]);
    let dev = dockerfiles(&made).0;
    assert!(dev.contains("--requirement requirements/local.txt"), "{dev}");
    assert!(!dev.contains("--requirement requirements/dev.txt"), "{dev}");
}

#[test]
fn a_file_for_development_that_states_all_in_other_versions_stands_alone() {
    let made = made(&[
        ("requirements.txt", "django==5.2.1\ngunicorn==23.0.0\n"),
        ("requirements-dev.txt", "django==5.2.3\npytest\n"),
    ]);
    let dev = dockerfiles(&made).0;
    assert!(dev.contains("--requirement requirements-dev.txt"), "{dev}");
    assert!(!dev.contains("--requirement requirements.txt"), "{dev}");
}

// --- implied libraries -----------------------------------------------------------------------------------------------------

#[test]
fn libraries_of_what_is_brought_along_are_installed() {
    for (requirement, package) in [
        ("ultralytics", "libgl1"),
        ("django-weasyprint==2.4.0", "libpango-1.0-0"),
        ("mssql-django==1.6", "unixodbc"),
        ("djangosaml2", "xmlsec1"),
        ("reportlab[pycairo]", "libcairo2"),
        ("sounddevice", "libportaudio2"),
    ] {
        let made = with_requirements(&format!("django==5.2.1\n{requirement}\n"), "3.13");
        let prod = dockerfiles(&made).1;
        assert!(has_package(prod, package), "{requirement}: {prod}");
    }
}

#[test]
fn an_extra_that_nobody_asks_for_brings_nothing() {
    let made = with_requirements("django==5.2.1\nreportlab\n", "3.13");
    assert!(!has_package(dockerfiles(&made).1, "libcairo2"));
}

#[test]
fn a_distribution_without_windows_does_not_hide_what_another_one_needs() {
    let made = made(&[(
        "requirements.txt",
        "django==5.2.1\nsupervision==0.26.1\nopencv-python-headless==4.12.0.88\n",
    )]);
    // Both bring `cv2`; the one that is required without a window needs no library of X, the other one does.
    assert!(has_package(dockerfiles(&made).1, "libgl1"));
}
