//! Names that a compose file uses and nothing declares: compose refuses the whole file.

use std::collections::BTreeSet;

use super::{ComposeFile, Service, compose_files};
use crate::base::Diagnostic;
use crate::base::codes::check::compose::COMPOSE_UNDECLARED;
use crate::check::{Rule, Subject};

pub const RULES: &[Rule] = &[Rule { codes: &[COMPOSE_UNDECLARED], find }];

/// A kind of name, and the key under which it is declared.
const SERVICE: (&str, &str) = ("service", "services");
const VOLUME: (&str, &str) = ("volume", "volumes");
const NETWORK: (&str, &str) = ("network", "networks");

/// A name, what it names, and the key under which that is declared.
type Used<'a> = (&'a str, (&'static str, &'static str));

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = compose_files(subject.tree);
    let mut found = Vec::new();
    for file in &files {
        // Files may be given to compose together, also of several folders, and one that takes over others is not whole
        // by itself.
        if files.iter().any(|other| other.includes) || file.path.as_str().contains("{{") {
            continue;
        }
        let mut said: BTreeSet<&str> = BTreeSet::new();
        for service in file.services.iter().filter(|service| !service.extends && !service.looks_like_volumes)
        {
            for (name, kind) in used(service) {
                let is_there = files.iter().any(|other| declares(other, name, kind));
                if !is_there && !name.contains('$') && said.insert(name) {
                    found.push(undeclared(file, service, name, kind));
                }
            }
        }
    }
    found
}

fn used(service: &Service) -> Vec<Used<'_>> {
    let services = service.depends_on.iter().map(|name| (name.as_str(), SERVICE));
    let volumes = service.mounts.iter().filter_map(|mount| Some((named_volume(mount)?, VOLUME)));
    let networks = service.networks.iter().filter(|name| *name != "default");
    services.chain(volumes).chain(networks.map(|name| (name.as_str(), NETWORK))).collect()
}

/// The name of a mount's volume; `None` for folders of the host and for volumes without a name.
pub(crate) fn named_volume(mount: &str) -> Option<&str> {
    let (name, target) = mount.split_once(':')?;
    let is_name = !name.is_empty()
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.'))
        && !name.starts_with('.');
    // `C:\data` is a folder of Windows.
    (is_name && target.starts_with('/')).then_some(name)
}

fn declares(file: &ComposeFile, name: &str, kind: (&str, &str)) -> bool {
    let has = |names: &[String]| names.iter().any(|own| own == name);
    match kind {
        SERVICE => file.services.iter().any(|service| service.name == name),
        // That volumes stand where services should is another finding's.
        VOLUME => has(&file.volumes) || file.services.iter().any(|one| one.looks_like_volumes),
        _ => has(&file.networks),
    }
}

fn undeclared(
    file: &ComposeFile,
    service: &Service,
    name: &str,
    (kind, key): (&'static str, &'static str),
) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        COMPOSE_UNDECLARED,
        format!(
            "the service `{}` uses the {kind} `{name}`, which `{}` does not declare",
            service.name, file.path
        ),
    )
    .at(&file.line_of(service, name), "declared nowhere")
    .because("compose refuses the whole file, and starts nothing");
    if key == "services" {
        diagnostic.help(format!("take `{name}` out of `depends_on`, or add the service"))
    } else {
        diagnostic.help(format!("add at the left margin: `{key}:`, and below it `  {name}:`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    fn check(body: &str, rest: &str) -> Vec<String> {
        let text = format!("services:\n  web:\n    build: .\n{body}\n{rest}");
        findings(RULES, "compose.yaml", &text, &[])
    }

    #[test]
    fn a_volume_of_a_service_is_declared() {
        assert_eq!(check("    volumes: ['media:/app/media']", ""), ["compose-undeclared:4"]);
        assert!(check("    volumes: ['media:/app/media']", "volumes:\n  media:\n").is_empty());
        for unnamed in
            ["./media:/app/media", "/srv/media:/app/media", "/app/media", "${DATA}:/app/media", "~/m:/m"]
        {
            assert!(check(&format!("    volumes: ['{unnamed}']"), "").is_empty(), "{unnamed}");
        }
    }

    #[test]
    fn a_network_of_a_service_is_declared() {
        assert_eq!(check("    networks: [inside]", ""), ["compose-undeclared:4"]);
        assert_eq!(
            check("    networks:\n      inside:\n        aliases: [api]", ""),
            ["compose-undeclared:5"]
        );
        assert!(check("    networks: [inside]", "networks:\n  inside:\n").is_empty());
        assert!(check("    networks: [default]", "").is_empty());
    }

    #[test]
    fn what_a_service_depends_on_is_a_service() {
        assert_eq!(check("    depends_on: [queue]", ""), ["compose-undeclared:4"]);
        assert_eq!(
            check("    depends_on:\n      queue:\n        condition: service_started", ""),
            ["compose-undeclared:5"]
        );
        assert!(check("    depends_on: [queue]\n  queue:\n    image: redis:8", "").is_empty());
    }

    #[test]
    fn files_declare_for_each_other() {
        let base = "services:\n  web:\n    build: .\n  db:\n    image: postgres:17\nvolumes:\n  data:\n";
        let more = "services:\n  web:\n    depends_on: [db]\n    volumes: ['data:/data']\n";
        assert!(findings(RULES, "compose.yaml", base, &[("compose.prod.yaml", more)]).is_empty());
        assert!(findings(RULES, "compose.yaml", &format!("include: [other.yaml]\n{more}"), &[]).is_empty());
    }

    #[test]
    fn a_name_is_said_once() {
        let twice = "    networks: [inside]\n  worker:\n    build: .\n    networks: [inside]";
        assert_eq!(check(twice, ""), ["compose-undeclared:4"]);
    }
}
