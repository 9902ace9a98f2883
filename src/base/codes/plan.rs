//! The plan: what cannot be made to fit.

use super::codes;

codes! {
    OVERLAY_NEEDED = "overlay-needed",
        "a setting holds what no variable can change, and no overlay may be written",
        "A container gets its database's address, its hosts and its secrets from outside. This setting is written \
         down in the settings module, so nothing outside can change it. Usually djdock writes a small settings \
         module beside yours that imports everything from it and sets only such names; you have asked it not to. \
         Either let the setting be read from a variable, or allow the overlay.";
    PLAN_NOT_PROVEN = "plan-not-proven",
        "the settings, evaluated under the plan, do not come to what the stack needs",
        "Before djdock writes a file it evaluates your settings again as they would be imported in the container: \
         with the variables that the stack sets, and with the overlay where there is one. The database's host must \
         then be the database service, DEBUG must be right, the proxy's host must be allowed, static files must be \
         collected where they are served from. One of these is not so, or cannot be known, and files that do not \
         work are worse than none.";
    STACK_NOT_PROVEN = "stack-not-proven",
        "the planned services do not fit each other",
        "Before djdock writes a file it looks at the stack as a whole: every server that the project needs is a service, the \
         proxy passes requests on to a port that is listened on, folders that are written to are kept, nothing hides the \
         code, and the variables of each container make the settings come to what the stack needs. One of these is not \
         so. That is a mistake in djdock and not in your project; files that do not work are worse than none. Please \
         report it.";
    SETTINGS_IMPORT_FAILS = "settings-import-fails",
        "importing the settings fails in the container whatever is set",
        "djdock evaluated your settings as the container would import them, gave every variable that they ask for a \
         value, and something still stops the import: a check that raises, a module or a file that is not in the \
         project. The container would stop with the same message, so nothing is written.";
    PROXY_SETTINGS_MISSING = "proxy-settings-missing",
        "the settings lack what a site behind TLS needs, and no overlay may be written",
        "In production something in front ends TLS and passes requests on by http, with a header that says how the browser came. \
         Django believes the header only if `SECURE_PROXY_SSL_HEADER` names it, and takes a form that was sent by https only from \
         its own origin or from those in `CSRF_TRUSTED_ORIGINS`. Usually djdock sets both in a small settings module beside yours; you \
         have asked it not to. Add the lines that the message shows, or allow the overlay.";
    SETTINGS_CALL_OUTSIDE = "settings-call-outside",
        "importing the settings needs an answer of another machine, or what no image holds",
        "Every command of Django imports the settings: `collectstatic` while the image is built, `migrate`, the workers, the tests. \
         A call that asks a vault, a metadata server, a database or the git repository at that moment gets no answer where there \
         is no network, no credentials, or no such program: the command fails, or waits for minutes. Read the value from a variable \
         and make the call only where the variable is not set; djdock's stack then sets it, or you do in `.env`. A call inside a \
         function that no import calls is no trouble, nor is one whose failure is caught.";
    SETTING_ASSUMED = "setting-assumed",
        "what a setting comes to cannot be read, and the stack takes it to be right",
        "djdock evaluates your settings without running them. This one is made in a way that it does not follow, \
         and the stack needs it to have a certain value, so djdock has assumed that it has. If the part of the \
         site that uses it does not work, look here first; a setting that is read from a variable can be proven.";
    NOTHING_TO_INSTALL = "nothing-to-install",
        "no file says which distributions the project needs",
        "An image is built from what the project states: a requirements file, pyproject.toml, Pipfile, setup.cfg or \
         setup.py. None of these names a distribution, so the image would have a Python without Django. Write the \
         requirements down, in the environment in which the project runs: `pip freeze > requirements.txt`.";
    IMPORT_UNLISTED = "import-unlisted",
        "the project imports a distribution that it does not require",
        "Somebody once installed it by hand, so it works on their machine. An image holds what is required and nothing \
         else, and would stop with `ModuleNotFoundError`. djdock installs the distribution beside the others, in a \
         version that fits them; write it down among the requirements, so that the version is yours to choose.";
    PROCESS_NOT_RUN = "process-not-run",
        "a process of the project's own runs in no container",
        "A Procfile, supervisor, systemd or a compose file starts it where the project runs today, or it is a management \
         command that never returns: a bot, a clock, a consumer. djdock makes services for the site, for workers and \
         for their schedule, and leaves out what it cannot name. Add a service with the image of `web` and this command \
         to the compose files; `djdock update` keeps what you added.";
    DATABASE_NOT_MADE = "database-not-made",
        "the settings name a database that no service has",
        "The stack makes one database, connects `default` with it, and applies its migrations. Another entry of \
         `DATABASES` needs a database, a user and an address of its own, and `migrate --database=NAME` once at every \
         deploy; until then every page that reads from it fails. Entries that name the same database as `default`, as \
         replicas do, are wired with it.";
    STATIC_FILES_NOT_COLLECTED = "static-files-not-collected",
        "nothing puts static files where they are served from",
        "With DEBUG off, static files are served from where `collectstatic` copied them: a folder, or a bucket. Only the \
         storage for static files decides which: `STORAGES[\"staticfiles\"]`, or `STATICFILES_STORAGE` before Django 5.1. A \
         folder is filled while the image is built. A bucket cannot be: it needs a password, and no image may hold one. \
         With `--static storage` a service of the stack runs `collectstatic` whenever the stack starts, with the variables \
         of production.";
    UPLOADS_NOT_SERVED = "uploads-not-served",
        "nothing in the stack serves the files that people upload",
        "With DEBUG off, Django answers no request below MEDIA_URL: `static()` in urls.py adds nothing then. Something beside it \
         serves the folder of uploads: a proxy that serves files, as nginx and Caddy do, or the bucket that keeps them. In a stack \
         without such a proxy uploads are kept on a volume, and every page that shows one gets 404 for the picture. Choose a proxy \
         that serves files, or keep uploads in a bucket: `STORAGES[\"default\"]`.";
    LOCALE_UNKNOWN = "locale-unknown",
        "the code sets a locale that no image has",
        "Images of Python have the locale `C.UTF-8` and no other. Where the name of a locale stands in the code or in your own \
         Dockerfile, djdock makes that locale in both images. Here the name comes from elsewhere, or Debian has no locale \
         of that name: `locale.setlocale` then raises `unsupported locale setting`. Names of Windows \
         (`Portuguese_Brazil.1252`) mean nothing on Linux.";
    FETCHED_AT_RUN = "fetched-at-run",
        "a library fetches a model or a browser when the site runs",
        "On a developer's machine a library fetches its model once and finds it again in the home folder. In a container \
         the home folder is empty at every start, production's file system is read-only, and there may be no way out to \
         the internet. Where the library has a command for it and the name is a literal, djdock runs the command while \
         the images are built. Here it cannot: add a `RUN` to Dockerfile.prod that fetches it, or keep it on a volume.";
    OWN_STEPS_LEFT_OUT = "own-steps-left-out",
        "the project's own Dockerfile does something that djdock's images do not",
        "djdock reads your Dockerfile: distributions, system packages, locales, models, variables and management commands have \
         their counterparts in its images or are carried over. These steps have none: a program that is fetched, a file that \
         is put among those of the system, a script of yours. Copy what the site needs into Dockerfile.prod, and into Dockerfile \
         where development needs it too; `djdock update` keeps what you add.";
    QUEUE_NOT_RUN = "queue-not-run",
        "tasks or a schedule that no service works off",
        "A task that the site puts on a queue waits until a worker takes it, and a schedule needs a clock. djdock makes services \
         for the workers of Celery, RQ, Huey, Dramatiq, Django Q, Procrastinate and others where the stack has what carries \
         their tasks. What writes into the crontab of a machine, or goes through a server that the stack lacks, has no \
         service: start it where there is a clock, or add what is missing to the compose files.";
    SERVICE_NOT_PROVIDED = "service-not-provided",
        "a server that the project uses is no service of the stack",
        "The stack has services for the database and for Redis. Other servers, such as a search, Memcached or a mail server, it \
         leaves to you: run them elsewhere, or add them to the compose files, and let the settings read their address from \
         a variable. An address at `localhost` leads nowhere: in a container that is the container itself.";
    MANAGER_UNSUPPORTED = "manager-unsupported",
        "the project's package manager cannot fill an image",
        "djdock builds images with pip, Poetry, uv, Pipenv, PDM and setuptools. Conda brings a Python and system \
         libraries of its own, which do not belong into an official Python image. Most distributions that conda \
         installs are on the Python index too: list them in a requirements file.";
    PYTHON_AND_DJANGO_DISAGREE = "python-and-django-disagree",
        "the Python of the image is not one that this Django is documented to run on",
        "Every line of Django names the versions of Python that it is tested with. On a newer one it may fail at \
         import, because modules that it uses have left the standard library; on an older one it may not even \
         parse. Choose another Python with `--python`, or another Django.";
    DATABASE_TOO_OLD = "database-too-old",
        "no image of the database is new enough for this Django",
        "Each line of Django states the oldest version of each database that it works with, and refuses to connect \
         to an older one. djdock's table of images has none that is new enough, so the table has fallen behind: \
         choose another database, or report it.";
    BROKER_MISSING = "broker-missing",
        "Celery is used, and the stack has no broker",
        "A Celery worker gets its tasks from a broker. The settings name one that djdock has no service for, or none \
         at all, and the stack has no Redis. A worker would only print that it cannot connect, so none is \
         started, and tasks that the site sends wait for ever or fail. Let the stack have Redis, or run the broker \
         yourself and set its address in .env.";
}
