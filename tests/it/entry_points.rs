//! What `manage.py`, servers' scripts and apps' modules read, and the settings that they name.

use crate::support::pipeline::{Made, SETTINGS, WSGI, project};

const BASE: &str = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}\nSTATIC_URL = 'static/'\nSTATIC_ROOT = BASE_DIR / 'collected'\n";
const RUN: &str =
    "from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n";

/// A project with `mysite.settings.{base,dev,live}` and these files.
fn of_modes(more: &[(&str, &str)]) -> Made {
    let base = format!("{SETTINGS}{BASE}");
    let mut files = vec![
        ("mysite/__init__.py", ""),
        ("mysite/settings/__init__.py", ""),
        ("mysite/settings/base.py", base.as_str()),
        ("mysite/settings/dev.py", "from .base import *\nDEBUG = True\n"),
        ("mysite/settings/live.py", "from .base import *\n"),
        ("mysite/urls.py", "urlpatterns = []\n"),
        ("mysite/wsgi.py", WSGI),
        ("requirements.txt", "django==5.2.8\n"),
    ];
    files.retain(|(path, _)| more.iter().all(|(other, _)| other != path));
    files.extend(more);
    project(&files)
}

/// A project of one settings module, an app `pages`, and these files.
fn of_app(settings: &str, more: &[(&str, &str)]) -> Made {
    let base = format!("{SETTINGS}{BASE}INSTALLED_APPS += ['pages.apps.PagesConfig']\n{settings}");
    let mut files = vec![
        ("manage.py", crate::support::pipeline::MANAGE),
        ("mysite/__init__.py", ""),
        ("mysite/settings.py", base.as_str()),
        ("mysite/urls.py", "urlpatterns = []\n"),
        ("mysite/wsgi.py", WSGI),
        ("pages/__init__.py", ""),
        (
            "pages/apps.py",
            "from django.apps import AppConfig\nclass PagesConfig(AppConfig):\n    name = 'pages'\n    def ready(self):\n        from . import signals\n",
        ),
        ("pages/signals.py", ""),
        ("requirements.txt", "django==5.2.8\n"),
    ];
    files.retain(|(path, _)| more.iter().all(|(other, _)| other != path));
    files.extend(more);
    project(&files)
}

fn in_services(made: &Made, file: &str, name: &str) -> Option<String> {
    let compose = made.compose(file);
    Some(compose["services"]["web"]["environment"][name].as_str()?.to_owned())
}

#[test]
fn a_variable_that_completes_the_name_of_the_settings_gives_each_stack_its_own() {
    for naming in [
        "f'mysite.settings.{STAGE}'",
        "'mysite.settings.' + STAGE",
        "'mysite.settings.%s' % STAGE",
        "'mysite.settings.{}'.format(STAGE)",
        "'.'.join(['mysite', 'settings', STAGE])",
    ] {
        let manage = format!(
            "import os, sys\nSTAGE = os.environ['STAGE']\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', {naming})\n{RUN}"
        );
        let made = of_modes(&[("manage.py", &manage)]);
        assert_eq!(in_services(&made, "compose.prod.yaml", "STAGE").as_deref(), Some("live"), "{naming}");
        assert_eq!(in_services(&made, "compose.yaml", "STAGE").as_deref(), Some("dev"), "{naming}");
        assert!(made.file("Dockerfile.prod").contains("STAGE=live"), "{naming}");
    }
}

#[test]
fn settings_that_tests_alone_start_with_are_no_default() {
    let manage = format!(
        "import os, sys\nif 'test' in sys.argv:\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings.testing')\nelse:\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', os.environ.get('WHICH'))\n{RUN}"
    );
    let made = of_modes(&[("manage.py", &manage), ("mysite/settings/testing.py", "from .base import *\n")]);
    let of = |file: &str| in_services(&made, file, "DJANGO_SETTINGS_MODULE").unwrap_or_default();
    assert_eq!(of("compose.yaml"), "mysite.settings.dev");
    // An overlay on `mysite.settings.live`.
    assert!(made.overlay().contains("from .live import *"), "{}", made.overlay());
}

#[test]
fn what_manage_py_cannot_start_without_is_asked_for() {
    let manage = format!(
        "import os, sys\nLICENCE = os.environ['LICENCE_ID']\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings.live')\n{RUN}"
    );
    let made = of_modes(&[("manage.py", &manage)]);
    assert_eq!(made.env().get("LICENCE_ID").copied(), Some("change-me"));
    assert!(
        made.file(".env").contains("# manage.py needs it when the project starts"),
        "{}",
        made.file(".env")
    );
    assert!(made.file("Dockerfile.prod").contains("LICENCE_ID="));
}

