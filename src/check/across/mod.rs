//! Rules across files: each file alone is right, and together they do not fit.

mod accounts;
mod background;
mod local_services;
mod modules;
mod static_files;
mod upstreams;
mod variables;

use std::collections::BTreeSet;

use crate::base::Diagnostic;
use crate::base::codes::check::across::{
    ACCOUNT_ABSENT, CELERY_APP_ABSENT, CELERY_OPTION_ORDER, FOLDER_ABSENT, LOCAL_SERVICE_ABSENT,
    NGINX_ALIAS_ELSEWHERE, SERVER_IN_BACKGROUND, SETTINGS_ABSENT, SOCKET_DIFFERS, UPSTREAM_PORT,
    UPSTREAM_UNKNOWN, UWSGI_PARAMS_MISSING, VARIABLE_NOT_GIVEN,
};
use crate::base::codes::check::server::{SERVER_MODULE_ABSENT, UWSGI_RELOADS};
use crate::check::compose::ComposeFile;
use crate::check::containers::nginx::{NginxFile, nginx_files};
use crate::check::containers::{Container, Files};
use crate::check::{Rule, Subject};

pub const RULES: &[Rule] = &[Rule {
    codes: &[
        ACCOUNT_ABSENT,
        CELERY_APP_ABSENT,
        CELERY_OPTION_ORDER,
        FOLDER_ABSENT,
        LOCAL_SERVICE_ABSENT,
        NGINX_ALIAS_ELSEWHERE,
        SERVER_IN_BACKGROUND,
        SERVER_MODULE_ABSENT,
        SETTINGS_ABSENT,
        SOCKET_DIFFERS,
        UPSTREAM_PORT,
        UPSTREAM_UNKNOWN,
        UWSGI_PARAMS_MISSING,
        UWSGI_RELOADS,
        VARIABLE_NOT_GIVEN,
    ],
    find,
}];

/// The project with its containers.
struct Stack<'a> {
    subject: &'a Subject<'a>,
    compose: &'a [ComposeFile],
    containers: &'a [Container<'a>],
    nginx: &'a [NginxFile],
}

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let files = Files::read(subject);
    if files.dockerfiles.is_empty() && files.compose.is_empty() {
        return Vec::new();
    }
    let containers = files.containers(subject);
    let nginx = nginx_files(subject.tree);
    let stack = Stack { subject, compose: &files.compose, containers: &containers, nginx: &nginx };
    let mut found = Vec::new();
    found.extend(modules::find(&stack));
    found.extend(accounts::find(&stack));
    found.extend(background::find(&stack));
    found.extend(variables::find(&stack));
    found.extend(local_services::find(&stack));
    found.extend(static_files::find(&stack));
    found.extend(upstreams::find(&stack));
    // Two containers that run one line have one mistake.
    let mut said = BTreeSet::new();
    found.retain(|one: &Diagnostic| {
        let place = one.labels.first().map(|label| (label.path.clone(), label.line));
        said.insert((one.code, place, one.title.clone()))
    });
    found
}

impl<'a> Stack<'a> {
    /// The containers of the project's own images with Python.
    fn django(&self) -> impl Iterator<Item = &'a Container<'a>> + use<'a> {
        self.containers.iter().filter(|container| is_django(container))
    }

    /// The containers that compose starts together with `container`: those of files in its folder.
    fn beside(&self, container: &Container<'_>) -> Vec<&'a Container<'a>> {
        let Some((file, _)) = container.service else { return Vec::new() };
        let folder = crate::base::path::parent(&file.path);
        let others = self.containers.iter().filter(|other| {
            other.service.is_some_and(|(other, _)| crate::base::path::parent(&other.path) == folder)
        });
        others.collect()
    }
}

/// Tells whether a container is made of an image of the project's own with Python.
fn is_django(container: &Container<'_>) -> bool {
    container.image.as_ref().is_some_and(|image| image.file.is_python())
}
