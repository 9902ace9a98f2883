//! The view of DOCKER.md.

use serde::Serialize;

use super::compose_command;
use crate::base::Evidence;
use crate::plan::stack::{Condition, Role, Service, ServiceImage, VariableValue};
use crate::plan::{Note, Overlay, Plan, Stack};

#[derive(Serialize)]
pub(in crate::render) struct DocumentView<'a> {
    fill_in: Vec<FillIn<'a>>,
    dev: StackView,
    prod: StackView,
    env_file: &'a str,
    generated_secrets: bool,
    /// A database server of the stack was made with one of them.
    keeps_password: bool,
    /// What is to be known of http and https.
    https: Option<&'a str>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    services: Vec<ServiceView<'a>>,
    overlays: Vec<OverlayView<'a>>,
    notes: Vec<NoteView<'a>>,
    files: Vec<FileView<'a>>,
}

/// A value that only a person knows.
#[derive(Serialize)]
struct FillIn<'a> {
    names: Vec<String>,
    file: &'a str,
    because: &'a str,
}

#[derive(Serialize)]
struct StackView {
    up: String,
    url: Option<String>,
    commands: Vec<CommandRow>,
}

#[derive(Serialize)]
struct CommandRow {
    purpose: &'static str,
    command: String,
}

#[derive(Serialize)]
struct Node {
    id: String,
    label: String,
}

#[derive(Serialize)]
struct Edge {
    from: String,
    to: String,
    label: Option<&'static str>,
}

#[derive(Serialize)]
struct ServiceView<'a> {
    name: &'a str,
    image: &'a str,
    does: &'static str,
    because: String,
}

#[derive(Serialize)]
struct OverlayView<'a> {
    module: &'a str,
    extends: &'a str,
    overrides: Vec<OverrideView<'a>>,
}

#[derive(Serialize)]
struct OverrideView<'a> {
    setting: &'a str,
    because: &'a str,
    places: Vec<String>,
}

#[derive(Serialize)]
struct NoteView<'a> {
    topic: &'a str,
    text: &'a str,
    evidence: Vec<EvidenceView<'a>>,
}

#[derive(Serialize)]
struct EvidenceView<'a> {
    reason: &'a str,
    place: String,
    /// It can be opened.
    is_file: bool,
}

#[derive(Serialize)]
struct FileView<'a> {
    path: &'a str,
    because: &'a str,
}

impl<'a> DocumentView<'a> {
    pub(in crate::render) fn new(plan: &'a Plan) -> Self {
        let (nodes, edges) = diagram(&plan.prod);
        let is_generated = |value: &VariableValue| matches!(value, VariableValue::Generated { .. });
        Self {
            fill_in: fill_in(plan),
            dev: StackView {
                up: compose_command(&plan.dev, &["up", "--build"]),
                url: url(&plan.dev),
                commands: dev_commands(&plan.dev),
            },
            prod: StackView {
                up: compose_command(&plan.prod, &["up", "--build", "--detach"]),
                url: url(&plan.prod),
                commands: prod_commands(&plan.prod),
            },
            env_file: plan.prod.env_file.as_str(),
            keeps_password: plan.prod.role(Role::Database).is_some(),
            https: plan.notes.iter().find(|note| is_about_https(note)).map(|note| note.text.as_str()),
            generated_secrets: plan.variables().iter().any(|variable| is_generated(&variable.value)),
            nodes,
            edges,
            services: plan.prod.services.iter().map(ServiceView::new).collect(),
            overlays: plan.overlays.iter().map(OverlayView::new).collect(),
            notes: plan
                .notes
                .iter()
                .filter(|note| !is_about_https(note))
                .map(|note| NoteView {
                    topic: &note.topic,
                    text: &note.text,
                    evidence: evidence(&note.evidence),
                })
                .collect(),
            files: plan
                .outputs
                .iter()
                .map(|output| FileView { path: output.path.as_str(), because: &output.because })
                .collect(),
        }
    }
}

/// Printed where production is explained, and not among what was found.
fn is_about_https(note: &Note) -> bool {
    note.topic == crate::plan::HTTPS
}

/// A reason with its place.
fn said(evidence: &Evidence) -> String {
    let place = &evidence.place;
    if place.path().is_some() {
        format!("{} (`{place}`)", evidence.reason)
    } else {
        format!("{} ({place})", evidence.reason)
    }
}

impl<'a> ServiceView<'a> {
    fn new(service: &'a Service) -> Self {
        let image = match &service.image {
            ServiceImage::Named { tag } => tag,
            ServiceImage::Built { image, .. } => image,
        };
        let because = service.because.first();
        let because = because.map(said).unwrap_or_default();
        Self { name: &service.name, image, does: does(service.role), because }
    }
}

