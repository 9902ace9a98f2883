use super::{ByCall, Server, Way};
use crate::base::language::Text;
use crate::catalog::offer::Offer;
use crate::stack::Protocol;

/// <https://www.uvicorn.org/settings/>
pub(super) const UVICORN: Server = Server {
    offer: Offer {
        word: "uvicorn",
        label: Text::name("uvicorn"),
        about: Text::new("a light ASGI server, with WebSocket", "가벼운 ASGI 서버. WebSocket을 지원합니다"),
    },
    speaks: &[Protocol::Http],
    distributions: &["uvicorn"],
    wsgi: None,
    asgi: Some(Way {
        command: &[
            "uvicorn",
            "--host",
            "0.0.0.0",
            "--port",
            "{port}",
            "--timeout-graceful-shutdown",
            "{grace}",
            "{application}",
        ],
        by_call: ByCall::Flag("--factory"),
        shown_by: &[],
        // It refuses requests for a WebSocket without one of two libraries: <https://www.uvicorn.org/concepts/websockets/>.
        distributions: &[&["websockets", "wsproto"]],
        quiet: &["--no-access-log"],
        modules: &[
            "uvicorn.main",
            "uvicorn.lifespan.on",
            "uvicorn.loops.auto",
            "uvicorn.protocols.http.auto",
        ],
    }),
    configuration: None,
    workers_variable: Some("WEB_CONCURRENCY"),
    behind_proxy: &["--proxy-headers", "--forwarded-allow-ips", "*"],
    trusted_variable: Some("FORWARDED_ALLOW_IPS"),
    credulous: &[],
    health_port: None,
    stop_signal: None,
    programs: &["uvicorn"],
};
