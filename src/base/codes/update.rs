//! Writing: what stands in the way.

use super::codes;

codes! {
    FILE_NOT_OURS = "file-not-ours",
        "a file that djdock would write exists and is not djdock's",
        "djdock never changes a file that it did not write unless you name it. Nothing at all was written, because \
         the files belong together: half of them would not run. Name each file that may be replaced with \
         `--replace PATH`, or all with `--replace-all`. What was there is kept beside it as `NAME.bak`.",
        ko "djdock이 써야 할 파일이 이미 있고, djdock의 파일이 아닙니다",
        "djdock은 자신이 쓰지 않은 파일을 이름을 말해 주기 전에는 바꾸지 않습니다. 파일들은 함께 있어야 \
         동작하므로 아무것도 쓰지 않았습니다. 바꿔도 되는 파일은 `--replace PATH`로 하나씩, 또는 \
         `--replace-all`로 모두 알려 주세요. 기존 파일은 `NAME.bak`으로 남습니다.";
    ENV_LACKS_VARIABLES = "env-lacks-variables",
        "a `.env` lacks variables that the stack needs, and cannot be completed",
        "Compose reads `.env` for the stack's passwords and settings. djdock adds what is missing at its end and changes \
         nothing that is in it, but this one is a folder, a symbolic link, or text that is not UTF-8. Check also that what \
         it sets fits containers: a database host of `localhost` means the container itself.",
        ko "`.env`에 필요한 변수가 없는데 채울 수 없습니다",
        "Compose는 `.env`에서 비밀번호와 설정을 읽습니다. djdock은 없는 변수를 끝에 덧붙이고 있는 값은 바꾸지 \
         않지만, 이 파일은 폴더나 링크이거나 UTF-8이 아닙니다. 적혀 있는 값이 컨테이너에서도 맞는지도 확인하세요. \
         데이터베이스 호스트가 `localhost`이면 컨테이너 자신을 뜻합니다.";
    ENV_DOLLAR = "env-dollar",
        "compose takes a `$` in `.env` for a variable",
        "Compose puts the value of `name` in place of `$name`, in `.env` too. A key such as `ab$cd` arrives in the \
         container as `ab`, and a `$` before a digit stops compose. Other readers of the file leave it alone, so the \
         project works without Docker. In single quotes compose leaves it alone as well: `KEY='ab$cd'`.";
    COMPOSE_SHADOWED = "compose-shadowed",
        "a compose file of the project's own is no longer the one that `docker compose` reads",
        "Without `--file`, compose reads the first that it finds of compose.yaml, compose.yml, docker-compose.yml and \
         docker-compose.yaml. djdock writes compose.yaml, so a bare `docker compose up` starts djdock's development stack \
         from now on. Yours is as it was; name it to run it.";
    COMPOSE_OVERRIDE_ADDED = "compose-override-added",
        "compose adds an override file of the project's own to djdock's",
        "Without `--file`, compose reads an override file beside the compose file too (compose.override.yml, \
         docker-compose.override.yml) and lets it change services of the same names. This one was written for another \
         compose file: ports, commands or volumes of djdock's services may come out differently than it vouches for.";
    FILE_EDITED = "file-edited",
        "a file was edited, and djdock changes the same lines",
        "You edited a file that djdock wrote; since then the project, the answers or djdock changed. Changes in \
         different lines are merged, and both stand. Here both changed the same lines, and djdock does not choose for \
         you: nothing at all was written, because the files belong together. `--conflict PATH=ours` keeps your lines in \
         these places and takes the rest, `--conflict PATH=theirs` takes djdock's lines and keeps your file as \
         `NAME.bak`, `--conflict PATH=inline` writes both between marks, as git does. Without `PATH=` the word counts \
         for every file.",
        ko "고친 파일인데 djdock도 같은 줄을 바꾸려고 합니다",
        "djdock이 쓴 파일을 직접 고쳤고, 그 뒤에 프로젝트나 답 또는 djdock이 바뀌었습니다. 서로 다른 줄의 변경은 \
         병합(merge)되어 둘 다 남습니다. 여기서는 같은 줄이 양쪽에서 바뀌어 충돌(conflict)이 났고, 파일들은 함께 있어야 \
         동작하므로 아무것도 쓰지 않았습니다. `--conflict PATH=ours`는 그 자리에 고친 내용을 두고 나머지를 받습니다. \
         `--conflict PATH=theirs`는 djdock의 내용을 쓰고 기존 파일을 `NAME.bak`으로 둡니다. `--conflict \
         PATH=inline`은 git처럼 둘 다 표시와 함께 씁니다. `PATH=` 없이 쓰면 모든 파일에 적용됩니다.";
    FILE_NOT_NEEDED = "file-not-needed",
        "an edited file is not read by any part of the stack any more",
        "The answers or the project changed, and no part of the stack uses this file now. Files that you never edited \
         are removed then, and edits of a file that only moved go along to its new place. This one holds edits, and \
         nothing takes its place: it stays, but what you changed in it has no effect any more.",
        ko "고친 파일을 이제 스택의 어느 부분도 읽지 않습니다",
        "답이나 프로젝트가 바뀌어 이 파일을 쓰는 부분이 없어졌습니다. 고치지 않은 파일은 지워지고, 자리만 옮긴 파일의 \
         수정 내용은 새 자리로 따라갑니다. 이 파일에는 수정한 내용이 있고 대신할 파일이 없어서 그대로 두었지만, 고친 \
         내용은 더 이상 효과가 없습니다.";
    FILE_DELETED = "file-deleted",
        "a file that djdock wrote was deleted by a person",
        "djdock wrote this file, and it is not there any more. Whoever deletes a file means it, so it is not written \
         again by `init` or `update`. If other files need it (a Dockerfile that copies it, a compose file that mounts \
         it), the stack does not work without it: `djdock update --replace PATH` brings it back.";
    FILE_UNKNOWN = "file-unknown",
        "a path on the command line names no file of djdock's",
        "`--replace PATH` and `--conflict PATH=WORD` name files that djdock writes, as seen from the project's folder. This \
         path is none of them, so the option would do nothing. `djdock update --dry-run` lists the files.";
    CONFLICT_MARKS = "conflict-marks",
        "a generated file holds two texts between marks",
        "With `--conflict inline`, both texts stand where a person and djdock changed the same lines: between \
         `<<<<<<< yours` and `=======` the person's, between that and `>>>>>>> djdock` the new one. Docker cannot read \
         such a file. Keep the lines that you want, and delete the others and the three marks.";
    GIT_NOT_CLEAN = "git-not-clean",
        "files that djdock changes have changes that git does not have",
        "djdock merges its changes into files that you edited. If git has your version already, `git diff` shows \
         exactly what djdock did, and `git checkout PATH` takes it back. With `--require-clean` djdock writes nothing \
         before the files are committed.";
    FILE_OUT_OF_DATE = "file-out-of-date",
        "a generated file is not what djdock would write now",
        "The project, the answers in djdock.toml or djdock itself changed since the files were written: a new \
         requirement may need a system package, a new setting a variable. `djdock update` writes the files again; \
         with `--dry-run --diff` it only shows what would change.",
        ko "생성된 파일이 지금의 프로젝트와 맞지 않습니다",
        "파일을 쓴 뒤에 프로젝트, djdock.toml의 답 또는 djdock이 바뀌었습니다. 새 의존성에는 \
         시스템 패키지가, 새 설정에는 변수가 필요할 수 있습니다. `djdock update`가 다시 씁니다. \
         `--dry-run --diff`를 주면 바뀔 내용만 보여 줍니다.";
    RECORD_UNREADABLE = "record-unreadable",
        "the record of what djdock wrote is damaged",
        "`.djdock/record.toml` lists the files that djdock wrote and a hash of each. It cannot be read: most often \
         a merge left conflict markers in it. Take either side of the merge, or restore it from version control.";
    RECORD_NEWER = "record-newer",
        "the files were written by a later version of djdock",
        "The record has a form that this version does not know. Writing over it would lose what the later version \
         needs to tell your edits from its own text.";
    NOTHING_TO_UPDATE = "nothing-to-update",
        "`djdock update` was run where djdock has not written anything",
        "`djdock update` writes again what `djdock init` wrote, with the same answers. It recognises its files by \
         the record in `.djdock/`, and there is none. Either this is another folder, or the record was not \
         committed: it belongs under version control.",
        ko "djdock이 아직 아무것도 쓰지 않은 곳입니다",
        "`djdock update`는 `djdock init`이 쓴 파일을 같은 답으로 다시 씁니다. \
         `.djdock/`의 기록이 없습니다. 다른 폴더이거나, 기록을 커밋하지 않은 것입니다.";
}
