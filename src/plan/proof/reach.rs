//! Who reaches whom: networks, ports, and the addresses that health checks and the proxy ask.

use super::{Fault, Subject};
use crate::stack::{HealthCheck, Protocol, Role, Service, Step, WaitFor};

pub(super) fn faults(subject: &Subject<'_>) -> Vec<Fault> {
    let mut found = Vec::new();
    for service in &subject.stack.services {
        found.extend(published(subject, service));
        found.extend(health(subject, service));
        found.extend(exposed(subject, service));
    }
    found.extend(front(subject));
    found.extend(proxy(subject));
    found.extend(waits(subject));
    found.extend(networks(subject));
    found
}

/// Returns the ports that the processes of a service listen on; `None` where nothing says so.
fn listens(subject: &Subject<'_>, service: &Service) -> Option<Vec<u16>> {
    let Subject { ground, stack, .. } = subject;
    let app = &stack.app_server;
    match service.role {
        Role::Web => Some(vec![app.port, app.health_port]),
        Role::Proxy => {
            let proxy = stack.proxy.as_ref()?;
            Some(
                [Some(proxy.listen), Some(proxy.health_port), proxy.tls_port].into_iter().flatten().collect(),
            )
        }
        Role::Database => Some(vec![ground.database.server()?.container.port]),
        Role::Cache => Some(vec![ground.store_port(&service.name)?]),
        Role::Worker
        | Role::Scheduler
        | Role::Migrate
        | Role::Collect
        | Role::Upload
        | Role::Assets
        | Role::Certificates => None,
    }
}

fn hears(subject: &Subject<'_>, service: &Service, port: u16) -> bool {
    listens(subject, service).is_none_or(|ports| ports.contains(&port))
}

/// Returns the published ports behind which nobody listens, and those of servers that only the project may reach.
fn published(subject: &Subject<'_>, service: &Service) -> Vec<Fault> {
    let name = &service.name;
    let mut found = Vec::new();
    for port in &service.ports {
        if !hears(subject, service, port.container) {
            let title = format!("`{name}` publishes its port {}, on which nobody listens", port.container);
            found.push(Fault::new(title, "requests from outside are refused"));
        }
        if subject.ground.is_prod() && matches!(service.role, Role::Database | Role::Cache) {
            let title = format!("`{name}` publishes its port {}", port.container);
            found.push(Fault::new(title, "everybody who reaches the machine reaches the project's data"));
        }
    }
    found
}

/// Returns the ports that a health check asks and nobody listens on.
fn health(subject: &Subject<'_>, service: &Service) -> Vec<Fault> {
    let of_image =
        subject.stage(service).into_iter().flat_map(|stage| &stage.steps).filter_map(|step| match step {
            Step::HealthCheck(check) => Some(check),
            _ => None,
        });
    // The image's own check counts where the service has none, and serves whoever runs the image by itself.
    let of_image = of_image.filter(|_| service.role == Role::Web);
    let name = &service.name;
    let mut found: Vec<Fault> = Vec::new();
    for port in service.health_check.iter().chain(of_image).flat_map(asked_ports) {
        let title = format!("the health check of `{name}` asks the port {port}, on which nobody listens");
        let fault = Fault::new(title, format!("`{name}` never becomes healthy"));
        if !hears(subject, service, port) && !found.contains(&fault) {
            found.push(fault);
        }
    }
    let app = &subject.stack.app_server;
    if service.role == Role::Web && app.protocol != Protocol::Http && app.health_port == app.port {
        let title =
            format!("the health check of `{name}` speaks HTTP to a port that answers another protocol");
        found.push(Fault::new(title, format!("`{name}` never becomes healthy")));
    }
    found
}

/// Returns the ports of this machine that stand in a command: `http://127.0.0.1:8080/`, `('127.0.0.1', 8000)`.
fn asked_ports(check: &HealthCheck) -> Vec<u16> {
    let port_behind = |text: &str| {
        let rest = text.trim_start_matches([':', ',', ' ', '\'', '"', '/']);
        let has_separator = rest.len() < text.len();
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        if has_separator { digits.parse::<u16>().ok() } else { None }
    };
    let in_word = |word: &String| {
        let hosts = ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "/dev/tcp/127.0.0.1"];
        let behind = hosts.iter().flat_map(|host| {
            word.match_indices(host)
                .filter_map(|(at, _)| port_behind(&word[at + host.len()..]))
                .collect::<Vec<_>>()
        });
        behind.collect::<Vec<_>>()
    };
    check.test.iter().flat_map(in_word).collect()
}

