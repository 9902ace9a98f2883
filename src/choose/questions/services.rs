//! Questions about services beside the project.

use crate::base::language::Text;
use crate::base::{Evidence, Fact};
use crate::choose::answers::Database;
use crate::choose::question::{Choice, Kind, Question, Situation, Suggestion, is_yes, yes_no};
use crate::inspect::Facts;
use crate::inspect::facts::DatabaseEngine;

pub(super) const DATABASE: Question = Question {
    key: "database",
    prompt: Text::new("Which database does production use?", "운영 환경에서 어떤 데이터베이스를 쓰나요?"),
    about: Text::new("database of the production stack", "운영 환경의 데이터베이스"),
    kind: Kind::Choice {
        now: &[
            Choice {
                word: "postgres",
                label: Text::name("PostgreSQL"),
                about: Text::new("a container with its own volume", "전용 볼륨을 쓰는 컨테이너"),
            },
            Choice {
                word: "mysql",
                label: Text::name("MySQL"),
                about: Text::new("a container with its own volume", "전용 볼륨을 쓰는 컨테이너"),
            },
            Choice {
                word: "mariadb",
                label: Text::name("MariaDB"),
                about: Text::new("a container with its own volume", "전용 볼륨을 쓰는 컨테이너"),
            },
            Choice {
                word: "postgis",
                label: Text::name("PostGIS"),
                about: Text::new("PostgreSQL with geography, for GeoDjango", "GeoDjango를 위한 PostgreSQL"),
            },
            Choice {
                word: "sqlite",
                label: Text::name("SQLite"),
                about: Text::new("a file on a volume; one machine, few writers", "볼륨에 두는 파일 하나"),
            },
            Choice {
                word: "external",
                label: Text::new("somewhere else", "다른 곳에 있음"),
                about: Text::new(
                    "a server that you run or rent; its address goes into .env",
                    "직접 운영하거나 빌린 서버. 주소는 .env에 적습니다",
                ),
            },
        ],
        later: &[],
    },
    asked: |situation| engine(situation.facts) == DatabaseEngine::Unknown,
    suggest: suggest_database,
    put: |answers, word| Database::from_word(word).map(|database| answers.database = database).is_some(),
    word: |answers| answers.database.word().to_owned(),
    pinned: false,
};

/// Distributions that talk to one database only, with the database.
const DRIVERS: &[(&str, Database)] = &[
    ("psycopg", Database::Postgres),
    ("psycopg2", Database::Postgres),
    ("psycopg2-binary", Database::Postgres),
    ("psycopg-binary", Database::Postgres),
    ("mysqlclient", Database::Mysql),
    ("pymysql", Database::Mysql),
    ("mysql-connector-python", Database::Mysql),
];

fn engine(facts: &Facts) -> DatabaseEngine {
    facts.databases.value.get("default").map_or(DatabaseEngine::Unknown, |engines| engines.prod)
}

fn suggest_database(situation: &Situation<'_>) -> Suggestion {
    let facts = situation.facts;
    let read = |database: Database| Suggestion::from(database.word(), &facts.databases.evidence);
    match engine(facts) {
        DatabaseEngine::Postgresql => read(Database::Postgres),
        DatabaseEngine::Postgis => read(Database::Postgis),
        DatabaseEngine::Mysql => read(Database::Mysql),
        DatabaseEngine::Mariadb => read(Database::Mariadb),
        DatabaseEngine::Sqlite | DatabaseEngine::Spatialite => read(Database::Sqlite),
        DatabaseEngine::Oracle | DatabaseEngine::Other => read(Database::External),
        DatabaseEngine::Unknown => by_driver(facts),
    }
}

/// Suggests the database that the installed driver talks to; without a driver only SQLite can work.
fn by_driver(facts: &Facts) -> Suggestion {
    let driver = facts.distributions.iter().find_map(|distribution| {
        let (name, database) = DRIVERS.iter().find(|(name, _)| *name == distribution.name)?;
        Some((Evidence::new(distribution.place.clone(), format!("`{name}` is required")), *database))
    });
    match driver {
        Some((evidence, database)) => Suggestion::from(database.word(), &[evidence]),
        None => by_add_on(facts).unwrap_or_else(|| Suggestion::usual(Database::Sqlite.word())),
    }
}

/// Returns the database that a platform runs beside the project, if no driver says more: `heroku-postgresql`, `jawsdb`.
fn by_add_on(facts: &Facts) -> Option<Suggestion> {
    const ADD_ONS: &[(&str, Database)] = &[
        ("postgres", Database::Postgres),
        ("jawsdb-maria", Database::Mariadb),
        ("jawsdb", Database::Mysql),
        ("cleardb", Database::Mysql),
    ];
    facts.existing.add_ons.iter().find_map(|add_on| {
        let (_, database) = ADD_ONS.iter().find(|(part, _)| add_on.name.contains(part))?;
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
