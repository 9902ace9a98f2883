//! App servers.

mod gunicorn;

use super::offer::{Listed, Offer};

impl Listed for Server {
    const ALL: &'static [&'static Self] = &[&gunicorn::GUNICORN];

    fn offer(&self) -> &Offer {
        &self.offer
    }
}

/// An app server: the program that runs the project's WSGI or ASGI application in the service `web`. In commands
/// `{application}` stands for the import string (`config.wsgi:application`) and `{configuration}` for the file's path.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// The server's texts in questions and documents.
    pub offer: Offer,
    /// The normalised name of the distribution that brings the server. The image adds it, pinned, if the project does not
    /// require it.
    pub distribution: &'static str,
    /// The distribution that the server needs beside itself to serve an ASGI application; `None` if it needs nothing.
    pub asgi_distribution: Option<&'static str>,
    /// The name of the configuration file; its template has this name in `templates/server/`, with `.tera` at its end.
    pub configuration: &'static str,
    /// The command of the service, in exec form. It must stay in the foreground and end at SIGTERM.
    pub command: &'static [&'static str],
}
