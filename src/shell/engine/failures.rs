//! Why the Engine cannot be used, in words.

use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;

use super::Address;
use crate::base::Diagnostic;
use crate::base::codes::shell::{ENGINE_REFUSED, ENGINE_TOO_OLD, ENGINE_UNREACHABLE};
use crate::shell::user;

/// Opens the socket once: its error says more than a client's.
pub(super) fn knock(address: &Address) -> Result<(), Diagnostic> {
    let Some(socket) = address.socket() else {
        if address.host.starts_with("ssh://") {
            return Err(cannot_reach(address, "djdock does not speak ssh")
                .help("forward the socket, `ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST`, and set `DOCKER_HOST=unix:///tmp/docker.sock`"));
        }
        return Ok(());
    };
    let Err(error) = std::os::unix::net::UnixStream::connect(socket) else { return Ok(()) };
    Err(match error.kind() {
        ErrorKind::PermissionDenied => forbidden(address, socket),
        ErrorKind::NotFound => cannot_reach(address, "there is no such socket").help(start()),
        ErrorKind::ConnectionRefused => cannot_reach(address, "nobody listens there").help(start()),
        _ => cannot_reach(address, &error.to_string()).help(start()),
    })
}

/// An Engine that answered the knock and nothing after it, or cannot be knocked at.
pub(super) fn unreachable(address: &Address, error: &dyn std::error::Error) -> Diagnostic {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cannot_reach(address, &cause.to_string()).help(start())
}

pub(super) fn too_old(address: &Address, version: &str) -> Diagnostic {
    let title = format!(
        "the Docker Engine at `{}` is version {version}, and 20.10 is the oldest that is used",
        address.host
    );
    Diagnostic::error(ENGINE_TOO_OLD, title)
        .help("bring it up to date: https://docs.docker.com/engine/install/")
}

/// The Engine answered, and the answer is no.
pub(super) fn refused(doing: &str, error: &bollard::errors::Error) -> Diagnostic {
    use bollard::errors::Error;
    let cause = match error {
        Error::DockerResponseServerError { message, .. } => message.trim().to_owned(),
        Error::DockerStreamError { error } => error.clone(),
        other => other.to_string(),
    };
    let diagnostic = Diagnostic::error(ENGINE_REFUSED, format!("the Engine could not {doing}: {cause}"));
    if cause.contains("no space left on device") {
        diagnostic.help("give space back: `docker system df` shows what takes it, `docker builder prune` empties the build cache")
    } else {
        diagnostic.help("see what the Engine says: `docker info`, and its own log")
    }
}

/// The Engine has not answered for `limit`, and what it was asked for cannot be left to a signal.
pub(super) fn silent(doing: &str, limit: std::time::Duration) -> Diagnostic {
    let title = format!("the Engine did not {doing} within {} s", limit.as_secs());
    Diagnostic::error(ENGINE_REFUSED, title)
        .because("what a run has made carries the label `djdock.smoke`")
        .help("when the Engine answers again: `docker ps --all --filter label=djdock.smoke` names its containers, and so do `docker volume ls`, `docker network ls` and `docker image ls`")
}

fn cannot_reach(address: &Address, cause: &str) -> Diagnostic {
    let title = format!("cannot reach a Docker Engine at `{}`: {cause}", address.host);
    Diagnostic::error(ENGINE_UNREACHABLE, title).because(format!("the address is from {}", address.because))
}

fn forbidden(address: &Address, socket: &std::path::Path) -> Diagnostic {
    let diagnostic = cannot_reach(address, "permission denied");
    let person = user::name();
    let group = socket.metadata().ok().and_then(|metadata| user::group(metadata.gid()));
    match group {
        Some(group) => diagnostic
            .because(format!("the socket belongs to the group `{group}`, and {person} is not in it"))
            .help(format!("`sudo usermod -aG {group} $USER`, then log in again")),
        None => diagnostic
            .because(format!("{person} may not open the socket"))
            .help("run the Engine rootless: https://docs.docker.com/engine/security/rootless/"),
    }
}

fn start() -> String {
    "start it: `sudo systemctl start docker`, or open Docker Desktop; `docker version` shows whether it answers".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::terminal::testing::assert_said;

    #[test]
    fn an_engine_that_is_old_or_refuses_is_said() {
        let address = Address {
            host: "unix:///var/run/docker.sock".to_owned(),
            because: "where the Engine usually is".to_owned(),
            certificates: None,
        };
        assert_said(&too_old(&address, "19.03.5"));
        let error = bollard::errors::Error::DockerStreamError { error: "no space left on device".to_owned() };
        assert_said(&refused("make a network", &error));
    }
}
