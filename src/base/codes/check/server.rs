//! Scripts and server configuration that are already there.

use crate::base::codes::codes;

codes! {
    SCRIPT_CRLF = "script-crlf",
        "a script has the line ends of Windows",
        "The first line then names an interpreter called `sh` followed by a carriage return, which does not exist. \
         The message says `no such file or directory` of a script that is plainly there. Git on Windows makes such \
         line ends when it checks out: `*.sh text eol=lf` in .gitattributes stops it.";
    SCRIPT_SHEBANG_LATE = "script-shebang-late",
        "a script names its interpreter below the first line",
        "Linux reads the interpreter from the first two bytes of a file. A comment above makes it an ordinary file: \
         `exec format error`. It works only where something calls `sh script.sh`.";
    SCRIPT_NO_EXEC = "script-no-exec",
        "an entrypoint starts its last command without `exec`",
        "The shell stays as process 1 and does not pass SIGTERM on, so `docker stop` waits 10 seconds and kills \
         everything. With `exec` the command takes the shell's place and hears the signal.";
    SCRIPT_GOES_ON = "script-goes-on",
        "an entrypoint goes on when a command fails",
        "A shell script continues after errors unless it is told not to. When `migrate` or `collectstatic` fails the \
         server starts all the same, and the first error that is seen is far from its cause. `set -eu` stops at the \
         first failure and at variables that are not set.";
    SCRIPT_MAKES_MIGRATIONS = "script-makes-migrations",
        "a container makes migrations when it starts",
        "Migrations are source code: they are made once, on a developer's machine, reviewed and committed. A container \
         that makes them at its start writes files that are lost with it; the database remembers migrations that no \
         source has, and the next change begins from another state than the one in the repository.";
    UWSGI_RELOADS = "uwsgi-reloads",
        "uWSGI takes the signal to stop for one to reload",
        "In uWSGI's tradition SIGTERM reloads and SIGQUIT ends. Containers are stopped with SIGTERM: without \
         `die-on-term` uWSGI starts its workers again and is killed after 10 seconds.";
    SUPERVISOR_LOG = "supervisor-log",
        "supervisor tries to rotate a log that is a device",
        "`/dev/stdout` cannot be rewound, which rotation needs: `Illegal seek`, and the program is not started. Turn \
         rotation off with `stdout_logfile_maxbytes = 0`; the Engine rotates what containers print.";
    SUPERVISOR_DAEMON = "supervisor-daemon",
        "a program under supervisor goes to the background",
        "supervisor watches the process that it started. A daemon ends that process at once and lives on elsewhere: \
         supervisor starts it again and again, and the second one finds the port taken. Keep it in the foreground.";
    NGINX_ALIAS_SLASH = "nginx-alias-slash",
        "a location and its alias do not end alike",
        "nginx replaces the location by the alias, letter by letter. `/static/` with `/srv/static` turns \
         `/static/a.css` into `/srv/statica.css`; the other way round `/static../` leads out of the folder. End both in `/`.";
    NGINX_FORWARDED_HOST = "nginx-forwarded-host",
        "nginx does not say for which host a request came",
        "By default nginx sends the name of the upstream as `Host`. Django checks it against `ALLOWED_HOSTS`, builds \
         links from it and compares it with the origin of forms, so the answers are 400, wrong links or CSRF \
         failures. `$http_host` keeps the port, which `$host` loses.";
    SCRIPT_MIGRATES = "script-migrates",
        "an entrypoint migrates each time a container starts",
        "One replica is served well by this. Two that start together both see a migration that is not applied, and both \
         apply it; a worker with the same entrypoint is one of them. And where one replica is replaced after the other, \
         the first new one changes tables that the old ones still use. A service of its own that migrates once, and \
         that the others wait for, makes the order visible.";
    SUPERVISOR_BACKGROUND = "supervisor-background",
        "supervisord leaves its container",
        "supervisord becomes a daemon unless it is told not to: the process that the container was started with ends, and \
         the container with it, exit code 0. `-n` or `nodaemon = true` keeps it in the foreground.";
    GUNICORN_COUNTS_HOST = "gunicorn-counts-host",
        "the number of workers is computed from the host's processors",
        "`multiprocessing.cpu_count()` sees the machine's processors, also where the container may use a part of one. \
         The rule of twice the number and one was made for a server of its own. Each worker holds the whole project in \
         memory; where the limit is reached, the kernel kills one after the other. djdock's configuration reads the \
         limits of the container's control group.";
    CHANNELS_WITHOUT_ASGI = "channels-without-asgi",
        "WebSockets are used, and no server answers them",
        "Channels answers WebSockets through ASGI. gunicorn with its own workers and uWSGI speak WSGI, which knows only \
         requests and answers: the handshake gets 404. `runserver` of Channels speaks both, so development shows \
         nothing of it. Start `daphne` or `uvicorn`, or gunicorn with uvicorn's worker, and let the proxy pass the \
         `Upgrade` header on.";
    SERVER_MODULE_ABSENT = "server-module-absent",
        "a server is started with a module that the project does not have",
        "The dotted name comes from another project, or from before a folder was renamed. The server starts, its workers \
         end with `ModuleNotFoundError`, and gunicorn says `Worker failed to boot`. djdock looked for the module in \
         every folder of the project.";
    NGINX_HOST_PORT = "nginx-host-port",
        "nginx puts its own port into the host's name",
        "`$host:$server_port` is the visitor's name with the port on which nginx listens inside its container. Published as \
         8080, or behind a proxy that speaks https, the visitor sees another port: Django's CSRF check compares both and \
         refuses the form. `$http_host` is what the visitor's browser sent.";
    NGINX_FORWARDED_PROTO = "nginx-forwarded-proto",
        "nginx does not say whether the visitor used https",
        "`SECURE_PROXY_SSL_HEADER` tells Django by which header the proxy says so. Without the header every request counts \
         as plain http: `SECURE_SSL_REDIRECT` redirects for ever, forms fail the CSRF check, links in e-mails begin with \
         `http://`. Where another proxy ends TLS before nginx, pass its header on instead of overwriting it.";
    NGINX_UPSTREAM_FIXED = "nginx-upstream-fixed",
        "nginx looks up the app server's address once",
        "A container that is replaced gets a new address. nginx looks names up when it starts and keeps the answer, so after \
         an update of the app server alone it asks the old address: 502 until nginx is restarted. And where the name is \
         not there yet, nginx does not start: `host not found in upstream`, which hides the error that kept the other \
         container from starting. With Docker's resolver and `resolve` nginx asks again.";
    NGINX_BODY_SIZE = "nginx-body-size",
        "nginx refuses uploads above 1 MB",
        "1 MB is nginx's limit for a request's body unless it says otherwise. A photograph is larger: `413 Request Entity Too \
         Large`, from nginx, with nothing in Django's log. `client_max_body_size` sets what is allowed.";
    SCRIPT_INTERPRETER_ABSENT = "script-interpreter-absent",
        "a script asks for an interpreter that the image does not have",
        "Alpine's images have `sh` and no `bash`. Linux then says `no such file or directory` of the script, because the \
         program that its first line names is missing. Write `#!/bin/sh` where the script needs nothing of bash's own, or \
         install bash.";
}
