//! From which folder, and by which settings, a project is read.

use crate::inspect::{MANAGE, SETTINGS, WSGI, facts, started};

#[test]
fn a_manage_py_inside_its_own_package_resolves_names_from_above_it() {
    let facts = facts(&[
        ("src/shop/manage.py", MANAGE),
        ("src/shop/__init__.py", ""),
        ("src/shop/settings.py", SETTINGS),
        ("src/shop/wsgi.py", WSGI),
        ("pyproject.toml", "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['django==5.2.1']\n"),
    ]);
    assert_eq!(facts.project_dir.value, "src/shop");
    assert_eq!(facts.python_roots.value, ["src"]);
    assert_eq!(facts.settings_prod.value.as_deref(), Some("shop.settings"));
    assert_eq!(facts.wsgi_application.value.as_deref(), Some("shop.wsgi"));
}

#[test]
fn what_others_are_built_upon_is_not_production_where_the_servers_start_with_another() {
    let wsgi =
        format!("import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.local')\n{WSGI}");
    let facts = started(&[
        ("shop/settings.py", ""),
        ("shop/settings/__init__.py", ""),
        ("shop/settings/base.py", SETTINGS),
        ("shop/settings/local.py", "from .base import *\n"),
        ("shop/wsgi.py", &wsgi),
    ]);
    assert_eq!(facts.settings_prod.value.as_deref(), Some("shop.settings.local"));
    assert!(!facts.settings_prod.is_known(), "it is asked");
}

#[test]
fn what_a_deployment_sets_is_production_before_the_default_of_an_image() {
    let facts = started(&[
        ("shop/settings.py", ""),
        ("shop/settings_base.py", SETTINGS),
        ("shop/settings_docker.py", "from .settings_base import *\n"),
        ("shop/settings_ecs.py", "from .settings_base import *\n"),
        ("manage.py", &MANAGE.replace("shop.settings", "shop.settings_docker")),
        ("Dockerfile", "FROM python:3.13\nENV DJANGO_SETTINGS_MODULE=shop.settings_docker\n"),
        (
            "cloudformation/web.yaml",
            "Environment:\n  - Name: DJANGO_SETTINGS_MODULE\n    Value: shop.settings_ecs\n",
        ),
    ]);
    assert_eq!(facts.settings_prod.value.as_deref(), Some("shop.settings_ecs"));
}

#[test]
fn what_an_image_starts_with_and_builds_upon_production_is_production() {
    let with = |dockerfile: &str| {
        let facts = started(&[
            ("shop/settings.py", ""),
            ("shop/conf/__init__.py", ""),
            ("shop/conf/base.py", SETTINGS),
            ("shop/conf/production.py", "from .base import *\n"),
            (
                "shop/conf/docker.py",
                "import os\nos.environ.setdefault('DB_HOST', 'db')\nfrom .production import *\n",
            ),
            ("shop/conf/kiosk.py", "from .base import *\n"),
            ("manage.py", &MANAGE.replace("shop.settings", "shop.conf.base")),
            ("Dockerfile", dockerfile),
        ]);
        facts.settings_prod.value.unwrap_or_default()
    };
    assert_eq!(with("FROM python:3.13\nENV DJANGO_SETTINGS_MODULE=shop.conf.docker\n"), "shop.conf.docker");
    assert_eq!(
        with("FROM python:3.13\nENV DJANGO_SETTINGS_MODULE=shop.conf.kiosk\n"),
        "shop.conf.production"
    );
}

#[test]
fn a_module_that_only_the_worker_has_is_not_the_sites() {
    let wsgi = |module: &str| {
        format!("import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', '{module}')\n{WSGI}")
    };
    let facts = started(&[
        ("shop/wsgi.py", &wsgi("shop.settings")),
        ("queue/__init__.py", ""),
        ("queue/settings.py", "from shop.settings import *\nCELERY_BROKER_URL = 'redis://redis'\n"),
        ("queue/wsgi.py", &wsgi("queue.settings")),
    ]);
    assert_eq!(facts.settings_prod.value.as_deref(), Some("shop.settings"));
    assert_eq!(facts.wsgi_application.value.as_deref(), Some("shop.wsgi"));
}

#[test]
fn the_build_that_a_dockerfile_runs_is_the_sites() {
    let package = "{\"scripts\": {\"build\": \"vite build\"}, \"devDependencies\": {\"vite\": \"7\"}}";
    let at = |dockerfile: &str| {
        let facts = started(&[
            ("package.json", package),
            ("frontend/package.json", package),
            ("Dockerfile", dockerfile),
        ]);
        facts.frontend.value.map(|frontend| frontend.dir.to_string())
    };
    assert_eq!(at("FROM python:3.13\nCOPY . /app\nRUN npm ci && npm run build\n").as_deref(), Some("."));
    assert_eq!(at("FROM node:24\nWORKDIR /app/frontend\nRUN npm run build\n").as_deref(), Some("frontend"));
}

