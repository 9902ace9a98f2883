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
        "a file was edited, and djdock's text for it changed as well",
        "You edited a file that djdock wrote; since then the project, the answers or djdock changed so that \
         djdock would write it differently. Your edit is never overwritten: the file was left as it is. Look at \
         the difference, then either bring the change over by hand or take djdock's text with `--replace PATH`, \
         which keeps yours as `NAME.bak`.",
        ko "고친 파일인데 djdock의 내용도 바뀌었습니다",
        "djdock이 쓴 파일을 직접 고쳤고, 그 뒤에 프로젝트나 답 또는 djdock이 바뀌어 내용이 \
         달라졌습니다. 고친 내용은 덮어쓰지 않습니다. 차이를 보고 직접 옮기거나, `--replace \
         PATH`로 djdock의 내용을 받으세요. 기존 파일은 `NAME.bak`으로 남습니다.";
    FILE_NOT_NEEDED = "file-not-needed",
        "a file that djdock wrote earlier belongs to nothing any more",
        "The answers or the project changed, and no part of the stack uses this file now. djdock does not delete \
         files, because you may have come to use it for something else.";
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
