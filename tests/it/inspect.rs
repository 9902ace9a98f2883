//! What inspect makes of whole projects, one situation each; and that it makes something of any tree.

use djdock::base::Tree;
use djdock::inspect::facts::DatabaseEngine;
use djdock::inspect::{Facts, Said, inspect, inspect_as};
use proptest::prelude::*;

pub(crate) const MANAGE: &str = "import os, sys\n\ndef main():\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n    \
    from django.core.management import execute_from_command_line\n    execute_from_command_line(sys.argv)\n";
pub(crate) const WSGI: &str =
    "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n";
const ASGI: &str =
    "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n";
pub(crate) const SETTINGS: &str = "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\nINSTALLED_APPS = ['django.contrib.admin']\n\
    ROOT_URLCONF = 'shop.urls'\nSTATIC_URL = 'static/'\nSTATIC_ROOT = BASE_DIR / 'collected'\n\
    DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}\n";

pub(crate) fn facts(files: &[(&str, &str)]) -> Facts {
    inspect(&Tree::from_literals(files.iter().copied())).0
}

/// The project of `startproject`, and these files.
pub(crate) fn started(more: &[(&str, &str)]) -> Facts {
    let mut files = vec![
        ("manage.py", MANAGE),
        ("shop/__init__.py", ""),
        ("shop/settings.py", SETTINGS),
        ("shop/wsgi.py", WSGI),
        ("shop/asgi.py", ASGI),
        ("requirements.txt", "django==5.2.1\n"),
    ];
    files.retain(|(path, _)| more.iter().all(|(other, _)| other != path));
    files.extend(more);
    facts(&files)
}

#[test]
fn a_started_project_is_read_with_its_lines() {
    let facts = started(&[]);
    assert_eq!(facts.settings_prod.value.as_deref(), Some("shop.settings"));
    assert_eq!(facts.wsgi_application.value.as_deref(), Some("shop.wsgi"));
    assert_eq!(facts.asgi_application.value.as_deref(), Some("shop.asgi"));
    assert!(!facts.asgi.value, "an untouched asgi.py is not what serves");
    assert_eq!(facts.static_root.value.as_deref(), Some("collected"));
    assert_eq!(facts.static_root.evidence[0].place.to_string(), "shop/settings.py:6");
    assert_eq!(facts.databases.value["default"].prod, DatabaseEngine::Sqlite);
}

#[test]
fn a_package_of_settings_is_told_apart_by_names() {
    let manage = MANAGE.replace("shop.settings", "shop.settings.local");
    let facts = started(&[
        ("manage.py", &manage),
        ("shop/settings.py", ""),
        ("shop/settings/__init__.py", ""),
        ("shop/settings/base.py", SETTINGS),
        ("shop/settings/local.py", "from .base import *\n"),
        ("shop/settings/production.py", "from .base import *\nDEBUG = False\n"),
        ("shop/settings/test.py", "from .base import *\n"),
        ("shop/settings/logging.py", "LOGGING = {}\n"),
    ]);
    assert_eq!(facts.settings_dev.value.as_deref(), Some("shop.settings.local"));
    assert_eq!(facts.settings_prod.value.as_deref(), Some("shop.settings.production"));
    let modules: Vec<&str> = facts.settings_modules.value.iter().map(String::as_str).collect();
    let expected = [
        "shop.settings",
        "shop.settings.base",
        "shop.settings.local",
        "shop.settings.production",
        "shop.settings.test",
    ];
    assert_eq!(modules, expected);
}

#[test]
fn fragments_of_a_package_are_no_modules_of_their_own() {
    let facts = started(&[
        ("shop/settings.py", ""),
        ("shop/settings/__init__.py", "from .base import *\nfrom .auth import *\nfrom .logging import *\n"),
        ("shop/settings/base.py", SETTINGS),
        ("shop/settings/auth.py", "DEBUG = True\n"),
        ("shop/settings/logging.py", "LOGGING = {}\n"),
    ]);
    assert!(facts.settings_modules.value.contains(&"shop.settings".to_owned()));
    assert!(!facts.settings_modules.value.contains(&"shop.settings.base".to_owned()));
}

#[test]
fn two_settings_as_likely_for_production_are_a_question() {
    let manage = MANAGE.replace("shop.settings", "shop.settings.dev");
    let facts = started(&[
        ("manage.py", &manage),
        ("shop/settings.py", ""),
        ("shop/settings/__init__.py", ""),
        ("shop/settings/dev.py", SETTINGS),
        ("shop/settings/prod_eu.py", "from .dev import *\n"),
        ("shop/settings/prod_us.py", "from .dev import *\n"),
    ]);
    assert!(!facts.settings_prod.is_known());
    assert_eq!(facts.settings_dev.value.as_deref(), Some("shop.settings.dev"));
}

