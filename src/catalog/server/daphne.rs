use super::{ByCall, Server, Way};
use crate::base::language::Text;
use crate::catalog::offer::Offer;
use crate::stack::Protocol;

/// <https://github.com/django/daphne#command-line-interface>
pub(super) const DAPHNE: Server = Server {
    offer: Offer {
        word: "daphne",
        label: Text::name("Daphne"),
        about: Text::new(
            "the ASGI server of Django Channels, one process",
            "Django Channels의 ASGI 서버. 프로세스 하나로 동작합니다",
        ),
    },
    speaks: &[Protocol::Http],
    distributions: &["daphne"],
    wsgi: None,
    asgi: Some(Way {
        command: &["daphne", "--bind", "0.0.0.0", "--port", "{port}", "{application}"],
        by_call: ByCall::Refused,
        shown_by: &[],
        distributions: &[],
        quiet: &[],
        modules: &["daphne.cli"],
    }),
    configuration: None,
    // One process: more of them are more replicas.
    workers_variable: None,
    behind_proxy: &["--proxy-headers"],
    trusted_variable: None,
    credulous: &[],
    health_port: None,
    stop_signal: None,
    programs: &["daphne"],
};
