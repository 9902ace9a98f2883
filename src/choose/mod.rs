//! Facts → Answers: the questions (one definition gives prompt, flag, `djdock.toml` key and docs row), the
//! respondents (flags, file, person, suggestion last) and `djdock.toml`.

pub mod answers;
pub mod draft;
pub mod file;
pub mod given;
mod ignored;
mod keys;
pub mod messages;
pub mod question;
pub mod questions;
pub mod schema;
pub mod table;

pub use answers::Answers;
pub use draft::Draft;
pub use given::Given;
pub use ignored::Ignored;
pub use question::{Question, Situation, Suggestion};
pub use questions::{QUESTIONS, READING};

use crate::base::language::Language;
use crate::base::{Fact, Place};
use crate::inspect::{Facts, Said};

/// Somebody who can be asked.
pub trait Person {
    /// A word that [`Question::accepts`], or that they do not want to go on.
    fn ask(&mut self, asked: &Asked<'_>) -> Result<String, Interrupted>;
}

/// One question as it is put to a person.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub question: &'static Question,
    pub suggestion: &'a Suggestion,
    /// The names that the project has to choose from, if the question is about those.
    pub found: &'a [String],
    pub language: Language,
}

/// The person stopped the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

/// Everything decided, and what djdock would have decided by itself.
#[derive(Clone, Debug)]
pub struct Chosen {
    pub answers: Answers,
    /// In the order of [`QUESTIONS`].
    pub suggestions: Vec<Suggestion>,
}

impl Chosen {
    /// Each question with its suggestion and the word that was chosen.
    pub fn each(&self) -> impl Iterator<Item = (&'static Question, &Suggestion, String)> {
        QUESTIONS
            .iter()
            .zip(&self.suggestions)
            .map(|(question, suggestion)| (*question, suggestion, (question.word)(&self.answers)))
    }
}

/// Answers every question: by what was given in advance, then by the person where there is one and the question
/// is open, else as djdock suggests.
pub fn choose(
    facts: &Facts,
    folder: &str,
    draft: &Draft,
    person: Option<&mut dyn Person>,
) -> Result<Chosen, Interrupted> {
    conversation(facts, folder, draft, person, |_| true)
}

/// Answers the question `key`, which changes what is to be read; whatever comes of it is for
/// [`crate::inspect::inspect_as`]. Nothing comes of an answer that is what was read anyway. A person's word is put into
/// `draft`, so that it is not asked again.
pub fn choose_reading(
    facts: &Facts,
    folder: &str,
    key: &'static str,
    draft: &mut Draft,
    person: Option<&mut dyn Person>,
) -> Result<Said, Interrupted> {
    let chosen = conversation(facts, folder, draft, person, |question| question.key == key)?;
    let origin = chosen.answers.origins.get(key);
    if let Some(place @ Place::Answer(_)) = origin {
        let word = chosen.each().find(|(question, ..)| question.key == key).map(|(_, _, word)| word);
        draft.give(key, word.unwrap_or_default(), place.clone());
    }
    let is_said = origin.is_some_and(|origin| *origin != Place::Default);
    Ok(if is_said { news(facts, &chosen.answers, key) } else { Said::default() })
}

/// The answers that djdock would give by itself.
pub fn suggested(facts: &Facts, folder: &str) -> Answers {
    match choose(facts, folder, &Draft::default(), None) {
        Ok(chosen) => chosen.answers,
        Err(Interrupted) => Answers::default(),
    }
}

/// The answer to the question `key`, unless it is what was read: then the evidence for it stays that of the project.
fn news(facts: &Facts, answers: &Answers, key: &str) -> Said {
    let differs = |found: &Fact<Option<String>>, word: &String| {
        (!found.is_known() || found.value.as_ref() != Some(word)).then(|| word.clone())
    };
    let mut said = Said::default();
    match key {
        "project" => {
            // Where there are several, it is also news that one is meant.
            let is_only = facts.manage_py_candidates.len() == 1;
            let is_read = facts.manage_py.value.as_ref() == Some(&answers.manage_py);
            said.manage_py = (!is_only || !is_read).then(|| answers.manage_py.clone());
        }
        "settings_dev" => said.settings_dev = differs(&facts.settings_dev, &answers.settings_dev),
        "settings_prod" => said.settings_prod = differs(&facts.settings_prod, &answers.settings_prod),
        "python" => said.python = differs(&facts.python_version, &answers.python),
        "package_manager" => {
            let found = &facts.package_manager;
            let is_read = found.is_known() && found.value == answers.package_manager;
            said.package_manager = (!is_read).then_some(answers.package_manager);
        }
        _ => {}
    }
    said
}

