//! The health check of the project's service.

use super::{HASTE, REST, words};
use crate::plan::ground::Ground;
use crate::plan::settle::Settled;
use crate::plan::{image, layout};
use crate::python::Value;
use crate::stack::HealthCheck;

/// A path that costs Django little. Browsers ask every site for it, so a page that is not found is no news in the log; no view
/// answers, so no session is made and no transaction begins.
const PATH: &str = "/favicon.ico";

/// Returns the port on which the project's service answers its health check.
pub(in crate::plan) fn health_port(ground: &Ground<'_>) -> u16 {
    ground.answers.server.health_port.filter(|_| ground.is_prod()).unwrap_or(layout::PORT)
}

/// Returns the check that asks the app server over HTTP. Any answer will do: a redirect to https, a refused host, a page that is
/// not found and an error of the project's all show that requests are answered. An error counts as an answer, because another
/// container would give the same, and because a database that is away must not take every replica away with it. A server that
/// accepts connections and answers none, as when every worker hangs, fails the check.
///
/// Python is in the image, curl is not. `-I -S` leaves out what Python does for programs with distributions, which takes longer
/// than the request.
pub(in crate::plan) fn health(ground: &Ground<'_>, settled: &Settled) -> HealthCheck {
    let port = health_port(ground);
    // Where the settings redirect to https, the first middleware answers what came by http.
    let scheme = if redirects(settled) { "" } else { r"X-Forwarded-Proto: https\r\n" };
    let script = format!(
        "import socket; \
         server = socket.create_connection(('127.0.0.1', {port}), 4); \
         server.sendall(b'GET {PATH} HTTP/1.1\\r\\nHost: localhost\\r\\n{scheme}Connection: close\\r\\n\\r\\n'); \
         raise SystemExit(not server.recv(64).startswith(b'HTTP/'))"
    );
    // `-I` looks at no variable, so the folder of bytecode is named.
    let bytecode = image::bytecode_folder(ground).map(|folder| format!("pycache_prefix={folder}"));
    let bytecode = bytecode.iter().flat_map(|option| ["-X", option.as_str()]);
    let test: Vec<&str> = ["python", "-I", "-S"].into_iter().chain(bytecode).chain(["-c", &script]).collect();
    HealthCheck {
        test: words(&test),
        shell: false,
        interval: REST,
        timeout: 5,
        retries: 3,
        start_period: 60,
        start_interval: HASTE,
    }
}

/// Tells whether Django sends browsers that came by http to https.
fn redirects(settled: &Settled) -> bool {
    settled.evaluation.get("SECURE_SSL_REDIRECT").and_then(Value::as_bool) == Some(true)
}
