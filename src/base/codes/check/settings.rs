//! Settings, as evaluated for production.

use crate::base::codes::codes;

codes! {
    DEBUG_ON = "debug-on",
        "`DEBUG` is on in the production settings",
        "With `DEBUG = True` Django shows the full traceback, the settings and local variables to whoever causes an \
         error, keeps every SQL query in memory, and serves static files itself in a slow and unsafe way. In \
         production it must be off without anybody having to say so: read it from a variable whose absence means \
         off, `DEBUG = os.environ.get(\"DEBUG\") == \"1\"`. Where the file must stay as it is, `djdock init` writes a \
         settings module beside it that turns it off.";
    ADDRESS_IN_CODE = "address-in-code",
        "code asks for a server on its own machine, whatever the environment says",
        "The address of a broker or a cache stands in the code as text, such as `Celery(broker=\"redis://localhost:6379/0\")`. In a \
         container `localhost` is the container itself, and the server runs in another one, so the code waits for nobody. No \
         variable and no settings module can change it: read the address from a variable, with the present one as its default.";
    DEBUG_HIDES_BRANCH = "debug-hides-branch",
        "a branch for production never runs, because `DEBUG` is written down as `True` above it",
        "`if DEBUG:` asks for the value at this line. Where `DEBUG = True` stands above it, the branch for production is \
         never taken, whatever a settings module sets afterwards: its database, its folders and its hosts are not those of \
         the site, and djdock has read the other branch. Read `DEBUG` from a variable above the branch.";
    PATH_OF_ANOTHER_MACHINE = "path-of-another-machine",
        "a setting holds a path that only one machine has",
        "The path names a folder of Windows, of macOS, of Homebrew, or in somebody's home folder. On the machine where it was \
         written it works; in a container there is no such folder, so a library is not found, a template is missing, or \
         files are written to a place that nobody expects. Build paths from `BASE_DIR`, read from a variable what differs \
         between machines, or ask for the system first: `if os.name == \"nt\":`. For the libraries of GeoDjango `djdock init` \
         lets Django look in the image itself.";
    DEBUG_BY_DEFAULT = "debug-by-default",
        "`DEBUG` is on unless a variable turns it off",
        "The setting is read from the environment, but what it is without the variable is `True`. A container started \
         without its env file, or with a misspelt name in it, then runs in debug mode and nothing says so. Turn the \
         default round: safe without the variable, and `DEBUG=1` in the env file of development.";
    ALLOWED_HOSTS_EMPTY = "allowed-hosts-empty",
        "`ALLOWED_HOSTS` is empty while `DEBUG` is off",
        "Django answers 400 to every request whose `Host` header is not in `ALLOWED_HOSTS`. With `DEBUG` on it allows \
         `localhost` by itself, which is why an empty list is not noticed until production. The container's health \
         check fails for the same reason. Read the list from a variable.";
    ALLOWED_HOSTS_FIXED = "allowed-hosts-fixed",
        "`ALLOWED_HOSTS` cannot be changed without changing the source",
        "The names are literals in the settings, so the same image cannot answer under another name: on a test \
         server, on `localhost`, or to a health check by address. Read the list from a variable and keep today's \
         names as its default.";
    SECRET_KEY_IN_SETTINGS = "secret-key-in-settings",
        "`SECRET_KEY` is a literal in the settings",
        "The key signs sessions, password resets and messages. A literal in the source is in every clone and in \
         every image built from it, and images are copied to registries and servers. Read it from a variable, \
         `SECRET_KEY = os.environ[\"SECRET_KEY\"]`, and make a new one, because the old one is in git's history.";
    SECRET_KEY_EMPTY = "secret-key-empty",
        "`SECRET_KEY` is empty in the production settings",
        "Django refuses an empty key: every command and every request ends with `ImproperlyConfigured: The SECRET_KEY \
         setting must not be empty`. A template leaves it empty for somebody to fill in, and what is filled in stands in \
         the source from then on. Read it from a variable instead: `SECRET_KEY = os.environ[\"SECRET_KEY\"]`.";
    PASSWORD_IN_SETTINGS = "password-in-settings",
        "a password or token is a literal in the settings",
        "What stands in the source is in every clone, in every image and in git's history, and cannot differ between \
         servers. Read it from a variable, and change the secret: taking the line out does not take it out of the history.";
    SUPERUSER_IN_SETTINGS = "superuser-in-settings",
        "a superuser's password is a literal in the settings",
        "Courses often keep the first superuser's name and password in settings and create it while the image is \
         built. The password is then in the source, and its hash in an image layer. Create the superuser at run time \
         instead: Django's own `createsuperuser --noinput` reads `DJANGO_SUPERUSER_USERNAME`, `_EMAIL` and \
         `_PASSWORD` from the environment.";
    SECRET_FILE_ABSENT = "secret-file-absent",
        "the settings open a file that is not in the project",
        "A file of secrets is rightly kept out of git, but the settings open it while they are imported: without it \
         no management command runs, and `collectstatic` during the image build is one. The file must not be copied \
         into the image either. `djdock init` mounts it at run time as a secret, gives the build a stand-in with \
         throw-away values, and writes an example that names the keys.";
    DATABASE_ON_LOCALHOST = "database-on-localhost",
        "the database's host is the machine itself",
        "Inside a container `localhost` is the container. The database runs in another container, reached by its \
         service name, or on another server. A missing `HOST` means a socket on the same machine, which is not there \
         either: `Can't connect to local MySQL server through socket`, `Is the server running on host \"localhost\"?`. \
         Read the host from a variable, with `localhost` as its default where that helps development.";
    DATABASE_PASSWORD_IN_SETTINGS = "database-password-in-settings",
        "the database's password is a literal in the settings",
        "It is in every clone, in every image and in git's history, and production and development must share it. \
         Read it from a variable and change the password.";
    DATABASES_UNSET = "databases-unset",
        "the production settings set no database",
        "The settings for development have `DATABASES` and those for production do not, so Django has no engine there: \
         `migrate` and every query end with `ImproperlyConfigured: settings.DATABASES is improperly configured`. Write it \
         into the module that both take from, and read what differs from variables.";
    DATABASE_DRIVER_ABSENT = "database-driver-absent",
        "no driver for the configured database is required",
        "Django's backend imports a driver that is not part of Django: `psycopg` for PostgreSQL, `mysqlclient` for \
         MySQL and MariaDB. It may be installed on the author's machine by hand; in an image only what is required \
         is there, and the first command ends with `Error loading psycopg2 or psycopg module`.";
    SQLITE_IN_SOURCE = "sqlite-in-source",
        "the SQLite database is a file beside the code",
        "A container's own files are gone when it is replaced, which happens at every deploy. SQLite also writes a \
         journal beside the database, so the folder must be writable, not only the file. Keep the file in a folder \
         of its own that can be a volume. `djdock init` does so by a settings module beside the project's own.";
    STATIC_ROOT_MISSING = "static-root-missing",
        "`STATIC_ROOT` is not set",
        "In development Django's staticfiles app finds files in each app. With `DEBUG` off it does not serve them: \
         `collectstatic` copies them to `STATIC_ROOT`, and the reverse proxy serves that folder. Without the setting \
         `collectstatic` stops with `ImproperlyConfigured`, and the admin has no styles.";
    STATIC_ROOT_IN_STATICFILES_DIRS = "static-root-in-staticfiles-dirs",
        "one folder is both source and destination of `collectstatic`",
        "`STATICFILES_DIRS` are folders that files are collected from, `STATIC_ROOT` is where they are collected to. \
         Django's check `staticfiles.E002` stops every management command where they are the same.";
    STATICFILES_DIR_ABSENT = "staticfiles-dir-absent",
        "`STATICFILES_DIRS` names a folder that is not in the project",
        "Git keeps no empty folders, so what exists on the author's machine is missing in a clone and in the image. \
         Django warns with `staticfiles.W004`; Django before 3 stopped. Remove the entry or keep a file in the folder.";
    STATIC_SOURCES_UNCOLLECTED = "static-sources-uncollected",
        "static files lie in `STATIC_ROOT`, and nothing collects them",
        "`collectstatic` copies files from the apps' `static` folders and from `STATICFILES_DIRS` into `STATIC_ROOT`. A storage that puts \
         hashes into names writes down which files were copied, and `{% static %}` looks names up in this list. A file that somebody \
         put into `STATIC_ROOT` itself is not in the list: with `DEBUG` off each page that names the file answers 500. Keep sources in a \
         folder of their own, and name that in `STATICFILES_DIRS`.";
    VITE_MANIFEST_HIDDEN = "vite-manifest-hidden",
        "the manifest that Vite writes is not among the collected static files",
        "Vite writes which file of the build stands for which source into a manifest, and django-vite reads it when a page is \
         made. Since version 5 `manifest: true` puts it into the folder `.vite`. `collectstatic` leaves out every name that \
         begins with a dot, so the manifest is missing in production and every page with a tag of django-vite answers 500. \
         With a name of its own (`manifest: \"manifest.json\"`) it lies beside the files and is collected with them.";
    STATICFILES_STORAGE_IGNORED = "staticfiles-storage-ignored",
        "a storage setting has no effect with this Django",
        "`STATICFILES_STORAGE` and `DEFAULT_FILE_STORAGE` were replaced by `STORAGES` in Django 4.2 and removed in \
         5.1. Django does not complain: it uses the default storage. Uploads then go to the container's disk instead \
         of the object storage, and are lost with it.";
    WHITENOISE_WITHOUT_MIDDLEWARE = "whitenoise-without-middleware",
        "whitenoise is required and not in use",
        "WhiteNoise serves static files from the app server, but only as a middleware. Required and not listed in \
         `MIDDLEWARE`, it does nothing: static files answer 404 as soon as `DEBUG` is off and no reverse proxy serves them.";
    WEBPACK_STATS_MISSING = "webpack-stats-missing",
        "the list of bundles that `django-webpack-loader` reads is made by nothing",
        "`webpack_loader` looks up the names of bundles in the file that `WEBPACK_LOADER` names as `STATS_FILE`; a plugin of the \
         bundler, `webpack-bundle-tracker`, writes it when the front end is built. Here the file is not in the project, and no build \
         that djdock found makes it: an image would start, and each page with `render_bundle` would answer 500. Let the build \
         write the file, or commit the file together with the bundles.";
    SSL_REDIRECT_WITHOUT_PROXY_HEADER = "ssl-redirect-without-proxy-header",
        "Django redirects to https without knowing that it is behind a proxy",
        "TLS ends at the proxy, which speaks http to Django. `SECURE_SSL_REDIRECT` then redirects every request to \
         the address that was asked for: the browser says ERR_TOO_MANY_REDIRECTS, and health checks never get a 200. \
         `SECURE_PROXY_SSL_HEADER` names the header by which the proxy says that the visitor used https. Set it only \
         behind a proxy that sets or removes the header itself.";
    CSRF_ORIGIN_WITHOUT_SCHEME = "csrf-origin-without-scheme",
        "`CSRF_TRUSTED_ORIGINS` holds a name without `https://`",
        "Since Django 4.0 an origin is written with its scheme, and the system check `4_0.E001` stops every \
         management command where one is not.";
    SERVICE_ON_LOCALHOST = "service-on-localhost",
        "a cache, broker or search service is looked for on the machine itself",
        "Inside a container `localhost` is the container. The service runs in another one and is reached by its \
         service name. Tasks are then never sent, the cache never answers, and often only the first use shows it. \
         Read the address from a variable, with today's as its default.";
    CHANNEL_LAYER_IN_MEMORY = "channel-layer-in-memory",
        "the channel layer is in memory",
        "An in-memory channel layer belongs to one process. With several workers or containers a group message \
         reaches only the connections of the process that sent it, so chats lose messages at random. Use \
         `channels_redis` in production.";
    LOG_FILE_IN_SOURCE = "log-file-in-source",
        "logs are written to a file beside the code",
        "djdock's production containers have a read-only root file system and a user that owns none of the code, so \
         opening the file stops Django at start. Even where it can be written, a log inside a container is lost with \
         it and no tool looks there. Log to the console: the Engine keeps, rotates and shows it.";
    ERRORS_UNSEEN = "errors-unseen",
        "nothing logs the errors of requests in production",
        "What Django logs by default goes to the console while `DEBUG` is on. With `DEBUG` off it mails errors to `ADMINS`, \
         and where that is empty they go nowhere: a view that raises answers 500, and neither the container's log nor \
         anything else says why. Set `LOGGING` with a handler of the class `logging.StreamHandler` for the root logger: \
         the Engine keeps what it writes, and `docker compose logs` shows it. A service that collects errors does as well.";
    MIGRATIONS_ABSENT = "migrations-absent",
        "an app has models and no migrations",
        "Migrations are part of the code: `makemigrations` writes them where models are changed, they are committed, and \
         `migrate` applies them wherever the project runs. Where git ignores them, each machine has made its own, and a \
         fresh clone, so every image, has none: `migrate` makes no tables for the app, and stops with `Dependency on app with \
         no migrations` where another app's tables refer to its. Making them in a container instead gives each of them \
         other ones, which the database does not match. Take `migrations` out of .gitignore, and commit them.";
    ENV_FILE_IN_PROJECT = "env-file-in-project",
        "an env file is in the project and git does not ignore it",
        "An env file holds secrets. Tracked by git it is in every clone, and copied into images by `COPY . .` unless \
         .dockerignore names it. djdock never reads its values and always keeps it out of the image.";
}
