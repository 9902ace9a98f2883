//! Builds an image through BuildKit.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use bollard::moby::buildkit::v1::StatusResponse;
use bollard::models::BuildInfoAux;
use bollard::query_parameters::{BuildImageOptionsBuilder, BuilderVersion};
use camino::Utf8PathBuf;
use futures_util::StreamExt;
use futures_util::stream;

use super::{Engine, context};
use crate::base::Diagnostic;
use crate::base::codes::shell::CONTEXT_UNREADABLE;
use crate::shell::interrupt::Stopped;

/// A description of what to build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub tag: String,
    pub context: Utf8PathBuf,
    /// Relative to the context.
    pub dockerfile: Utf8PathBuf,
    pub target: Option<String>,
    pub arguments: BTreeMap<String, String>,
    pub labels: BTreeMap<String, String>,
}

/// An image that was built.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Built {
    pub bytes: u64,
    pub took: Duration,
}

/// The progress of a build: a step of a Dockerfile, by the name that BuildKit gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    Started { step: String },
    Done { step: String, cached: bool },
}

/// Why nothing was built.
#[derive(Debug)]
pub enum Failed {
    Stopped(Stopped),
    /// A step of the Dockerfile did not succeed.
    Step(Step),
}

/// The step that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// `[builder 4/7] RUN pip install -r requirements.txt`; empty where no step had begun.
    pub name: String,
    /// `process "/bin/sh -c …" did not complete successfully: exit code: 1`
    pub error: String,
    /// The output of the step, the last lines.
    pub log: Vec<String>,
}

impl From<Stopped> for Failed {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped(stopped)
    }
}

/// Lines of a step's log that are kept.
const LOG: usize = 200;

impl Engine {
    /// Builds `request` and says what happens. Dropped by a signal it leaves only the Engine's build cache.
    pub fn build(&self, request: &Request, progress: &mut dyn FnMut(Progress)) -> Result<Built, Failed> {
        let start = Instant::now();
        let (mut receiver, unreadable) = context::stream(&request.context, &request.dockerfile);
        let body = stream::poll_fn(move |task| receiver.poll_recv(task));
        let body = bollard::body_try_stream(body.map(|chunk| chunk.map(Into::into)));
        let mut steps = Steps::default();
        let built = self.wait("build an image", async {
            let mut events = Box::pin(self.docker.build_image(options(request), None, Some(body)));
            while let Some(event) = events.next().await {
                if let Some(BuildInfoAux::BuildKit(status)) = event?.aux {
                    steps.take(status, progress);
                }
            }
            self.docker.inspect_image(&request.tag).await
        });
        if let Some((path, error)) = unreadable.lock().ok().and_then(|mut slot| slot.take()) {
            return Err(Failed::Stopped(cannot_send(&path, &error).into()));
        }
        match built {
            Ok(image) => {
                let bytes = image.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default();
                Ok(Built { bytes, took: start.elapsed() })
            }
            Err(Stopped::Interrupted) => Err(Failed::Stopped(Stopped::Interrupted)),
            Err(Stopped::Diagnosed(diagnostic)) => Err(match steps.failed() {
                Some(step) => Failed::Step(step),
                None if diagnostic.code == crate::base::codes::shell::ENGINE_REFUSED => {
                    let said =
                        diagnostic.title.split_once(": ").map_or(diagnostic.title.as_str(), |(_, said)| said);
                    Failed::Step(Step { name: String::new(), error: said.to_owned(), log: Vec::new() })
                }
                None => Failed::Stopped(Stopped::Diagnosed(diagnostic)),
            }),
        }
    }
}

fn options(request: &Request) -> bollard::query_parameters::BuildImageOptions {
    let map = |from: &BTreeMap<String, String>| from.clone().into_iter().collect::<HashMap<_, _>>();
    let options = BuildImageOptionsBuilder::default()
        .dockerfile(request.dockerfile.as_str())
        .t(&request.tag)
        .buildargs(&map(&request.arguments))
        .labels(&map(&request.labels))
        .version(BuilderVersion::BuilderBuildKit)
        .session(&request.tag.replace([':', '/'], "-"))
        .rm(true);
    match &request.target {
        Some(target) => options.target(target).build(),
        None => options.build(),
    }
}

/// The steps of a build as they come and go.
#[derive(Default)]
struct Steps {
    names: BTreeMap<String, String>,
    started: std::collections::BTreeSet<String>,
    done: std::collections::BTreeSet<String>,
    logs: BTreeMap<String, Vec<u8>>,
    failed: Option<(String, String)>,
}

impl Steps {
    fn take(&mut self, status: StatusResponse, progress: &mut dyn FnMut(Progress)) {
        for vertex in status.vertexes {
            // BuildKit's own housekeeping has no number of a step.
            let shown = vertex.name.starts_with('[') && !vertex.name.starts_with("[internal]");
            let step = vertex.name.clone();
            self.names.insert(vertex.digest.clone(), vertex.name);
            if !vertex.error.is_empty() && !vertex.error.contains("context canceled") {
                self.failed.get_or_insert((vertex.digest.clone(), vertex.error));
            } else if vertex.completed.is_some() {
                if self.done.insert(vertex.digest) && shown {
                    progress(Progress::Done { step, cached: vertex.cached });
                }
            } else if vertex.started.is_some() && shown && self.started.insert(vertex.digest) {
                progress(Progress::Started { step });
            }
        }
        for log in status.logs {
            self.logs.entry(log.vertex).or_default().extend(log.msg);
        }
    }

    fn failed(self) -> Option<Step> {
        let (digest, error) = self.failed?;
        let log = self.logs.get(&digest).map(|bytes| lines(bytes)).unwrap_or_default();
        Some(Step { name: self.names.get(&digest).cloned().unwrap_or_default(), error, log })
    }
}

/// The last lines of what a process wrote to a terminal that is none.
fn lines(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(LOG)..].iter().map(|line| (*line).to_owned()).collect()
}

fn cannot_send(path: &camino::Utf8Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(CONTEXT_UNREADABLE, format!("cannot read `{path}` for the build: {error}"))
        .because("it is in the build context: nothing in `.dockerignore` keeps it out")
        .help(format!("if the image does not need it, add the line `{path}` to .dockerignore"))
}

#[cfg(test)]
mod tests {
    use bollard::moby::buildkit::v1::Vertex;

    use super::*;
    use crate::shell::terminal::testing::assert_said;

    /// BuildKit names all steps first, says later that one begins, and repeats that until it ends.
    #[test]
    fn a_step_is_told_of_when_it_begins_and_when_it_ends() {
        let vertex = |is_started: bool, is_completed: bool| Vertex {
            digest: "sha256:1".to_owned(),
            name: "[app 2/3] RUN pip install".to_owned(),
            started: is_started.then(Default::default),
            completed: is_completed.then(Default::default),
            ..Vertex::default()
        };
        let (mut steps, mut told) = (Steps::default(), Vec::new());
        for vertex in [vertex(false, false), vertex(true, false), vertex(true, false), vertex(true, true)] {
            let status = StatusResponse { vertexes: vec![vertex], ..StatusResponse::default() };
            steps.take(status, &mut |progress| told.push(progress));
        }
        let step = "[app 2/3] RUN pip install".to_owned();
        assert_eq!(told, [Progress::Started { step: step.clone() }, Progress::Done { step, cached: false }]);
    }

    #[test]
    fn a_file_that_cannot_be_sent_is_said() {
        let error = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        assert_said(&cannot_send(camino::Utf8Path::new("pgdata"), &error));
    }
}
