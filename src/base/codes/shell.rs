//! The machine: disk, terminal, Engine.

use super::codes;

codes! {
    NOT_A_FOLDER = "not-a-folder",
        "what was named as the project's folder is not a folder",
        "djdock works on a folder: the one that holds `manage.py`, or one above it. Name that folder, or run \
         djdock inside it without naming any.";
    FOLDER_UNREADABLE = "folder-unreadable",
        "the project's folder cannot be read",
        "The permissions of the folder, or of one above it, do not let you list it. djdock needs to list and read \
         the project; it never needs to be root for that. Check its owner with `ls -ld`.";
    FOLDER_MISSING = "folder-missing",
        "what was named as the project's folder does not exist",
        "djdock works on the folder that holds `manage.py`, or one above it. The path that was given, seen from \
         the folder in which djdock runs, leads to nothing.";
    FOLDER_TOO_LARGE = "folder-too-large",
        "the folder holds more files than any Django project",
        "djdock lists a project's files once. Folders that tools make (virtual environments, `node_modules`, \
         caches) and what git ignores are not entered, so a project of 50 000 files is read in a moment. A folder \
         beyond the limit is most often a home folder, or holds uploaded files or data that git should ignore.";
    SUBFOLDER_UNREADABLE = "subfolder-unreadable",
        "a folder inside the project cannot be listed",
        "Its permissions do not let you list it, as is usual for the data folder of a database that a container \
         keeps inside the project. What is in it is unknown to djdock; facts are found without it. Docker's build \
         context will stop at it too, unless .dockerignore names it.";
    FILE_UNREADABLE = "file-unreadable",
        "a file that says something of the project cannot be read",
        "djdock reads settings, requirements and the like when a fact needs them. This one could not be read, so \
         the facts stand without it and may be incomplete.";
    NAME_NOT_UTF8 = "name-not-utf8",
        "a file's name is not UTF-8",
        "Names of files are bytes, and these are not UTF-8: often they come from an archive that was made with \
         another encoding. djdock skips them.";
    TREE_TOO_DEEP = "tree-too-deep",
        "folders are nested deeper than in any project",
        "Most often a link or a copy inside itself made them. djdock does not go on below that depth.";
    FILE_UNWRITABLE = "file-unwritable",
        "a file cannot be written",
        "djdock writes each file whole beside its place first, and puts all of them in place only when every one is \
         there. One could not be written, so none was: the folder is as it was before. Most often it belongs to \
         another user, is mounted read-only, or the disk is full.";
    FILE_IN_THE_WAY = "file-in-the-way",
        "there is something where djdock would write a file",
        "When the project was read there was no file of this name, or one that may be replaced; now there is \
         something else: a folder, or a file that was made meanwhile. Nothing was written.";
    PATH_THROUGH_LINK = "path-through-link",
        "a file would be written through a symbolic link",
        "djdock writes inside the project's folder only. A symbolic link on the way could lead anywhere, and a \
         link in the place of a file would be replaced by a file, so neither is followed. Nothing was written.";
    PATH_OUTSIDE = "path-outside",
        "a file would be written outside the project's folder",
        "Every file that djdock writes lies below the folder that was named. An answer that names a folder, or the \
         record of what was written, leads out of it. Nothing was written.";
    ENGINE_UNREACHABLE = "engine-unreachable",
        "no Docker Engine answers",
        "djdock looks for the Engine where the docker command line does: in `DOCKER_HOST`, in the current context \
         (`docker context ls`), and at `/var/run/docker.sock`. Only `smoke` needs one; `init`, `inspect` and `check` \
         do not. On Linux the socket belongs to the group `docker`: whoever is in it can do anything on the machine, \
         which is why nobody is by default. The Engine can also run rootless.",
        ko "Docker Engine에 연결할 수 없습니다",
        "이미지를 만들고 실행하려면 Docker Engine이 필요합니다. Docker Desktop을 열거나 \
         `sudo systemctl start docker`로 시작하세요. 권한 문제라면 소켓의 그룹에 사용자를 \
         추가하고 다시 로그인해야 합니다. 파일을 쓰는 `djdock init`에는 Engine이 필요 없습니다.";
    ENGINE_TOO_OLD = "engine-too-old",
        "the Docker Engine is older than what djdock uses of it",
        "Files that djdock writes use BuildKit's cache mounts, and compose files health checks that others wait for. \
         Both need Engine 20.10, which is of December 2020, or newer.";
    ENGINE_REFUSED = "engine-refused",
        "the Docker Engine could not do what it was asked",
        "The message says what was asked and what the Engine answered. A full disk, a missing network driver or a \
         broken storage folder are the usual causes; `docker info` and the Engine's own log say more.";
    COMPOSE_MISSING = "compose-missing",
        "there is no `docker compose`",
        "Stacks are run by compose itself, so that what is proven is what you will run. It is a plugin of the docker \
         command line, version 2 or newer; the old program `docker-compose`, version 1, is not used.",
        ko "`docker compose`가 없습니다",
        "djdock은 사람이 쓰는 것과 같은 `docker compose`로 스택을 실행해서, 확인한 것이 \
         그대로 동작하게 합니다. Docker Desktop에는 들어 있고, 리눅스에서는 \
         `docker-compose-plugin` 패키지를 설치합니다.";
    COMPOSE_FILE_UNUSABLE = "compose-file-unusable",
        "compose does not accept the compose file",
        "The file, with the variables of its env file filled in, is not what compose expects. The notes are compose's \
         own words. djdock's compose files are checked when they are written, so most often an edit broke it.";
    CONTEXT_UNREADABLE = "context-unreadable",
        "a file of the build context cannot be read",
        "A build sends the project's files to the Engine, all but those that .dockerignore names. One of them could \
         not be read: often the data folder of a database that a container keeps inside the project, and that no \
         image needs.";
    OUTPUT_UNWRITABLE = "output-unwritable",
        "what was asked for cannot be printed",
        "djdock writes data (JSON, diffs, facts) to standard output. Writing there failed for a reason other than \
         a closed pipe, most often because the disk that it is redirected to is full.";
    NO_RANDOMNESS = "no-randomness",
        "the system gives no random numbers for secrets",
        "djdock makes passwords and secret keys from the system's source of random numbers. Reading from it failed, \
         and anything weaker would be a secret only by name, so nothing was written.";
    FOLDER_BUSY = "folder-busy",
        "another djdock is writing in the same folder",
        "Two runs that write the same files would leave a mixture of both. The one that came first holds a lock on \
         `.djdock/writing`; the system lets go of it when that run ends, however it ends.";
    FOLDER_NOT_EMPTY = "folder-not-empty",
        "the folder for an example holds something",
        "`djdock demo` writes a whole project. It never mixes it with files that are there, because later nobody \
         could tell which are whose. Name a folder that does not exist, or an empty one.";
    FOLDER_UNUSABLE = "folder-unusable",
        "a folder cannot be made or listed",
        "The folder that was named for an example cannot be made, or what stands under its name is not a folder, \
         or its permissions do not let you list it. Name another one.";
}
