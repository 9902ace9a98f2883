//! Answers: what was asked and could not be answered.

use super::codes;

codes! {
    ANSWER_UNKNOWN = "answer-unknown",
        "an answer that is none of its question's choices",
        "A flag or a line of djdock.toml answers a question with a word that the question does not know. The \
         message lists the words that it does. `djdock explain questions` shows every question with its flag, \
         its key in djdock.toml and what can be answered.",
        ko "질문의 선택지에 없는 답입니다",
        "플래그나 djdock.toml의 답을 질문이 알지 못합니다. 메시지에 가능한 답이 있습니다. \
         `djdock explain questions --lang ko`가 모든 질문과 플래그, 키, 답을 보여 \
         줍니다.";
    ANSWER_NOT_YET = "answer-not-yet",
        "an answer that a later version of djdock will take",
        "The choice makes sense, but this version of djdock cannot write files for it that it could vouch for. \
         Rather than writing half of them it refuses. Choose one of those that the message lists.",
        ko "다음 버전에서 지원할 답입니다",
        "뜻은 맞지만 이 버전의 djdock은 제대로 된 파일을 쓸 수 없습니다. 어중간하게 쓰는 대신 \
         거절합니다. 메시지에 있는 것 중에서 고르세요.";
    ANSWER_MALFORMED = "answer-malformed",
        "an answer that is not of the form its question needs",
        "The question takes text of a certain form: a version `X.Y`, a dotted module, a folder inside the \
         project, or a name that Compose accepts (lower-case letters, digits, `-` and `_`). What was given is not.",
        ko "답의 형식이 맞지 않습니다",
        "버전 `X.Y`, 점으로 이은 모듈 이름, 프로젝트 안의 폴더, Compose가 받는 이름(영문 소문자, \
         숫자, `-`, `_`)처럼 정해진 형식이 있는 질문입니다.";
    ANSWER_INEFFECTIVE = "answer-does-nothing",
        "an answer of which nothing can come in this project",
        "The answer is well formed, and this project has nothing that it could apply to: a worker without a Celery \
         application, a package manager without its manifest, a Python without an image. An answer that silently does \
         nothing is worse than none, so nothing was written. The message says what is so in the project and what to type \
         instead.",
        ko "이 프로젝트에서는 아무 효과가 없는 답입니다",
        "형식은 맞지만 이 프로젝트에 적용할 것이 없습니다: Celery 앱이 없는 워커, 매니페스트가 없는 패키지 관리자, \
         이미지가 없는 Python 등. 조용히 무시하는 대신 아무것도 쓰지 않고 멈춥니다. 메시지에 대신 쓸 수 있는 답이 있습니다.";
    CONFIG_SYNTAX = "config-syntax",
        "djdock.toml cannot be read as TOML",
        "djdock.toml holds one answer a line, as `key = \"word\"` or `key = true`. The line that the message \
         points at is not TOML, so none of the answers can be trusted. Mend it; or delete the file, and \
         `djdock init` asks again.",
        ko "djdock.toml이 TOML이 아닙니다",
        "djdock.toml에는 한 줄에 답 하나를 `key = \"word\"` 또는 `key = true`로 \
         적습니다. 메시지가 가리키는 줄을 고치세요. 파일을 지우면 `djdock init`이 다시 묻습니다.";
    CONFIG_NEWER = "config-newer",
        "djdock.toml is of a form that only a later djdock reads",
        "`version` in djdock.toml is the number of the file's form, not that of your project. This djdock knows only lower \
         numbers, so it would misread the answers, and reads none of them. Install the djdock that wrote the file, or a \
         later one: everybody who works on the project needs it.",
        ko "더 새로운 djdock이 쓴 djdock.toml입니다",
        "djdock.toml의 `version`은 프로젝트의 버전이 아니라 파일 형식의 번호입니다. 지금 쓰는 djdock은 이 형식을 몰라서 \
         답을 잘못 읽을 수 있으므로 아무것도 읽지 않습니다. 파일을 쓴 djdock이나 더 새로운 djdock을 설치하세요.";
    CONFIG_KEY_UNKNOWN = "config-key-unknown",
        "djdock.toml has a key that is no question",
        "Every key of djdock.toml answers one of djdock's questions. An unknown key is an error rather than \
         ignored, because a misspelt one would otherwise silently do nothing. `djdock explain questions` lists \
         the keys.",
        ko "djdock.toml에 질문에 없는 키가 있습니다",
        "djdock.toml의 키는 모두 질문의 이름입니다. 잘못 쓴 키가 조용히 무시되지 않도록 오류로 \
         다룹니다. `djdock explain questions --lang ko`에 키 목록이 있습니다.";
    CONFIG_TYPE = "config-type",
        "a value of djdock.toml is of another type than its question has",
        "Yes-no questions take `true` or `false`; all others take text in quotes, also versions: \
         `python = \"3.13\"`. Without quotes 3.10 would be the number 3.1.",
        ko "djdock.toml의 값이 다른 종류입니다",
        "예/아니오 질문에는 `true`나 `false`를, 나머지에는 따옴표로 감싼 글을 적습니다. 버전도 \
         마찬가지입니다: `python = \"3.13\"`. 따옴표가 없으면 3.10은 숫자 3.1이 됩니다.";
    NOTHING_TO_EXPLAIN = "nothing-to-explain",
        "there is no explanation under that name",
        "`djdock explain` knows the codes of diagnostics, the files that djdock writes for the project in the \
         current folder with their lines (`compose.yaml:12`), and a few topics. Without an argument it lists them.";
    EXAMPLE_UNKNOWN = "example-unknown",
        "there is no example project of that name",
        "`djdock demo --example NAME` knows a few projects that are built into djdock: they are small, and each \
         stands for a kind of Django project. The message lists their names.";
}
