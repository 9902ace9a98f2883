//! Compose files that are already there.

use crate::base::codes::codes;

codes! {
    COMPOSE_RUNSERVER = "compose-runserver",
        "a production service runs Django's development server",
        "`runserver` has gone through no security audits or performance tests, reloads code and serves one developer. \
         The file's name says that it is for production: start an app server such as gunicorn there.";
    COMPOSE_SERVER_NOT_EXEC = "compose-server-not-exec",
        "the server is the last command of a shell line without `exec`",
        "The shell stays as the parent and passes no signal on. Stopping takes 10 seconds, ends by force with exit \
         code 137, and cuts the requests that are being answered. `exec` lets the server take the shell's place.";
    COMPOSE_MIGRATES_AND_SERVES = "compose-migrates-and-serves",
        "each replica migrates when it starts",
        "Two replicas that start together both see a migration that is not applied, and both apply it: `relation \
         already exists`. A restart in the middle of a long migration begins it again. Run `migrate` in a service of \
         its own, once, and let the others wait for its end with `service_completed_successfully`.";
    COMPOSE_WAITS_FOR_START = "compose-waits-for-start",
        "a service waits for its database to start, not to be ready",
        "`depends_on` as a list waits until the container runs. A database then still needs seconds, at its first \
         start many, until it accepts connections. Give it a health check that asks a real question, and wait with \
         `condition: service_healthy`.";
    COMPOSE_SECRET = "compose-secret",
        "a secret stands in the compose file",
        "Compose files are committed, so the password is in git's history and the same for every copy of the stack. \
         Refer to a variable and keep its value in `.env`, which git ignores.";
    STATIC_VOLUME_STALE = "static-volume-stale",
        "static files in a volume are those of an older release",
        "A named volume is filled from the image when it is empty, and never again. `collectstatic` then skips files \
         whose copy in the volume is newer. After an update, templates are new and styles are old. Either collect \
         with `--clear` at every start, or build the proxy's image from the stage that collected, so that code and \
         static files can only change together.";
    COMPOSE_DATABASE_TOO_OLD = "compose-database-too-old",
        "the database server is older than this Django supports",
        "Each Django states the oldest servers that it works with, and since 4.2 it refuses to connect to older ones: \
         `NotSupportedError`. Take a newer image. Its data folder is not compatible: dump the old database and load \
         the dump into the new one.";
    COMPOSE_DATABASE_UNKEPT = "compose-database-unkept",
        "a database's data is on no volume that has a name",
        "The images of databases declare a volume for their data. Where the compose file names none, Docker makes one \
         without a name, which `docker compose down` and the next `up` leave behind: the new container begins with an \
         empty database. Give the data a named volume.";
    COMPOSE_DATABASE_PUBLISHED = "compose-database-published",
        "the database is reachable from outside the machine",
        "A port written as `3306:3306` is opened on every interface, and Docker's rules come before those of the \
         host's firewall. Services of the stack reach the database by its name without any published port. For a \
         client on the same machine, publish it on `127.0.0.1`.";
    POSTGRES_VOLUME_PATH = "postgres-volume-path",
        "the volume is not where PostgreSQL 18 keeps its data",
        "Up to 17 the image kept its data in `/var/lib/postgresql/data`; from 18 on in a folder per version below \
         `/var/lib/postgresql`. With the old path the image refuses to start, or writes to an unnamed volume that is \
         lost. Mount the volume on `/var/lib/postgresql`, and name the major version in the tag.";
    COMPOSE_AUTH_PLUGIN = "compose-auth-plugin",
        "an option of old MySQL servers stops newer ones",
        "`default-authentication-plugin` was a remedy for clients that did not know MySQL 8's authentication. They all \
         do now, and since 8.4 the server does not know the option: `unknown variable`, and it restarts for ever.";
    COMPOSE_SYSTEM_SCHEMA = "compose-system-schema",
        "the project's tables are put into MySQL's own schema",
        "`mysql` is the schema in which the server keeps accounts and privileges. Tables of a project there are in the \
         way of upgrades, and a dump of the project holds the server's accounts.";
    COMPOSE_ROOT_USER = "compose-root-user",
        "MySQL is told to make an account that it has already",
        "`MYSQL_USER` names an account to be made beside `root`. With `root` there the image stops at its first start: \
         `MYSQL_USER=\"root\", MYSQL_USER and MYSQL_PASSWORD are for configuring a regular user`. A project has no need \
         of root either: an account of its own can do nothing to other databases and to the server.";
    COMPOSE_VERSION = "compose-version",
        "`version` has no meaning any more",
        "Compose 2 follows one specification whatever the file says, and warns at every call that the attribute is \
         obsolete. Take the line out.";
    COMPOSE_VOLUMES_AS_SERVICE = "compose-volumes-as-service",
        "`volumes` is indented so far that it is a service",
        "One step too far to the right, the block still parses as YAML, but it stands among the services. The volumes \
         that it was to declare do not exist, and compose refuses the file.";
    COMPOSE_CONTAINER_NAME = "compose-container-name",
        "a service has a fixed container name",
        "A container's name is unique on the whole machine, so a second copy of the stack, or `--scale`, fails. \
         Services reach each other by service name, and `docker compose exec` finds the container without it.";
    COMPOSE_IMAGE_FLOATS = "compose-image-floats",
        "an image has no version",
        "Without a tag, or with `latest`, whatever is newest is pulled. A database of the next major version does not \
         read the data of the one before: the stack that worked yesterday does not start, and going back needs to \
         know what was there.";
    COMPOSE_IMAGE_EOL = "compose-image-eol",
        "a server of the stack gets no security fixes any more",
        "Databases and caches end like everything else: after its last day a release gets no fixes, and some images were \
         never built for newer processors (`mysql:5.7` has none for arm64: `no matching manifest`). A newer database \
         does not read the files of an older one, so the step needs a dump before and a restore after it: plan it \
         before it is urgent.";
    COMPOSE_LINKS = "compose-links",
        "`links` is of the time before networks",
        "Containers once found each other by links. Since compose makes a network for each stack, every service reaches \
         every other by its name. `links` only adds an order of starting, which `depends_on` says better.";
    COMPOSE_DOLLAR = "compose-dollar",
        "a `$` in a value is read as a variable",
        "Compose replaces `$name` in every value. Django's generated keys often have a `$`: what follows it is replaced by \
         nothing, and the container runs with another, shorter key than the one that is written. Compose only says `The \
         \"gnD\" variable is not set. Defaulting to a blank string`. `$$` stands for one `$`; a secret does not belong \
         into the file at all.";
    COMPOSE_QUOTES = "compose-quotes",
        "quotes are part of a variable's value",
        "In a list of variables each item is one text, and YAML removes quotes only around the whole of it. `- \
         TZ=\"Asia/Seoul\"` gives the container a time zone whose name begins with a quote, which does not exist. Write a \
         map, `TZ: \"Asia/Seoul\"`, or leave the quotes out.";
    COMPOSE_ENV_FILE_ABSENT = "compose-env-file-absent",
        "a compose file needs an env file that a clone does not have",
        "`env_file` stops every compose command where the file is missing, a mere `docker compose ps` too. The file holds \
         secrets and is kept out of git, so what a colleague or a server needs is a template that names the variables: \
         `.env.example`.";
    COMPOSE_SOURCE_MOUNTED = "compose-source-mounted",
        "a production service runs the host's source instead of its image's",
        "In development a bind mount shows every edit at once. In production it hides what was built and tested: the \
         server needs a checkout, an edit there changes the running site, and what the build made below the folder \
         (collected static files, compiled translations) cannot be seen. Deploy the image.";
    VENV_SHADOWED = "venv-shadowed",
        "a bind mount hides the virtual environment",
        "The image's installation lies in `.venv` beside the source, and a bind mount covers the whole folder: the \
         container sees the host's `.venv`, or none, and says `No module named 'django'`. A virtual environment of \
         another system does not work either. Keep it outside the source, in `/opt/venv`.";
    VOLUME_NOT_WRITABLE = "volume-not-writable",
        "a process may not write to its volume",
        "A new named volume takes over contents and owner of the folder that it is mounted on. Where the image has no such \
         folder, Docker makes one that belongs to root, and a process that is not root cannot write to it: \
         `PermissionError: [Errno 13] Permission denied: '/app/media/…'`, often only at the first upload. Make the folder \
         in the Dockerfile and give it to the user, before `USER`. A volume that exists already keeps its owner: remove \
         it, or change the owner once as root.";
    MYSQL_HEALTH_BY_PING = "mysql-health-by-ping",
        "MySQL's health check passes while it is still preparing itself",
        "At its first start the image runs a temporary server to make accounts and databases, which listens on the socket \
         only; `mysqladmin ping` asks over the socket, and reports success even for `Access denied`. Services that wait \
         for `service_healthy` then start too early. Ask over TCP, with the account of the project, by a query.";
    WORKER_HEALTH_OF_WEB = "worker-health-of-web",
        "a worker has the health check of the web server",
        "`HEALTHCHECK` in a Dockerfile belongs to the image. A worker made of the same image asks for a page that nobody \
         serves in its container, and is unhealthy for ever; what waits for it, or restarts unhealthy containers, \
         follows. State a health check for each service in the compose file.";
    HEALTH_CHECK_HOST = "health-check-host",
        "the health check asks for a host name that Django refuses",
        "Django answers 400 to every request whose `Host` is not in `ALLOWED_HOSTS`, and a check of \
         `http://localhost:8000/` sends `localhost`. The log says `Invalid HTTP_HOST header`, the container is unhealthy. \
         Send a name that is allowed, or look only whether the port is open.";
    COMPOSE_LOOPBACK = "compose-loopback",
        "a server listens on an address that only its own container can reach",
        "Every container has a loopback interface of its own. `runserver` without an address, `uvicorn` and `daphne` \
         without `--host` or `-b` listen on `127.0.0.1`: through a published port the answer is empty, through a reverse \
         proxy it is 502. Listen on `0.0.0.0`; what is reachable from outside is decided by `ports`.";
    COMPOSE_NO_RESTART = "compose-no-restart",
        "nothing of a production stack is started again",
        "Without `restart` a container that ends stays down, after a crash as after the machine's own restart. \
         `unless-stopped` brings it back and still respects `docker compose stop`. A service that migrates once says \
         `restart: \"no\"`.";
    BEAT_SCHEDULE_IN_SOURCE = "beat-schedule-in-source",
        "beat's schedule is a file in a folder that the process does not own",
        "Celery's beat remembers when each task last ran in the file `celerybeat-schedule` of its working folder, which in \
         an image is the code's and belongs to root. As another user it stops with `Permission denied`. Name a writable \
         place with `--schedule`, or keep the schedule in the database.";
    COMPOSE_UNDECLARED = "compose-undeclared",
        "a compose file uses a name that it does not declare",
        "Volumes with a name and networks are declared at the top level of a compose file, and `depends_on` names services \
         of it. Where one is not declared compose refuses the whole file: `service \"web\" refers to undefined volume`. \
         Files of one folder are looked at together, since they may be given to compose with several `-f`.";
}
