//! A project taken through every stage without Docker: from literals or an example to the files.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use djdock::base::{Diagnostic, Place, Tree};
use djdock::choose::{self, Draft, READING};
use djdock::inspect;
use djdock::plan::{self, Plan};
use djdock::render::{self, Values};
use djdock::shell::disk;
use serde_json::Value;

use super::dockerfile::Dockerfile;
use super::repository;

/// What came of a project.
#[derive(Debug)]
pub struct Made {
    pub plan: Plan,
    pub files: BTreeMap<Utf8PathBuf, String>,
}

impl Made {
    /// The text of a generated file.
    pub fn file(&self, path: &str) -> &str {
        let names = || self.files.keys().map(|path| path.as_str()).collect::<Vec<_>>();
        self.files.get(Utf8Path::new(path)).unwrap_or_else(|| panic!("no {path} among {:?}", names()))
    }

    pub fn dockerfile(&self, path: &str) -> Dockerfile {
        Dockerfile::parse(self.file(path))
    }

    /// A compose file, as a YAML parser reads it.
    pub fn compose(&self, path: &str) -> Value {
        serde_saphyr::from_str(self.file(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The build stage of `Dockerfile.prod` that the web service runs.
    pub fn web_stage(&self) -> String {
        let compose = self.compose("compose.prod.yaml");
        let services = compose["services"].as_object().expect("services");
        let image = &services[self.plan.prod.project_service()]["image"];
        // The first service that uses an image builds it, the others share it.
        let mut builds = services.values().filter(|service| service["image"] == *image);
        let target = builds.find_map(|service| service["build"]["target"].as_str());
        target.expect("somebody builds what web runs").to_owned()
    }

    /// The settings modules that djdock wrote beside the project's own.
    pub fn overlay(&self) -> String {
        assert!(!self.plan.overlays.is_empty(), "the project needs an overlay");
        self.plan.overlays.iter().map(|overlay| self.file(overlay.path.as_str())).collect()
    }

    /// The variables of the env file.
    pub fn env(&self) -> BTreeMap<&str, &str> {
        self.file(".env")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('='))
            .collect()
    }
}

/// One of the projects in `examples/`, with every suggestion taken.
pub fn example(name: &str) -> Made {
    let folder = Utf8PathBuf::try_from(repository::path("examples").join(name)).expect("a name in UTF-8");
    let tree = disk::load(&folder).expect("the example can be read");
    make(&tree, name, &Draft::default()).unwrap_or_else(|errors| panic!("{name}: {errors:#?}"))
}

/// A project of these files, with every suggestion taken.
pub fn project(files: &[(&str, &str)]) -> Made {
    project_with(files, &[])
}

/// A project of these files, with these answers to questions.
pub fn project_with(files: &[(&str, &str)], answers: &[(&'static str, &str)]) -> Made {
    try_project_with(files, answers).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// The same, or the errors that there is no plan for it.
pub fn try_project_with(
    files: &[(&str, &str)],
    answers: &[(&'static str, &str)],
) -> Result<Made, Vec<Diagnostic>> {
    let mut draft = Draft::default();
    for (key, word) in answers {
        draft.give(key, (*word).to_owned(), Place::Flag(format!("--{key}")));
    }
    make(&Tree::from_literals(files.iter().copied()), "site", &draft)
}

/// A project with these answers, read again where they change what is read, as the program does.
pub fn make(tree: &Tree, folder: &str, draft: &Draft) -> Result<Made, Vec<Diagnostic>> {
    let (mut facts, _) = inspect::inspect(tree);
    let (mut draft, mut said) = (draft.clone(), inspect::Said::default());
    for key in READING {
        let news =
            choose::choose_reading(&facts, folder, key, &mut draft, None).expect("nobody to be interrupted");
        if news != inspect::Said::default() {
            said = said.or(news);
            (facts, _) = inspect::inspect_as(tree, &said);
        }
    }
    let draft = &draft;
    let answers = choose::choose(&facts, folder, draft, None).expect("nobody to be interrupted").answers;
    let plan = plan::plan(tree, &facts, &answers)?;
    let values = Values::new(tree, &plan, 1000, 1000, &mut |length| "s".repeat(length));
    let generated = render::render(&plan, &answers, &values).map_err(|bug| vec![bug])?;
    let files = generated.into_iter().map(|file| (file.path, file.contents)).collect();
    Ok(Made { plan, files })
}

/// A project as `django-admin startproject mysite` lays it out, with these settings and requirements.
pub fn startproject<'a>(settings: &'a str, requirements: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("manage.py", MANAGE),
        ("mysite/__init__.py", ""),
        ("mysite/settings.py", settings),
        ("mysite/urls.py", "urlpatterns = []\n"),
        ("mysite/wsgi.py", WSGI),
        ("requirements.txt", requirements),
    ]
}

pub const MANAGE: &str = "import os, sys\n\n\ndef main():\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')\n    from django.core.management import execute_from_command_line\n    execute_from_command_line(sys.argv)\n\n\nif __name__ == '__main__':\n    main()\n";

pub const WSGI: &str = "import os\n\nfrom django.core.wsgi import get_wsgi_application\n\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')\n\napplication = get_wsgi_application()\n";

/// Settings that boot, without a database: a test adds what it is about.
pub const SETTINGS: &str = "\
import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ['SECRET_KEY']
DEBUG = os.environ.get('DEBUG') == '1'
ALLOWED_HOSTS = os.environ.get('ALLOWED_HOSTS', 'localhost').split(',')
ROOT_URLCONF = 'mysite.urls'
WSGI_APPLICATION = 'mysite.wsgi.application'
INSTALLED_APPS = [
    'django.contrib.admin',
    'django.contrib.auth',
    'django.contrib.contenttypes',
    'django.contrib.sessions',
    'django.contrib.messages',
    'django.contrib.staticfiles',
]
STATIC_URL = '/static/'
STATIC_ROOT = BASE_DIR / 'staticfiles'
";