fn conversation(
    facts: &Facts,
    folder: &str,
    draft: &Draft,
    mut person: Option<&mut dyn Person>,
    includes: impl Fn(&Question) -> bool,
) -> Result<Chosen, Interrupted> {
    let mut answers = Answers::default();
    let mut suggestions = Vec::new();
    for question in QUESTIONS {
        let situation = Situation { facts, folder, answers: &answers };
        let suggestion = (question.suggest)(&situation);
        let (word, origin) = match (draft.given(question.key), person.as_deref_mut()) {
            (Some(given), _) => (given.word.clone(), given.place.clone()),
            (None, Some(person)) if includes(question) && question.is_asked(&situation) => {
                let found = question.found(facts);
                let asked =
                    Asked { question, suggestion: &suggestion, found: &found, language: answers.lang };
                (person.ask(&asked)?, Place::Answer(question.key.to_owned()))
            }
            _ => (suggestion.word.clone(), Place::Default),
        };
        (question.put)(&mut answers, &word);
        answers.origins.insert(question.key.to_owned(), origin);
        suggestions.push(suggestion);
    }
    Ok(Chosen { answers, suggestions })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Listed;
    use crate::inspect::facts::{DatabaseEngine, DatabaseEngines};

    /// Answers from a list, and remembers what it was asked.
    #[derive(Default)]
    struct Script {
        words: Vec<(&'static str, &'static str)>,
        asked: Vec<&'static str>,
    }

    impl Person for Script {
        fn ask(&mut self, asked: &Asked<'_>) -> Result<String, Interrupted> {
            self.asked.push(asked.question.key);
            let word = self.words.iter().find(|(key, _)| *key == asked.question.key);
            word.map_or(Ok(asked.suggestion.word.clone()), |(_, word)| {
                if *word == "^C" { Err(Interrupted) } else { Ok((*word).to_owned()) }
            })
        }
    }

    fn facts(engine: DatabaseEngine) -> Facts {
        let engines = DatabaseEngines { dev: engine, prod: engine };
        let databases = [("default".to_owned(), engines)].into();
        Facts {
            databases: Fact::new(databases, Place::line("shop/settings.py", 9), "sets DATABASES"),
            manage_py: Fact::new(Some("manage.py".into()), Place::Path("manage.py".into()), "is there"),
            celery_app: Fact::new(None, Place::Default, "no Celery"),
            package_manager: Fact::new(
                crate::inspect::facts::PackageManager::Pip,
                Place::Path("requirements.txt".into()),
                "is there",
            ),
            ..Facts::default()
        }
    }

    #[test]
    fn a_person_is_asked_only_what_is_open() {
        let mut person = Script::default();
        choose(&facts(DatabaseEngine::Mysql), "shop", &Draft::default(), Some(&mut person)).unwrap();
        assert_eq!(person.asked, ["proxy", "comments"]);
        let mut person = Script::default();
        choose(&facts(DatabaseEngine::Unknown), "shop", &Draft::default(), Some(&mut person)).unwrap();
        assert_eq!(person.asked, ["database", "proxy", "comments"]);
    }

    #[test]
    fn what_was_said_in_advance_is_not_asked() {
        let mut draft = Draft::default();
        draft.give("proxy", "none".to_owned(), Place::Flag("--proxy".to_owned()));
        let mut file = Draft::default();
        file.give("proxy", "nginx".to_owned(), Place::line("djdock.toml", 3));
        file.give("database", "mysql".to_owned(), Place::line("djdock.toml", 4));
        let mut person =
            Script { words: vec![("proxy", "nginx"), ("comments", "none")], ..Script::default() };
        let facts = facts(DatabaseEngine::Unknown);
        let chosen = choose(&facts, "shop", &draft.or(file), Some(&mut person)).unwrap();
        assert_eq!(person.asked, ["comments"]);
        assert_eq!((chosen.answers.proxy.word(), chosen.answers.database.word()), ("none", "mysql"));
        assert_eq!(chosen.answers.origins["database"], Place::line("djdock.toml", 4));
        assert_eq!(chosen.answers.origins["server"], Place::Default);
    }

    #[test]
    fn without_respondents_everything_is_as_suggested() {
        let facts = facts(DatabaseEngine::Postgresql);
        let chosen = choose(&facts, "shop", &Draft::default(), None).unwrap();
        for (question, suggestion, word) in chosen.each() {
            assert_eq!(word, suggestion.word, "{}", question.key);
        }
        assert_eq!(chosen.answers.database.word(), "postgres");
    }

    #[test]
    fn an_interrupted_person_ends_the_conversation() {
        let mut person = Script { words: vec![("proxy", "^C")], ..Script::default() };
        let facts = facts(DatabaseEngine::Mysql);
        assert_eq!(choose(&facts, "shop", &Draft::default(), Some(&mut person)).err(), Some(Interrupted));
        assert_eq!(person.asked, ["proxy"]);
    }

    #[test]
    fn what_is_to_be_read_is_asked_first_and_once() {
        let mut facts = facts(DatabaseEngine::Mysql);
        facts.manage_py_candidates = vec!["a/manage.py".into(), "b/manage.py".into()];
        let mut person = Script { words: vec![("project", "b/manage.py")], ..Script::default() };
        let mut draft = Draft::default();
        let mut said = Said::default();
        for key in READING {
            said = said.or(choose_reading(&facts, "shop", key, &mut draft, Some(&mut person)).unwrap());
        }
        assert_eq!((said.manage_py, said.settings_prod), (Some("b/manage.py".into()), None));
        choose(&facts, "shop", &draft, Some(&mut person)).unwrap();
        assert_eq!(person.asked, ["project", "proxy", "comments"]);
    }

    #[test]
    fn an_answer_that_was_read_anyway_is_no_reason_to_read_again() {
        let mut facts = facts(DatabaseEngine::Mysql);
        facts.python_version =
            Fact::new(Some("3.11".to_owned()), Place::line("runtime.txt", 1), "names Python 3.11");
        let said = |word: &str| {
            let mut draft = Draft::default();
            draft.give("python", word.to_owned(), Place::line("djdock.toml", 1));
            choose_reading(&facts, "shop", "python", &mut draft, None).unwrap()
        };
        assert_eq!(said("3.11"), Said::default());
        assert_eq!(said("3.12").python.as_deref(), Some("3.12"));
    }
}
