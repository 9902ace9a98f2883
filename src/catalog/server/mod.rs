//! App servers.

mod daphne;
mod granian;
mod gunicorn;
mod hypercorn;
mod uvicorn;
mod uwsgi;

use super::configuration::Configuration;
use super::offer::{Listed, Offer};
use crate::stack::Protocol;

impl Listed for Server {
    const ALL: &'static [&'static Self] = &[
        &gunicorn::GUNICORN,
        &uwsgi::UWSGI,
        &uvicorn::UVICORN,
        &daphne::DAPHNE,
        &hypercorn::HYPERCORN,
        &granian::GRANIAN,
    ];

    fn offer(&self) -> &Offer {
        &self.offer
    }
}

/// An app server: the program that runs the project's WSGI or ASGI application in the project's own image.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// The server's texts in questions and documents.
    pub offer: Offer,
    /// The protocols in which the server can answer, the best first. The stack uses the first that its proxy passes on;
    /// without a proxy, HTTP.
    pub speaks: &'static [Protocol],
    /// The normalised names of distributions that bring the server. A project that requires any of them needs no other; if it
    /// requires none, the image adds the first, pinned by `knowledge/tools.toml`, which must have a row for it.
    pub distributions: &'static [&'static str],
    /// The way in which a WSGI application is served; `None` for a server of ASGI applications alone.
    pub wsgi: Option<Way>,
    /// The way in which an ASGI application is served; `None` for a server of WSGI applications alone.
    pub asgi: Option<Way>,
    /// The server's configuration file; `None` where the command says everything.
    pub configuration: Option<Configuration>,
    /// The variable from which the server takes its number of workers, where it does not count by itself: the entrypoint sets
    /// the variable from the container's limits of CPU and memory. `None` for a server that counts, or that has one process.
    pub workers_variable: Option<&'static str>,
    /// Words of the command, before the application, with which the server believes whatever reaches its port about the client
    /// (`X-Forwarded-*`): they are left out where others than the stack's own proxy reach the port.
    pub behind_proxy: &'static [&'static str],
    /// The variable that names the address which the server believes about the client; `None` for a server that knows none, and
    /// so believes nobody without a proxy of the stack.
    pub trusted_variable: Option<&'static str>,
    /// The server's distributions with which it believes whatever reaches its port all the same.
    pub credulous: &'static [&'static str],
    /// The port on which the server answers HTTP inside the container for the health check alone; `None` where its own port
    /// does.
    pub health_port: Option<u16>,
    /// The signal after which the server finishes open requests and ends; `None` for SIGTERM.
    pub stop_signal: Option<&'static str>,
    /// Names of the executables that start the server: by them it is recognised in a project's own files.
    pub programs: &'static [&'static str],
}

/// The way in which a server runs applications of one interface.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// The command of the service, in exec form. `{application}` stands for the import string (`config.wsgi:application`),
    /// `{configuration}` for the path of the configuration file, `{port}` for the port, `{grace}` for the seconds that open
    /// requests may take at the end. The command must stay in the foreground and end at the stop signal.
    pub command: &'static [&'static str],
    /// The form in which the server takes an application that a call returns: `django.core.asgi:get_asgi_application()`, for a
    /// project without a module that holds one.
    pub by_call: ByCall,
    /// Distributions of which one shows, beside the server's own, that the project serves this interface with the server;
    /// empty if the server's own shows it. The server is suggested where they are required.
    pub shown_by: &'static [&'static str],
    /// Distributions that the server needs beside itself for this interface, in groups of which one is enough. If the project
    /// requires none of a group, the image adds the group's first, pinned by `knowledge/tools.toml`.
    pub distributions: &'static [&'static [&'static str]],
    /// Words of the command, before the last one, that keep the server from writing a line for each request: for a stack whose
    /// proxy does. Empty where the configuration says so, or where the server writes none.
    pub quiet: &'static [&'static str],
    /// Modules that the server imports when it starts: the image holds their bytecode.
    pub modules: &'static [&'static str],
}

/// The form in which a server takes an application that a call returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByCall {
    /// The call stands in the import string, with its parentheses.
    Expression,
    /// The import string names the function, and this word of the command says that it is to be called.
    Flag(&'static str),
    /// The server takes only names of applications.
    Refused,
}

impl Server {
    /// Returns the way in which an application is served, ASGI or WSGI; `None` if the server cannot.
    pub fn way(&self, asgi: bool) -> Option<&Way> {
        if asgi { self.asgi.as_ref() } else { self.wsgi.as_ref() }
    }

    /// Returns the protocol between the server and a proxy that passes `passes` on; without a proxy, browsers' HTTP. `None` if
    /// the two have none in common.
    pub fn protocol(&self, passes: Option<&[Protocol]>) -> Option<Protocol> {
        let passes = passes.unwrap_or(&[Protocol::Http]);
        self.speaks.iter().copied().find(|protocol| passes.contains(protocol))
    }

    /// Returns the server that an executable of this name starts.
    pub fn of_program(program: &str) -> Option<&'static Self> {
        Self::ALL.iter().copied().find(|server| server.programs.contains(&program))
    }

    /// Tells whether the application stands in the server's command, and not in its configuration.
    pub fn takes_application(&self) -> bool {
        let ways = [&self.wsgi, &self.asgi].into_iter().flatten();
        ways.flat_map(|way| way.command).any(|word| *word == "{application}")
    }

    /// Returns the names of executables that show by themselves that an ASGI application is served.
    pub fn asgi_programs() -> impl Iterator<Item = &'static str> {
        let shows = |way: &Way| way.shown_by.is_empty();
        let servers = Self::ALL.iter().filter(move |server| server.asgi.as_ref().is_some_and(shows));
        servers.flat_map(|server| server.programs.iter().copied())
    }

    /// Returns the names of executables that serve WSGI applications unless they are told otherwise.
    pub fn wsgi_programs() -> impl Iterator<Item = &'static str> {
        let servers = Self::ALL.iter().filter(|server| server.wsgi.is_some());
        let programs = servers.flat_map(|server| server.programs.iter().copied());
        programs.filter(|program| !Self::asgi_programs().any(|other| other == *program))
    }

    /// Returns the names of every server's executables.
    pub fn all_programs() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().flat_map(|server| server.programs.iter().copied())
    }
}
