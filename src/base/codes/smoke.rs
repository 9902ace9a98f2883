//! The smoke run: what did not show.

use super::codes;

codes! {
    BUILD_FAILED = "build-failed",
        "a step of a Dockerfile did not succeed",
        "The image could not be built. The message names the step and its exit code, the notes are the last lines \
         that it wrote. Most steps fail for what they miss: a system package, a version of Python that a requirement \
         does not support, a file that .dockerignore keeps out, or the network.";
    BUILD_BEYOND = "build-beyond",
        "the build needs what a smoke run does not have",
        "A smoke run builds with what is in the project and nothing else. Build secrets, a forwarded ssh agent and \
         contexts from elsewhere come from the machine or the person, so such a stack is built by hand.";
    SERVICE_DIED = "service-died",
        "a container ended that should go on, or a job failed",
        "One container of the stack ended. The one named here ended first: others that wait for it, or a proxy in \
         front of it, end or complain because of it. Its log's last lines are in the notes; where they name a cause \
         that djdock knows, the help says what mends it.";
    SERVICE_UNHEALTHY = "service-unhealthy",
        "a container runs, and its health check says that it does not work",
        "The health check was asked as often as the compose file allows and failed each time. Either the service does \
         not answer, then its log says why; or the check asks what the image cannot do, for example with `curl` where \
         there is none, or for a host that ALLOWED_HOSTS refuses.";
    SERVICE_LATE = "service-late",
        "a service was not up in time",
        "Nothing about the containers changed for as long as the plan allows, and not every service was up. A service \
         that needs longer should say so in its health check's `start_period`.";
    SERVICE_ABSENT = "service-absent",
        "the compose file does not start a service that the plan has",
        "The smoke run asks what the plan says that the stack shows, of the compose file that is on the disk. They \
         differ: the file was edited, or the project changed since it was written.";
    STACK_NOT_STARTED = "stack-not-started",
        "compose could not start the stack",
        "No container says why: it failed before one ran. Usual causes are an image that cannot be pulled, a port that \
         is taken, a network whose addresses overlap another's, or a folder that cannot be mounted.";
    STAGE_UNUSABLE = "stage-unusable",
        "there is no place for the run's own files",
        "A smoke run keeps its own env file, with secrets made for it, and its compose file in a temporary folder, so \
         that yours are not touched. That folder could not be made.";
    PAGE_WRONG = "page-wrong",
        "a page is not what it must be",
        "The page was asked for as a browser does, through the port that the stack publishes. Its status, server, type \
         or text is not what the plan or the project's smoke.toml says. If the log of a service behind it names a cause, \
         it is in the notes.";
    ASSET_MISSING = "asset-missing",
        "a stylesheet or script that a page links to does not come",
        "The page came, and the smoke run asked for every stylesheet and script that it links to, as a browser does. One of \
         them did not come, so the page looks or works other than it should. Such a file is lost at one of these places: no \
         build has made it, .dockerignore keeps it out of the image, `collectstatic` does not find it or leaves it out, or \
         the server looks in another folder. The note says at which, and the help what mends it.";
    FORM_REFUSED = "form-refused",
        "a form is refused",
        "The login form of the admin was sent with its CSRF token and a wrong password. Django should have shown the form \
         again. With 403 its CSRF protection refused it: behind the proxy it saw another host, port or scheme than the \
         browser did. Every login would fail the same way. Behind a proxy that ends TLS, Django learns from \
         `SECURE_PROXY_SSL_HEADER` that the browser came by https, or from `CSRF_TRUSTED_ORIGINS` which addresses it may \
         trust.";
    PORT_NOT_PUBLISHED = "port-not-published",
        "a service does not publish the port at which it must answer",
        "What browsers reach is the port that the compose file publishes. The service runs without one, so nothing \
         outside of the stack reaches it.";
    COMMAND_FAILED = "command-failed",
        "a command in a container did not do what it must",
        "The smoke run runs commands such as `manage.py migrate --check` in the running containers, as the user that \
         they run as. The notes hold what it printed.";
    RUNS_AS_ROOT = "runs-as-root",
        "a service runs as root",
        "A process that needs nothing of root should not be root: a fault in the project or in a package would give \
         away the whole container. Files that it must write belong to its user, and ports above 1024 are open to all.";
    SECRET_IN_IMAGE = "secret-in-image",
        "an image holds a secret",
        "Images are copied: to a registry, to servers, to whoever may pull them. What is in a layer stays there even if a \
         later one removes it, and `docker history` shows the value of every `ENV` and `ARG`. The secret that was found \
         should be replaced by a new one.";
    STOPPED_BADLY = "stopped-badly",
        "a container does not stop as it should",
        "`docker stop` sends SIGTERM and kills after a time. A server that does not hear the signal, because a shell is \
         the first process and does not pass it on, is killed in the middle of requests: exit code 137. uWSGI reloads on \
         SIGTERM unless `die-on-term` is set.";
    LEFT_BEHIND = "left-behind",
        "something that the run made could not be removed",
        "Everything that a smoke run makes carries a label and is removed at its end. What the message names is still \
         there, most often because something else has come to use it. The next run tries to remove it again.";
    NO_SUCH_RUN = "no-such-run",
        "there is no run of this name",
        "`djdock smoke --keep` leaves a run as it is and prints its name. `djdock smoke --remove NAME` removes everything of \
         it: containers, networks, volumes, images and its folder. Nothing of the run that was named is there.";
    RUN_GOES_ON = "run-goes-on",
        "the run that is to be removed has not ended",
        "Each run locks its folder until it ends, so that no other run takes its things for leftovers. The lock of the run \
         that was named is held: a djdock is at work with it.";
    NO_SOURCE_MOUNT = "no-source-mount",
        "the development container does not see the project's folder",
        "In development the project's folder is mounted into the container, so that an edit shows without building an \
         image anew. The compose file mounts no folder with the file that the run changed.";
    NOT_RELOADED = "not-reloaded",
        "the development server does not notice edits",
        "A source file was changed and the server's log did not say that it loads anew. The autoreloader may be off, or \
         it watches for events that a bind mount does not pass on, as watchdog does on some systems.";
    HOST_FOLDER_CLOSED = "host-folder-closed",
        "the development container cannot write to the project's folder",
        "Commands like `makemigrations` write files from inside the container. Its user is not the owner of the folder.";
    FOREIGN_OWNER = "foreign-owner",
        "files made in the development container belong to someone else",
        "On Linux a file made in a bind mount belongs to the user id of the process that made it. If that is not your own \
         you cannot edit or delete it without `sudo`.";
    NOTHING_TO_SMOKE = "nothing-to-smoke",
        "there is no compose file to run",
        "A smoke run proves the files that are on the disk. They were not written yet, or the answers name another \
         folder for them than the one that they are in.";
    VALUES_UNREADABLE = "values-unreadable",
        "the file of values for a smoke run cannot be read",
        "`--env-file` names a file with values for this run alone, such as a bucket for tests. It does not exist or cannot be read.";
    CHECKS_UNREADABLE = "checks-unreadable",
        "the file of checks cannot be read",
        "`--checks` names a file with pages that a running stack must show. It does not exist or cannot be read.";
    CHECKS_SYNTAX = "checks-syntax",
        "smoke.toml cannot be read",
        "smoke.toml lists pages that a running stack must show: `[[check]]` with `path`, and `status` or `text` where they \
         matter. A check with `websocket` opens a WebSocket, sends that text, and waits for `text`. Something in it is not of that form, so nothing in it can be trusted.";
}
