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
}
