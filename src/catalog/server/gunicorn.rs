use super::{ByCall, Server, Way};
use crate::base::language::Text;
use crate::catalog::configuration::Configuration;
use crate::catalog::offer::Offer;
use crate::stack::Protocol;

/// <https://docs.gunicorn.org/en/stable/settings.html>
pub(super) const GUNICORN: Server = Server {
    offer: Offer {
        word: "gunicorn",
        label: Text::name("gunicorn"),
        about: Text::new("the usual choice for WSGI", "WSGI의 일반적인 선택"),
    },
    speaks: &[Protocol::Http],
    distributions: &["gunicorn"],
    wsgi: Some(Way {
        command: COMMAND,
        by_call: ByCall::Expression,
        shown_by: &[],
        distributions: &[],
        quiet: &[],
        modules: &["gunicorn.app.wsgiapp", "gunicorn.workers.gthread"],
    }),
    // Uvicorn refuses requests for a WebSocket without one of two libraries: <https://www.uvicorn.org/concepts/websockets/>.
    asgi: Some(Way {
        command: COMMAND,
        by_call: ByCall::Expression,
        shown_by: &["uvicorn-worker", "uvicorn"],
        distributions: &[&["uvicorn-worker"], &["websockets", "wsproto"]],
        quiet: &[],
        modules: &[
            "gunicorn.app.wsgiapp",
            "uvicorn_worker",
            "uvicorn.lifespan.on",
            "uvicorn.protocols.http.auto",
        ],
    }),
    configuration: Some(Configuration {
        file: "gunicorn.conf.py",
        template: "server/gunicorn/gunicorn.conf.py.tera",
        because: "how the app server runs",
    }),
    // The configuration file counts.
    workers_variable: None,
    behind_proxy: &[],
    trusted_variable: Some("FORWARDED_ALLOW_IPS"),
    credulous: &[],
    health_port: None,
    stop_signal: None,
    programs: &["gunicorn"],
};

const COMMAND: &[&str] = &["gunicorn", "--config", "{configuration}", "{application}"];