#[test]
fn production_is_built_by_whom_its_dockerfile_runs() {
    let manifest = "[project]\nname = 'shop'\nversion = '1'\nrequires-python = '>=3.12,<3.13'\ndependencies = ['django>=5.2']\n\
        [project.optional-dependencies]\nsync = ['uvicorn==0.38']\nlint = ['ruff']\n";
    let facts = facts(&[
        ("manage.py", MANAGE),
        ("shop/__init__.py", ""),
        ("shop/settings.py", SETTINGS),
        ("pyproject.toml", manifest),
        ("Makefile", "install:\n\tuv sync --extra lint\n"),
        ("Dockerfile", "FROM python:3.12\nCOPY . .\nRUN /venv/bin/pip install .[sync]\n"),
    ]);
    assert_eq!(serde_json::to_value(facts.package_manager.value).unwrap(), "setuptools");
    let names: Vec<&str> = facts.distributions.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["django", "uvicorn"]);
}

#[test]
fn a_manifest_without_requirements_still_says_which_python() {
    let facts = started(&[
        ("requirements.txt", ""),
        ("pyproject.toml", "[project]\nname = 'shop'\nversion = '1'\nrequires-python = '>=3.9,<3.12'\n"),
    ]);
    assert_eq!(facts.python_version.value.as_deref(), Some("3.11"));
}

#[test]
fn production_is_nothing_that_is_built_on_the_settings_for_development() {
    let files = |compress: &str| {
        let facts = started(&[
            ("shop/settings.py", ""),
            ("shop/settings_base.py", SETTINGS),
            ("shop/settings_dev.py", "from .settings_base import *\nDEBUG = True\n"),
            ("shop/settings_bundle.py", compress),
            (".gitignore", "shop/settings.py\n"),
            ("manage.py", &MANAGE.replace("shop.settings", "shop.settings_absent")),
        ]);
        facts.settings_prod.value.unwrap_or_default()
    };
    assert_eq!(files("from .settings_dev import *\nCOMPRESS = True\n"), "shop.settings_base");
    assert_eq!(files("from .settings_step import *\n"), "shop.settings_base");
}

#[test]
fn what_says_that_it_is_for_production_is_whatever_it_is_built_on() {
    let facts = started(&[
        ("shop/settings.py", ""),
        ("shop/settings_base.py", SETTINGS),
        ("shop/settings_local.py", "from .settings_base import *\nDEBUG = True\n"),
        ("shop/settings_production.py", "from .settings_local import *\nDEBUG = False\n"),
        ("manage.py", &MANAGE.replace("shop.settings", "shop.settings_local")),
    ]);
    assert_eq!(facts.settings_prod.value.as_deref(), Some("shop.settings_production"));
    assert_eq!(facts.settings_dev.value.as_deref(), Some("shop.settings_local"));
}

#[test]
fn a_module_on_the_settings_for_development_is_production_where_nothing_else_is() {
    let facts = started(&[
        ("shop/settings.py", ""),
        ("shop/settings_dev.py", SETTINGS),
        ("shop/settings_bundle.py", "from .settings_dev import *\n"),
        ("manage.py", &MANAGE.replace("shop.settings", "shop.settings_dev")),
    ]);
    assert_eq!(facts.settings_prod.value.as_deref(), Some("shop.settings_bundle"));
}

#[test]
fn settings_for_tests_are_no_default_of_manage_py() {
    let manage = "import os, sys\nif len(sys.argv) > 1 and sys.argv[1] == 'test':\n    os.environ['DJANGO_SETTINGS_MODULE'] = 'shop.conf.test'\nelse:\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', os.getenv('CONF'))\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n";
    let facts = started(&[
        ("shop/settings.py", ""),
        ("shop/conf/__init__.py", ""),
        ("shop/conf/base.py", SETTINGS),
        ("shop/conf/test.py", "from .base import *\n"),
        ("shop/conf/local.py", "from .base import *\n"),
        ("shop/conf/production.py", "from .base import *\n"),
        ("manage.py", manage),
    ]);
    assert_eq!(facts.settings_dev.value.as_deref(), Some("shop.conf.local"));
    assert_eq!(facts.settings_prod.value.as_deref(), Some("shop.conf.production"));
}
