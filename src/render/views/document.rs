//! The view of DOCKER.md.

mod redeploy;

use serde::Serialize;

use self::redeploy::Redeploy;
use crate::base::Evidence;
use crate::catalog::target::{Act, Target};
use crate::plan::{Note, Overlay, Plan, layout};
use crate::stack::Stack;
use crate::stack::{Condition, Role, Service, ServiceImage, VariableValue};

#[derive(Serialize)]
pub(in crate::render) struct DocumentView<'a> {
    fill_in: Vec<FillIn<'a>>,
    dev: StackView,
    prod: StackView,
    redeploy: Option<Redeploy>,
    env_file: &'a str,
    /// Files that are not in version control, the env file first, each with its example.
    secret_files: Vec<SecretFileView<'a>>,
    generated_secrets: bool,
    /// A database server of the stack was made with one of them.
    keeps_password: bool,
    /// A sentence about http and https.
    https: Option<&'a str>,
    /// The line of the env file with which the proxy gets a certificate, where it can.
    site_line: Option<String>,
    /// The line of the env file that starts the service of certificates, too.
    profile_line: Option<String>,
    /// The variable that names who else may say in a header how the browser came, where a proxy listens to it.
    trusted: Option<&'a str>,
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
    /// The variable of the port.
    port: Option<String>,
    commands: Vec<CommandRow>,
}

impl StackView {
    fn new(target: &Target, stack: &Stack, up: Act<'_>, commands: Vec<CommandRow>) -> Self {
        let port = stack.front().and_then(|front| front.ports.first());
        Self {
            up: target.command(stack, up),
            url: stack.url(),
            port: port.map(|port| port.variable.clone()),
            commands,
        }
    }
}

#[derive(Serialize)]
struct SecretFileView<'a> {
    path: &'a str,
    /// How the example becomes the file.
    copy: String,
}

fn secret_files(plan: &Plan) -> Vec<SecretFileView<'_>> {
    let env = &plan.prod.env_file;
    let copy = |from: &str, to: &str| shell_words::join(["cp", from, to]);
    let first = SecretFileView { path: env.as_str(), copy: copy(&format!("{env}.example"), env.as_str()) };
    let others = plan.secret_files.iter().map(|file| SecretFileView {
        path: file.path.as_str(),
        copy: copy(file.example.as_str(), file.path.as_str()),
    });
    std::iter::once(first).chain(others).collect()
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
        let target = plan.target.entry();
        let (nodes, edges) = diagram(&plan.prod);
        let site_variable = plan.prod.proxy.as_ref().and_then(|proxy| proxy.site_variable.as_ref());
        let certificate = plan.prod.proxy.as_ref().and_then(|proxy| proxy.certificate.as_ref());
        let is_generated = |value: &VariableValue| matches!(value, VariableValue::Generated { .. });
        Self {
            fill_in: fill_in(plan),
            dev: StackView::new(target, &plan.dev, Act::Run, dev_commands(target, &plan.dev)),
            prod: StackView::new(target, &plan.prod, Act::Deploy, prod_commands(plan)),
            redeploy: Redeploy::new(plan),
            secret_files: secret_files(plan),
            env_file: plan.prod.env_file.as_str(),
            keeps_password: plan.prod.role(Role::Database).is_some(),
            https: plan.notes.iter().find(|note| is_about_https(note)).map(|note| note.text.as_str()),
            profile_line: certificate.map(|certificate| format!("COMPOSE_PROFILES={}", certificate.profile)),
            site_line: site_variable.map(|name| format!("{name}=example.org")),
            trusted: plan.prod.proxy.is_some().then_some(layout::TRUSTED_PROXY),
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
        Role::Certificates => "gets the certificate and renews it",
        Role::Database => "keeps the data",
        Role::Cache => "keeps what is short-lived",
        Role::Worker => "works off tasks in the background",
        Role::Scheduler => "starts tasks at their time",
        Role::Migrate => "applies migrations and ends; the others wait for it",
        Role::Collect => "copies static files into a volume and ends, before the site starts",
        Role::Upload => "copies static files to their bucket and ends, before the site starts",
        Role::Assets => "rebuilds the front end while its sources are edited",
    }
}

/// A command of Django's in the running project.
fn manage(target: &Target, stack: &Stack, purpose: &'static str, words: &[&str]) -> Option<CommandRow> {
    let service = &stack.role(Role::Web)?.name;
    let words: Vec<&str> = stack.manage.iter().map(String::as_str).chain(words.iter().copied()).collect();
    Some(CommandRow { purpose, command: target.command(stack, Act::Exec { service, words: &words }) })
}

/// Both ways to take a stack down: what it keeps on volumes is gone only where that is asked for.
fn down(target: &Target, stack: &Stack) -> Vec<CommandRow> {
    let row = |purpose, act| CommandRow { purpose, command: target.command(stack, act) };
    if stack.volumes.is_empty() {
        return vec![row("stop it and remove the containers", Act::Remove)];
    }
    vec![
        row("stop it and remove the containers, keep the data", Act::Remove),
        row("remove everything, also the data", Act::RemoveWithData),
    ]
}

fn dev_commands(target: &Target, stack: &Stack) -> Vec<CommandRow> {
    let django = [
        manage(target, stack, "make an administrator", &["createsuperuser"]),
        manage(target, stack, "write migrations for changed models", &["makemigrations"]),
        manage(target, stack, "apply migrations", &["migrate"]),
        manage(target, stack, "run the tests", &["test"]),
        manage(target, stack, "open a Python shell", &["shell"]),
    ];
    let mut rows: Vec<CommandRow> = django.into_iter().flatten().collect();
    rows.push(CommandRow { purpose: "take new requirements in", command: target.command(stack, Act::Run) });
    rows.extend(down(target, stack));
    rows
}

fn prod_commands(plan: &Plan) -> Vec<CommandRow> {
    let (target, stack) = (plan.target.entry(), &plan.prod);
    let row = |purpose, act| CommandRow { purpose, command: target.command(stack, act) };
    let mut rows = vec![row("see what is healthy", Act::Status), row("follow the logs", Act::FollowLogs)];
    rows.extend(Redeploy::new(plan).map(|redeploy| CommandRow {
        purpose: "deploy a change: build, migrate, replace",
        command: redeploy.script,
    }));
    rows.extend(manage(target, stack, "make an administrator", &["createsuperuser"]));
    rows.extend(manage(target, stack, "let Django check the settings", &["check", "--deploy"]));
    rows.extend(down(target, stack));
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
        if let (Role::Proxy, Some(proxy)) = (service.role, &stack.proxy) {
            edges.push(Edge { from: id(&service.name), to: id(&proxy.upstream_service), label: None });
        }
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
