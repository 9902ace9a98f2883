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
}
