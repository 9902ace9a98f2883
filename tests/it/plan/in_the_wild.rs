//! What projects need that nobody wrote for containers.

use djdock::plan::probes::Act;
use djdock::stack::Environment;
use djdock::stack::{Mount, RunPurpose, Step};

use super::site::*;

/// A project with a front end in `front` and Django in `back`.
fn two_parts(front: &[(&str, &str)]) -> Site {
    let mut site = postgres();
    site.files = site.files.into_iter().map(|(path, text)| (format!("back/{path}"), text)).collect();
    for (path, text) in front {
        site = site.with(path, text);
    }
    site
}

const VITE: &str = r#"{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "5"}}"#;

#[test]
fn a_front_end_beside_django_is_built_only_where_something_connects_them() {
    let has_assets =
        |site: &Site| site.plan().prod.images[0].stages.iter().any(|stage| stage.name == "assets");
    assert!(!has_assets(&two_parts(&[("front/package.json", VITE)])));
    let config = ("front/vite.config.js", "export default { build: { outDir: '../back/pages/static' } }");
    assert!(has_assets(&two_parts(&[("front/package.json", VITE), config])));
    let mut named = two_parts(&[("front/package.json", VITE)]);
    let settings = named.files.get_mut("back/site1/settings.py").unwrap();
    settings.push_str("STATICFILES_DIRS = [BASE_DIR.parent / 'front' / 'dist']\n");
    assert!(has_assets(&named));
    // A note says so where it is left out.
    let notes = two_parts(&[("front/package.json", VITE)]).plan().notes;
    assert!(notes.iter().any(|note| note.topic == "Front end" && note.text.contains("`front`")), "{notes:?}");
}

