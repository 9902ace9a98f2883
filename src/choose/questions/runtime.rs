//! Questions about the content of the images.

use crate::base::language::Text;
use crate::catalog::base_image::BaseImage;
use crate::catalog::{Listed, package_manager};
use crate::choose::question::{Kind, Question, Suggestion, pick};
use crate::inspect::facts::PackageManager;

pub(super) const PACKAGE_MANAGER: Question = Question {
    key: "package_manager",
    prompt: Text::new("What installs the project's requirements?", "의존성을 무엇으로 설치하나요?"),
    about: Text::new("what installs the project's requirements", "의존성 설치 도구"),
    kind: Kind::Choice { now: package_manager::PackageManager::offers, later: &["conda"] },
    asked: |situation| !situation.facts.package_manager.is_known(),
    suggest: |situation| {
        let found = &situation.facts.package_manager;
        Suggestion::from(found.value.word(), &found.evidence)
    },
    put: |answers, word| {
        let manager = PackageManager::ALL.iter().find(|manager| manager.word() == word);
        answers.package_manager = manager.copied().unwrap_or_default();
        manager.is_some()
    },
    word: |answers| answers.package_manager.word().to_owned(),
    pinned: false,
};

pub(super) const PYTHON: Question = Question {
    key: "python",
    prompt: Text::new("Which Python version?", "어떤 Python 버전을 쓸까요?"),
    about: Text::new("Python version of the image", "이미지의 Python 버전"),
    kind: Kind::Open {
        form: Text::new("a Python version such as `3.13`", "Python 버전 (예: `3.13`)"),
        pattern: r"^3\.[0-9]{1,2}$",
    },
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
    kind: Kind::Choice { now: BaseImage::offers, later: &["alpine", "layered", "ubuntu-pyenv"] },
    asked: |_| true,
    suggest: |_| Suggestion::usual(BaseImage::ALL[0].word()),
    put: |answers, word| pick(&mut answers.base_image, word),
    word: |answers| answers.base_image.word().to_owned(),
    pinned: false,
};