#[test]
fn what_a_server_s_script_reads_is_asked_for() {
    let wsgi = "import os\nfrom django.core.wsgi import get_wsgi_application\nREGION = os.environ['DEPLOY_ZONE'].lower()\n\
        os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')\napplication = get_wsgi_application()\n";
    let made = of_app("", &[("mysite/wsgi.py", wsgi)]);
    assert_eq!(made.env().get("DEPLOY_ZONE").copied(), Some("change-me"));
}

#[test]
fn what_ready_imports_is_asked_for() {
    let made = of_app(
        "",
        &[
            ("pages/signals.py", "from .conf import SIGN_IN\n"),
            (
                "pages/conf.py",
                "import os\nSIGN_IN = os.getenv('SIGN_IN_PAGE') + '?next=/'\nSHOP = os.getenv('SHOP_ID')\n",
            ),
        ],
    );
    assert!(made.env().contains_key("SIGN_IN_PAGE"), "{}", made.file(".env"));
    assert!(made.file(".env").contains("# SHOP_ID="), "{}", made.file(".env"));
    assert!(made.file("Dockerfile.prod").contains("SIGN_IN_PAGE="));
}

#[test]
fn what_models_urls_and_middleware_import_is_asked_for() {
    let read = |name: &str| format!("import os\nX = os.environ['{name}']\n");
    let (models, views, steps, nested) =
        (read("OF_MODELS"), read("OF_VIEWS"), read("OF_STEPS"), read("OF_NESTED"));
    let made = of_app(
        "MIDDLEWARE = ['pages.steps.Step']\n",
        &[
            ("pages/models.py", &models),
            (
                "mysite/urls.py",
                "from django.urls import include, path\nfrom pages import views\nurlpatterns = [path('', include('pages.more.urls'))]\n",
            ),
            ("pages/views.py", &views),
            ("pages/steps.py", &steps),
            ("pages/more/__init__.py", ""),
            ("pages/more/urls.py", &nested),
        ],
    );
    for name in ["OF_MODELS", "OF_VIEWS", "OF_STEPS", "OF_NESTED"] {
        assert!(made.env().contains_key(name), "{name}: {}", made.file(".env"));
    }
}

#[test]
fn what_is_never_imported_at_the_start_asks_for_nothing() {
    let made = of_app(
        "",
        &[
            ("pages/later.py", "import os\nX = os.environ['LATER']\n"),
            (
                "pages/views.py",
                "import os\ndef page(request):\n    from . import later\n    return os.environ['ON_REQUEST']\n",
            ),
            ("mysite/urls.py", "from pages import views\nurlpatterns = []\n"),
            ("pages/tests/__init__.py", "import os\nX = os.environ['OF_TESTS']\n"),
        ],
    );
    for name in ["LATER", "ON_REQUEST", "OF_TESTS"] {
        assert!(!made.file(".env").contains(name), "{name}");
    }
}

#[test]
fn what_the_stack_gives_anyway_is_not_asked_for_again() {
    let made = of_app("", &[("pages/signals.py", "import os\nKEY = os.environ['SECRET_KEY']\n")]);
    assert_eq!(made.file(".env").matches("SECRET_KEY=").count(), 1);
}

#[test]
fn what_the_project_documents_in_its_example_is_kept_without_values() {
    let example = "# Where people sign in,\n# with the slash\nSIGN_IN=https://id.example.org/\nTOKEN=abc123 # ask Ana\n\n# for cookies\nSECRET_KEY=\n";
    for name in [".env.example", "env.example", ".env.sample", ".env.dist"] {
        let made = of_app("", &[(name, example)]);
        let text = made.file(".env.example");
        assert!(text.contains("# Where people sign in, with the slash\n# SIGN_IN=\n"), "{name}: {text}");
        assert!(text.contains("# ask Ana\n# TOKEN=\n"), "{name}: {text}");
        assert!(text.contains("# About SECRET_KEY: for cookies\n"), "{name}: {text}");
        assert!(!text.contains("abc123") && !text.contains("id.example.org"), "{name}: {text}");
        assert!(!made.file(".env").contains("SIGN_IN"), "{name}");
    }
}

#[test]
fn what_was_kept_of_an_example_is_kept_again() {
    let first = of_app("", &[(".env.example", "# why\nTOKEN=\n# for cookies\nSECRET_KEY=x\n")]);
    let again = of_app("", &[(".env.example", first.file(".env.example"))]);
    assert_eq!(first.file(".env.example"), again.file(".env.example"));
}
