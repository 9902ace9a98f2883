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
}
