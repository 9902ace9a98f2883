//! Stacks that are wrong on purpose: each must be refused, with its cause.

mod certificates;
mod collected;
mod files;
mod parts;
mod reach;
mod settings;

use super::prove;
use crate::base::{Diagnostic, Tree};
use crate::choose::{self, Answers, Draft};
use crate::inspect::{self, Facts};
use crate::plan::ground::Ground;
use crate::plan::{assemble, completed, machine, settle, unlisted};
use crate::stack::{Environment, Mount, Role, Service, ServiceImage, Stack, Step, Text};

const SETTINGS: &str = "\
import json
import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ['BAKERY_KEY']
DEBUG = os.environ.get('DEBUG') == '1'
ALLOWED_HOSTS = os.environ.get('ALLOWED_HOSTS', 'localhost').split(',')
ROOT_URLCONF = 'bakery.urls'
WSGI_APPLICATION = 'bakery.wsgi.application'
INSTALLED_APPS = ['django.contrib.contenttypes', 'django.contrib.auth', 'django.contrib.staticfiles', 'ovens']
DATABASES = {'default': {
    'ENGINE': 'django.db.backends.postgresql',
    'NAME': os.environ.get('DB_NAME', 'bakery'),
    'USER': os.environ.get('DB_USER', 'bakery'),
    'PASSWORD': os.environ.get('DB_PASSWORD'),
    'HOST': os.environ.get('DB_HOST', 'localhost'),
}}
CACHES = {'default': {
    'BACKEND': 'django.core.cache.backends.redis.RedisCache',
    'LOCATION': os.environ.get('CACHE_URL', 'redis://localhost:6379/1'),
}}
CELERY_BROKER_URL = os.environ.get('BROKER_URL', 'redis://localhost:6379/0')
with open(BASE_DIR / 'payment.json') as file:
    PAYMENT_TOKEN = json.load(file)['token']
STATIC_URL = '/static/'
STATIC_ROOT = BASE_DIR / 'staticfiles'
MEDIA_URL = '/media/'
MEDIA_ROOT = BASE_DIR / 'media'
";

const FILES: &[(&str, &str)] = &[
    ("manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'bakery.settings')\n"),
    ("bakery/__init__.py", ""),
    ("bakery/settings.py", SETTINGS),
    ("bakery/urls.py", "urlpatterns = []\n"),
    (
        "bakery/wsgi.py",
        "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
    ),
    (
        "bakery/celery.py",
        "from celery import Celery\napp = Celery('bakery')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n",
    ),
    ("ovens/__init__.py", ""),
    ("ovens/models.py", ""),
    (
        "requirements.txt",
        "django==5.2.1\npsycopg[binary]==3.2.9\nredis==6.2.0\ncelery==5.5.3\ngunicorn==23.0.0\n",
    ),
];

struct Project {
    tree: Tree,
    facts: Facts,
    answers: Answers,
}

fn project(change: &dyn Fn(&mut Answers)) -> Project {
    let mut project = project_with("", &Draft::default());
    change(&mut project.answers);
    project
}

/// The project with more settings, and with answers that a person gave.
fn project_with(settings: &str, draft: &Draft) -> Project {
    let all = format!("{SETTINGS}{settings}");
    let other = |path: &&str| *path != "bakery/settings.py";
    let files = FILES.iter().copied().filter(|(path, _)| other(path));
    let tree = Tree::from_literals(files.chain([("bakery/settings.py", all.as_str())]));
    let (facts, _) = inspect::inspect(&tree);
    let answers = choose::choose(&facts, "bakery", draft, None).expect("nobody to interrupt").answers;
    Project { tree: completed(&tree, &facts), facts, answers }
}

/// Returns what is said of the stack that `change` makes of the planned one.
fn said_of(environment: Environment, change: &dyn Fn(&mut Stack)) -> Vec<Diagnostic> {
    said_with(&|_| {}, environment, change)
}

/// Returns what is said of the stack that `change` makes of the one planned for other answers.
fn said_with(
    answers: &dyn Fn(&mut Answers),
    environment: Environment,
    change: &dyn Fn(&mut Stack),
) -> Vec<Diagnostic> {
    said_of_project(&project(answers), environment, change)
}

fn said_of_project(
    project: &Project,
    environment: Environment,
    change: &dyn Fn(&mut Stack),
) -> Vec<Diagnostic> {
    let Project { tree, facts, answers } = project;
    let unlisted = unlisted::find(tree, facts);
    let (machine, _) = machine::find(tree, facts);
    let ground = |environment| Ground::new(tree, facts, answers, &unlisted, &machine, environment);
    let (dev, prod) = (ground(Environment::Dev), ground(Environment::Prod));
    let (settled_dev, settled_prod) = settle::settle(&dev, &prod).expect("the settings can be settled");
    let of_prod = assemble::stack(&prod, &settled_prod, &[]).expect("a stack");
    let (ground, settled, mut stack) = match environment {
        Environment::Prod => (prod, settled_prod, of_prod),
        Environment::Dev => {
            let stack = assemble::stack(&dev, &settled_dev, &of_prod.variables).expect("a stack");
            (dev, settled_dev, stack)
        }
    };
    change(&mut stack);
    prove(&ground, &settled, &stack)
}

fn role(stack: &mut Stack, role: Role) -> &mut Service {
    stack.services.iter_mut().find(|service| service.role == role).expect("a service of this role")
}

fn without(stack: &mut Stack, role: Role) {
    stack.services.retain(|service| service.role != role);
}

fn steps(stack: &mut Stack, role: Role) -> &mut Vec<Step> {
    let ServiceImage::Built { image, .. } = self::role(stack, role).image.clone() else {
        panic!("it is pulled")
    };
    let image = stack.images.iter_mut().find(|one| one.name == image).expect("the image");
    let target = image.target.clone();
    let stage = image.stages.iter_mut().find(|stage| target.as_ref() == Some(&stage.name));
    &mut stage.expect("the stage").steps
}

fn say(service: &mut Service, name: &str, text: &str) {
    service.environment.insert(name.to_owned(), Text::known(text));
}

fn volume(name: &str, target: &str) -> Mount {
    Mount::Volume { volume: name.to_owned(), target: target.to_owned(), read_only: false }
}

/// A mistake, what it is called, and the words by which its fault is known.
type Wrong = (&'static str, fn(&mut Stack), &'static [&'static str]);

fn check(environment: Environment, all: &[Wrong]) {
    check_with(&|_| {}, environment, all);
}

/// Checks mistakes in the stack that is planned for other answers.
fn check_with(answers: &dyn Fn(&mut Answers), environment: Environment, all: &[Wrong]) {
    check_project(&project(answers), environment, all);
}

fn check_project(project: &Project, environment: Environment, all: &[Wrong]) {
    for (name, change, words) in all {
        let said = said_of_project(project, environment, change);
        let whole = |one: &Diagnostic| format!("{} | {}", one.title, one.notes.join(" | "));
        let all: Vec<String> = said.iter().map(whole).collect();
        assert!(said.iter().all(|one| one.code.0 == "stack-not-proven"), "{name}: {all:#?}");
        let is_named = all.iter().any(|text| words.iter().all(|word| text.contains(word)));
        assert!(is_named, "{name}: no fault names {words:?}: {all:#?}");
    }
}

#[test]
fn planned_stacks_have_no_fault() {
    for environment in [Environment::Dev, Environment::Prod] {
        assert_eq!(said_of(environment, &|_| {}), Vec::new(), "{environment:?}");
    }
}
