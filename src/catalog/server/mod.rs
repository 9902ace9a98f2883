//! App servers.

mod gunicorn;

/// Every one, in the order in which they are offered.
pub const ALL: &[&Server] = &[&gunicorn::GUNICORN];

/// An app server. In commands `{application}` stands for the import string and `{configuration}` for its file.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    pub word: &'static str,
    /// The distribution that brings it.
    pub distribution: &'static str,
    /// What it needs beside itself to serve an ASGI application.
    pub asgi_distribution: Option<&'static str>,
    /// The name of its configuration file.
    pub configuration: &'static str,
    pub command: &'static [&'static str],
}

/// The app server called `word` in answers.
pub fn find(word: &str) -> Option<&'static Server> {
    ALL.iter().copied().find(|server| server.word == word)
}