#[test]
fn a_dockerfile_says_which_settings_serve() {
    let manage = MANAGE.replace("shop.settings", "shop.settings.dev");
    let facts = started(&[
        ("manage.py", &manage),
        ("Dockerfile", "FROM python:3.12\nENV DJANGO_SETTINGS_MODULE=shop.settings.site\n"),
        ("shop/settings.py", ""),
        ("shop/settings/__init__.py", ""),
        ("shop/settings/dev.py", SETTINGS),
        ("shop/settings/site.py", "from .dev import *\n"),
    ]);
    assert_eq!(facts.settings_prod.value.as_deref(), Some("shop.settings.site"));
    assert_eq!(facts.settings_prod.evidence[0].place.to_string(), "Dockerfile:2");
}

#[test]
fn a_template_is_read_in_place_of_a_module_that_git_ignores() {
    let files = [
        ("manage.py", MANAGE),
        ("shop/__init__.py", ""),
        ("shop/settings.py.example", SETTINGS),
        ("requirements.txt", "django==5.2.1\n"),
    ];
    let (facts, diagnostics) = inspect(&Tree::from_literals(files));
    assert_eq!(facts.settings_prod.value.as_deref(), Some("shop.settings"));
    assert_eq!(facts.static_url.value.as_deref(), Some("static/"));
    assert!(diagnostics.iter().any(|one| one.code.0 == "settings-module-missing"));
}

#[test]
fn manage_py_may_leave_the_settings_to_a_module() {
    let facts = facts(&[
        (
            "manage.py",
            "import runpy\nif __name__ == '__main__':\n    runpy.run_module('shop', run_name='__main__')\n",
        ),
        ("shop/__init__.py", ""),
        ("shop/__main__.py", MANAGE),
        ("shop/settings.py", SETTINGS),
    ]);
    assert_eq!(facts.manage_py.value.as_deref().map(camino::Utf8Path::as_str), Some("manage.py"));
    assert_eq!(facts.settings_module.value.as_deref(), Some("shop.settings"));
}

#[test]
fn celery_counts_only_where_it_is_installed() {
    let celery = (
        "shop/celery.py",
        "from celery import Celery\napp = Celery('shop', broker='redis://redis:6379/0')\n",
    );
    assert_eq!(started(&[celery]).celery_app.value, None);
    let installed = ("requirements.txt", "django==5.2.1\ncelery==5.5.0\n");
    let facts = started(&[celery, installed]);
    assert_eq!(facts.celery_app.value.as_deref(), Some("shop.celery"));
    assert_eq!(facts.celery_broker.value.as_deref(), Some("redis"));
    let exported = ("shop/__init__.py", "from .celery import app as celery_app\n");
    let facts = started(&[celery, installed, exported]);
    assert_eq!(facts.celery_app.value.as_deref(), Some("shop"));
}

#[test]
fn asgi_is_needed_where_something_serves_it() {
    let channels = format!("{SETTINGS}INSTALLED_APPS += ['channels']\n");
    assert!(started(&[("shop/settings.py", &channels)]).asgi.value);
    assert!(started(&[("Procfile", "web: uvicorn shop.asgi:application\n")]).asgi.value);
    assert!(!started(&[("Procfile", "web: gunicorn shop.wsgi\n")]).asgi.value);
    // Channels 4 need not be an installed app: the settings name its router.
    let named = format!("{SETTINGS}ASGI_APPLICATION = 'shop.routing.application'\n");
    let router = "from channels.routing import ProtocolTypeRouter\nclass Router(ProtocolTypeRouter): ...\n";
    let installed = ("requirements.txt", "django==5.2.1\nchannels==4.2.0\n");
    let facts = started(&[("shop/settings.py", &named), ("shop/routing.py", router), installed]);
    assert!(facts.channels.value && facts.asgi.value, "{:?}", facts.channels);
    assert!(!started(&[("shop/settings.py", &named), ("shop/routing.py", "x = 1\n"), installed]).asgi.value);
}

#[test]
fn locmem_is_no_memcached() {
    let settings = format!(
        "{SETTINGS}CACHES = {{'default': {{'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}}}\n"
    );
    assert_eq!(started(&[("shop/settings.py", &settings)]).cache_backends.value, ["locmem"]);
}

#[test]
fn what_the_person_says_is_followed() {
    let tree = Tree::from_literals([
        ("manage.py", MANAGE),
        ("shop/settings.py", SETTINGS),
        ("shop/other.py", "from .settings import *\nSTATIC_URL = 'other/'\n"),
    ]);
    let said = Said { settings_prod: Some("shop.other".to_owned()), ..Said::default() };
    let facts = inspect_as(&tree, &said).0;
    assert_eq!(facts.static_url.value.as_deref(), Some("other/"));
}

