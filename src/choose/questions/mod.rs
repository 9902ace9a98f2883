//! Every question, in the order of asking: a suggestion may use the answers to those before it.

mod output;
mod project;
mod runtime;
mod services;
mod serving;

use crate::choose::question::Question;

/// All questions. A new one is a definition in one of the files here and a line in this list.
pub const QUESTIONS: &[&Question] = &[
    &output::LANG,
    &project::PROJECT,
    &project::SETTINGS_PROD,
    &project::SETTINGS_DEV,
    &runtime::PACKAGE_MANAGER,
    &runtime::PYTHON,
    &runtime::BASE_IMAGE,
    &serving::TOPOLOGY,
    &services::DATABASE,
    &services::CACHE,
    &services::WORKER,
    &serving::SERVER,
    &serving::PROXY,
    &serving::TLS,
    &serving::STATIC,
    &serving::BODY_SIZE,
    &output::NAME,
    &output::CONFIG_DIR,
    &output::OVERLAY,
    &output::COMMENTS,
];

/// The questions whose answers change what is read: they are asked before the others, and the project is read
/// again when an answer is not what inspect assumed.
pub const READING: &[&str] = &["project", "settings_prod", "settings_dev", "package_manager", "python"];

/// The question with this `djdock.toml` key.
pub fn by_key(key: &str) -> Option<&'static Question> {
    QUESTIONS.iter().copied().find(|question| question.key == key)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::language::Language;
    use crate::choose::Answers;
    use crate::choose::question::{Kind, Situation};
    use crate::inspect::Facts;

    #[test]
    fn keys_are_unique_and_every_text_is_in_every_language() {
        let mut keys = BTreeSet::new();
        for question in QUESTIONS {
            assert!(keys.insert(question.key), "{} stands twice", question.key);
            for language in Language::ALL {
                let mut texts = vec![question.prompt.to(*language), question.about.to(*language)];
                if let Kind::Choice { now, .. } = &question.kind {
                    texts.extend(
                        now()
                            .iter()
                            .flat_map(|choice| [choice.label.to(*language), choice.about.to(*language)]),
                    );
                }
                assert!(texts.iter().all(|text| !text.is_empty()), "{} lacks {language:?}", question.key);
            }
            assert!(
                question.prompt.en.ends_with('?') && question.prompt.ko.ends_with('?'),
                "{}",
                question.key
            );
        }
        assert!(READING.iter().all(|key| keys.contains(key)));
    }

    #[test]
    fn what_is_put_is_what_is_read_back() {
        for question in QUESTIONS {
            for word in question.words() {
                let mut answers = Answers::default();
                assert!((question.put)(&mut answers, word), "{} refuses its own {word}", question.key);
                assert_eq!((question.word)(&answers), word, "{}", question.key);
            }
            if let Kind::Choice { now, later } = &question.kind {
                assert!(now().iter().all(|choice| !later.contains(&choice.word)), "{}", question.key);
            }
        }
    }

    #[test]
    fn a_suggestion_looks_only_at_questions_before_its_own() {
        let facts = Facts::default();
        for (at, question) in QUESTIONS.iter().enumerate() {
            let suggested =
                |answers: &Answers| (question.suggest)(&Situation { facts: &facts, folder: "shop", answers });
            let expected = suggested(&Answers::default());
            for later in &QUESTIONS[at..] {
                for word in later.words() {
                    let mut answers = Answers::default();
                    (later.put)(&mut answers, word);
                    assert_eq!(suggested(&answers), expected, "{} looks at {}", question.key, later.key);
                }
            }
        }
    }

    #[test]
    fn every_suggestion_can_be_put() {
        let facts = Facts::default();
        for question in QUESTIONS {
            let situation =
                Situation { facts: &facts, folder: "한글 폴더", answers: &Answers::default() };
            let word = (question.suggest)(&situation).word;
            assert!((question.put)(&mut Answers::default(), &word), "{} refuses `{word}`", question.key);
        }
    }
}
