//! Habits of older compose files.

use std::collections::BTreeSet;

use super::databases::server;
use super::{ComposeFile, Service, compose_files};
use crate::base::codes::check::compose::{
    COMPOSE_CONTAINER_NAME, COMPOSE_IMAGE_EOL, COMPOSE_IMAGE_FLOATS, COMPOSE_LINKS, COMPOSE_VERSION,
    COMPOSE_VOLUMES_AS_SERVICE,
};
use crate::base::{Diagnostic, Place, Severity, wording};
use crate::check::{Rule, Subject, at_places};
use crate::knowledge::support;

pub const RULES: &[Rule] = &[
    Rule { codes: &[COMPOSE_VERSION, COMPOSE_VOLUMES_AS_SERVICE], find: top_level },
    Rule { codes: &[COMPOSE_CONTAINER_NAME, COMPOSE_LINKS], find: names },
    Rule { codes: &[COMPOSE_IMAGE_FLOATS, COMPOSE_IMAGE_EOL], find: images },
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

fn names(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = compose_files(subject.tree);
    files.iter().flat_map(|file| [container_names(file), links(file)]).flatten().collect()
}

fn images(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = compose_files(subject.tree);
    // With `build`, `image` is the name that the result gets.
    let built: BTreeSet<&str> = files
        .iter()
        .flat_map(|file| &file.services)
        .filter(|service| service.builds)
        .filter_map(|service| service.image.as_deref())
        .collect();
    let mut found = Vec::new();
    for file in files.iter().filter(|file| !file.is_override()) {
        let pulled: Vec<(&Service, &str)> = file
            .services
            .iter()
            .filter_map(|service| Some((service, service.image.as_deref()?)))
            .filter(|(_, image)| !built.contains(image))
            .collect();
        // A database that moves by itself loses its data; anything else only changes.
        for of_databases in [true, false] {
            let floating: Vec<(&Service, &str)> = pulled
                .iter()
                .filter(|(service, image)| floats(image) && server(service).is_some() == of_databases)
                .copied()
                .collect();
            found.extend(floating_images(file, &floating, of_databases));
        }
        found.extend(ended(subject, file, &pulled));
    }
    found
}

/// Images that get no fixes, each once; a server that this Django refuses is another finding's.
fn ended(subject: &Subject<'_>, file: &ComposeFile, pulled: &[(&Service, &str)]) -> Vec<Diagnostic> {
    let mut images: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for (service, image) in pulled {
        let ended = support::ended(image);
        if ended.is_empty() || images.contains(image) || super::databases::is_too_old(subject, service) {
            continue;
        }
        images.push(image);
        let names: Vec<&str> = ended.iter().map(|one| one.name.as_str()).collect();
        let verb = if names.len() == 1 { "gets" } else { "get" };
        let title =
            format!("the image `{image}` has {}, which {verb} no security fixes", names.join(" and "));
        let users = pulled.iter().filter(|(_, other)| other == image);
        let places: Vec<Place> = users.map(|(service, _)| file.line_of(service, image)).collect();
        let mut diagnostic = at_places(
            Diagnostic::warning(COMPOSE_IMAGE_EOL, title),
            places.iter().map(|place| (place, "chosen here".to_owned())),
        );
        for one in &ended {
            diagnostic =
                diagnostic.because(format!("{} had its last security fixes on {}", one.name, one.end));
        }
        found.push(diagnostic.help(if server(service).is_some() {
            "take a newer image, and bring the data over with a dump: a newer server does not read an older one's files"
        } else {
            "take a newer image"
        }));
    }
    found
}

fn links(file: &ComposeFile) -> Option<Diagnostic> {
    let linked: Vec<&Service> = file.services.iter().filter(|service| service.has_links).collect();
    let names: Vec<&str> = linked.iter().map(|service| service.name.as_str()).collect();
    let title = match names.as_slice() {
        [] => return None,
        [name] => format!("`links` of the service `{name}` does nothing that the network does not do"),
        names => {
            format!("`links` of {} does nothing that the network does not do", wording::and_ticked(names))
        }
    };
    let places: Vec<Place> = linked.iter().map(|service| file.line_of(service, "links")).collect();
    let diagnostic = at_places(
        Diagnostic::note(COMPOSE_LINKS, title),
        places.iter().map(|place| (place, "of Docker's time before networks".to_owned())),
    );
    Some(
        diagnostic
            .because("services of one stack reach each other by service name anyway")
            .help("take it out; what must be ready first goes into `depends_on`"),
    )
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

fn floating_images(
    file: &ComposeFile,
    floating: &[(&Service, &str)],
    of_databases: bool,
) -> Option<Diagnostic> {
    let mut names: Vec<&str> = floating.iter().map(|(_, image)| *image).collect();
    names.sort_unstable();
    names.dedup();
    let title = match names.as_slice() {
        [] => return None,
        [name] => format!("the image `{name}` has no version"),
        names => format!("the images {} have no version", wording::and_ticked(names)),
    };
    let (severity, why) = if of_databases {
        (Severity::Warning, "a database's next major version does not read the files of the one before")
    } else {
        (Severity::Note, "two machines, or one machine before and after a `pull`, run different software")
    };
    let places: Vec<Place> = floating.iter().map(|(service, image)| file.line_of(service, image)).collect();
    let diagnostic = at_places(
        Diagnostic::new(COMPOSE_IMAGE_FLOATS, severity, title),
        places.iter().map(|place| (place, "whatever is newest on the day it is pulled".to_owned())),
    );
    Some(diagnostic.because(why).help("name the version that runs today"))
}

/// Tells whether an image has no tag or `latest`, and no digest. One whose name holds a variable is not known.
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
    fn servers_that_get_no_fixes_are_said() {
        let of = |image: &str| {
            let text = format!("services:\n  db:\n    image: {image}\n");
            findings(RULES, "compose.yaml", &text, &[("requirements.txt", "django==3.2.1\n")])
        };
        assert_eq!(of("postgres:12"), ["compose-image-eol:3"]);
        assert_eq!(of("redis:5-alpine"), ["compose-image-eol:3"]);
        assert_eq!(of("nginx:1.17-alpine3.10"), ["compose-image-eol:3"]);
        assert!(of("postgres:17").is_empty());
        assert!(of("registry.example.org/postgres:12").is_empty());
        // What this Django refuses is said by another rule.
        let text = "services:\n  db:\n    image: mysql:5.7\n";
        assert!(findings(RULES, "compose.yaml", text, &[("requirements.txt", "django==5.2.1\n")]).is_empty());
    }

    #[test]
    fn links_are_said_once_for_a_file() {
        let text = "services:\n  web:\n    build: .\n    links: [db]\n  worker:\n    build: .\n    links:\n      - db\n";
        assert_eq!(findings(RULES, "compose.yaml", text, &[]), ["compose-links:4"]);
    }

    #[test]
    fn fixed_names_are_said_once_for_a_file() {
        let text = "services:\n  web:\n    build: .\n    container_name: web\n  db:\n    image: postgres:17\n    container_name: db\n  a:\n    build: .\n    container_name: ${NAME}\n";
        assert_eq!(findings(RULES, "compose.yaml", text, &[]), ["compose-container-name:4"]);
    }
}
