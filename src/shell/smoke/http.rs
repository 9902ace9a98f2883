//! Requests to published ports.

use std::collections::BTreeMap;
use std::time::Duration;

/// A request to a port of this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    pub port: u16,
    pub path: String,
    /// By name.
    pub headers: BTreeMap<String, String>,
    /// Sent as a form where there is one.
    pub form: Option<Vec<(String, String)>>,
    /// The texts of a WebSocket; `None` for a request of a page.
    pub talk: Option<Talk>,
}

/// The texts that go through a WebSocket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Talk {
    /// The text to send.
    pub send: String,
    /// Text that a message must hold: the end of the talk. Without it, the first message is.
    pub until: Option<String>,
}

/// The answer to a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

const PATIENCE: Duration = Duration::from_secs(30);
const LARGEST: u64 = 8 * 1024 * 1024;

/// Asks for an address of any machine, and goes where it redirects to.
pub(super) fn fetch(url: &str) -> Result<Answer, String> {
    let agent = ureq::Agent::new_with_config(
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build(),
    );
    answer(agent.get(url).call())
}

/// Sends one request. Redirects are answers, like every status; no answer is the error.
pub(super) fn ask(machine: &str, ask: &Ask) -> Result<Answer, String> {
    let agent = ureq::Agent::new_with_config(
        ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            // The ports are this run's own; a proxy of the person's knows nothing of them.
            .proxy(None)
            .build(),
    );
    let url = format!("http://{machine}:{}{}", ask.port, ask.path);
    let response = match &ask.form {
        None => {
            let request = ask
                .headers
                .iter()
                .fold(agent.get(&url), |request, (name, value)| request.header(name, value));
            request.call()
        }
        Some(form) => {
            let request = ask
                .headers
                .iter()
                .fold(agent.post(&url), |request, (name, value)| request.header(name, value));
            request.send_form(form.iter().map(|(name, value)| (name.as_str(), value.as_str())))
        }
    };
    answer(response)
}

fn answer(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Answer, String> {
    let mut response = response.map_err(|error| error.to_string())?;
    let headers = response.headers().iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let headers = headers.collect();
    let body =
        response.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|error| error.to_string())?;
    Ok(Answer { status: response.status().as_u16(), headers, body })
}
