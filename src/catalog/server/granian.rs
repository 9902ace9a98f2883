use super::{ByCall, Server, Way};
use crate::base::language::Text;
use crate::catalog::offer::Offer;
use crate::stack::Protocol;

/// <https://github.com/emmett-framework/granian#options>
pub(super) const GRANIAN: Server = Server {
    offer: Offer {
        word: "granian",
        label: Text::name("Granian"),
        about: Text::new(
            "a server written in Rust, for WSGI and ASGI",
            "Rust로 만든 서버. WSGI와 ASGI를 모두 지원합니다",
        ),
    },
    speaks: &[Protocol::Http],
    distributions: &["granian"],
    wsgi: Some(Way {
        command: &[
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "0.0.0.0",
            "--port",
            "{port}",
            "--workers-kill-timeout",
            "{grace}",
            "{application}",
        ],
        by_call: ByCall::Flag("--factory"),
        shown_by: &[],
        distributions: &[],
        quiet: &[],
        modules: &["granian.cli"],
    }),
    asgi: Some(Way {
        command: &[
            "granian",
            "--interface",
            "asginl",
            "--host",
            "0.0.0.0",
            "--port",
            "{port}",
            "--workers-kill-timeout",
            "{grace}",
            "{application}",
        ],
        by_call: ByCall::Flag("--factory"),
        shown_by: &[],
        distributions: &[],
        quiet: &[],
        modules: &["granian.cli"],
    }),
    configuration: None,
    workers_variable: Some("GRANIAN_WORKERS"),
    behind_proxy: &[],
    trusted_variable: None,
    credulous: &[],
    health_port: None,
    stop_signal: None,
    programs: &["granian"],
};
