//! `docker compose`, the plugin: stacks are run by what people run them with.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::base::Diagnostic;
use crate::base::codes::shell::{COMPOSE_FILE_UNUSABLE, COMPOSE_MISSING};
use crate::shell::interrupt::Stopped;

/// Variables of the person's shell that the docker command line needs. Others would win over the env file.
const KEPT: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "TMPDIR",
    "LANG",
    "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME",
    "SSH_AUTH_SOCK",
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "DOCKER_CONFIG",
    "DOCKER_CERT_PATH",
    "DOCKER_TLS_VERIFY",
    "DOCKER_API_VERSION",
];

/// `docker compose` for one project.
#[derive(Clone, Debug)]
pub struct Compose {
    /// The project's name.
    pub project: String,
}

/// A run of compose that goes on.
#[derive(Debug)]
pub struct Running {
    child: Child,
    output: std::thread::JoinHandle<String>,
}

impl Compose {
    /// Says whether the plugin is there: its version.
    pub fn version() -> Result<String, Diagnostic> {
        let output =
            command(&["compose", "version", "--short"]).output().map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => {
                    missing("there is no `docker` among the programs in `PATH`".to_owned())
                }
                _ => missing(format!("`docker` cannot be run: {error}")),
            })?;
        let version = String::from_utf8_lossy(&output.stdout).trim().trim_start_matches('v').to_owned();
        if !output.status.success() || version.is_empty() {
            return Err(missing("`docker compose version` does not know the command".to_owned()));
        }
        if version.starts_with("1.") {
            return Err(missing(format!("found version {version}; version 2 is the oldest that is used")));
        }
        Ok(version)
    }

    /// The compose file as compose understands it: everything that it leaves open is filled in.
    pub fn model(
        &self,
        folder: &Utf8Path,
        file: &Utf8Path,
        env_file: Option<&Utf8Path>,
    ) -> Result<serde_json::Value, Diagnostic> {
        let unusable = |cause: &str| unusable(file, folder, cause);
        let path = folder.join(file);
        let mut arguments =
            vec!["compose", "-p", &self.project, "--project-directory", folder.as_str(), "-f", path.as_str()];
        let env_file = env_file.map(|file| folder.join(file));
        if let Some(env_file) = &env_file {
            arguments.extend(["--env-file", env_file.as_str()]);
        }
        arguments.extend(["config", "--format", "json"]);
        let output = command(&arguments).output().map_err(|error| unusable(&error.to_string()))?;
        if !output.status.success() {
            return Err(unusable(&String::from_utf8_lossy(&output.stderr)));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| unusable(&error.to_string()))
    }

    /// Ends what still runs of compose for the project: of a djdock that was killed, and could not end it itself. Where
    /// the system does not list processes in files, compose ends by itself as soon as it says something to nobody.
    pub fn end_all(&self) {
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let number =
                entry.file_name().to_str().and_then(|name| name.parse().ok()).and_then(Pid::from_raw);
            let (Some(process), Ok(line)) = (number, std::fs::read(entry.path().join("cmdline"))) else {
                continue;
            };
            let mut words = line.split(|byte| *byte == 0);
            if words.clone().any(|word| word == b"compose")
                && words.any(|word| word == self.project.as_bytes())
            {
                // It may have ended meanwhile.
                let _ = kill_process(process, Signal::KILL);
            }
        }
    }

    /// Starts the stack in `file` and comes back at once.
    pub fn up(&self, file: &Utf8PathBuf) -> Result<Running, Stopped> {
        let arguments = [
            "compose",
            "-p",
            &self.project,
            "-f",
            file.as_str(),
            "--progress",
            "plain",
            "up",
            "--detach",
            "--no-build",
        ];
        let mut command = command(&arguments);
        let spawned = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|error| {
            Stopped::from(
                Diagnostic::error(COMPOSE_MISSING, format!("`docker compose` cannot be run: {error}"))
                    .help("see whether `docker compose version` answers"),
            )
        })?;
        let stderr = child.stderr.take();
        let output = std::thread::spawn(move || {
            let mut text = Vec::new();
            if let Some(mut stderr) = stderr {
                let _ = stderr.read_to_end(&mut text);
            }
            String::from_utf8_lossy(&text).into_owned()
        });
        Ok(Running { child, output })
    }
}

impl Running {
    /// Tells whether it has ended, and how; `None` while it goes on.
    pub fn ended(&mut self) -> Option<bool> {
        match self.child.try_wait() {
            Ok(status) => status.map(|status| status.success()),
            Err(_) => Some(false),
        }
    }

    /// Returns the output of the command once it has ended; ends the command if it has not.
    pub fn said(mut self) -> String {
        // The plugin is a process of its own in the same group; both may have ended by themselves.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
        self.output.join().unwrap_or_default()
    }
}

/// `docker` with these arguments, in a process group of its own: Ctrl-C is djdock's to handle.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new("docker");
    command.args(arguments).stdin(Stdio::null()).process_group(0).env_clear();
    command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command
}

fn missing(cause: String) -> Diagnostic {
    Diagnostic::error(COMPOSE_MISSING, "no `docker compose` on this machine")
        .because(cause)
        .help("install the plugin: https://docs.docker.com/compose/install/ (`docker-compose-plugin` in Docker's Debian and Ubuntu packages, `docker-compose` in Debian's own)")
}

fn unusable(file: &Utf8Path, folder: &Utf8Path, cause: &str) -> Diagnostic {
    let mut said = Diagnostic::error(COMPOSE_FILE_UNUSABLE, format!("compose cannot use `{file}`"));
    for line in cause.lines().filter(|line| !line.trim().is_empty()).take(8) {
        said = said.because(line.replace(&format!("{folder}/"), "").trim().to_owned());
    }
    said.help(format!(
        "see it with `docker compose --file {file} config`, or write it anew with `djdock update`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::terminal::testing::assert_said;

    #[test]
    fn what_compose_lacks_or_refuses_is_said() {
        assert_said(&missing("there is no `docker` among the programs in `PATH`".to_owned()));
        let cause = "/srv/shop/compose.yaml: services.web additional property imagee not allowed";
        assert_said(&unusable(Utf8Path::new("compose.yaml"), Utf8Path::new("/srv/shop"), cause));
    }
}