#[test]
fn one_folder_of_node_modules_is_not_the_frontend() {
    let package = r#"{"scripts": {"build": "webpack"}}"#;
    let facts = started(&[("node_modules/x/package.json", package), ("docs/package.json", package)]);
    assert_eq!(facts.frontend.value, None);
}

/// Names and lines that mean something to inspect, so that random trees reach deep.
fn any_path() -> impl Strategy<Value = String> {
    let folder =
        prop::sample::select(vec!["", "shop/", "shop/settings/", "src/", "a/b/c/", "ünï/", "docker/"]);
    let name = prop::sample::select(vec![
        "manage.py",
        "settings.py",
        "__init__.py",
        "base.py",
        "production.py",
        "wsgi.py",
        "asgi.py",
        "celery.py",
        "requirements.txt",
        "pyproject.toml",
        "package.json",
        "Dockerfile",
        "compose.yaml",
        "Procfile",
        "settings.py.example",
        "Pipfile",
        "uv.lock",
        "urls.py",
        "environment.yml",
        "setup.cfg",
    ]);
    (folder, name).prop_map(|(folder, name)| format!("{folder}{name}"))
}

fn any_text() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        3 => prop::sample::select(vec![
            "import os", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')", "from .base import *",
            "from .settings import *", "INSTALLED_APPS = ['channels', x]", "DATABASES = {'default': env.db()}", "DATABASES = 3",
            "from celery import Celery", "app = Celery('x', broker=Y)", "DEBUG = os.environ['DEBUG'] == '1'", "if DEBUG:",
            "    CACHES = {'default': {'BACKEND': DEBUG}}", "[tool.poetry.dependencies]", "django = \"*\"", "django>=5 ; x",
            "{\"scripts\": {\"build\": 3}}", "FROM python:3.12", "ENV DJANGO_SETTINGS_MODULE=shop.settings", "web: gunicorn x",
            "execute_from_command_line(sys.argv)", "STATIC_ROOT = BASE_DIR / 'static'", "class Prod(Base):", "    DEBUG = False",
            "sys.path.insert(0, os.path.join(__file__, '..', '..', '..'))", "INSTALLED_APPS: list = [*INSTALLED_APPS]",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,40}",
    ];
    prop::collection::vec(line, 0..8).prop_map(|lines| lines.join("\n"))
}

