//! Questions about services beside the project.

use crate::base::language::Text;
use crate::base::{Evidence, Fact};
use crate::catalog::Listed;
use crate::catalog::database::Database;
use crate::choose::question::{Kind, Question, Situation, Suggestion, is_yes, pick, yes_no};
use crate::inspect::Facts;
use crate::inspect::facts::DatabaseEngine;

pub(super) const DATABASE: Question = Question {
    key: "database",
    prompt: Text::new("Which database does production use?", "운영 환경에서 어떤 데이터베이스를 쓰나요?"),
    about: Text::new("database of the production stack", "운영 환경의 데이터베이스"),
    kind: Kind::Choice { now: Database::offers, later: &[] },
    asked: |situation| engine(situation.facts) == DatabaseEngine::Unknown,
    suggest: suggest_database,
    put: |answers, word| pick(&mut answers.database, word),
    word: |answers| answers.database.word().to_owned(),
    pinned: false,
};

fn engine(facts: &Facts) -> DatabaseEngine {
    facts.databases.value.get("default").map_or(DatabaseEngine::Unknown, |engines| engines.prod)
}

fn suggest_database(situation: &Situation<'_>) -> Suggestion {
    let facts = situation.facts;
    match engine(facts) {
        DatabaseEngine::Unknown => by_driver(facts),
        // djdock has no entry for the engine, so the server is elsewhere.
        engine => {
            let database = Database::of_engine(engine.word()).unwrap_or(Database::elsewhere());
            Suggestion::from(database.word(), &facts.databases.evidence)
        }
    }
}

/// Suggests the database that the installed driver talks to; without a driver only a file can work.
fn by_driver(facts: &Facts) -> Suggestion {
    let driver = facts.distributions.iter().find_map(|distribution| {
        let database = Database::of_driver(&distribution.name)?;
        let reason = format!("`{}` is required", distribution.name);
        Some((Evidence::new(distribution.place.clone(), reason), database))
    });
    match driver {
        Some((evidence, database)) => Suggestion::from(database.word(), &[evidence]),
        None => by_add_on(facts).unwrap_or_else(|| Suggestion::usual(Database::without_driver().word())),
    }
}

/// Returns the database that a platform runs beside the project, if no driver says more: `heroku-postgresql`, `jawsdb`.
fn by_add_on(facts: &Facts) -> Option<Suggestion> {
    facts.existing.add_ons.iter().find_map(|add_on| {
        let database = Database::of_add_on(&add_on.name)?;
        let evidence = Evidence::new(add_on.place.clone(), format!("brings `{}`", add_on.name));
        Some(Suggestion::from(database.word(), &[evidence]))
    })
}

pub(super) const CACHE: Question = Question {
    key: "cache",
    prompt: Text::new("Does the project need Redis?", "Redis가 필요한가요?"),
    about: Text::new("run Redis for cache, broker or channels", "캐시, 브로커, 채널에 쓰는 Redis"),
    kind: Kind::YesNo,
    asked: |situation| {
        let facts = situation.facts;
        facts.celery_broker.value.as_deref() == Some("unknown") && !facts.celery_broker_elsewhere
    },
    suggest: |situation| {
        let store = &situation.facts.store;
        Suggestion::yes_no(store.value, if store.value { &store.evidence } else { &[] })
    },
    put: |answers, word| is_yes(word).map(|yes| answers.cache = yes).is_some(),
    word: |answers| yes_no(answers.cache).to_owned(),
    pinned: false,
};

pub(super) const WORKER: Question = Question {
    key: "worker",
    prompt: Text::new("Run workers for background tasks?", "백그라운드 작업 워커를 실행할까요?"),
    about: Text::new(
        "run workers for background tasks, and their schedule",
        "백그라운드 작업 워커와 스케줄러",
    ),
    kind: Kind::YesNo,
    asked: |situation| !situation.facts.celery_app.is_known(),
    suggest: |situation| {
        let facts = situation.facts;
        let app: &Fact<Option<String>> = &facts.celery_app;
        match facts.queues.iter().find(|queue| queue.can_be_run()).filter(|_| app.value.is_none()) {
            Some(queue) => Suggestion::yes_no(true, std::slice::from_ref(&queue.evidence)),
            None => Suggestion::yes_no(app.value.is_some(), &app.evidence),
        }
    },
    put: |answers, word| is_yes(word).map(|yes| answers.worker = yes).is_some(),
    word: |answers| yes_no(answers.worker).to_owned(),
    pinned: false,
};