impl<'a> OverlayView<'a> {
    fn new(overlay: &'a Overlay) -> Self {
        let overrides = overlay.overrides.iter().map(|setting| OverrideView {
            setting: &setting.setting,
            because: &setting.because,
            places: setting.evidence.iter().map(|evidence| evidence.place.to_string()).collect(),
        });
        Self { module: &overlay.module, extends: &overlay.extends, overrides: overrides.collect() }
    }
}

fn evidence(evidence: &[Evidence]) -> Vec<EvidenceView<'_>> {
    evidence
        .iter()
        .map(|evidence| EvidenceView {
            reason: &evidence.reason,
            place: evidence.place.to_string(),
            is_file: evidence.place.path().is_some(),
        })
        .collect()
}

fn fill_in(plan: &Plan) -> Vec<FillIn<'_>> {
    let asked =
        plan.variables().into_iter().filter(|variable| matches!(variable.value, VariableValue::Asked { .. }));
    let mut found: Vec<FillIn<'_>> = asked
        .map(|variable| FillIn {
            names: vec![variable.name.clone()],
            file: plan.prod.env_file.as_str(),
            because: &variable.because,
        })
        .collect();
    for file in &plan.secret_files {
        let names = file.asked();
        if !names.is_empty() {
            found.push(FillIn {
                names,
                file: file.path.as_str(),
                because: "the settings read it from this file",
            });
        }
    }
    found
}

fn does(role: Role) -> &'static str {
    match role {
        Role::Web => "runs the project",
        Role::Proxy => "answers browsers: static files itself, all else from the project",
        Role::Database => "keeps the data",
        Role::Cache => "keeps what is short-lived",
        Role::Worker => "works off tasks in the background",
        Role::Scheduler => "starts tasks at their time",
        Role::Migrate => "applies migrations and ends; the others wait for it",
        Role::Assets => "rebuilds the front end while its sources are edited",
    }
}

/// Where a browser finds the stack on this machine.
fn url(stack: &Stack) -> Option<String> {
    let port = stack.front()?.ports.first()?;
    let port = if port.published == 80 { String::new() } else { format!(":{}", port.published) };
    Some(format!("http://localhost{port}"))
}

fn dev_commands(stack: &Stack) -> Vec<CommandRow> {
    let mut rows = Vec::new();
    if let Some(web) = stack.role(Role::Web) {
        let manage = |purpose, words: &[&str]| {
            let command = [&["exec", web.name.as_str(), "python", "manage.py"], words].concat();
            CommandRow { purpose, command: compose_command(stack, &command) }
        };
        rows.push(manage("make an administrator", &["createsuperuser"]));
        rows.push(manage("write migrations for changed models", &["makemigrations"]));
        rows.push(manage("apply migrations", &["migrate"]));
        rows.push(manage("run the tests", &["test"]));
        rows.push(manage("open a Python shell", &["shell"]));
    }
    rows.push(CommandRow {
        purpose: "take new requirements in",
        command: compose_command(stack, &["up", "--build"]),
    });
    rows.push(if stack.volumes.is_empty() {
        CommandRow { purpose: "remove the containers", command: compose_command(stack, &["down"]) }
    } else {
        CommandRow {
            purpose: "remove everything, the data too",
            command: compose_command(stack, &["down", "--volumes"]),
        }
    });
    rows
}

fn prod_commands(stack: &Stack) -> Vec<CommandRow> {
    let row = |purpose, words: &[&str]| CommandRow { purpose, command: compose_command(stack, words) };
    let mut rows = vec![
        row("see what is healthy", &["ps"]),
        row("follow the logs", &["logs", "--follow"]),
        row("deploy a change: build, migrate, replace", &["up", "--build", "--detach"]),
    ];
    if let Some(web) = stack.role(Role::Web) {
        let manage = ["exec", &web.name, "python", "manage.py"];
        rows.push(row("make an administrator", &[&manage[..], &["createsuperuser"]].concat()));
        rows.push(row("let Django check the settings", &[&manage[..], &["check", "--deploy"]].concat()));
    }
    rows.push(row("stop and remove the containers, keep the data", &["down"]));
    rows
}

/// Who talks to whom: who depends on whom says it.
fn diagram(stack: &Stack) -> (Vec<Node>, Vec<Edge>) {
    let id = |name: &str| {
        let at = stack.services.iter().position(|service| service.name == name).unwrap_or_default();
        format!("s{at}")
    };
    let mut nodes = vec![Node { id: "browser".to_owned(), label: "browser".to_owned() }];
    let mut edges = Vec::new();
    if let Some(front) = stack.front() {
        edges.push(Edge { from: "browser".to_owned(), to: id(&front.name), label: None });
    }
    for service in &stack.services {
        nodes.push(Node { id: id(&service.name), label: service.name.clone() });
        for dependency in &service.depends_on {
            let after = dependency.condition == Condition::CompletedSuccessfully;
            edges.push(Edge {
                from: id(&service.name),
                to: id(&dependency.service),
                label: after.then_some("starts after"),
            });
        }
    }
    (nodes, edges)
}
