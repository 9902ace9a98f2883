//! How what is written looks, and where it goes.

use camino::{Utf8Component, Utf8Path};

use crate::base::language::{Language, Text};
use crate::base::{Evidence, Place};
use crate::catalog::Offer;
use crate::choose::answers::Comments;
use crate::choose::question::{Kind, Question, Situation, Suggestion, is_yes, yes_no};

pub(super) const NAME: Question = Question {
    key: "name",
    prompt: Text::new("What is the stack called?", "스택의 이름은 무엇으로 할까요?"),
    about: Text::new(
        "name of the compose project, its images and volumes",
        "Compose 프로젝트, 이미지, 볼륨의 이름",
    ),
    kind: Kind::Open {
        form: Text::new(
            "a name of lower-case letters, digits, `-` and `_` such as `shop`",
            "영문 소문자, 숫자, `-`, `_`로 된 이름 (예: `shop`)",
        ),
        pattern: r"^[a-z0-9][a-z0-9_-]{0,47}$",
    },
    asked: |_| false,
    suggest: suggest_name,
    put: |answers, word| {
        answers.name = word.to_owned();
        is_compose_name(word)
    },
    word: |answers| answers.name.clone(),
    pinned: true,
};

/// The folder's name as Compose takes it; the settings package's where nothing of it is left.
fn suggest_name(situation: &Situation<'_>) -> Suggestion {
    let package =
        situation.facts.settings_module.value.as_deref().and_then(|module| module.split('.').next());
    let folder =
        Evidence::new(Place::Path(".".into()), format!("the folder is called `{}`", situation.folder));
    let settings = situation.facts.settings_module.evidence.clone();
    let named = |name: &str, because: &[Evidence]| {
        let name = compose_name(name);
        is_compose_name(&name).then(|| Suggestion::from(name, because))
    };
    named(situation.folder, &[folder])
        .or_else(|| named(package?, &settings))
        .unwrap_or_else(|| Suggestion::usual("django"))
}

fn compose_name(text: &str) -> String {
    let fits =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_');
    let lower = text.to_ascii_lowercase();
    let replaced: String = lower.chars().map(|letter| if fits(letter) { letter } else { '-' }).collect();
    let words: Vec<&str> = replaced.split('-').filter(|word| !word.is_empty()).collect();
    words.join("-").trim_matches(['-', '_']).to_owned()
}

/// Tells whether Compose accepts the name for a project, and whether it is short enough to become part of a host name.
fn is_compose_name(name: &str) -> bool {
    name.len() <= 48
        && name.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && name.chars().all(|letter| {
            letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_')
        })
}

pub(super) const CONFIG_DIR: Question = Question {
    key: "config_dir",
    prompt: Text::new("Where do configuration files go?", "설정 파일을 어디에 둘까요?"),
    about: Text::new(
        "folder for entrypoints and server configuration",
        "엔트리포인트와 서버 설정을 두는 폴더",
    ),
    kind: Kind::Open {
        form: Text::new("a folder inside the project such as `docker`", "프로젝트 안의 폴더 (예: `docker`)"),
        pattern: r"^(?!/|\.\.?(/|$))(?!.*/\.\.(/|$))[A-Za-z0-9._/-]+$",
    },
    asked: |_| false,
    suggest: |_| Suggestion::usual("docker"),
    put: |answers, word| {
        let path = Utf8Path::new(word);
        answers.config_dir = path.to_owned();
        !word.is_empty()
            && path.components().all(|part| matches!(part, Utf8Component::Normal(_)))
            && word
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-' | '/'))
    },
    word: |answers| answers.config_dir.to_string(),
    pinned: false,
};

pub(super) const OVERLAY: Question = Question {
    key: "overlay",
    prompt: Text::new(
        "May djdock write a settings module beside yours?",
        "기존 설정 옆에 djdock의 설정 모듈을 추가해도 될까요?",
    ),
    about: Text::new(
        "write a settings module beside yours where containers need other values",
        "컨테이너에 다른 값이 필요할 때 설정 모듈을 추가합니다",
    ),
    kind: Kind::YesNo,
    asked: |_| false,
    suggest: |_| Suggestion::usual(yes_no(true)),
    put: |answers, word| is_yes(word).map(|yes| answers.overlay = yes).is_some(),
    word: |answers| yes_no(answers.overlay).to_owned(),
    pinned: false,
};

/// Amounts of comments, the usual one first.
const COMMENTS_OFFERS: &[Offer] = &[
    Offer {
        word: "brief",
        label: Text::new("briefly", "간단히"),
        about: Text::new("a line where the reason is not obvious", "이유가 분명하지 않은 곳에 한 줄"),
    },
    Offer {
        word: "none",
        label: Text::new("not at all", "없이"),
        about: Text::new("no comments", "설명 없음"),
    },
];

pub(super) const COMMENTS: Question = Question {
    key: "comments",
    prompt: Text::new("How much do the files explain?", "파일에 설명을 얼마나 남길까요?"),
    about: Text::new("how much the generated files explain", "생성된 파일에 남기는 설명의 양"),
    kind: Kind::Choice { now: || COMMENTS_OFFERS.iter().collect(), later: &["teach"] },
    asked: |_| true,
    suggest: |_| Suggestion::usual(Comments::Brief.word()),
    put: |answers, word| Comments::from_word(word).map(|comments| answers.comments = comments).is_some(),
    word: |answers| answers.comments.word().to_owned(),
    pinned: false,
};

/// Languages under their own names.
const LANG_OFFERS: &[Offer] = &[
    Offer { word: "en", label: Text::name("English"), about: Text::name("English") },
    Offer { word: "ko", label: Text::name("한국어"), about: Text::name("한국어") },
];

pub(super) const LANG: Question = Question {
    key: "lang",
    prompt: Text::new("Which language?", "어떤 언어로 할까요?"),
    about: Text::new("language of questions and of what djdock says", "질문과 안내의 언어"),
    kind: Kind::Choice { now: || LANG_OFFERS.iter().collect(), later: &[] },
    asked: |_| false,
    // The language of a site is not that of the person who deploys it: a reader chooses.
    suggest: |_| Suggestion::usual(Language::En.word()),
    put: |answers, word| Language::from_word(word).map(|language| answers.lang = language).is_some(),
    word: |answers| answers.lang.word().to_owned(),
    pinned: false,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_names_become_names_that_compose_takes() {
        for (folder, expected) in [
            ("shop", "shop"),
            ("My Shop (v2)", "my-shop-v2"),
            ("2024_blog", "2024_blog"),
            ("한글", ""),
            ("--x--", "x"),
            ("Café", "caf"),
        ] {
            assert_eq!(compose_name(folder), expected);
        }
    }

    #[test]
    fn a_configuration_folder_stays_inside_the_project() {
        let accepts = |word: &str| CONFIG_DIR.accepts(word);
        assert!(accepts("docker") && accepts("deploy/docker") && accepts(".config"));
        assert!(!accepts("../docker") && !accepts("/etc") && !accepts("a b") && !accepts(""));
    }
}