/// Returns the ports that an image says it listens on and does not.
fn exposed(subject: &Subject<'_>, service: &Service) -> Vec<Fault> {
    if !matches!(service.role, Role::Web | Role::Proxy) {
        return Vec::new();
    }
    let exposed =
        subject.stage(service).into_iter().flat_map(|stage| &stage.steps).filter_map(|step| match step {
            Step::Expose { port } => Some(*port),
            _ => None,
        });
    let unheard = exposed.filter(|port| !hears(subject, service, *port));
    let fault = |port| {
        let title =
            format!("the image of `{}` exposes the port {port}, on which nobody listens", service.name);
        Fault::new(title, "its processes listen on another one")
    };
    unheard.map(fault).collect()
}

/// Returns the fault of a stack that nobody can reach.
fn front(subject: &Subject<'_>) -> Option<Fault> {
    let front = subject.stack.front()?;
    if front.ports.is_empty() {
        let title = format!("`{}` publishes no port", front.name);
        return Some(Fault::new(title, "no browser reaches the site"));
    }
    let is_internal = |name: &String| {
        subject.stack.networks.iter().any(|network| network.name == *name && network.internal)
    };
    let is_shut_in = !front.networks.is_empty() && front.networks.iter().all(is_internal);
    is_shut_in.then(|| {
        let title = format!("`{}` is on networks without a way out alone", front.name);
        Fault::new(title, "its published ports are reached by nobody")
    })
}

/// Returns the faults of a proxy that passes requests on to nobody.
fn proxy(subject: &Subject<'_>) -> Option<Fault> {
    let proxy = subject.stack.proxy.as_ref()?;
    let (name, port) = (&proxy.upstream_service, proxy.upstream_port);
    let Some(upstream) = subject.stack.service(name) else {
        let title = format!("the proxy passes requests on to `{name}`, which is no service");
        return Some(Fault::new(title, "every page answers 502"));
    };
    let app = &subject.stack.app_server;
    let is_right = if upstream.role == Role::Web { port == app.port } else { hears(subject, upstream, port) };
    if !is_right {
        let title = format!(
            "the proxy passes requests on to the port {port} of `{name}`, where no requests are answered"
        );
        return Some(Fault::new(title, "every page answers 502"));
    }
    let passes = subject.ground.answers.proxy.run.map(|run| run.passes).unwrap_or_default();
    (!passes.contains(&app.protocol)).then(|| {
        let title = format!("the proxy does not speak the protocol of `{name}`");
        Fault::new(title, "every page answers 502")
    })
}

/// Returns the addresses that the entrypoint waits for and that are nobody's.
fn waits(subject: &Subject<'_>) -> Vec<Fault> {
    let mut found = Vec::new();
    for wait in &subject.stack.entrypoint.wait_for {
        let WaitFor::Address { host, port } = wait else { continue };
        let is_heard = subject.stack.service(host).is_some_and(|service| hears(subject, service, *port));
        if !is_heard {
            let title = format!("the entrypoint waits for `{host}:{port}`, where nobody listens");
            found.push(Fault::new(title, "no container of the project ever starts"));
        }
    }
    found
}

/// Returns pairs of services that must speak with each other and share no network.
fn networks(subject: &Subject<'_>) -> Vec<Fault> {
    let mut found = Vec::new();
    let mut need = |service: &Service, other: &Service, because: &str| {
        let is_shared = service.networks.iter().any(|network| other.networks.contains(network))
            || (service.networks.is_empty() && other.networks.is_empty());
        if !is_shared {
            let title = format!("`{}` and `{}` are on no network together", service.name, other.name);
            found.push(Fault::new(title, because));
        }
    };
    for service in subject.of_project() {
        for server in subject.servers() {
            need(service, server, "the project does not find its data");
        }
    }
    if let (Some(proxy), Some(service)) = (&subject.stack.proxy, subject.stack.role(Role::Proxy))
        && let Some(upstream) = subject.stack.service(&proxy.upstream_service)
    {
        need(service, upstream, "the proxy does not find the project");
    }
    found
}
