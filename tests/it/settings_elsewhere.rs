//! Settings of a worker's own, paths of other machines, and options that a database refuses.

use crate::support::pipeline::{MANAGE, Made, SETTINGS, WSGI, project};
use crate::support::program::Folder;

const POSTGRES: &str = "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': os.environ.get('DB_NAME'), 'USER': os.environ.get('DB_USER'), \
    'PASSWORD': os.environ.get('DB_PASSWORD'), 'HOST': os.environ.get('DB_HOST', 'localhost'), 'PORT': os.environ.get('DB_PORT', '')}}\nSTATIC_URL = 'static/'\nSTATIC_ROOT = BASE_DIR / 'collected'\n";
const SQLITE: &str = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}\nSTATIC_URL = 'static/'\nSTATIC_ROOT = BASE_DIR / 'collected'\n";

fn made(settings: &str, requirements: &str, more: &[(&str, &str)]) -> Made {
    let settings = format!("{SETTINGS}{settings}");
    let mut files = vec![
        ("manage.py", MANAGE),
        ("mysite/__init__.py", ""),
        ("mysite/settings.py", settings.as_str()),
        ("mysite/urls.py", "urlpatterns = []\n"),
        ("mysite/wsgi.py", WSGI),
        ("requirements.txt", requirements),
    ];
    files.extend(more);
    project(&files)
}

fn with_worker(settings: &str, of_jobs: &str) -> Made {
    let app = "import os\nfrom celery import Celery\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'jobs.conf')\n\
        app = Celery('jobs')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n";
    made(
        settings,
        "django==5.2.8\npsycopg[binary]==3.2.12\ncelery==5.5.3\nredis==6.4.0\n",
        &[
            ("jobs/__init__.py", "from .celery import app\n"),
            ("jobs/celery.py", app),
            ("jobs/conf.py", of_jobs),
        ],
    )
}

fn in_service(made: &Made, file: &str, service: &str, name: &str) -> String {
    let compose = made.compose(file);
    compose["services"][service]["environment"][name].as_str().unwrap_or_default().to_owned()
}

const JOBS: &str = "import os\nfrom mysite.settings import *\nQUEUE_AT = os.environ.get('QUEUE_AT', 'queue.example.org')\n\
    CELERY_BROKER_URL = f'redis://{QUEUE_AT}:6379/0'\n";

#[test]
fn a_worker_starts_with_its_own_settings_and_their_variables_are_set_everywhere() {
    let made = with_worker(
        POSTGRES,
        &format!("{JOBS}CELERY_BEAT_SCHEDULE = {{'x': {{'task': 'x', 'schedule': 60}}}}\n"),
    );
    for file in ["compose.yaml", "compose.prod.yaml"] {
        for service in ["worker", "beat"] {
            if made.compose(file)["services"][service].is_null() {
                continue;
            }
            assert_eq!(
                in_service(&made, file, service, "DJANGO_SETTINGS_MODULE"),
                "jobs.conf",
                "{file} {service}"
            );
        }
        let sites = in_service(&made, file, "web", "DJANGO_SETTINGS_MODULE");
        assert!(sites.starts_with("mysite.settings"), "{file}: {sites}");
        for service in ["web", "worker"] {
            assert_eq!(in_service(&made, file, service, "QUEUE_AT"), "redis", "{file} {service}");
        }
    }
}

#[test]
fn settings_of_a_worker_that_fix_the_broker_get_an_overlay_of_their_own() {
    let made = with_worker(
        POSTGRES,
        "from mysite.settings import *\nCELERY_BROKER_URL = 'redis://localhost:6379/3'\n",
    );
    let module = in_service(&made, "compose.prod.yaml", "worker", "DJANGO_SETTINGS_MODULE");
    assert!(module.starts_with("jobs."), "{module}");
    assert_ne!(module, "jobs.conf");
    assert!(made.overlay().contains("CELERY_BROKER_URL"), "{}", made.overlay());
}

#[test]
fn a_celery_module_that_names_the_settings_for_development_leaves_the_worker_to_the_stack() {
    let settings = format!("{POSTGRES}CELERY_BROKER_URL = os.environ.get('BROKER', 'redis://localhost')\n");
    let app = "import os\nfrom celery import Celery\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.local')\napp = Celery('mysite')\n";
    let made = made(
        &settings,
        "django==5.2.8\npsycopg[binary]==3.2.12\ncelery==5.5.3\nredis==6.4.0\n",
        &[("mysite/celery.py", app), ("mysite/local.py", "from .settings import *\n")],
    );
    let module = |service: &str| in_service(&made, "compose.prod.yaml", service, "DJANGO_SETTINGS_MODULE");
    assert_eq!(module("worker"), module("web"));
    assert!(module("web").starts_with("mysite.settings"));
}

