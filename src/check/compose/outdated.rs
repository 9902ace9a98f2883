//! Habits of older compose files.

use super::compose_files;
use crate::base::Diagnostic;
use crate::base::codes::check::compose::{
    COMPOSE_CONTAINER_NAME, COMPOSE_IMAGE_FLOATS, COMPOSE_VERSION, COMPOSE_VOLUMES_AS_SERVICE,
};
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
    let mut found = Vec::new();
    for file in compose_files(subject.tree) {
        for service in &file.services {
            if service.has_container_name {
                found.push(
                    Diagnostic::note(COMPOSE_CONTAINER_NAME, format!("the service `{}` has a fixed container name", service.name))
                        .at(&file.line_of(service, "container_name"), "one container on the whole machine can have it")
                        .because("a second copy of the stack and `--scale` fail; compose names containers by itself, and services reach each other by service name")
                        .help("take the line out; `docker compose exec NAME` finds the container"),
                );
            }
            if let Some(image) = service.image.as_deref().filter(|image| floats(image)) {
                found.push(
                    Diagnostic::warning(
                        COMPOSE_IMAGE_FLOATS,
                        format!("the image `{image}` of the service `{}` has no version", service.name),
                    )
                    .at(&file.line_of(service, image), "whatever is newest on the day it is pulled")
                    .because("a database's next major version does not read the files of the one before")
                    .help("name the major version that runs today"),
                );
            }
        }
    }
    found
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
    use crate::check::compose::testing::findings;

    #[test]
    fn habits_of_old_are_named() {
        let text = "version: '3'\nservices:\n  db:\n    image: postgres\n    container_name: db\n  volumes:\n    data:\n";
        assert_eq!(
            findings(RULES, "docker-compose.yml", text, ""),
            [
                "compose-version:1",
                "compose-volumes-as-service:6",
                "compose-container-name:5",
                "compose-image-floats:4"
            ]
        );
        assert!(findings(RULES, "compose.yaml", "services:\n  db:\n    image: postgres:17\n", "").is_empty());
    }
}
