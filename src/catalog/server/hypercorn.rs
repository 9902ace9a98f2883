use super::{ByCall, Server, Way};
use crate::base::language::Text;
use crate::catalog::configuration::Configuration;
use crate::catalog::offer::Offer;
use crate::stack::Protocol;

/// <https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html>
pub(super) const HYPERCORN: Server = Server {
    offer: Offer {
        word: "hypercorn",
        label: Text::name("Hypercorn"),
        about: Text::new(
            "an ASGI server with HTTP/2 and WebSocket",
            "HTTP/2와 WebSocket을 지원하는 ASGI 서버",
        ),
    },
    speaks: &[Protocol::Http],
    distributions: &["hypercorn"],
    wsgi: None,
    asgi: Some(Way {
        command: &["hypercorn", "--config", "file:{configuration}", "{application}"],
        by_call: ByCall::Expression,
        shown_by: &[],
        distributions: &[],
        quiet: &[],
        modules: &["hypercorn.__main__", "hypercorn.asyncio"],
    }),
    configuration: Some(Configuration {
        file: "hypercorn.conf.py",
        template: "server/hypercorn/hypercorn.conf.py.tera",
        because: "how the app server runs",
    }),
    workers_variable: Some("WEB_CONCURRENCY"),
    behind_proxy: &[],
    trusted_variable: None,
    credulous: &[],
    health_port: None,
    stop_signal: None,
    programs: &["hypercorn"],
};
