//! Dockerfiles that are already there.

use crate::base::codes::codes;

codes! {
    DOCKERFILE_RUNSERVER = "dockerfile-runserver",
        "the image starts Django's development server",
        "`runserver` reloads code, serves static files itself and handles one project for one developer. Django's \
         documentation says not to use it in production: it has gone through no security audits or performance \
         tests. Start an app server such as gunicorn. A file that is for development only says so in its name, \
         `Dockerfile.dev`, and is not reported.";
    DOCKERFILE_SHELL_FORM = "dockerfile-shell-form",
        "the server is started by a shell that passes no signals on",
        "`CMD gunicorn …` without brackets is run as `/bin/sh -c \"gunicorn …\"`. The shell is process 1 and gets the \
         SIGTERM of `docker stop`, gunicorn does not. After 10 seconds everything is killed: requests are cut and the \
         exit code is 137. Write a list, or `exec` before the last command.";
    DOCKERFILE_LOOPBACK = "dockerfile-loopback",
        "the server listens on an address that only the container itself can reach",
        "Every container has a loopback interface of its own. A server bound to `127.0.0.1` answers a command run \
         inside the container and nothing else: through a published port the answer is empty, through the reverse \
         proxy it is 502. Inside a container listen on `0.0.0.0`; what is reachable from outside is decided by what is published.";
    DOCKERFILE_ROOT = "dockerfile-root",
        "the image's process runs as root",
        "Without `USER` everything in the container runs as root. A hole in the project or in Django then gives root \
         in the container, one step from the host, and files that the container writes to bind mounts belong to root. \
         Make a user with a fixed number and switch to it after the last installation.";
    HEALTH_CHECK_TOOL_ABSENT = "health-check-tool-absent",
        "the health check runs a program that the image does not have",
        "Slim images have neither curl nor wget. The check then fails with `executable file not found`, the \
         container is unhealthy for ever, and services that wait for it never start. Python is there, and \
         `urllib.request` asks just as well.";
    DOCKERFILE_MIGRATES = "dockerfile-migrates",
        "migrations run while the image is built",
        "During a build there is no database service, so with PostgreSQL or MySQL the build fails: `could not \
         translate host name`. With SQLite it works, and that is worse: the database becomes part of a layer, every \
         new container begins from that state, and what was written is lost with the container. Migrations belong to \
         a service that runs once before the others.";
    DOCKERFILE_SUPERUSER = "dockerfile-superuser",
        "a superuser is created while the image is built",
        "The account goes into whatever database the build has, which is not the one that the stack uses, and the hash \
         of its password stays in a layer. Create it in the running stack: `createsuperuser --noinput` reads \
         `DJANGO_SUPERUSER_USERNAME`, `DJANGO_SUPERUSER_EMAIL` and `DJANGO_SUPERUSER_PASSWORD` from the environment.";
    POETRY_EXPORT_GONE = "poetry-export-gone",
        "`poetry export` is a plugin since Poetry 2.0",
        "A Dockerfile that installs Poetry without a version gets 2.x, whose `export` command is a plugin of its own: \
         `The command \"export\" does not exist`. Install straight from the lockfile with `poetry install --only main \
         --no-root`, or install `poetry-plugin-export` beside a pinned Poetry.";
    DEV_REQUIREMENTS_IN_IMAGE = "dev-requirements-in-image",
        "the image installs requirements that are for development",
        "Test runners, linters and debug toolbars make the image larger and slower to build, and a debug toolbar in \
         production shows settings and queries. Keep a file for production, let the one for development begin with \
         `-r base.txt`, and install the production one in the image that is deployed.";
    DOCKERFILE_SOURCE_FIRST = "dockerfile-source-first",
        "the source is copied before the requirements are installed",
        "A layer is rebuilt when what it copies has changed, and so is every layer after it. With `COPY . .` first, \
         editing one view installs all requirements again. Copy the manifest alone, install, and copy the rest afterwards.";
    DOCKERFILE_ADD = "dockerfile-add",
        "`ADD` copies local files",
        "`ADD` unpacks archives and fetches addresses. Where a file is only to be copied, `COPY` says so, and nobody \
         has to wonder whether the other things happen.";
    DOCKERFILE_MAINTAINER = "dockerfile-maintainer",
        "`MAINTAINER` is deprecated",
        "The instruction was deprecated in Docker 1.13 and BuildKit warns about it. The label \
         `org.opencontainers.image.authors` says the same where registries and tools look for it.";
    DOCKERIGNORE_ABSENT = "dockerignore-absent",
        "everything is copied into the image and there is no .dockerignore",
        "`COPY . .` takes `.env`, `.git` with its history, SQLite databases, private keys and virtual environments \
         along. Whoever can pull the image can read them, and every change in `.git` makes the layer new. A \
         .dockerignore names what stays outside.";
    DOCKERIGNORE_LETS_ENV_IN = "dockerignore-lets-env-in",
        "the .dockerignore does not name the env file, and everything is copied",
        "The file that keeps version control, caches and virtual environments out of the image says nothing of `.env`, so \
         `COPY . .` takes it along: the passwords of whatever machine built the image are in a layer, and stay there \
         when a later one removes the file. One line is enough: `**/.env*`; an example without values may be let in \
         again with `!.env.example`.";
    DOCKERFILE_SECRET = "dockerfile-secret",
        "a secret is written into the image",
        "`ENV` and `ARG` are kept in the image's configuration and history, where `docker inspect` and `docker \
         history` show them to whoever has the image; a value set there also wins over forgetting to set the real \
         one. Give secrets when the container starts. Where only a build step insists on a value, set a throw-away \
         one for that one command.";
    DOCKERFILE_PYTHON_MISMATCH = "dockerfile-python-mismatch",
        "the image's Python is not one that the project can use",
        "The tag of the base image names a Python that the project's own statement excludes, or that its Django does \
         not support. pip then finds no version that fits, or uv and Poetry fetch or look for another interpreter.";
    DOCKERFILE_PYTHON_EOL = "dockerfile-python-eol",
        "the image's Python gets no security fixes any more",
        "Each Python is fixed for five years. After that holes stay open, the image is no longer rebuilt on current \
         Debian, and distributions stop publishing wheels for it, so that installing needs a compiler.";
    DOCKERFILE_TAG_FLOATS = "dockerfile-tag-floats",
        "the base image's tag moves to another system by itself",
        "`python:3.13-slim` stood for Debian 12 until the day it stood for Debian 13. Packages had changed their names, \
         and Dockerfiles that nobody had touched stopped building: `Unable to locate package`. Name the release: \
         `3.13-slim-trixie`.";
    APT_UPDATE_ALONE = "apt-update-alone",
        "the package lists are updated in a layer of their own",
        "The layer is cached and its lists age, while the mirror moves on. A later `apt-get install` asks for versions \
         that are gone and gets 404. Updating and installing belong into one `RUN`, which also removes the lists.";
    APT_DIST_UPGRADE = "apt-dist-upgrade",
        "the system is upgraded during the build",
        "The result depends on the day, so two builds of one Dockerfile differ, and each upgraded package is in the \
         image twice: in the base's layer and in the new one. Base images are rebuilt with security fixes: take a newer tag.";
    USER_TOOL_ABSENT = "user-tool-absent",
        "the command that makes a user is not in the base image",
        "`adduser` is a package of Debian's that the slim images of trixie no longer have, and Alpine has `adduser` \
         but no `useradd`. On Debian write `useradd` and `groupadd`, on Alpine `adduser` and `addgroup`.";
    SYSTEM_PACKAGE_ABSENT = "system-package-absent",
        "a requirement cannot be installed for want of system packages",
        "Some distributions have no wheel and are compiled when they are installed; `mysqlclient` and `psycopg2` are \
         the common ones. A slim image has neither compiler nor headers, so pip stops with `pg_config executable not \
         found` or `Can not find valid pkg-config name`.";
    COMPILER_IN_IMAGE = "compiler-in-image",
        "a compiler stays in the image that is deployed",
        "It is needed while distributions are compiled and never again. A stage of its own for the installation, from \
         which only the virtual environment is copied, leaves it behind: the image is smaller by hundreds of \
         megabytes and offers less to whoever breaks in.";
    DOCKERFILE_IMAGE_EOL = "dockerfile-image-eol",
        "the base image's system gets no security fixes any more",
        "An image is a system with its libraries: OpenSSL, the C library, the certificates. When its release has \
         ended, holes in them stay open, however often the image is built. Some time later its packages leave the \
         mirrors as well, and `apt-get update` ends with 404: the Dockerfile that built yesterday builds no more. The \
         same goes for a stage that runs Node. djdock compares the tag with the published dates; a newer tag is \
         usually all that has to change.";
    DOCKERFILE_ENV_FORM = "dockerfile-env-form",
        "`ENV` is written without `=`",
        "`ENV KEY value` is the form of Docker's first years. Everything after the name is the value, so `ENV A 1 B 2` \
         sets one variable, `A`, to `1 B 2`. BuildKit warns about it (`LegacyKeyValueFormat`). `ENV KEY=value` takes \
         several variables on one line and says what it means.";
    DOCKERFILE_FROM_CASE = "dockerfile-from-case",
        "`FROM … as` mixes capitals and small letters",
        "Both forms work; BuildKit warns about the mixture at every build (`FromAsCasing`), and a warning that is always \
         there hides the one that matters. Write `AS`.";
    PIP_CACHE_KEPT = "pip-cache-kept",
        "pip's cache becomes part of the image",
        "pip keeps every archive that it fetches, for the next installation. In an image there is no next one: the \
         layer holds each distribution twice. A cache mount (`--mount=type=cache,target=/root/.cache/pip`) keeps the \
         archives outside the image and makes the next build fast; `--no-cache-dir` keeps nothing.";
    APT_LEFTOVERS = "apt-leftovers",
        "the package manager's lists become part of the image",
        "`apt-get update` writes the names of all packages of Debian to `/var/lib/apt/lists`, about 20 MB. What the \
         same `RUN` does not remove stays in its layer; a later `RUN rm` only hides it. Without \
         `--no-install-recommends` apt also installs what the packages merely recommend. On Alpine `apk add \
         --no-cache` needs neither `apk update` nor a removal.";
    CHOWN_LAYER = "chown-layer",
        "a change of owner copies every file once more",
        "A layer holds whole files. `chown -R` after `COPY` writes all of them again because their owner is new, and the \
         image holds the code twice. It is also the wrong way round: a process that owns its code can be made to change \
         it. Leave the code to root, readable by all, and give the process the few folders that it writes to.";
    WHEELS_IN_IMAGE = "wheels-in-image",
        "the wheels that were installed stay in the image",
        "`COPY --from=builder /wheels /wheels` is a layer. The installation that follows unpacks it into another one, and \
         an `rm` in a third only hides the first. A bind mount shows the wheels to the one command that needs them: \
         `RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels pip install …`.";
    TOOLS_IN_IMAGE = "tools-in-image",
        "the image that is deployed has editors and shells for people",
        "Nobody edits files inside a production container: they are gone with it. Each tool is megabytes, updates that \
         somebody has to follow, and help for whoever breaks in. Keep them for a stage or a file of development.";
    DOCKERFILE_UNPINNED = "dockerfile-unpinned",
        "the build installs distributions without a version",
        "A name without a version means whatever was newest when the layer was last built: on two machines, or before \
         and after the cache was emptied, something else. Poetry 2.0 removed `export` and old Pythons from one day to \
         the next, and many Dockerfiles that nobody had touched stopped building. App servers belong into the project's \
         requirements; package managers get a version in the Dockerfile.";
    PYTHON_COMPILED = "python-compiled",
        "the build compiles Python",
        "pyenv fetches the source and compiles it, which takes minutes, a compiler and twenty `-dev` packages that stay in \
         the image. The official images bring each Python ready, on a system of which the tag says the release; uv \
         fetches a built one where another system is needed.";
    POETRY_INSTALLS_ROOT = "poetry-installs-root",
        "`poetry install` is to install the project before its code is there",
        "Poetry installs the dependencies and then the project itself as a distribution. In a Dockerfile that copies the \
         manifests first, for the sake of the cache, there is no code and no README yet: Poetry 1 printed a message, \
         Poetry 2 stops. A Django project is run from its folder and needs no installation: `--no-root`.";
    PIP_EXTERNALLY_MANAGED = "pip-externally-managed",
        "pip refuses to install into the system's Python",
        "Debian since 12, Ubuntu since 23.04 and Alpine since 3.19 mark their Python as their own (PEP 668), because pip \
         broke system programs that use it: `error: externally-managed-environment`. The official Python images are \
         not concerned, their Python is beside the system's. Elsewhere make a virtual environment.";
    APT_KEY_GONE = "apt-key-gone",
        "`apt-key` does not exist any more",
        "It was deprecated for years, because a key that it adds vouches for every source of packages, and it is gone \
         since Debian 13 and Ubuntu 25.04. A key now lies in a file of its own below `/etc/apt/keyrings`, and the source \
         that it is for names it with `signed-by`.";
    FAILURE_HIDDEN = "failure-hidden",
        "the build goes on when something it needs fails",
        "`|| true` makes every failure a success. A `collectstatic` that could not import the settings leaves an image \
         without styles, an installation that failed one without a distribution; the build is green, and the first to \
         see it is a visitor. Mend what fails, most often a variable that the build does not have.";
    DOCKERFILE_CMD_TWICE = "dockerfile-cmd-twice",
        "a stage has two `CMD`, and only the last one counts",
        "`CMD` is a setting of the image, not a step: the second one replaces the first, which is never run. Steps that \
         come before the server belong into an entrypoint script that ends in `exec \"$@\"`, and a second process into a \
         second service.";
    COLLECTSTATIC_NEEDS_VARIABLES = "collectstatic-needs-variables",
        "the build runs a management command without the variables that the settings need",
        "Every management command imports the settings. Those of compose and `.env` reach the container when it starts, \
         not its build, so `collectstatic` in a `RUN` stops with `KeyError` or `ImproperlyConfigured: The SECRET_KEY \
         setting must not be empty`. Give throw-away values to that one command, in front of it: then they are in no \
         layer and no `ENV`, and the container still refuses to start without real ones.";
    RUNTIME_LIBRARY_ABSENT = "runtime-library-absent",
        "the image has not the libraries that its distributions load",
        "A `-dev` package holds the headers to compile with; the library itself is another package, and a slim image has \
         neither. In a build of several stages the compiled distributions are copied to a fresh image where the library \
         never was: the build succeeds, and the container stops with `ImportError: libpq.so.5: cannot open shared object \
         file`, or `no pq wrapper available`. Install the library in the last stage.";
    OUTPUT_BUFFERED = "output-buffered",
        "Python's output does not appear in the log at once",
        "Where its output is no terminal, Python collects it in blocks of 8 kB. What `print` and management commands write \
         then appears late in `docker logs`, and what was in the block when the process is killed, never: often the very \
         lines that say why. `PYTHONUNBUFFERED=1` turns the collecting off.";
    SECRET_ARGUMENT = "secret-argument",
        "a secret is given to the build as an argument",
        "The value of a build argument is kept with every `RUN` that it was set for, where `docker history` shows it, and \
         `ENV NAME=$NAME` writes it into the image's configuration for good. A secret that the build really needs is \
         mounted for one command: `RUN --mount=type=secret,id=token …` with `docker build --secret id=token,env=TOKEN`. One \
         that only the container needs has no business in the build.";
}
