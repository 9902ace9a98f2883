//! Files that are right by themselves and do not fit each other.

use crate::base::codes::codes;

codes! {
    VARIABLE_NOT_GIVEN = "variable-not-given",
        "a service is not given a variable that the settings cannot do without",
        "The `.env` beside a compose file fills in `${NAME}` in that file; it reaches no container by itself. A container gets \
         what `environment` and `env_file` of its service name, and what `ENV` of its image says. djdock imports the settings \
         with exactly that, and says which variable stops the import. Where a script sets variables, or an env file is not in \
         the project, it says nothing.";
    LOCAL_SERVICE_ABSENT = "local-service-absent",
        "a container looks in itself for a service that does not run there",
        "The settings take the address from a variable and fall back on `localhost`, which is right on a developer's machine. \
         In a container `localhost` is the container itself. Where the service is not told another address, and the container \
         starts no such program, every connection is refused.";
    NGINX_ALIAS_ELSEWHERE = "nginx-alias-elsewhere",
        "nginx serves another folder than the one that holds the files",
        "`collectstatic` fills `STATIC_ROOT`, and uploads go to `MEDIA_ROOT`. nginx must find the same folder: in one container by \
         the same path, in two through a volume that is mounted in both, at the path at which nginx has it. djdock follows the \
         mounts of both services and compares where they lead.";
    UPSTREAM_UNKNOWN = "upstream-unknown",
        "nginx asks a service that does not exist",
        "Containers reach each other by the names of their services. nginx looks names up when it starts: where one is not known \
         it ends with `host not found in upstream`. `localhost` in nginx's container is nginx itself.";
    UPSTREAM_PORT = "upstream-port",
        "nginx asks a port, or speaks a protocol, that the server does not answer",
        "The port in `proxy_pass` or `uwsgi_pass` must be the one on which the server listens inside its container, not the one \
         that is published; and uWSGI's `socket` speaks its own protocol, which only `uwsgi_pass` speaks. Otherwise every \
         request gets 502.";
    SOCKET_DIFFERS = "socket-differs",
        "nginx asks another socket than the server's",
        "A server that listens on a file is found by the path of that file. nginx and the server must name the same one, in one \
         container or in a folder that both containers mount. Otherwise every request gets 502.";
    UWSGI_PARAMS_MISSING = "uwsgi-params-missing",
        "nginx asks uWSGI without the variables of the request",
        "uWSGI's protocol carries the method, the path and the headers as variables, and nginx sends only those that it is told: \
         `include uwsgi_params;`. Without them no request can be answered.";
    SETTINGS_ABSENT = "settings-absent",
        "`DJANGO_SETTINGS_MODULE` names a module that the project does not have",
        "A Docker file, a compose file or a server's own file names settings of another project, or from before they were moved. \
         Everything that reads the settings ends with `ModuleNotFoundError`. djdock looked for the module in every folder.";
    CELERY_APP_ABSENT = "celery-app-absent",
        "Celery is started with a module that the project does not have",
        "`-A` names the module in which the Celery application is made. The name comes from another project, or from before a \
         folder was renamed. The worker ends at once: `Unable to load celery application`.";
    CELERY_OPTION_ORDER = "celery-option-order",
        "an option of Celery's stands where Celery 5 does not take it",
        "Until Celery 4 the application could be named behind the command: `celery worker -A shop`. Since Celery 5 what counts for \
         all commands stands before them: `celery -A shop worker`. The old order ends the process at once.";
    FOLDER_ABSENT = "folder-absent",
        "a server is to start in a folder that the image does not have",
        "`chdir`, `directory`, `home` and their like name a folder of the container. No line of the Dockerfile makes it, copies \
         anything into it or starts there, so the program ends: `No such file or directory`.";
    ACCOUNT_ABSENT = "account-absent",
        "a process is to run as somebody whom the image does not know",
        "A user or a group is known in an image when a line makes it (`useradd`, Alpine's `adduser`), when a package brings it, or \
         when the system has it from the start (`www-data`, `nobody`). Otherwise the program, or the container, does not start.";
    SERVER_IN_BACKGROUND = "server-in-background",
        "a server goes to the background where its process is waited for",
        "A container lives as long as its first process, and supervisor watches the processes that it starts. A server that \
         becomes a daemon ends that process at once: the container stops, or supervisor starts it again and again. Keep it in \
         the foreground; the Engine keeps what it prints.";
}
