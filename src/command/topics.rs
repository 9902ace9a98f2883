//! The texts of `djdock explain TOPIC`, in every language.

use crate::base::language::{Language, Text};
use crate::choose::table;

/// Something that is explained under its own name.
#[derive(Debug)]
pub struct Topic {
    pub name: &'static str,
    pub summary: Text,
    pub text: fn(Language) -> String,
}

pub const TOPICS: &[Topic] = &[
    Topic {
        name: "questions",
        summary: Text::new(
            "every question, its flag and its key in djdock.toml",
            "모든 질문과 플래그, djdock.toml의 키",
        ),
        text: table::markdown,
    },
    Topic {
        name: "secrets",
        summary: Text::new("where passwords and keys live", "비밀번호와 키를 두는 곳"),
        text: |language| SECRETS.to(language).to_owned(),
    },
    Topic {
        name: "edits",
        summary: Text::new("how your edits of djdock's files are kept", "생성된 파일을 고쳤을 때"),
        text: |language| EDITS.to(language).to_owned(),
    },
    Topic {
        name: "exit-codes",
        summary: Text::new("what scripts can rely on", "스크립트에서 쓰는 종료 코드"),
        text: |language| exit_codes(language).to_owned(),
    },
];

const SECRETS: Text = Text::new(
    "\
Passwords and keys live in `.env`, which only you can read (mode 0600). djdock makes
them at random when it first writes the file and never again: a database keeps the
password that it was made with, so later runs add what is missing and change nothing.

`.env` is neither committed nor sent to the Engine: .gitignore and .dockerignore name
it. No secret stands in a Dockerfile, an image's layers, djdock's record or its JSON.
What must be known while an image is built (a SECRET_KEY for collectstatic) is a
throw-away value that exists only for that one command.

`.env.example` lists the same names without values. Commit it: it tells the next person
what to fill in.
",
    "\
비밀번호와 키는 본인만 읽을 수 있는 `.env`(0600)에 있습니다. djdock은 이 파일을 처음 쓸 때
한 번만 무작위로 만듭니다. 데이터베이스는 만들어질 때의 비밀번호를 계속 쓰기 때문에, 다시
실행하면 없는 변수만 덧붙이고 나머지는 바꾸지 않습니다.

`.env`는 커밋되지 않고 이미지에도 들어가지 않습니다. Dockerfile, 이미지 레이어, djdock의 기록,
JSON 출력 어디에도 비밀 값은 없습니다. 이미지를 만들 때 필요한 값(collectstatic의
SECRET_KEY)은 그 명령에서만 쓰는 임시 값입니다.

`.env.example`에는 값 없이 이름만 있습니다. 커밋해 두면 다음 사람이 무엇을 채워야 하는지
알 수 있습니다.
",
);

const EDITS: Text = Text::new(
    "\
Every file that djdock writes is yours to edit. `.djdock/` holds what it wrote, so that
it can tell your edits from its own text: commit it with the rest.

  you changed nothing          the file is written again when djdock has something new
  you changed it               your edits stay, and what is new is merged into it; where
                               both changed the same lines, nothing at all is written until
                               you decide: --conflict ours, theirs or inline
  you deleted it               it stays deleted; --replace PATH brings it back
  djdock needs it no more      it is removed; with edits of yours it stays, and you are told
  djdock did not write it      it is never touched unless you name it: --replace PATH
                               keeps yours as PATH.bak

`djdock update --dry-run --diff` shows what would change. djdock.toml is yours as well:
djdock adds answers to it, and keeps your comments and the order of its lines.
",
    "\
djdock이 쓴 파일은 모두 자유롭게 고쳐도 됩니다. `.djdock/`에는 djdock이 쓴 내용이 있어서
무엇을 고쳤는지 알 수 있습니다. 함께 커밋하세요.

  고치지 않은 파일       새 내용이 있으면 다시 씁니다
  고친 파일              고친 내용을 두고 새 내용을 병합(merge)합니다. 같은 줄을 양쪽에서
                         바꿨다면 --conflict ours, theirs, inline으로 정할 때까지 아무것도
                         쓰지 않습니다
  지운 파일              다시 쓰지 않습니다. --replace PATH로 되살릴 수 있습니다
  필요 없어진 파일       지웁니다. 고친 내용이 있으면 두고 알려 줍니다
  djdock이 쓰지 않은 파일  이름을 말하지 않으면 건드리지 않습니다. --replace PATH는 기존
                         파일을 PATH.bak으로 남깁니다

`djdock update --dry-run --diff`로 무엇이 바뀌는지 볼 수 있습니다. djdock.toml의 주석과 줄
순서도 그대로 유지됩니다.
",
);

/// Returns the exit codes with their meaning.
pub fn exit_codes(language: Language) -> &'static str {
    EXIT_CODES.to(language)
}

const EXIT_CODES: Text = Text::new(
    "\
    0  done
    1  done, and the answer is no: check found errors, a smoke run failed, you and
       djdock changed the same lines of a file
    2  not done: the command line, the project or the Engine does not allow it
  130  you stopped it; nothing was left half done

Data goes to standard output, everything else to standard error. Nothing is asked where
there is no terminal.
",
    "\
    0  끝났습니다
    1  끝났지만 답은 '아니오'입니다. check가 오류를 찾았거나, smoke가 실패했거나, 고친
       파일을 갱신할 수 없습니다
    2  하지 못했습니다. 명령, 프로젝트 또는 Docker Engine에 문제가 있습니다
  130  중단했습니다. 쓰다 만 파일은 없습니다

데이터는 표준 출력으로, 나머지는 표준 오류로 나갑니다. 터미널이 없으면 아무것도 묻지 않습니다.
",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_have_names_that_no_code_has_and_a_text_in_every_language() {
        for topic in TOPICS {
            assert!(crate::base::codes::all().all(|entry| entry.code.0 != topic.name), "{}", topic.name);
            let texts: Vec<String> = Language::ALL.iter().map(|language| (topic.text)(*language)).collect();
            assert!(texts.iter().all(|text| text.ends_with('\n')), "{}", topic.name);
            assert!(texts[0] != texts[1], "{}", topic.name);
        }
    }
}
