//! Small sites to plan, and looks into their plans.

use std::collections::BTreeMap;

use djdock::base::Tree;
use djdock::choose::answers::Answers;
use djdock::choose::suggested;
use djdock::inspect::{Facts, inspect};
use djdock::plan::{Plan, plan};
use djdock::stack::{Service, Stack, Step, VariableValue};

pub(super) const MANAGE: &str = "import os\nimport sys\n\nif __name__ == '__main__':\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')\n    from django.core.management import execute_from_command_line\n    execute_from_command_line(sys.argv)\n";
pub(super) const WSGI: &str = "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')\napplication = get_wsgi_application()\n";
pub(super) const URLS: &str = "from django.contrib import admin\nfrom django.urls import path\nurlpatterns = [path('admin/', admin.site.urls)]\n";
/// What every settings module here begins with.
pub(super) const COMMON: &str = "import os\nfrom pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\nROOT_URLCONF = 'site1.urls'\nWSGI_APPLICATION = 'site1.wsgi.application'\nINSTALLED_APPS = ['django.contrib.admin', 'django.contrib.auth', 'django.contrib.contenttypes', 'django.contrib.sessions', 'django.contrib.messages', 'django.contrib.staticfiles', 'pages']\nSTATIC_URL = 'static/'\n";
/// What production has beside it, so that no overlay adds anything.
pub(super) const COMPLETE: &str = "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')\nCSRF_TRUSTED_ORIGINS = ['https://example.org']\nLOGGING = {'version': 1, 'handlers': {'console': {'class': 'logging.StreamHandler'}}}\n";
/// Everything that a container asks for is read from a variable.
pub(super) const OPEN: &str = "SECRET_KEY = os.environ['SECRET_KEY']\nDEBUG = os.getenv('DEBUG', 'False') == 'True'\nALLOWED_HOSTS = os.getenv('HOSTS', '').split(',')\nSTATIC_ROOT = BASE_DIR / 'collected'\n";
/// Everything is written down, as `startproject` does.
pub(super) const CLOSED: &str = "SECRET_KEY = 'written-down'\nDEBUG = True\nALLOWED_HOSTS = []\n";

pub(super) fn database(engine: &str) -> String {
    format!(
        "DATABASES = {{'default': {{'ENGINE': 'django.db.backends.{engine}', 'NAME': os.getenv('RDS_DB_NAME', 'shop'), \
         'USER': os.getenv('RDS_USERNAME'), 'PASSWORD': os.getenv('RDS_PASSWORD'), \
         'HOST': os.getenv('RDS_HOSTNAME', 'localhost'), 'PORT': os.getenv('RDS_PORT', '')}}}}\n"
    )
}

pub(super) const SQLITE: &str =
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}\n";

pub(super) struct Site {
    pub(super) files: BTreeMap<String, String>,
}

impl Site {
    /// A project whose settings are `COMMON` and `COMPLETE`, and then `settings`.
    pub(super) fn new(settings: &str, requirements: &str) -> Self {
        Self::bare(&format!("{COMPLETE}{settings}"), requirements)
    }

    /// A project whose settings are `COMMON` and then `settings`.
    pub(super) fn bare(settings: &str, requirements: &str) -> Self {
        let files = [
            ("manage.py", MANAGE.to_owned()),
            ("site1/__init__.py", String::new()),
            ("site1/settings.py", format!("{COMMON}{settings}")),
            ("site1/urls.py", URLS.to_owned()),
            ("site1/wsgi.py", WSGI.to_owned()),
            ("pages/__init__.py", String::new()),
            ("pages/static/pages/style.css", "body {}".to_owned()),
            ("requirements.txt", requirements.to_owned()),
        ];
        Self { files: files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect() }
    }

    pub(super) fn with(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.to_owned(), text.to_owned());
        self
    }

    /// Facts, and the codes of what is said of them.
    pub(super) fn inspect(&self) -> (Facts, Vec<String>) {
        let tree = Tree::from_literals(self.files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let (facts, diagnostics) = inspect(&tree);
        (facts, diagnostics.iter().map(|one| one.code.to_string()).collect())
    }

    pub(super) fn try_plan(&self, change: impl FnOnce(&mut Answers)) -> Result<Plan, Vec<String>> {
        self.planned(change).map_err(|errors| {
            errors.into_iter().map(|error| format!("{}: {}", error.code, error.title)).collect()
        })
    }

    /// The plan, or all that is said of why there is none.
    pub(super) fn planned(
        &self,
        change: impl FnOnce(&mut Answers),
    ) -> Result<Plan, Vec<djdock::base::Diagnostic>> {
        let tree = Tree::from_literals(self.files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let (facts, _) = inspect(&tree);
        let mut answers = suggested(&facts, "shop");
        change(&mut answers);
        plan(&tree, &facts, &answers)
    }

    /// With Redis in the stack, as a person answers who knows the broker that a variable names.
    pub(super) fn plan_with_redis(&self) -> Plan {
        self.try_plan(|answers| answers.cache = true).unwrap_or_else(|errors| panic!("{errors:#?}"))
    }

    pub(super) fn plan(&self) -> Plan {
        self.try_plan(|_| {}).unwrap_or_else(|errors| panic!("{errors:#?}"))
    }
}

/// Requirements of a site on PostgreSQL.
pub(super) const POSTGRES: &str = "django==5.2.1\npsycopg[binary]==3.2.9\n";

pub(super) fn postgres() -> Site {
    Site::new(&format!("{OPEN}{}", database("postgresql")), POSTGRES)
}

pub(super) fn mysql() -> Site {
    Site::new(&format!("{OPEN}{}", database("mysql")), "django==5.2.1\nmysqlclient==2.2.7\n")
}

pub(super) fn sqlite() -> Site {
    Site::new(&format!("{CLOSED}{SQLITE}"), "django==5.2.1\n")
}

pub(super) fn celery() -> Site {
    let more = "CELERY_BROKER_URL = os.environ['BROKER']\nCELERY_BEAT_SCHEDULE = {'x': {'task': 'pages.x', 'schedule': 60}}\n";
    let app = "import os\nfrom celery import Celery\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')\napp = Celery('site1')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n";
    Site::new(
        &format!("{OPEN}{}{more}", database("postgresql")),
        "django==5.2.1\npsycopg[binary]==3.2.9\ncelery==5.5.3\nredis==6.2.0\n",
    )
    .with("site1/celery.py", app)
    .with("site1/__init__.py", "from .celery import app as celery_app\n")
    .with("pages/tasks.py", "from celery import shared_task\n@shared_task\ndef x(): pass\n")
}

pub(super) fn service<'a>(stack: &'a Stack, name: &str) -> &'a Service {
    stack.service(name).unwrap_or_else(|| panic!("no service {name}"))
}

pub(super) fn value(service: &Service, name: &str) -> String {
    let secret = BTreeMap::from([("RDS_PASSWORD".to_owned(), "secret".to_owned())]);
    service.environment.get(name).map(|text| text.resolve(&secret)).unwrap_or_default()
}

/// The steps of a stage of the production images.
pub(super) fn steps<'a>(plan: &'a Plan, stage: &str) -> &'a [Step] {
    &plan.prod.images[0].stages.iter().find(|found| found.name == stage).unwrap().steps
}

pub(super) fn variable<'a>(plan: &'a Plan, name: &str) -> &'a VariableValue {
    &plan
        .prod
        .variables
        .iter()
        .find(|variable| variable.name == name)
        .unwrap_or_else(|| panic!("no {name}"))
        .value
}
