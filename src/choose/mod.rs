//! Facts → Answers: the questions (one definition gives prompt, flag, `djdock.toml` key and docs row), the
//! respondents (flags, file, person, suggestion last) and `djdock.toml`.

pub mod answers;
pub mod draft;
pub mod file;
pub mod given;
pub mod messages;
pub mod question;
pub mod questions;
pub mod table;

pub use answers::Answers;
pub use draft::Draft;
pub use given::Given;
pub use question::{Question, Situation, Suggestion};
pub use questions::QUESTIONS;

use crate::base::Place;
use crate::base::language::Language;
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
    /// What the project has to choose from, where the question is about that.
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

/// Answers only the questions that change what is to be read. What comes of it is for [`crate::inspect::inspect_as`]; the
/// person's words are put into `draft`, so that they are not asked again.
pub fn choose_reading(
    facts: &Facts,
    folder: &str,
    draft: &mut Draft,
    person: Option<&mut dyn Person>,
) -> Result<Said, Interrupted> {
    let is_reading = |question: &Question| questions::READING.contains(&question.key);
    let chosen = conversation(facts, folder, draft, person, is_reading)?;
    for (question, _, word) in chosen.each().filter(|(question, ..)| is_reading(question)) {
        let origin = chosen.answers.origins.get(question.key);
        if let Some(place @ Place::Answer(_)) = origin {
            draft.give(question.key, word, place.clone());
        }
    }
    Ok(said(&chosen.answers))
}

/// The answers that djdock would give by itself.
pub fn suggested(facts: &Facts, folder: &str) -> Answers {
    match choose(facts, folder, &Draft::default(), None) {
        Ok(chosen) => chosen.answers,
        Err(Interrupted) => Answers::default(),
    }
}

/// What was said, by whoever said it: a suggestion is not said.
fn said(answers: &Answers) -> Said {
    let is_said = |key: &str| answers.origins.get(key).is_some_and(|origin| *origin != Place::Default);
    Said {
        manage_py: is_said("project").then(|| answers.manage_py.clone()),
        settings_dev: is_said("settings_dev").then(|| answers.settings_dev.clone()),
        settings_prod: is_said("settings_prod").then(|| answers.settings_prod.clone()),
        python: is_said("python").then(|| answers.python.clone()),
        package_manager: is_said("package_manager").then_some(answers.package_manager),
    }
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
    use crate::base::Fact;
    use crate::choose::answers::{Database, Proxy};
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
        assert_eq!((chosen.answers.proxy, chosen.answers.database), (Proxy::None, Database::Mysql));
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
        assert_eq!(chosen.answers.database, Database::Postgres);
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
        let said = choose_reading(&facts, "shop", &mut draft, Some(&mut person)).unwrap();
        assert_eq!((said.manage_py, said.settings_prod), (Some("b/manage.py".into()), None));
        choose(&facts, "shop", &draft, Some(&mut person)).unwrap();
        assert_eq!(person.asked, ["project", "proxy", "comments"]);
    }
}
