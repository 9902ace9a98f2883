//! The command line: exit code, stdout and stderr of whole runs.

use expect_test::{Expect, expect};

use crate::support::program::Folder;
use crate::support::repository;

fn check(folder: &Folder, arguments: &[&str], expected: &Expect) {
    expected.assert_eq(&folder.djdock(arguments).shown());
}

#[test]
fn help_names_every_command() {
    check(
        &Folder::empty(),
        &["--help"],
        &expect![[r#"
            exit 0
            ── stdout
            Puts an existing Django project in containers, and proves that it runs

            Examples:
              djdock demo        # write a small Django project and its container files, to look at
              djdock init        # in your project: ask what is open, show the files, write them
              djdock smoke prod  # build and start the production stack, check it, remove it

            Usage: djdock [OPTIONS] <COMMAND>

            Commands:
              init         Write what the project needs to run in containers
              inspect      Show what djdock read in the project, and where
              check        Check whether the project works in a container, and whether the files are up to date
              update       Write the files again, with the answers that are recorded
              smoke        Build the images, start the stack for a moment, and show that it works
              demo         Write a small Django project, and what it needs to run in containers
              explain      Explain a diagnostic, a line of a generated file, or a topic
              schema       Print the JSON Schema of djdock.toml
              completions  Print completions for a shell
              man          Print a manual page

            Options:
              -q, --quiet    Say nothing but warnings and errors
              -v, --verbose  Say also why each decision is made
              -h, --help     Print help
              -V, --version  Print version
        "#]],
    );
}

#[test]
fn help_of_init_names_every_question() {
    check(
        &Folder::empty(),
        &["init", "-h"],
        &expect![[r#"
            exit 0
            ── stdout
            Write what the project needs to run in containers

            Examples:
              djdock init                       # ask what is open, show the files, write them
              djdock init --yes                 # ask nothing, and take what djdock suggests
              djdock init --dry-run --diff      # write nothing, and show each line that would change
              djdock init --yes --proxy caddy   # answer a question in advance
              djdock init --yes --verbose shop  # in the folder shop, with the reason of each decision

            Usage: djdock init [OPTIONS] [DIR]

            Arguments:
              [DIR]  The project's folder [default: .]

            Options:
              -y, --yes                     Ask nothing
                  --smoke                   Then build and start the production stack, and show that it works
                  --dry-run                 Write nothing, only say what would be written
                  --diff                    Print the differences from what is there
                  --json                    Print what is done to each file as JSON
                  --gitignore               Add files with secrets to .gitignore, where git does not ignore them
                                            yet
                  --replace <PATH>          Replace this file of yours, keeping it as PATH.bak (may be given
                                            several times)
                  --replace-all             Replace every file of yours that stands in the way, keeping each as
                                            NAME.bak
                  --conflict <[PATH=]WORD>  Keep your lines (ours), take djdock's (theirs), or write both with
                                            marks (inline), where both changed the same lines; PATH=WORD for one
                                            file (may be given several times)
                  --require-clean           Write nothing where git does not have the present text of a file
                                            that would change
              -q, --quiet                   Say nothing but warnings and errors
              -v, --verbose                 Say also why each decision is made
              -h, --help                    Print help (see more with '--help')

            Answers:
                  --lang <WORD>             Language of questions and of what djdock says [possible values: en,
                                            ko]
                  --project <PROJECT>       Path of the project's manage.py, where there are several
                  --settings-prod <PROD>    Settings module of the production stack, dotted
                  --settings-dev <DEV>      Settings module of the development stack, dotted
                  --package-manager <WORD>  What installs the project's requirements [possible values: pip,
                                            poetry, uv, pipenv, pdm, setuptools]
                  --python <PYTHON>         Python version of the image
                  --base-image <WORD>       What images are built on [possible values: slim]
                  --topology <WORD>         How the parts are spread over containers [possible values: compose]
                  --database <WORD>         Database of the production stack [possible values: postgres, mysql,
                                            mariadb, postgis, sqlite, external]
                  --cache                   Run Redis for cache, broker or channels
                  --no-cache                The opposite of --cache
                  --worker                  Run workers for background tasks, and their schedule
                  --no-worker               The opposite of --worker
                  --server <WORD>           App server [possible values: gunicorn, uwsgi, uvicorn, daphne,
                                            hypercorn, granian]
                  --proxy <WORD>            Reverse proxy in front of the app server [possible values: nginx,
                                            caddy, traefik, none]
                  --tls <WORD>              Who gets certificates for a proxy that gets none by itself [possible
                                            values: none, certbot]
                  --static <WORD>           Who serves static files [possible values: image, whitenoise,
                                            storage, volume]
                  --body-size <SIZE>        Size of an upload at most, in megabytes; `settings` for what the
                                            settings allow, `none` for any
                  --name <NAME>             Name of the compose project, its images and volumes
                  --config-dir <DIR>        Folder for entrypoints and server configuration
                  --overlay                 Write a settings module beside yours where containers need other
                                            values
                  --no-overlay              The opposite of --overlay
                  --comments <WORD>         How much the generated files explain [possible values: brief, none]
        "#]],
    );
}

#[test]
fn without_arguments_the_help_is_an_error() {
    let run = Folder::empty().djdock(&[]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("Usage: djdock [OPTIONS] <COMMAND>"), "{}", run.stderr);
}

#[test]
fn usage_errors_exit_with_two() {
    check(
        &Folder::empty(),
        &["inspect", "--jsn"],
        &expect![[r#"
        exit 2
        ── stderr
        error: unexpected argument '--jsn' found

          tip: a similar argument exists: '--json'

        Usage: djdock inspect --json [DIR]

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    check(
        &Folder::empty(),
        &["inspect", "no/such"],
        &expect![[r#"
            exit 2
            ── stderr
            error[folder-missing]: no folder `no/such`
             = help: name the folder that holds `manage.py`, or run djdock inside it

        "#]],
    );
}

#[test]
fn a_file_is_no_folder() {
    let folder = Folder::with([("manage.py", "")]);
    check(
        &folder,
        &["inspect", "manage.py"],
        &expect![[r#"
            exit 2
            ── stderr
            error[not-a-folder]: `manage.py` is not a folder
             = help: name the folder that holds `manage.py`

        "#]],
    );
}

#[test]
fn what_cannot_be_explained_gets_the_nearest_name() {
    check(
        &Folder::empty(),
        &["explain", "no-django-projekt"],
        &expect![[r#"
            exit 2
            ── stderr
            error[nothing-to-explain]: there is no explanation of `no-django-projekt`
             = note: it is no code, no topic and no file that djdock wrote
             = help: `djdock explain no-django-project`
             = help: list what can be explained: `djdock explain`

        "#]],
    );
}

#[test]
fn a_code_is_explained() {
    check(
        &Folder::empty(),
        &["explain", "no-django-project"],
        &expect![[r#"
        exit 0
        ── stdout
        no-django-project: there is no Django project in the folder

        djdock looks for `manage.py` in the folder and three levels below it, and for
        `django` among the requirements. It found neither, so there is nothing to put in
        containers. Run it in the folder that holds `manage.py`, or name that folder:
        `djdock init path/to/project`.
    "#]],
    );
}

#[test]
fn questions_are_a_topic_in_both_languages() {
    check(
        &Folder::empty(),
        &["explain", "questions"],
        &expect![[r#"
            exit 0
            ── stdout
            | key | flag | decides | answers |
            |---|---|---|---|
            | `lang` | `--lang` | language of questions and of what djdock says | `en` `ko` |
            | `project` | `--project` | path of the project's manage.py, where there are several | the path of a `manage.py` |
            | `settings_prod` | `--settings-prod` | settings module of the production stack, dotted | a settings module such as `config.settings.prod` |
            | `settings_dev` | `--settings-dev` | settings module of the development stack, dotted | a settings module such as `config.settings.prod` |
            | `package_manager` | `--package-manager` | what installs the project's requirements | `pip` `poetry` `uv` `pipenv` `pdm` `setuptools` |
            | `python` | `--python` | Python version of the image | a Python version such as `3.13` |
            | `base_image` | `--base-image` | what images are built on | `slim` |
            | `topology` | `--topology` | how the parts are spread over containers | `compose` |
            | `database` | `--database` | database of the production stack | `postgres` `mysql` `mariadb` `postgis` `sqlite` `external` |
            | `cache` | `--cache` | run Redis for cache, broker or channels | `true` `false` |
            | `worker` | `--worker` | run workers for background tasks, and their schedule | `true` `false` |
            | `server` | `--server` | app server | `gunicorn` `uwsgi` `uvicorn` `daphne` `hypercorn` `granian` |
            | `proxy` | `--proxy` | reverse proxy in front of the app server | `nginx` `caddy` `traefik` `none` |
            | `tls` | `--tls` | who gets certificates for a proxy that gets none by itself | `none` `certbot` |
            | `static` | `--static` | who serves static files | `image` `whitenoise` `storage` `volume` |
            | `body_size` | `--body-size` | size of an upload at most, in megabytes; `settings` for what the settings allow, `none` for any | a size in megabytes such as `50m`, or `settings`, or `none` |
            | `name` | `--name` | name of the compose project, its images and volumes | a name of lower-case letters, digits, `-` and `_` such as `shop` |
            | `config_dir` | `--config-dir` | folder for entrypoints and server configuration | a folder inside the project such as `docker` |
            | `overlay` | `--overlay` | write a settings module beside yours where containers need other values | `true` `false` |
            | `comments` | `--comments` | how much the generated files explain | `brief` `none` |

            Beside them, `ignore = ["CODE"]` names warnings and notes that are not to be said.
        "#]],
    );
    check(
        &Folder::empty(),
        &["explain", "questions", "--lang", "ko"],
        &expect![[r#"
            exit 0
            ── stdout
            | 키 | 플래그 | 정하는 것 | 답 |
            |---|---|---|---|
            | `lang` | `--lang` | 질문과 안내의 언어 | `en` `ko` |
            | `project` | `--project` | 여러 프로젝트 중에서 사용할 manage.py | `manage.py`의 경로 |
            | `settings_prod` | `--settings-prod` | 운영 환경의 설정 모듈 | 설정 모듈 (예: `config.settings.prod`) |
            | `settings_dev` | `--settings-dev` | 개발 환경의 설정 모듈 | 설정 모듈 (예: `config.settings.prod`) |
            | `package_manager` | `--package-manager` | 의존성 설치 도구 | `pip` `poetry` `uv` `pipenv` `pdm` `setuptools` |
            | `python` | `--python` | 이미지의 Python 버전 | Python 버전 (예: `3.13`) |
            | `base_image` | `--base-image` | 바탕 이미지 | `slim` |
            | `topology` | `--topology` | 컨테이너 구성 방식 | `compose` |
            | `database` | `--database` | 운영 환경의 데이터베이스 | `postgres` `mysql` `mariadb` `postgis` `sqlite` `external` |
            | `cache` | `--cache` | 캐시, 브로커, 채널에 쓰는 Redis | `true` `false` |
            | `worker` | `--worker` | 백그라운드 작업 워커와 스케줄러 | `true` `false` |
            | `server` | `--server` | 앱 서버 | `gunicorn` `uwsgi` `uvicorn` `daphne` `hypercorn` `granian` |
            | `proxy` | `--proxy` | 앱 서버 앞의 리버스 프록시 | `nginx` `caddy` `traefik` `none` |
            | `tls` | `--tls` | 스스로 인증서를 받지 않는 프록시를 위해 인증서를 받는 것 | `none` `certbot` |
            | `static` | `--static` | 정적 파일을 제공하는 곳 | `image` `whitenoise` `storage` `volume` |
            | `body_size` | `--body-size` | 업로드의 최대 크기(MB). `settings`는 설정이 허용하는 만큼, `none`은 제한 없음 | `50m` 같은 크기(MB), `settings` 또는 `none` |
            | `name` | `--name` | Compose 프로젝트, 이미지, 볼륨의 이름 | 영문 소문자, 숫자, `-`, `_`로 된 이름 (예: `shop`) |
            | `config_dir` | `--config-dir` | 엔트리포인트와 서버 설정을 두는 폴더 | 프로젝트 안의 폴더 (예: `docker`) |
            | `overlay` | `--overlay` | 컨테이너에 다른 값이 필요할 때 설정 모듈을 추가합니다 | `true` `false` |
            | `comments` | `--comments` | 생성된 파일에 남기는 설명의 양 | `brief` `none` |

            그 밖에 `ignore = ["CODE"]`에 적은 경고와 알림은 보여 주지 않습니다.
        "#]],
    );
}

#[test]
fn every_code_can_be_explained() {
    let listed = Folder::empty().djdock(&["explain"]);
    for entry in djdock::base::codes::all() {
        assert!(listed.stdout.contains(entry.code.0), "{} is not listed", entry.code);
        let run = Folder::empty().djdock(&["explain", entry.code.0]);
        assert_eq!(run.code, 0, "{}", run.shown());
        assert!(run.stdout.contains(entry.summary), "{}", run.shown());
    }
}

#[test]
fn completions_know_every_command_and_choice() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = Folder::empty().djdock(&["completions", shell]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        for word in ["init", "explain", "database"] {
            assert!(run.stdout.contains(word), "{shell} knows no {word}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    use std::process::{Command, Stdio};
    let mut djdock = Command::new(env!("CARGO_BIN_EXE_djdock"))
        .args(["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(djdock.stdout.take());
    let output = djdock.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn pipes_get_no_colours() {
    let folder = Folder::empty();
    for environment in [&[][..], &[("NO_COLOR", "1")], &[("TERM", "xterm-256color")]] {
        for arguments in [&["explain"][..], &["inspect", "no/such"], &["--help"]] {
            let run = folder.djdock_with(arguments, environment);
            assert!(!run.shown().contains('\u{1b}'), "{}", run.shown());
        }
    }
}

#[test]
fn the_embedded_examples_are_those_of_the_repository() {
    for example in djdock::command::demo::examples::EXAMPLES {
        let below = format!("examples/{}/", example.name);
        let embedded: Vec<String> = example.files.iter().map(|(path, _)| format!("{below}{path}")).collect();
        assert_eq!(
            embedded,
            repository::files(&below),
            "src/command/demo/examples.rs must list the files of examples/{}",
            example.name
        );
    }
    let names: Vec<&str> =
        djdock::command::demo::examples::EXAMPLES.iter().map(|example| example.name).collect();
    for folder in std::fs::read_dir(repository::path("examples")).unwrap() {
        let folder = folder.unwrap();
        let is_example = folder.file_type().unwrap().is_dir();
        assert!(
            !is_example || names.contains(&folder.file_name().to_str().unwrap()),
            "{folder:?} is not embedded"
        );
    }
}
