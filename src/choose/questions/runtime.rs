//! Questions about the content of the images.

use crate::base::language::Text;
use crate::choose::answers::BaseImage;
use crate::choose::question::{Choice, Kind, Question, Suggestion};
use crate::inspect::facts::PackageManager;

pub(super) const PACKAGE_MANAGER: Question = Question {
    key: "package_manager",
    prompt: Text::new("What installs the project's requirements?", "의존성을 무엇으로 설치하나요?"),
    about: Text::new("what installs the project's requirements", "의존성 설치 도구"),
    kind: Kind::Choice {
        now: &[
            Choice {
                word: "pip",
                label: Text::name("pip"),
                about: Text::new("requirements files", "requirements 파일"),
            },
            Choice {
                word: "poetry",
                label: Text::name("Poetry"),
                about: Text::new("pyproject.toml and poetry.lock", "pyproject.toml과 poetry.lock"),
            },
            Choice {
                word: "uv",
                label: Text::name("uv"),
                about: Text::new("pyproject.toml and uv.lock", "pyproject.toml과 uv.lock"),
            },
            Choice {
                word: "pipenv",
                label: Text::name("Pipenv"),
                about: Text::new("Pipfile and Pipfile.lock", "Pipfile과 Pipfile.lock"),
            },
        ],
        later: &["pdm", "conda", "setuptools"],
    },
    asked: |situation| !situation.facts.package_manager.is_known(),
    suggest: |situation| {
        let found = &situation.facts.package_manager;
        Suggestion::from(manager_word(found.value), &found.evidence)
    },
    put: |answers, word| {
        let manager = MANAGERS.iter().find(|(_, name)| *name == word);
        answers.package_manager = manager.map_or(PackageManager::None, |(manager, _)| *manager);
        manager.is_some()
    },
    word: |answers| manager_word(answers.package_manager).to_owned(),
    pinned: false,
};

const MANAGERS: &[(PackageManager, &str)] = &[
    (PackageManager::Pip, "pip"),
    (PackageManager::Poetry, "poetry"),
    (PackageManager::Uv, "uv"),
    (PackageManager::Pipenv, "pipenv"),
    (PackageManager::Pdm, "pdm"),
    (PackageManager::Conda, "conda"),
    (PackageManager::Setuptools, "setuptools"),
    (PackageManager::None, "none"),
];

fn manager_word(manager: PackageManager) -> &'static str {
    MANAGERS.iter().find(|(known, _)| *known == manager).map_or("none", |(_, word)| word)
}

pub(super) const PYTHON: Question = Question {
    key: "python",
    prompt: Text::new("Which Python version?", "어떤 Python 버전을 쓸까요?"),
    about: Text::new("Python version of the image", "이미지의 Python 버전"),
    kind: Kind::Open { form: Text::new("a Python version such as `3.13`", "Python 버전 (예: `3.13`)") },
    asked: |situation| {
        let facts = situation.facts;
        facts.python_requirement.value.is_none() && !facts.python_version.is_known()
    },
    suggest: |situation| {
        let found = &situation.facts.python_version;
        match &found.value {
            Some(version) => Suggestion::from(version.clone(), &found.evidence),
            None => Suggestion::usual("3.13"),
        }
    },
    put: |answers, word| {
        answers.python = word.to_owned();
        word.split_once('.').is_some_and(|(major, minor)| {
            major == "3"
                && (1..=2).contains(&minor.len())
                && minor.chars().all(|digit| digit.is_ascii_digit())
        })
    },
    word: |answers| answers.python.clone(),
    pinned: false,
};

pub(super) const BASE_IMAGE: Question = Question {
    key: "base_image",
    prompt: Text::new("What are images built on?", "어떤 이미지를 바탕으로 할까요?"),
    about: Text::new("what images are built on", "바탕 이미지"),
    kind: Kind::Choice {
        now: &[Choice {
            word: "slim",
            label: Text::name("python:slim"),
            about: Text::new("Debian without what Python does not need", "꼭 필요한 것만 담은 Debian"),
        }],
        later: &["alpine", "layered", "ubuntu-pyenv"],
    },
    asked: |_| true,
    suggest: |_| Suggestion::usual(BaseImage::Slim.word()),
    put: |answers, word| BaseImage::from_word(word).map(|image| answers.base_image = image).is_some(),
    word: |answers| answers.base_image.word().to_owned(),
    pinned: false,
};
