//! Services that keep stylesheets and scripts built while their sources are edited.

use super::development::{NAME, development};
use super::plain;
use super::project::{Shared, arguments};
use crate::base::{Evidence, Place};
use crate::inspect::facts::Frontend;
use crate::knowledge::static_builds;
use crate::plan::ground::Ground;
use crate::plan::image::{manage, package_folders};
use crate::plan::{frontend, layout};
use crate::stack::{Mount, PublishedPort, Role, Service, ServiceImage, Volume};

/// The service that builds the front end, and the volumes of its packages.
pub(in crate::plan) fn assets(ground: &Ground<'_>, image: &str) -> Option<(Service, Vec<Volume>)> {
    let development = development(ground)?;
    let frontend = frontend::of(ground)?;
    let image = ServiceImage::Built { image: image.to_owned(), arguments: arguments(ground) };
    let mut service = plain(NAME, Role::Assets, image);
    service.no_new_privileges = true;
    service.init = true;
    // Bundlers that watch end with their input.
    service.stdin_open = !development.ends;
    service.mounts =
        vec![Mount::Bind { source: ".".to_owned(), target: layout::SOURCE.to_owned(), read_only: false }];
    service.mounts.extend(package_mounts(frontend));
    service.ports.extend(development.port.map(|port| PublishedPort {
        interface: Some("127.0.0.1".to_owned()),
        variable: "ASSETS_PORT".to_owned(),
        published: port,
        container: port,
    }));
    service.because = ground.facts.built_frontend().evidence.clone();
    let volume = |mount: Mount| match mount {
        Mount::Volume { volume, .. } => {
            let because = Evidence::new(
                Place::Default,
                "packages of this machine's system must not hide the container's",
            );
            Some(Volume { name: volume, because: vec![because] })
        }
        _ => None,
    };
    Some((service, package_mounts(frontend).into_iter().filter_map(volume).collect()))
}

/// Volumes over the folders of packages.
pub(in crate::plan) fn package_mounts(frontend: &Frontend) -> Vec<Mount> {
    let folders = package_folders(frontend).into_iter().enumerate();
    let mount = |(index, target): (usize, String)| {
        let volume = if index == 0 { "packages".to_owned() } else { format!("packages-{}", index + 1) };
        Mount::Volume { volume, target, read_only: false }
    };
    folders.map(mount).collect()
}

/// Services of apps whose management command makes static files again and again.
pub(in crate::plan) fn styles(ground: &Ground<'_>, shared: &Shared) -> Vec<Service> {
    if ground.is_prod() {
        return Vec::new();
    }
    let rows = static_builds::of_apps(&ground.facts.installed_apps.value).filter(|row| !row.watch.is_empty());
    let service = |(index, row): (usize, &static_builds::Row)| {
        let name = if index == 0 { "styles".to_owned() } else { format!("styles-{}", index + 1) };
        let mut service = super::project::base(ground, shared, &name, Role::Assets);
        let arguments: Vec<&str> = row.watch.iter().map(String::as_str).collect();
        service.command = manage(ground, &arguments);
        service.stdin_open = true;
        service.because = ground.facts.installed_apps.evidence.clone();
        service
    };
    rows.enumerate().map(service).collect()
}
