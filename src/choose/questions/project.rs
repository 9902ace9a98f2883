//! Which project is meant, and which settings.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use crate::base::Fact;
use crate::base::language::Text;
use crate::choose::question::{Kind, Question, Situation, Suggestion};

pub(super) const PROJECT: Question = Question {
    key: "project",
    prompt: Text::new(
        "There are several Django projects here. Which one?",
        "Django 프로젝트가 여러 개 있습니다. 어느 것을 쓸까요?",
    ),
    about: Text::new(
        "path of the project's manage.py, where there are several",
        "여러 프로젝트 중에서 사용할 manage.py",
    ),
    kind: Kind::OneOfThese {
        found: |facts| facts.manage_py_candidates.iter().map(ToString::to_string).collect(),
        form: Text::new("the path of a `manage.py`", "`manage.py`의 경로"),
        pattern: r"^(?!/|\.\.?/)(?!.*/\.\.(/|$)).+\.py$",
    },
    asked: |situation| situation.facts.manage_py_candidates.len() > 1,
    suggest: |situation| {
        let found = &situation.facts.manage_py;
        let path = found.value.clone().unwrap_or_else(|| Utf8PathBuf::from("manage.py"));
        Suggestion::from(path, &found.evidence)
    },
    put: |answers, word| {
        let path = Utf8Path::new(word);
        let inside = path.components().all(|part| matches!(part, Utf8Component::Normal(_)));
        answers.manage_py = path.to_owned();
        inside && path.extension() == Some("py")
    },
    word: |answers| answers.manage_py.to_string(),
    pinned: false,
};

pub(super) const SETTINGS_PROD: Question = Question {
    key: "settings_prod",
    prompt: Text::new("Which settings are for production?", "운영 환경에서 쓰는 설정 모듈은 무엇인가요?"),
    about: Text::new("settings module of the production stack, dotted", "운영 환경의 설정 모듈"),
    kind: Kind::OneOfThese {
        found: |facts| facts.settings_modules.value.clone(),
        form: SETTINGS_FORM,
        pattern: SETTINGS_PATTERN,
    },
    asked: |situation| is_open(&situation.facts.settings_prod, situation),
    suggest: |situation| suggest(&situation.facts.settings_prod, situation),
    put: |answers, word| {
        answers.settings_prod = word.to_owned();
        is_dotted(word)
    },
    word: |answers| answers.settings_prod.clone(),
    pinned: false,
};

pub(super) const SETTINGS_DEV: Question = Question {
    key: "settings_dev",
    prompt: Text::new("Which settings are for development?", "개발 환경에서 쓰는 설정 모듈은 무엇인가요?"),
    about: Text::new("settings module of the development stack, dotted", "개발 환경의 설정 모듈"),
    kind: Kind::OneOfThese {
        found: |facts| facts.settings_modules.value.clone(),
        form: SETTINGS_FORM,
        pattern: SETTINGS_PATTERN,
    },
    asked: |situation| is_open(&situation.facts.settings_dev, situation),
    suggest: |situation| suggest(&situation.facts.settings_dev, situation),
    put: |answers, word| {
        answers.settings_dev = word.to_owned();
        is_dotted(word)
    },
    word: |answers| answers.settings_dev.clone(),
    pinned: false,
};

const SETTINGS_FORM: Text =
    Text::new("a settings module such as `config.settings.prod`", "설정 모듈 (예: `config.settings.prod`)");

const SETTINGS_PATTERN: &str = r"^[^\s.:/]+(\.[^\s.:/]+)*(:[^\s.:/]+)?$";

fn is_open(chosen: &Fact<Option<String>>, situation: &Situation<'_>) -> bool {
    situation.facts.settings_modules.value.len() > 1 && (!chosen.is_known() || chosen.value.is_none())
}

fn suggest(chosen: &Fact<Option<String>>, situation: &Situation<'_>) -> Suggestion {
    let facts = situation.facts;
    let default = facts.settings_module.value.clone();
    match chosen.value.clone().or(default).or_else(|| facts.settings_modules.value.first().cloned()) {
        Some(module) => Suggestion::from(module, &chosen.evidence),
        None => Suggestion::usual("settings"),
    }
}

/// Dotted, with `:Class` for class-based settings. Parts need not be identifiers: `settings-prod` is imported by
/// name.
fn is_dotted(word: &str) -> bool {
    let (module, class) = word.split_once(':').unwrap_or((word, "Class"));
    let is_name = |part: &str| {
        !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
    };
    module.split('.').all(is_name) && is_name(class)
}
