use super::{ByCall, Server, Way};
use crate::base::language::Text;
use crate::catalog::configuration::Configuration;
use crate::catalog::offer::Offer;
use crate::stack::Protocol;

/// <https://uwsgi-docs.readthedocs.io/en/latest/Options.html>
pub(super) const UWSGI: Server = Server {
    offer: Offer {
        word: "uwsgi",
        label: Text::name("uWSGI"),
        about: Text::new(
            "the server of many older deployments; speaks its own protocol behind nginx",
            "오래된 배포에 많이 쓰인 서버. nginx 뒤에서 자체 프로토콜로 통신합니다",
        ),
    },
    speaks: &[Protocol::Uwsgi, Protocol::Http],
    // The wheel of pyuwsgi needs no compiler, and holds the same program.
    distributions: &["pyuwsgi", "uwsgi"],
    wsgi: Some(Way {
        command: &["uwsgi", "--ini", "{configuration}"],
        by_call: ByCall::Expression,
        shown_by: &[],
        distributions: &[],
        quiet: &[],
        modules: &[],
    }),
    asgi: None,
    configuration: Some(Configuration {
        file: "uwsgi.ini",
        template: "server/uwsgi/uwsgi.ini.tera",
        because: "how the app server runs",
    }),
    workers_variable: Some("WEB_CONCURRENCY"),
    behind_proxy: &[],
    trusted_variable: Some("FORWARDED_ALLOW_IPS"),
    // To look at the address takes the routing of requests, which is there where it was compiled with PCRE: the wheel was.
    credulous: &["uwsgi"],
    // A socket of uWSGI's own protocol answers no HTTP.
    health_port: Some(8001),
    stop_signal: None,
    programs: &["uwsgi"],
};