#[test]
fn packages_are_installed_in_every_folder_that_node_looks_in() {
    let site = postgres()
        .with("package.json", r#"{"dependencies": {"@material-ui/core": "4"}}"#)
        .with("package-lock.json", r#"{"lockfileVersion": 1}"#)
        .with("pages/frontend/package.json", &VITE.replace("vite\": \"5", "webpack\": \"^4.46"))
        .with("pages/frontend/package-lock.json", r#"{"lockfileVersion": 1}"#);
    let plan = site.plan();
    let runs: Vec<(String, Vec<&String>)> = steps(&plan, "assets")
        .iter()
        .filter_map(|step| match step {
            Step::WorkFolder { path } => Some((path.clone(), Vec::new())),
            Step::Run { commands, variables, .. } => {
                let commands: Vec<String> = commands.iter().map(|command| command.join(" ")).collect();
                Some((commands.join(" && "), variables.values().collect()))
            }
            _ => None,
        })
        .collect();
    let old = "--openssl-legacy-provider".to_owned();
    let expected = [
        ("/app", vec![]),
        ("npm ci --legacy-peer-deps", vec![]),
        ("/app/pages/frontend", vec![]),
        ("npm ci --legacy-peer-deps", vec![]),
        ("npm run build", vec![&old]),
        ("rm -rf node_modules /app/node_modules", vec![]),
    ];
    assert_eq!(runs, expected.map(|(text, values)| (text.to_owned(), values)));
}

#[test]
fn parts_of_a_workspace_are_installed_together() {
    let site = postgres()
        .with("package.json", r#"{"workspaces": ["site/*"], "dependencies": {"immutable": "5"}}"#)
        .with("package-lock.json", r#"{"lockfileVersion": 3}"#)
        .with("site/shared/package.json", r#"{"name": "shared"}"#)
        .with("site/frontend/package.json", VITE);
    let plan = site.plan();
    let seen: Vec<String> = steps(&plan, "assets")
        .iter()
        .filter_map(|step| match step {
            Step::WorkFolder { path } => Some(path.clone()),
            Step::CopyManifests { files, .. } => {
                Some(files.iter().map(|file| file.as_str()).collect::<Vec<_>>().join(" "))
            }
            Step::Run { commands, .. } => Some(commands.concat().join(" ")),
            _ => None,
        })
        .collect();
    let expected = [
        "/app",
        "package.json package-lock.json site/frontend/package.json site/shared/package.json",
        "npm ci",
        "/app/site/frontend",
        "npm run build",
        "rm -rf node_modules /app/node_modules",
    ];
    assert_eq!(seen, expected);
}

#[test]
fn old_django_finds_every_folder_of_static_files_that_it_looks_in() {
    let dirs = "STATICFILES_DIRS = [BASE_DIR / 'static', '/data/public', ('x', BASE_DIR / 'pages')]\n";
    let made = |django: &str| {
        let site = Site::new(&format!("{OPEN}{}{dirs}", database("postgresql")), django);
        let plan = site.plan();
        let collect = steps(&plan, "app").iter().find_map(|step| match step {
            Step::Run { commands, purpose: RunPurpose::CollectStatic { .. }, .. } => Some(commands.clone()),
            _ => None,
        });
        let commands = collect.unwrap();
        commands.iter().map(|command| command.join(" ")).find(|command| command.starts_with("mkdir"))
    };
    assert_eq!(
        made("django==3.2.25\npsycopg2-binary==2.9.9\n").as_deref(),
        Some("mkdir --parents /app/static /data/public")
    );
    assert_eq!(made("django==4.2.1\npsycopg2-binary==2.9.9\n"), None);
}

#[test]
fn environments_hold_setuptools_where_those_of_the_same_python_did() {
    let installs = |python: &str, more: &str| {
        let site = postgres()
            .with(".python-version", python)
            .with("requirements.txt", &format!("django==4.2.1\npsycopg[binary]==3.2.9\n{more}"));
        let plan = site.plan();
        let install = steps(&plan, "builder").iter().find_map(|step| match step {
            Step::Install { commands, .. } => Some(commands.concat()),
            _ => None,
        });
        install.unwrap().contains(&"setuptools<82".to_owned())
    };
    assert!(installs("3.11", ""));
    assert!(!installs("3.12", ""));
    assert!(!installs("3.11", "setuptools==65.5.0\n"));
}

#[test]
fn what_is_imported_and_not_required_is_installed_beside_what_is() {
    let site = postgres()
        .with("pages/tasks.py", "from celery import shared_task\ntry:\n    import stripe\nexcept ImportError:\n    stripe = None\n")
        .with("pages/tests/test_x.py", "import faker\n")
        .with("redis.py", "")
        .with("pages/views.py", "import redis\nimport os\nimport psycopg\n");
    let plan = site.plan();
    let install = steps(&plan, "builder").iter().find_map(|step| match step {
        Step::Install { commands, .. } => Some(commands[0].join(" ")),
        _ => None,
    });
    // `redis` is the project's own, and what may be missing is caught.
    assert!(install.unwrap().ends_with("install --no-compile --requirement requirements.txt celery"));
    let said: Vec<String> = plan.diagnostics.iter().map(|said| said.code.to_string()).collect();
    assert_eq!(said, ["import-unlisted"]);
}

#[test]
fn a_process_that_no_service_runs_is_said_once() {
    let bot = "from django.core.management.base import BaseCommand\nclass Command(BaseCommand):\n    def handle(self):\n        bot.infinity_polling()\n";
    let site = postgres()
        .with("Procfile", "web: gunicorn site1.wsgi\nrelease: python manage.py migrate\nbot: python manage.py bot\nclock: python manage.py tick --every 5\n")
        .with("pages/management/__init__.py", "")
        .with("pages/management/commands/__init__.py", "")
        .with("pages/management/commands/bot.py", bot);
    let plan = site.plan();
    let said: Vec<&str> = plan.diagnostics.iter().map(|said| said.title.as_str()).collect();
    assert_eq!(
        said,
        [
            "no service of the stack runs `manage.py bot`",
            "no service of the stack runs `manage.py tick --every 5`"
        ]
    );
}

#[test]
fn another_distribution_that_brings_the_module_is_enough() {
    let requirements = "django==5.2.1\npsycopg==3.2.9\nunicode-slugify==0.1.5\n";
    let site = Site::new(&format!("{OPEN}{}", database("postgresql")), requirements)
        .with("pages/views.py", "from slugify import slugify\n");
    assert!(site.plan().diagnostics.iter().all(|said| said.code.0 != "import-unlisted"));
}

const LOGGING: &str = "LOGGING = {'version': 1, 'handlers': {'file': {'class': 'logging.FileHandler', 'level': 'INFO', \
    'filename': BASE_DIR / 'debug.log'}, 'kept': {'class': 'logging.FileHandler', 'filename': BASE_DIR / 'logs' / 'x.log'}, \
    'deep': {'class': 'logging.FileHandler', 'filename': BASE_DIR / 'logs' / 'deep' / 'x.log'}}}\n";

#[test]
fn log_files_beside_the_source_become_lines_of_the_containers_log() {
    let site = Site::new(
        &format!("{OPEN}{}{LOGGING}", database("postgresql")),
        "django==5.2.1\npsycopg[binary]==3.2.9\n",
    );
    let plan = site.plan();
    let overlay = &plan.overlays[0];
    let names: Vec<&str> = overlay.overrides.iter().map(|entry| entry.setting.as_str()).collect();
    assert_eq!(names, ["LOGGING", "DATABASES"]);
    assert!(overlay.text.contains("LOGGING[\"handlers\"][\"file\"] = {"), "{}", overlay.text);
    assert!(!overlay.text.contains("\"kept\""), "{}", overlay.text);
    // A folder of their own is a volume, with the folders in it.
    let web = service(&plan.prod, "web");
    let mounted = |target: &str| {
        web.mounts.iter().any(|mount| matches!(mount, Mount::Volume { target: found, .. } if found == target))
    };
    assert!(mounted("/app/logs") && !mounted("/app/logs/deep"));
    let owned = steps(&plan, "app").iter().find_map(|step| match step {
        Step::OwnedFolders { paths, .. } => Some(paths.clone()),
        _ => None,
    });
    assert_eq!(owned.unwrap(), ["/app/logs", "/app/logs/deep"]);
}

#[test]
fn folders_outside_the_source_are_volumes() {
    let folders = "DATA_DIR = '/data'\nUPLOAD_DIR = os.path.join(DATA_DIR, 'upload')\nSTATIC_PATH = '/static/'\n\
                   INDEX_PATH = '/var/lib/index'\nMEDIA_ROOT = '/data/media'\nCERTIFICATE_PATH = '/data/site.pem'\n";
    let site = Site::new(
        &format!("{OPEN}{}{folders}", database("postgresql")),
        "django==5.2.1\npsycopg[binary]==3.2.9\n",
    );
    let plan = site.plan();
    let web = service(&plan.prod, "web");
    let mounts: Vec<(&str, &str)> = web
        .mounts
        .iter()
        .filter_map(|mount| match mount {
            Mount::Volume { volume, target, .. } => Some((volume.as_str(), target.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(mounts, [("data", "/data"), ("index", "/var/lib/index"), ("media", "/data/media")]);
}

#[test]
fn style_sheets_are_not_written_while_pages_are_shown() {
    let apps = "INSTALLED_APPS += ['compressor']\n";
    let requirements = "django==5.2.1\npsycopg[binary]==3.2.9\ndjango-compressor==4.6.0\n";
    let site = |more: &str| Site::new(&format!("{OPEN}{}{apps}{more}", database("postgresql")), requirements);
    let plan = site("").plan();
    assert!(plan.overlays[0].text.contains("COMPRESS_ENABLED = "), "{}", plan.overlays[0].text);
    let sass = "COMPRESS_PRECOMPILERS = (('text/x-scss', 'sass {infile} {outfile}'),)\n";
    assert!(site(sass).plan().overlays[0].text.contains("COMPRESS_ENABLED = "));
    let page = "{% compress css %}<link type=\"text/x-scss\" href=\"/static/a.scss\">{% endcompress %}";
    let plan = site(sass).with("pages/templates/base.html", page).plan();
    assert!(plan.overlays[0].text.contains("COMPRESS_OFFLINE = "), "{}", plan.overlays[0].text);
    let plan = site("COMPRESS_OFFLINE = True\n").plan();
    assert!(plan.overlays.is_empty());
    let collect = steps(&plan, "app").iter().find_map(|step| match step {
        Step::Run { commands, purpose: RunPurpose::CollectStatic { .. }, .. } => Some(commands.clone()),
        _ => None,
    });
    assert!(collect.unwrap().contains(&["python", "manage.py", "compress"].map(str::to_owned).to_vec()));
}

#[test]
fn the_stacks_own_database_is_not_asked_for_tls() {
    let strict = "DATABASES['default']['OPTIONS'] = {'sslmode': 'require', 'connect_timeout': 5}\n";
    let requirements = "django==5.2.1\npsycopg[binary]==3.2.9\n";
    let plan = Site::new(&format!("{OPEN}{}{strict}", database("postgresql")), requirements).plan();
    let web = service(&plan.prod, "web");
    assert_eq!(value(web, "DB_SSLMODE"), "prefer");
    let line = "DATABASES[\"default\"][\"OPTIONS\"][\"sslmode\"] = os.environ[\"DB_SSLMODE\"]";
    assert!(plan.overlays[0].text.contains(line), "{}", plan.overlays[0].text);
    assert!(postgres().plan().overlays.is_empty());
    // Where a variable decides, it is the one that is set.
    let open = strict.replace("'require'", "os.environ.get('SSL', 'require')");
    let plan = Site::new(&format!("{OPEN}{}{open}", database("postgresql")), requirements).plan();
    assert_eq!(value(service(&plan.prod, "web"), "SSL"), "prefer");
    assert!(plan.overlays.is_empty());
}

#[test]
fn rules_for_another_image_do_not_empty_this_one() {
    let rules = |text: &str| postgres().with(".dockerignore", text).plan().docker_ignore.existing;
    assert_eq!(rules("# for CI\n*\n!requirements/\n"), ["# for CI", "*", "!requirements/", "!*"]);
    assert_eq!(rules("*.pyc\n"), ["*.pyc"]);
}

#[test]
fn a_static_file_is_asked_for_only_where_this_stack_has_it() {
    let dirs = "STATICFILES_DIRS = [(BASE_DIR if DEBUG else Path('/data')) / 'public']\n";
    let open = OPEN.replace("'DEBUG', 'False'", "'DEBUG', 'True'");
    let requirements = "django==5.2.1\npsycopg[binary]==3.2.9\n";
    let site = Site::new(&format!("{open}{}{dirs}", database("postgresql")), requirements)
        .with("public/face.png", "x");
    let site =
        Site { files: site.files.into_iter().filter(|(path, _)| !path.contains("style.css")).collect() };
    let plan = site.plan();
    let asked = |environment: Environment| {
        plan.probes.iter().any(|probe| probe.environment == environment && probe.name == "project-static")
    };
    assert!(!asked(Environment::Prod) && asked(Environment::Dev));
}

#[test]
fn websockets_are_understood_where_they_are_spoken() {
    let site = Site::new(
        &format!("{OPEN}{}INSTALLED_APPS += ['channels']\nASGI_APPLICATION = 'site1.asgi.application'\n", database("postgresql")),
        "django==5.2.1\npsycopg[binary]==3.2.9\nchannels==4.3.1\n",
    )
    .with("site1/asgi.py", "import os\nfrom channels.routing import ProtocolTypeRouter\nfrom django.core.asgi import get_asgi_application\napplication = ProtocolTypeRouter({'http': get_asgi_application()})\n");
    let plan = site.plan();
    let install = steps(&plan, "builder").iter().find_map(|step| match step {
        Step::Install { commands, .. } => Some(commands.concat().join(" ")),
        _ => None,
    });
    let install = install.unwrap();
    assert!(install.contains(" uvicorn-worker==") && install.contains(" websockets=="), "{install}");
}

#[test]
fn what_others_still_need_is_stopped_last() {
    let plan = celery().plan_with_redis();
    let stops = plan.probes.iter().filter_map(|probe| match &probe.act {
        Act::Stop { servers, .. } => Some(servers.clone()),
        _ => None,
    });
    assert_eq!(stops.collect::<Vec<_>>(), [["db", "redis"], ["db", "redis"]]);
}

#[test]
fn a_manager_of_a_line_that_the_project_asks_for_is_brought() {
    let brought = |stated: &str| {
        let manifest = format!(
            "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['django==5.2.1', 'psycopg[binary]==3.2.9']\n[tool.uv]\nrequired-version = '{stated}'\n"
        );
        let mut site = postgres()
            .with("pyproject.toml", &manifest)
            .with("uv.lock", "version = 1\nrequires-python = '>=3.12'\n");
        site.files.remove("requirements.txt");
        let plan = site.plan();
        let commands = steps(&plan, "builder").iter().find_map(|step| match step {
            Step::Run { commands, purpose: RunPurpose::PackageManager, .. } => Some(commands.concat()),
            _ => None,
        });
        commands.unwrap().last().cloned().unwrap()
    };
    assert_eq!(brought("==0.11.*"), "uv==0.11.*");
    assert_eq!(brought("0.9.2"), "uv==0.9.2");
    assert!(brought(">=0.5").starts_with("uv==0.1"));
}

#[test]
fn hosts_of_one_machine_alone_are_not_enough() {
    let hosts = OPEN.replace("os.getenv('HOSTS', '').split(',')", "['202.10.36.249', '127.0.0.1']");
    let site =
        Site::new(&format!("{hosts}{}", database("postgresql")), "django==5.2.1\npsycopg[binary]==3.2.9\n");
    let overlay = &site.plan().overlays[0];
    assert!(
        overlay.text.contains("ALLOWED_HOSTS = [*ALLOWED_HOSTS, *os.environ[\"ALLOWED_HOSTS\"]"),
        "{}",
        overlay.text
    );
}

#[test]
fn a_driver_that_is_required_in_another_form_is_not_required_twice() {
    let requirements = "django==5.2.1\npsycopg2-binary==2.9.10\nopencv-python-headless==4.11.0.86\n";
    let site = Site::new(&format!("{OPEN}{}", database("postgresql")), requirements)
        .with("pages/models.py", "import cv2\nfrom psycopg2.extras import NumericRange\n");
    let plan = site.plan();
    assert!(plan.diagnostics.iter().all(|said| said.code.0 != "import-unlisted"), "{:?}", plan.diagnostics);
}

#[test]
fn compiled_requirements_lack_only_what_settings_for_development_import() {
    let requirements =
        "#\n# This file is autogenerated by pip-compile with Python 3.12\n#\ndjango==5.2.1\npsycopg==3.2.9\n";
    let site = Site::new(&format!("{OPEN}{}import dotenv\n", database("postgresql")), requirements)
        .with("pages/views.py", "import stripe\n")
        .with("pages/factories.py", "import factory\n");
    let plan = site.plan();
    let said: Vec<&str> = plan.diagnostics.iter().map(|said| said.title.as_str()).collect();
    assert_eq!(said, ["`dotenv` is imported, and the requirements do not name `python-dotenv`"]);
}

#[test]
fn a_fork_that_is_called_after_what_it_replaces_is_enough() {
    let said = |requirement: &str, import: &str| {
        let requirements = format!("django==5.2.1\npsycopg==3.2.9\n{requirement}\n");
        let site = Site::new(&format!("{OPEN}{}", database("postgresql")), &requirements)
            .with("pages/views.py", &format!("{import}\n"));
        site.plan().diagnostics.iter().any(|said| said.code.0 == "import-unlisted")
    };
    for (requirement, import) in [
        ("django-jalali-date-unfold==2.0.0", "from jalali_date import datetime2jalali"),
        ("django-reorder-admin==0.3.1", "import admin_reorder.middleware"),
        ("git+https://example.org/shop/django-jet-new.git", "import jet"),
        ("https://example.org/shop/django-jet/archive/main.zip", "from jet.dashboard import modules"),
        ("own-celery-fork==1.0", "import celery"),
        ("pandas==2.3.3", "import numpy as np"),
        ("wagtail>=7.1,<7.2", "from rest_framework import serializers"),
    ] {
        assert!(!said(requirement, import), "{requirement}");
    }
    for (requirement, import) in [
        ("celery-types==0.23", "import celery"),
        ("django-crispy-forms==2.4", "import celery"),
        ("git+https://example.org/shop/tools.git", "import celery"),
    ] {
        assert!(said(requirement, import), "{requirement}");
    }
}
