//! Running containers: states, logs, commands inside, processes.

use std::collections::{BTreeMap, HashMap};

use bollard::container::LogOutput;
use bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use bollard::models::{ContainerInspectResponse, ContainerStateStatusEnum, HealthStatusEnum};
use bollard::query_parameters::{
    InspectContainerOptions, ListContainersOptionsBuilder, LogsOptionsBuilder, StopContainerOptionsBuilder,
    TopOptionsBuilder,
};
use futures_util::StreamExt;

use super::{Engine, filters};
use crate::shell::interrupt::Stopped;

/// A container of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    pub id: String,
    pub service: String,
    pub state: State,
    /// When it ended, as a text that sorts; empty while it runs.
    pub finished: String,
    /// `None` without a health check.
    pub health: Option<Health>,
    /// The output of the last health check.
    pub health_says: String,
    /// Published ports: container port → host port.
    pub ports: BTreeMap<u16, u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Created,
    Running,
    Exited { code: i64, out_of_memory: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    Starting,
    Healthy,
    Unhealthy,
}

/// The output of a command in a container, and its exit status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    pub code: i64,
    pub stdout: String,
    pub stderr: String,
}

impl Engine {
    /// The containers of the compose project `project`, sorted by service.
    pub fn containers(&self, project: &str) -> Result<Vec<Container>, Stopped> {
        let label = format!("com.docker.compose.project={project}");
        let options =
            ListContainersOptionsBuilder::default().all(true).filters(&filters(&[("label", label)])).build();
        let mut containers = self.wait("list containers", async {
            let mut containers = Vec::new();
            for summary in self.docker.list_containers(Some(options)).await? {
                let id = summary.id.unwrap_or_default();
                // One may go while others are looked at: a `run --rm`.
                if let Ok(inspected) =
                    self.docker.inspect_container(&id, None::<InspectContainerOptions>).await
                {
                    containers.push(container(inspected));
                }
            }
            Ok(containers)
        })?;
        containers.sort_by(|a, b| a.service.cmp(&b.service));
        Ok(containers)
    }

    /// The last `lines` of what a container wrote, both streams as they came.
    pub fn logs(&self, container: &str, lines: usize) -> Result<String, Stopped> {
        let options =
            LogsOptionsBuilder::default().stdout(true).stderr(true).tail(&lines.to_string()).build();
        self.wait("read a container's log", async {
            let mut stream = self.docker.logs(container, Some(options));
            let mut text = Vec::new();
            while let Some(output) = stream.next().await {
                text.extend_from_slice(&output?.into_bytes());
            }
            Ok(String::from_utf8_lossy(&text).into_owned())
        })
    }

    /// Runs `argv` in a running container, as the user that the container runs as.
    pub fn exec(&self, container: &str, argv: &[String]) -> Result<Ran, Stopped> {
        let config = CreateExecOptions {
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            cmd: Some(argv.to_vec()),
            ..CreateExecOptions::default()
        };
        self.wait("run a command in a container", async {
            let id = self.docker.create_exec(container, config).await?.id;
            let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
            if let StartExecResults::Attached { mut output, .. } =
                self.docker.start_exec(&id, None::<StartExecOptions>).await?
            {
                while let Some(piece) = output.next().await {
                    match piece? {
                        LogOutput::StdErr { message } => stderr.extend_from_slice(&message),
                        other => stdout.extend_from_slice(&other.into_bytes()),
                    }
                }
            }
            let code = self.docker.inspect_exec(&id).await?.exit_code.unwrap_or(-1);
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            Ok(Ran { code, stdout: text(&stdout), stderr: text(&stderr) })
        })
    }

    /// The user ids of a container's processes, as numbers, the first process first.
    pub fn users(&self, container: &str) -> Result<Vec<u32>, Stopped> {
        let options = TopOptionsBuilder::default().ps_args("-eo uid,pid,args").build();
        let top =
            self.wait("list a container's processes", self.docker.top_processes(container, Some(options)))?;
        let rows = top.processes.unwrap_or_default();
        Ok(rows.iter().filter_map(|row| row.first()?.trim().parse().ok()).collect())
    }

    /// Stops containers at the same time, each with `seconds` until it is killed.
    pub fn stop(&self, containers: &[String], seconds: u32) -> Result<(), Stopped> {
        let seconds = i32::try_from(seconds).unwrap_or(i32::MAX);
        let stops = containers.iter().map(|id| {
            let options = StopContainerOptionsBuilder::default().t(seconds).build();
            self.docker.stop_container(id, Some(options))
        });
        self.wait("stop containers", async {
            for stopped in futures_util::future::join_all(stops).await {
                // One that has stopped by itself meanwhile is no error.
                if let Err(error) = stopped
                    && !matches!(
                        error,
                        bollard::errors::Error::DockerResponseServerError { status_code: 304 | 404, .. }
                    )
                {
                    return Err(error);
                }
            }
            Ok(())
        })
    }
}

fn container(inspected: ContainerInspectResponse) -> Container {
    let labels: HashMap<String, String> =
        inspected.config.and_then(|config| config.labels).unwrap_or_default();
    let state = inspected.state.unwrap_or_default();
    let health = state.health.clone().unwrap_or_default();
    let last = health.log.as_ref().and_then(|log| log.last()).and_then(|result| result.output.clone());
    let ports = inspected.network_settings.and_then(|settings| settings.ports).unwrap_or_default();
    let ports = ports.into_iter().filter_map(|(inside, bindings)| {
        let inside = inside.split('/').next()?.parse().ok()?;
        let outside = bindings?.iter().find_map(|binding| binding.host_port.as_ref()?.parse().ok())?;
        Some((inside, outside))
    });
    Container {
        id: inspected.id.unwrap_or_default(),
        service: labels.get("com.docker.compose.service").cloned().unwrap_or_default(),
        finished: state.finished_at.clone().unwrap_or_default(),
        state: match state.status {
            Some(ContainerStateStatusEnum::EXITED | ContainerStateStatusEnum::DEAD) => State::Exited {
                code: state.exit_code.unwrap_or_default(),
                out_of_memory: state.oom_killed.unwrap_or_default(),
            },
            Some(ContainerStateStatusEnum::RUNNING | ContainerStateStatusEnum::RESTARTING) => State::Running,
            _ => State::Created,
        },
        health: match health.status {
            Some(HealthStatusEnum::STARTING) => Some(Health::Starting),
            Some(HealthStatusEnum::HEALTHY) => Some(Health::Healthy),
            Some(HealthStatusEnum::UNHEALTHY) => Some(Health::Unhealthy),
            _ => None,
        },
        health_says: last.unwrap_or_default().trim().to_owned(),
        ports: ports.collect(),
    }
}
