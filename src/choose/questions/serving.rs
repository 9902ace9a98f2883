//! How requests reach the project.

use crate::base::language::Text;
use crate::base::{Evidence, Place};
use crate::catalog::Listed;
use crate::catalog::certificates::Certificates;
use crate::catalog::proxy::Proxy;
use crate::catalog::server::Server;
use crate::catalog::static_files::{Collected, StaticFiles};
use crate::catalog::topology::Topology;
use crate::choose::answers::BodySize;
use crate::choose::question::{Kind, Question, Situation, Suggestion, pick};

pub(super) const TOPOLOGY: Question = Question {
    key: "topology",
    prompt: Text::new("How are the parts spread over containers?", "어떻게 컨테이너로 나눌까요?"),
    about: Text::new("how the parts are spread over containers", "컨테이너 구성 방식"),
    kind: Kind::Choice { now: Topology::offers, later: &["single"] },
    asked: |_| true,
    suggest: |_| Suggestion::usual(Topology::ALL[0].word()),
    put: |answers, word| pick(&mut answers.topology, word),
    word: |answers| answers.topology.word().to_owned(),
    pinned: false,
};

pub(super) const SERVER: Question = Question {
    key: "server",
    prompt: Text::new("Which app server?", "어떤 앱 서버를 쓸까요?"),
    about: Text::new("app server", "앱 서버"),
    kind: Kind::Choice { now: Server::offers, later: &[] },
    asked: |_| false,
    suggest: suggest_server,
    put: |answers, word| pick(&mut answers.server, word),
    word: |answers| answers.server.word().to_owned(),
    pinned: false,
};

/// Suggests the server that the project requires already, else the first that can run the project's application.
fn suggest_server(situation: &Situation<'_>) -> Suggestion {
    let facts = situation.facts;
    let asgi = facts.asgi.value;
    let required = |names: &[&str]| {
        facts.distributions.iter().find(|distribution| names.contains(&distribution.name.as_str()))
    };
    let able: Vec<&Server> =
        Server::ALL.iter().copied().filter(|server| server.way(asgi).is_some()).collect();
    let shown = able.iter().find_map(|server| {
        let distribution = required(server.distributions)?;
        let signs = server.way(asgi)?.shown_by;
        (signs.is_empty() || required(signs).is_some()).then_some((server, distribution))
    });
    match shown {
        Some((server, distribution)) => {
            let reason = format!("`{}` is required", distribution.name);
            Suggestion::from(server.word(), &[Evidence::new(distribution.place.clone(), reason)])
        }
        None => Suggestion::usual(able.first().copied().unwrap_or(Server::ALL[0]).word()),
    }
}

pub(super) const PROXY: Question = Question {
    key: "proxy",
    prompt: Text::new("What stands in front of the app server?", "앱 서버 앞에 무엇을 둘까요?"),
    about: Text::new("reverse proxy in front of the app server", "앱 서버 앞의 리버스 프록시"),
    kind: Kind::Choice { now: Proxy::offers, later: &[] },
    asked: |_| true,
    suggest: |_| Suggestion::usual(Proxy::ALL[0].word()),
    put: |answers, word| pick(&mut answers.proxy, word),
    word: |answers| answers.proxy.word().to_owned(),
    pinned: false,
};

pub(super) const STATIC: Question = Question {
    key: "static",
    prompt: Text::new("Who serves static files?", "정적 파일은 누가 제공하나요?"),
    about: Text::new("who serves static files", "정적 파일을 제공하는 곳"),
    kind: Kind::Choice { now: StaticFiles::offers, later: &[] },
    asked: |_| false,
    suggest: suggest_static_files,
    put: |answers, word| pick(&mut answers.static_files, word),
    word: |answers| answers.static_files.word().to_owned(),
    pinned: false,
};

pub(super) const BODY_SIZE: Question = Question {
    key: "body_size",
    prompt: Text::new("How large may a request be?", "요청은 얼마나 클 수 있나요?"),
    about: Text::new(
        "size of an upload at most, in megabytes; `settings` for what the settings allow, `none` for any",
        "업로드의 최대 크기(MB). `settings`는 설정이 허용하는 만큼, `none`은 제한 없음",
    ),
    kind: Kind::Open {
        form: Text::new(
            "a size in megabytes such as `50m`, or `settings`, or `none`",
            "`50m` 같은 크기(MB), `settings` 또는 `none`",
        ),
        pattern: r"^(settings|none|[+]?[0-9]+([mMgG][bB]?)?)$",
    },
    asked: |_| false,
    suggest: |_| Suggestion::usual(BodySize::AsSettings.word()),
    put: |answers, word| BodySize::from_word(word).map(|size| answers.body_size = size).is_some(),
    word: |answers| answers.body_size.word(),
    pinned: false,
};

pub(super) const TLS: Question = Question {
    key: "tls",
    prompt: Text::new("Who gets the certificate for HTTPS?", "HTTPS 인증서는 누가 받나요?"),
    about: Text::new(
        "who gets certificates for a proxy that gets none by itself",
        "스스로 인증서를 받지 않는 프록시를 위해 인증서를 받는 것",
    ),
    kind: Kind::Choice { now: Certificates::offers, later: &[] },
    asked: |_| false,
    suggest: |_| Suggestion::usual(Certificates::ALL[0].word()),
    put: |answers, word| pick(&mut answers.tls, word),
    word: |answers| answers.tls.word().to_owned(),
    pinned: false,
};

/// Suggests the bucket that the project's settings fill, else the proxy, which is faster than any app server; where no proxy
/// serves files, the app server.
fn suggest_static_files(situation: &Situation<'_>) -> Suggestion {
    let facts = situation.facts;
    let proxy = situation.answers.proxy;
    let word = |is_right: fn(&StaticFiles) -> bool| {
        StaticFiles::first(is_right).unwrap_or(StaticFiles::ALL[0]).word()
    };
    if facts.static_on_service.value {
        // A middleware serves a folder: where `collectstatic` fills a bucket, the folder is empty.
        return Suggestion::from(word(StaticFiles::is_elsewhere), &facts.static_on_service.evidence);
    }
    if !facts.has_static_files() {
        return Suggestion::usual(StaticFiles::ALL[0].word());
    }
    if proxy.serves_files() {
        let late = |one: &StaticFiles| one.is_by_proxy() && one.collected == Collected::AtStart;
        return match &facts.collect_asks_database {
            asks if asks.value => Suggestion::from(word(late), &asks.evidence),
            _ => Suggestion::usual(StaticFiles::ALL[0].word()),
        };
    }
    let in_project = word(|one| one.middleware().is_some());
    if facts.whitenoise_serves.value {
        return Suggestion::from(in_project, &facts.whitenoise_serves.evidence);
    }
    let reason = "no proxy of the stack serves files, so the app server does";
    Suggestion::from(in_project, &[Evidence::new(Place::Answer(PROXY.key.to_owned()), reason)])
}
