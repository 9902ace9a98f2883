//! Habits of older compose files.

use std::collections::BTreeSet;

use super::databases::server;
use super::{ComposeFile, Service, compose_files};
use crate::base::codes::check::compose::{
    COMPOSE_CONTAINER_NAME, COMPOSE_IMAGE_FLOATS, COMPOSE_VERSION, COMPOSE_VOLUMES_AS_SERVICE,
};
use crate::base::{Diagnostic, wording};
use crate::check::{Rule, Subject};

pub const RULES: &[Rule] = &[
    Rule { codes: &[COMPOSE_VERSION, COMPOSE_VOLUMES_AS_SERVICE], find: top_level },
    Rule { codes: &[COMPOSE_CONTAINER_NAME, COMPOSE_IMAGE_FLOATS], find: services },
];

fn top_level(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in compose_files(subject.tree) {
        if file.has_version {
            found.push(
                Diagnostic::note(COMPOSE_VERSION, "`version` has had no meaning since Compose 2")
                    .at(&file.line_of_key("version"), "compose warns about it at every call")
                    .help("take the line out"),
            );
        }
        for service in file.services.iter().filter(|service| service.looks_like_volumes) {
            found.push(
                Diagnostic::error(COMPOSE_VOLUMES_AS_SERVICE, format!("`{}` is indented as a service, and holds only names", service.name))
                    .at(&file.line_of(service, &service.name), "stands below `services`")
                    .because("it parses, but the volumes that other services use are not declared: compose refuses the file")
                    .help(format!("move `{}:` to the left margin", service.name)),
            );
        }
    }
    found
}

fn services(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = compose_files(subject.tree);
    // With `build`, `image` is the name that the result gets.
    let built: BTreeSet<&str> = files
        .iter()
        .flat_map(|file| &file.services)
        .filter(|service| service.builds)
        .filter_map(|service| service.image.as_deref())
        .collect();
    let mut found = Vec::new();
    for file in &files {
        found.extend(container_names(file));
        for service in file.services.iter().filter(|_| !file.is_override()) {
            let pulled = service.image.as_deref().filter(|image| !built.contains(image));
            if let Some(image) = pulled.filter(|image| floats(image)) {
                found.push(floating(file, service, image));
            }
        }
    }
    found
}

/// One for the file: the services that have a name of their own, each with its line.
fn container_names(file: &ComposeFile) -> Option<Diagnostic> {
    let named: Vec<&Service> =
        file.services.iter().filter(|service| service.container_name.is_some()).collect();
    if named.is_empty() {
        return None;
    }
    let names: Vec<&str> = named.iter().map(|service| service.name.as_str()).collect();
    let title = match names.as_slice() {
        [name] => format!("the service `{name}` has a fixed container name"),
        names => format!("the services {} have fixed container names", wording::and_ticked(names)),
    };
    let mut diagnostic = Diagnostic::note(COMPOSE_CONTAINER_NAME, title);
    for service in named {
        diagnostic = diagnostic
            .at(&file.line_of(service, "container_name"), "one container on the whole machine can have it");
    }
    Some(
        diagnostic
            .because("a second copy of the stack and `--scale` fail; compose names containers by itself, and services reach each other by service name")
            .help("take the line out; `docker compose exec SERVICE` finds the container"),
    )
}

fn floating(file: &ComposeFile, service: &Service, image: &str) -> Diagnostic {
    let title = format!("the image `{image}` of the service `{}` has no version", service.name);
    let place = file.line_of(service, image);
    let label = "whatever is newest on the day it is pulled";
    let diagnostic = if server(service).is_some() {
        Diagnostic::warning(COMPOSE_IMAGE_FLOATS, title)
            .at(&place, label)
            .because("a database's next major version does not read the files of the one before")
    } else {
        Diagnostic::note(COMPOSE_IMAGE_FLOATS, title)
            .at(&place, label)
            .because("two machines, or one machine before and after a `pull`, run different software")
    };
    diagnostic.help("name the version that runs today")
}

/// Whether an image has no tag or `latest`, and no digest. One whose name holds a variable is not known.
fn floats(image: &str) -> bool {
    if image.contains('@') || image.contains('$') {
        return false;
    }
    let name = image.rsplit('/').next().unwrap_or(image);
    match name.split_once(':') {
        None => true,
        Some((_, tag)) => tag == "latest",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    #[test]
    fn habits_of_old_are_named() {
        let text = "version: '3'\nservices:\n  db:\n    image: postgres\n    container_name: db\n  volumes:\n    data:\n";
        assert_eq!(
            findings(RULES, "docker-compose.yml", text, &[]),
            [
                "compose-version:1",
                "compose-volumes-as-service:6",
                "compose-container-name:5",
                "compose-image-floats:4"
            ]
        );
        assert!(
            findings(RULES, "compose.yaml", "services:\n  db:\n    image: postgres:17\n", &[]).is_empty()
        );
    }

    #[test]
    fn the_name_of_what_is_built_is_no_image_to_pull() {
        let check = |name: &str, text: &str| findings(RULES, name, text, &[]);
        let built = "services:\n  web:\n    build: .\n    image: shop\n  worker:\n    image: shop\n";
        assert!(check("compose.yaml", built).is_empty());
        let pulled = "services:\n  worker:\n    image: shop\n";
        assert_eq!(check("compose.yaml", pulled), ["compose-image-floats:3"]);
        assert!(check("docker-compose.override.yml", pulled).is_empty());
    }

    #[test]
    fn fixed_names_are_said_once_for_a_file() {
        let text = "services:\n  web:\n    build: .\n    container_name: web\n  db:\n    image: postgres:17\n    container_name: db\n  a:\n    build: .\n    container_name: ${NAME}\n";
        assert_eq!(findings(RULES, "compose.yaml", text, &[]), ["compose-container-name:4"]);
    }
}
