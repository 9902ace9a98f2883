//! Shapes of projects: the examples, and small ones that differ in what decides a stack.

use djdock::base::Tree;
use djdock::shell::disk;

use crate::support::pipeline::{MANAGE, SETTINGS, WSGI};
use crate::support::repository;

/// A project, as the combinations are tried on it.
pub struct Shape {
    pub name: &'static str,
    pub tree: Tree,
}

/// Every shape.
pub fn all() -> Vec<Shape> {
    let mut all: Vec<Shape> = ["polls", "shop", "board"].into_iter().map(example).collect();
    all.extend([
        shape("plain", "", "django==5.2.1\n", &[]),
        shape("mysql", MYSQL, "django==4.2.20\nmysqlclient==2.2.7\n", &[]),
        shape("geo", GEO, "django==5.2.1\npsycopg[binary]==3.2.9\n", &[]),
        shape("tasks", TASKS, "django==5.1.9\npsycopg2-binary==2.9.10\ncelery[redis]==5.5.2\n", &[CELERY]),
        shape(
            "chat",
            CHAT,
            "django==5.2.1\nchannels==4.2.2\ndaphne==4.2.0\nchannels-redis==4.2.1\n",
            &[ASGI],
        ),
        shape("bucket", BUCKET, "django==5.2.1\ndjango-storages[s3]==1.14.6\n", &[]),
        shape("noise", NOISE, "django==5.2.1\nwhitenoise==6.9.0\ngunicorn==23.0.0\n", &[]),
        shape("old", "", "Django==3.2.25\nuWSGI==2.0.30\n", &[RUNTIME]),
        Shape { name: "locked", tree: Tree::from_literals(locked()) },
    ]);
    all
}

fn example(name: &'static str) -> Shape {
    let folder = repository::path("examples").join(name);
    let folder = camino::Utf8PathBuf::try_from(folder).expect("a name in UTF-8");
    Shape { name, tree: disk::load(&folder).expect("the example can be read") }
}

/// A project as `startproject` makes it, with more lines of settings, requirements and files.
fn shape(
    name: &'static str,
    more: &str,
    requirements: &str,
    files: &[(&'static str, &'static str)],
) -> Shape {
    let settings = format!("{SETTINGS}{MORE}{more}");
    let all = base().into_iter().chain(files.iter().map(|(path, text)| (*path, (*text).to_owned())));
    let own = [("mysite/settings.py", settings), ("requirements.txt", requirements.to_owned())];
    Shape { name, tree: Tree::from_literals(all.chain(own)) }
}

fn base() -> Vec<(&'static str, String)> {
    let files = [
        ("manage.py", MANAGE),
        ("mysite/__init__.py", ""),
        ("mysite/urls.py", "urlpatterns = []\n"),
        ("mysite/wsgi.py", WSGI),
        ("pages/__init__.py", ""),
        ("pages/static/pages/site.css", "body { margin: 0 }\n"),
    ];
    files.map(|(path, text)| (path, text.to_owned())).to_vec()
}

/// A project that `uv` installs.
fn locked() -> Vec<(&'static str, String)> {
    let pyproject = "[project]\nname = \"locked\"\nversion = \"1\"\nrequires-python = \">=3.11\"\ndependencies = [\"django==5.2.1\"]\n";
    let lock = "version = 1\nrequires-python = \">=3.11\"\n\n[[package]]\nname = \"django\"\nversion = \"5.2.1\"\nsource = { registry = \"https://index.example.org/simple\" }\n\n[[package]]\nname = \"locked\"\nversion = \"1\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"django\" }]\n";
    let settings = format!("{SETTINGS}{MORE}");
    let own = [("pyproject.toml", pyproject), ("uv.lock", lock), ("mysite/settings.py", settings.as_str())];
    base().into_iter().chain(own.map(|(path, text)| (path, text.to_owned()))).collect()
}

/// The lines that every shape adds to the settings which other tests have.
const MORE: &str = "\
INSTALLED_APPS += ['pages']
MIDDLEWARE = ['django.middleware.security.SecurityMiddleware', 'django.middleware.csrf.CsrfViewMiddleware']
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}
STATIC_ROOT = BASE_DIR / 'collected'
MEDIA_URL = '/uploads/'
MEDIA_ROOT = BASE_DIR / 'uploads'
";

const MYSQL: &str = "\
DATABASES = {'default': {
    'ENGINE': 'django.db.backends.mysql', 'NAME': 'mysite', 'USER': os.getenv('MYSQL_USER', 'mysite'),
    'PASSWORD': os.getenv('MYSQL_PASSWORD'), 'HOST': os.getenv('MYSQL_HOST', 'localhost'), 'PORT': '3306',
}}
";

const GEO: &str = "\
INSTALLED_APPS += ['django.contrib.gis']
DATABASES = {'default': {
    'ENGINE': 'django.contrib.gis.db.backends.postgis', 'NAME': 'maps', 'USER': 'maps',
    'PASSWORD': os.environ.get('PGPASSWORD'), 'HOST': os.environ.get('PGHOST', '127.0.0.1'),
}}
";

const TASKS: &str = "\
DATABASES = {'default': {
    'ENGINE': 'django.db.backends.postgresql', 'NAME': os.environ.get('DB_NAME', 'tasks'),
    'USER': os.environ.get('DB_USER', 'tasks'), 'PASSWORD': os.environ.get('DB_PASSWORD'),
    'HOST': os.environ.get('DB_HOST', 'localhost'),
}}
CACHES = {'default': {
    'BACKEND': 'django.core.cache.backends.redis.RedisCache',
    'LOCATION': os.environ.get('REDIS_URL', 'redis://localhost:6379/1'),
}}
CELERY_BROKER_URL = os.environ.get('BROKER_URL', 'redis://localhost:6379/0')
CELERY_BEAT_SCHEDULE = {'nightly': {'task': 'pages.tasks.clean', 'schedule': 3600.0}}
FORCE_SCRIPT_NAME = '/jobs'
";

const CELERY: (&str, &str) = (
    "mysite/celery.py",
    "from celery import Celery\napp = Celery('mysite')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n",
);

const CHAT: &str = "\
INSTALLED_APPS = ['daphne', 'channels'] + INSTALLED_APPS
ASGI_APPLICATION = 'mysite.asgi.application'
CHANNEL_LAYERS = {'default': {
    'BACKEND': 'channels_redis.core.RedisChannelLayer',
    'CONFIG': {'hosts': [os.environ.get('REDIS_URL', 'redis://localhost:6379/0')]},
}}
";

const ASGI: (&str, &str) = (
    "mysite/asgi.py",
    "import os\nfrom channels.routing import ProtocolTypeRouter\nfrom django.core.asgi import get_asgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')\napplication = ProtocolTypeRouter({'http': get_asgi_application()})\n",
);

const BUCKET: &str = "\
STORAGES = {
    'default': {'BACKEND': 'storages.backends.s3.S3Storage'},
    'staticfiles': {'BACKEND': 'storages.backends.s3.S3Storage'},
}
AWS_STORAGE_BUCKET_NAME = os.environ.get('BUCKET', 'mysite')
AWS_S3_ENDPOINT_URL = os.environ.get('S3_ENDPOINT')
";

const NOISE: &str = "\
MIDDLEWARE.insert(1, 'whitenoise.middleware.WhiteNoiseMiddleware')
STORAGES = {
    'default': {'BACKEND': 'django.core.files.storage.FileSystemStorage'},
    'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedManifestStaticFilesStorage'},
}
";

const RUNTIME: (&str, &str) = ("runtime.txt", "python-3.9.20\n");
