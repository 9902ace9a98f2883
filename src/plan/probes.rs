//! What a run of a stack must show: stated by the plan, carried out by smoke.

use camino::Utf8PathBuf;
use serde::Serialize;

use super::Environment;

/// One thing that a smoke run shows. Probes are carried out in their order; each name is stable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Probe {
    /// Kebab-case: `home-page`.
    pub name: &'static str,
    pub environment: Environment,
    pub act: Act,
    /// Why it must show, as a phrase.
    pub because: String,
    /// Probes that make no sense where this one failed.
    pub needs: Vec<&'static str>,
}

/// What to do, and what must come of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Act {
    /// Build every image of the stack.
    BuildImages,
    /// None of these names, of variables that hold secrets, has a value in the image's environment or history,
    /// and none of these globs matches a file in its file system below `folder`.
    InspectImages {
        variables: Vec<String>,
        globs: Vec<String>,
        folder: String,
    },
    /// Start the stack and wait until these are healthy, in this order.
    Healthy {
        services: Vec<String>,
        within: u32,
    },
    /// These ran to their end with exit code 0.
    Completed {
        services: Vec<String>,
    },
    Get(Get),
    /// Ask for a page with a login form, and send the form with a wrong password: it must be refused for that, and
    /// not by the protection against forged requests.
    Login(Get),
    /// Run a command in a running container; it must end with 0 and print what is expected.
    Exec {
        service: String,
        argv: Vec<String>,
        expect: Output,
    },
    /// The first process of the service has not this user id.
    NotUser {
        service: String,
        uid: u32,
    },
    /// Change this file (relative to the project's folder) on the host: the service's log says that it noticed.
    Reload {
        service: String,
        file: Utf8PathBuf,
        says: String,
    },
    /// Make a file in `folder`, which is a folder of the host: there it belongs to whoever owns the folder.
    HostOwner {
        service: String,
        folder: String,
    },
    /// Stop the stack: within so many seconds, and every service with an exit code of those.
    Stop {
        within: u32,
        codes: Vec<i64>,
    },
    /// Remove the stack: no container, network or volume of it is left.
    Remove,
}

/// A request to a published port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Get {
    pub service: String,
    pub container_port: u16,
    pub path: String,
    /// The `Host` header, without a port where it must be one that the settings allow.
    pub host: String,
    /// Sends `X-Forwarded-Proto: https`, as a load balancer in front would.
    pub forwarded_https: bool,
    /// The lowest and the highest status that is right; redirects are not followed.
    pub status: (u16, u16),
    /// Text in the answer's `Server` header: who answered.
    pub server: Option<String>,
    /// Text in the `Content-Type` header.
    pub content_type: Option<String>,
    /// Whether an empty body is wrong.
    pub body: bool,
}

/// What a command must print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "expect", rename_all = "kebab-case")]
pub enum Output {
    Anything,
    Contains {
        text: String,
    },
    /// No line of standard output holds this.
    Lacks {
        text: String,
    },
}