#[test]
fn a_relative_folder_begins_where_commands_run() {
    let settings = "MEDIA_ROOT = 'static/images'\nSTATIC_ROOT = '/srv/static'\n";
    let facts = facts(&[("backend/manage.py", MANAGE), ("backend/shop/settings.py", settings)]);
    assert_eq!(facts.media_root.value.as_deref(), Some("backend/static/images"));
    assert_eq!(facts.static_root.value.as_deref(), Some("/srv/static"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_tree_is_read_without_a_panic(files in prop::collection::btree_map(any_path(), any_text(), 0..10)) {
        // Some names collide as file and folder; a tree from a disk has one or the other.
        let tree = Tree::from_literals(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let (facts, _) = inspect(&tree);
        prop_assert!(facts.databases.value.contains_key("default"));
        prop_assert_eq!(format!("{:?}", inspect(&tree).0), format!("{facts:?}"));
    }
}

#[test]
fn programs_that_the_projects_own_dockerfile_installs_stay() {
    let project = |python: &str| {
        Tree::from_literals([
            (
                "manage.py",
                "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_conf.settings')\n",
            ),
            ("site_conf/settings.py", "INSTALLED_APPS = []\n"),
            ("requirements.txt", "django==5.2\n"),
            ("runtime.txt", python),
            (
                "Dockerfile",
                "FROM python:3\nRUN apt-get install -y build-essential ffmpeg libmagic1 wkhtmltopdf vim\n",
            ),
        ])
    };
    let (facts, diagnostics) = inspect(&project("python-3.13.1\n"));
    assert_eq!(facts.system_packages.value.run, ["ffmpeg", "libmagic1t64"]);
    let gone = diagnostics.iter().find(|one| one.code.0 == "system-package-gone").unwrap();
    assert_eq!(gone.title, "`wkhtmltopdf` is installed for the project, and Debian trixie does not have it");
    assert!(gone.helps[0].ends_with("`--python 3.12`"), "{gone:?}");
    let (facts, diagnostics) = inspect(&project("python-3.12.1\n"));
    assert_eq!(facts.system_packages.value.run, ["ffmpeg", "libmagic1", "wkhtmltopdf"]);
    assert!(diagnostics.iter().all(|one| one.code.0 != "system-package-gone"));
}

#[test]
fn values_that_are_kept_apart_are_no_settings_of_their_own() {
    let settings = format!("from config import *\n{SETTINGS}");
    let facts = started(&[
        ("shop/settings.py", &settings),
        ("config.py", "from shop.settings import BASE_DIR\nDEBUG = True\nDATABASE_HOST = '127.0.0.1'\n"),
    ]);
    assert_eq!(facts.settings_modules.value, ["shop.settings"]);
}

#[test]
fn a_server_that_no_stack_has_is_somebody_elses() {
    let settings = format!("{SETTINGS}DATABASES['default'] = {{'ENGINE': 'djongo', 'NAME': 'shop'}}\n");
    let facts =
        started(&[("shop/settings.py", &settings), ("requirements.txt", "django==4.0.1\ndjongo==1.3.6\n")]);
    assert_eq!(facts.databases.value["default"].prod, DatabaseEngine::Other);
    assert!(!facts.databases.is_known());
    let json = serde_json::to_value(facts.databases.value["default"].prod).unwrap();
    assert_eq!(json, "unknown");
    assert_eq!(djdock::choose::suggested(&facts, "shop").database.offer.word, "external");
}

#[test]
fn spatial_tables_in_a_file_need_their_extension() {
    let settings =
        SETTINGS.replace("django.db.backends.sqlite3", "django.contrib.gis.db.backends.spatialite");
    let facts = started(&[("shop/settings.py", &settings)]);
    let run = &facts.system_packages.value.run;
    assert!(run.iter().any(|package| package == "libsqlite3-mod-spatialite"), "{run:?}");
    assert!(run.iter().any(|package| package == "gdal-bin"), "the engine loads GDAL, app or no app: {run:?}");
}

#[test]
fn requirements_from_another_machines_folders_are_said_to_be_so() {
    let tree = Tree::from_literals([
        ("manage.py", MANAGE),
        ("shop/settings.py", SETTINGS),
        (
            "requirements.txt",
            "asgiref @ file:///croot/asgiref_1/work\nDjango @ file:///croot/django_1/work\nsix==1.16.0\n",
        ),
    ]);
    let (_, diagnostics) = inspect(&tree);
    let titles: Vec<&str> = diagnostics.iter().map(|one| one.title.as_str()).collect();
    assert!(
        titles.contains(&"`asgiref` and `django` are required from a path of another machine"),
        "{titles:?}"
    );
}

#[test]
fn a_template_is_read_for_a_module_whose_absence_is_complained_of() {
    let settings = format!(
        "{SETTINGS}try:\n    from .local_settings import *\nexcept ImportError:\n    raise Exception('copy the example')\n"
    );
    let example = "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop'}}\n";
    let facts = started(&[("shop/settings.py", &settings), ("shop/local_settings.py.example", example)]);
    assert_eq!(facts.databases.value["default"].prod, DatabaseEngine::Postgresql);
    assert_eq!(facts.module_templates[0].path, "shop/local_settings.py");
}

#[test]
fn what_the_project_itself_requires_is_installed_with_it() {
    let script = "from distutils.core import setup\nsetup(name='shop', install_requires=['Django==4.2.*', 'psycopg2'])\n";
    let facts = started(&[("requirements.txt", "gunicorn==23.0.0\n-e .\n"), ("setup.py", script)]);
    assert_eq!(facts.django_requirement.value.as_deref(), Some("==4.2.*"));
    assert!(facts.distributions.iter().any(|distribution| distribution.name == "psycopg2"));
    let modern = "[project]\nname = 'shop'\ndependencies = ['django~=5.2.0']\n";
    let facts = started(&[("requirements.txt", "-e .\n"), ("pyproject.toml", modern)]);
    assert_eq!(facts.django_requirement.value.as_deref(), Some("~=5.2.0"));
}

#[test]
fn a_handful_of_values_that_settings_share_is_no_settings_module() {
    let facts = started(&[
        ("shop/settings.py", ""),
        ("shop/settings/__init__.py", ""),
        ("shop/settings/base.py", SETTINGS),
        ("shop/settings/quick.py", "DEBUG = False\n"),
        ("shop/settings/ci.py", "DATABASES = {}\n"),
        (
            "shop/settings/production.py",
            "from .base import *\nfrom .quick import *\nfrom .ci import *\nALLOWED_HOSTS = ['example.org']\n",
        ),
    ]);
    assert_eq!(
        facts.settings_modules.value,
        ["shop.settings", "shop.settings.base", "shop.settings.ci", "shop.settings.production"]
    );
}
