//! Groups and extras for developers that the site imports when it starts: production installs them, and that is said.

use djdock::base::Tree;
use djdock::inspect::facts::{Facts, Install};
use djdock::inspect::inspect;

const MANAGE: &str = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'farm.settings')\n\
    from django.core.management import execute_from_command_line\n";
const SETTINGS: &str = "ROOT_URLCONF = 'farm.urls'\nINSTALLED_APPS = ['django.contrib.admin', 'herd']\n";
const UV: &str = "[project]\nname = 'farm'\nversion = '1'\nrequires-python = '>=3.12'\ndependencies = ['django==5.2.1']\n\
    [project.optional-dependencies]\ngeo = ['shapely']\n[dependency-groups]\ndev = ['freezegun', 'django-debug-toolbar']\n\
    docs = ['sphinx']\n";

/// The facts of a project with these files, and what is said of groups: `freezegun in dev`.
fn read(manifest: (&str, &str), files: &[(&str, &str)]) -> (Facts, Vec<String>) {
    let mut all = vec![
        ("manage.py", MANAGE),
        ("farm/__init__.py", ""),
        ("farm/settings.py", SETTINGS),
        ("farm/urls.py", "from herd import views\nurlpatterns = []\n"),
        ("herd/__init__.py", ""),
        ("herd/views.py", "import json\n"),
        ("herd/models.py", ""),
        manifest,
    ];
    all.retain(|(path, _)| files.iter().all(|(other, _)| other != path));
    all.extend_from_slice(files);
    let (facts, diagnostics) = inspect(&Tree::from_literals(all));
    let said = diagnostics.iter().filter(|one| one.code.to_string() == "site-imports-development");
    let said = said.map(|one| {
        let words: Vec<&str> = one.title.split('`').collect();
        let places: Vec<String> = one.labels.iter().map(|at| format!("{}:{}", at.path, at.line)).collect();
        format!("{} of {} at {}", words[1], words[3], places.join(", "))
    });
    let said = said.collect();
    (facts, said)
}

fn of_uv(files: &[(&str, &str)]) -> (Install, Vec<String>) {
    let lock = [("uv.lock", "version = 1\n")];
    let (facts, said) = read(("pyproject.toml", UV), &[&lock, files].concat());
    (facts.install.unwrap(), said)
}

#[test]
fn a_view_that_imports_what_a_group_brings_takes_the_group_to_production() {
    let (install, said) = of_uv(&[("herd/views.py", "import json\nimport freezegun\n")]);
    assert_eq!(said, ["freezegun of dev at herd/views.py:2"]);
    assert_eq!((install.groups, install.unneeded_groups), (vec!["dev".to_owned()], vec![]));
    assert_eq!(install.development.groups, [""; 0]);
}

#[test]
fn a_file_for_tests_that_the_site_imports_is_followed() {
    let files = [
        ("herd/views.py", "from herd.tests.cows import cow\n"),
        ("herd/tests/__init__.py", ""),
        ("herd/tests/cows.py", "from .clock import now\n"),
        ("herd/tests/clock.py", "import os\nfrom freezegun import freeze_time\n"),
    ];
    let (install, said) = of_uv(&files);
    assert_eq!(said, ["freezegun of dev at herd/tests/clock.py:2, herd/views.py:1"]);
    assert_eq!(install.groups, ["dev"]);
    // Written relative to the package, over several lines.
    let views = "from .tests.cows import (\n    cow,\n    calf,\n)\n";
    assert_eq!(of_uv(&[("herd/views.py", views), files[1], files[2], files[3]]).1, said);
    // `from package import module`.
    let views = "from .tests import cows\n";
    assert_eq!(of_uv(&[("herd/views.py", views), files[1], files[2], files[3]]).1, said);
}

#[test]
fn an_extra_that_models_import_is_installed_in_production() {
    let (install, said) = of_uv(&[("herd/models.py", "from shapely import Point\n")]);
    assert_eq!(said, ["shapely of geo at herd/models.py:1"]);
    assert_eq!((install.extras, install.groups), (vec!["geo".to_owned()], vec![]));
    assert!(install.development.offers.iter().all(|offer| offer.name != "geo"));
}

#[test]
fn what_the_site_does_not_import_when_it_starts_stays_for_developers() {
    for (path, text) in [
        ("herd/tests/cows.py", "import freezegun\n"),
        ("herd/conftest.py", "import freezegun\n"),
        ("herd/alone.py", "import freezegun\n"),
        ("herd/management/commands/fill.py", "import freezegun\n"),
        ("herd/views.py", "try:\n    import freezegun\nexcept ImportError:\n    freezegun = None\n"),
        ("herd/views.py", "def view(request):\n    import freezegun\n"),
        ("herd/views.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import freezegun\n"),
    ] {
        let (install, said) = of_uv(&[(path, text)]);
        assert_eq!(said, [""; 0], "{path}: {text}");
        assert_eq!(install.groups, [""; 0]);
    }
    // The file that imports the module is itself imported under a condition alone.
    let clock = ("herd/clock.py", "import freezegun\n");
    for views in [
        "from django.conf import settings\nif settings.FREEZE:\n    from herd.clock import now\n",
        "try:\n    from .clock import now\nexcept ImportError:\n    now = None\n",
        "def view(request):\n    from herd import clock\n",
    ] {
        assert_eq!(of_uv(&[("herd/views.py", views), clock]).1, [""; 0], "{views}");
    }
    let apps = "from django.apps import AppConfig\nclass HerdConfig(AppConfig):\n    def ready(self):\n        \
        from . import clock\n";
    assert_eq!(of_uv(&[("herd/apps.py", apps), clock]).1, ["freezegun of dev at herd/clock.py:1"]);
    // A module of the project's own, and one that production has.
    let own = [("herd/views.py", "import freezegun\n"), ("freezegun.py", "")];
    assert_eq!(of_uv(&own).1, [""; 0]);
    let both = UV.replace("'django==5.2.1'", "'django==5.2.1', 'freezegun'");
    let (_, said) = read(
        ("pyproject.toml", &both),
        &[("herd/views.py", "import freezegun\n"), ("uv.lock", "version = 1\n")],
    );
    assert_eq!(said, [""; 0]);
}

#[test]
fn groups_of_poetry_and_packages_for_developers_of_pipenv_are_taken_too() {
    let poetry = "[tool.poetry]\nname = 'farm'\n[tool.poetry.dependencies]\npython = '^3.12'\ndjango = '5.2.1'\n\
        [tool.poetry.group.test.dependencies]\nfreezegun = '*'\n";
    let views = [("herd/views.py", "import freezegun\n")];
    let (facts, said) = read(("pyproject.toml", poetry), &views);
    assert_eq!(said, ["freezegun of test at herd/views.py:1"]);
    assert_eq!(facts.install.unwrap().groups, ["test"]);
    assert!(facts.distributions.iter().any(|one| one.name == "freezegun"));
    let pipfile = "[packages]\ndjango = \"==5.2.1\"\n[dev-packages]\nfreezegun = \"*\"\n";
    let (facts, said) = read(("Pipfile", pipfile), &views);
    assert_eq!(said, ["freezegun of dev at herd/views.py:1"]);
    assert_eq!(facts.install.unwrap().groups, ["dev"]);
}