#[test]
fn sqlite_gets_no_options_of_servers() {
    for database in [
        "import dj_database_url\nDATABASES = {'default': dj_database_url.config(default='sqlite:///db.sqlite3', ssl_require=not DEBUG)}\n",
        "import dj_database_url\nDATABASES = {'default': dj_database_url.parse(os.environ.get('DATABASE_URL', 'sqlite:///db.sqlite3'), ssl_require=True)}\n",
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}\nif not DEBUG:\n    DATABASES['default']['OPTIONS'] = {'sslmode': 'require', 'connect_timeout': 5}\n",
        "import environ\nenv = environ.Env()\nDATABASES = {'default': env.db('DATABASE_URL', default='sqlite:///db.sqlite3')}\nDATABASES['default']['OPTIONS'] = {'sslmode': 'require'}\n",
    ] {
        let settings = format!("{database}STATIC_URL = 'static/'\nSTATIC_ROOT = BASE_DIR / 'collected'\n");
        let requirements = "django==5.2.8\ndj-database-url==3.0.1\ndjango-environ==0.12.0\n";
        let made = made(&settings, requirements, &[]);
        assert!(made.overlay().contains("if key != \"sslmode\""), "{database}: {}", made.overlay());
    }
}

#[test]
fn options_that_sqlite_knows_are_left_alone() {
    let settings = SQLITE.replace(
        "'NAME': BASE_DIR / 'db.sqlite3'",
        "'NAME': os.environ.get('FILE', 'db.sqlite3'), 'OPTIONS': {'timeout': 20}",
    );
    let made = made(&settings, "django==5.2.8\n", &[]);
    assert!(!made.plan.overlays.iter().any(|overlay| overlay.text.contains("OPTIONS")));
}

#[test]
fn libraries_of_geodjango_are_looked_for_in_the_image() {
    for line in [
        "GDAL_LIBRARY_PATH = r'C:\\OSGeo4W\\bin\\gdal311.dll'\n",
        "GDAL_LIBRARY_PATH = '/opt/homebrew/opt/gdal/lib/libgdal.dylib'\n",
        "GDAL_LIBRARY_PATH = os.environ.get('GDAL', '/usr/local/opt/gdal/lib/libgdal.dylib')\n",
        "GDAL_LIBRARY_PATH = '/usr/lib/libgdal.so.20'\n",
    ] {
        let settings = format!(
            "{line}{}",
            POSTGRES.replace("django.db.backends.postgresql", "django.contrib.gis.db.backends.postgis")
        );
        let made = made(&settings, "django==5.2.8\npsycopg[binary]==3.2.12\n", &[]);
        assert!(made.overlay().contains("GDAL_LIBRARY_PATH = None"), "{line}: {}", made.overlay());
    }
}

#[test]
fn what_is_set_on_windows_alone_needs_nothing() {
    let settings = format!(
        "if os.name == 'nt':\n    GDAL_LIBRARY_PATH = r'C:\\OSGeo4W\\bin\\gdal.dll'\n    os.add_dll_directory('C:/OSGeo4W/bin')\n{POSTGRES}"
    );
    let made = made(&settings, "django==5.2.8\npsycopg[binary]==3.2.12\n", &[]);
    assert!(!made.plan.overlays.iter().any(|overlay| overlay.text.contains("GDAL")));
    assert!(!made.plan.diagnostics.iter().any(|one| one.code.to_string() == "path-of-another-machine"));
}

#[test]
fn a_path_of_another_machine_is_named_by_init() {
    let folder = Folder::with([
        ("manage.py", MANAGE.to_owned()),
        ("mysite/__init__.py", String::new()),
        (
            "mysite/settings.py",
            format!(
                "{SETTINGS}{SQLITE}BROWSER = '/Applications/Chrome.app/Contents/MacOS/Chrome'\nos.environ['PATH'] = r'C:\\tools;' + os.environ['PATH']\n"
            ),
        ),
        ("mysite/urls.py", "urlpatterns = []\n".to_owned()),
        ("mysite/wsgi.py", WSGI.to_owned()),
        ("requirements.txt", "django==5.2.8\n".to_owned()),
    ]);
    let run = folder.djdock(&["init", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for words in ["`BROWSER` holds a path of macOS", "`PATH` holds a path of Windows", "mysite/settings.py:"]
    {
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
    assert!(!folder.read(".env").lines().any(|line| line.trim_start_matches("# ").starts_with("PATH=")));
}

/// Settings that import the module that `naming` names.
fn of_module(naming: &str) -> Made {
    let settings = format!(
        "import importlib\n{naming}\nALLOWED_HOSTS = conf.HOSTS\nDEBUG = getattr(conf, 'DEBUG', False)\n{SQLITE}"
    );
    made(
        &settings,
        "django==5.2.8\n",
        &[
            ("mysite/conf_example.py", "HOSTS = ['localhost']\nDEBUG = False\n"),
            (".gitignore", "mysite/conf.py\n"),
        ],
    )
}

#[test]
fn a_variable_that_names_a_module_stays_unset_where_an_example_can_stand_in() {
    for naming in [
        "named = os.environ.get('SITE_CONF')\nconf = importlib.import_module(named) if named else importlib.import_module('mysite.conf')",
        "def load():\n    named = os.getenv('SITE_CONF')\n    if named:\n        return importlib.import_module(named)\n    return importlib.import_module('mysite.conf')\nconf = load()",
        "conf = importlib.import_module(os.getenv('SITE_CONF', 'mysite.conf'))",
        "named = os.environ.get('SITE_CONF')\nSPECIAL = named == 'special'\nconf = importlib.import_module(named or 'mysite.conf')",
    ] {
        let made = of_module(naming);
        for file in ["compose.yaml", "compose.prod.yaml"] {
            assert_eq!(in_service(&made, file, "web", "SITE_CONF"), "", "{naming}: {file}");
        }
        assert!(!made.env().contains_key("SITE_CONF"), "{naming}");
    }
}
