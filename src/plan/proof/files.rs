//! The files of containers: what is kept and written, what hides what, and the folders that the proxy serves.

use camino::Utf8Path;

use super::{Fault, Subject};
use crate::catalog::package_manager::VENV;
use crate::plan::{layout, service, writable};
use crate::stack::{Mount, Role, Service, Step};

pub(super) fn faults(subject: &Subject<'_>) -> Vec<Fault> {
    let mut found = lost_data(subject);
    for service in subject.of_project() {
        found.extend(hidden(subject, service));
        found.extend(unwritable(subject, service));
        found.extend(secrets(subject, service));
    }
    found.extend(locations(subject));
    found
}

/// Returns the folders of servers whose data no volume keeps.
fn lost_data(subject: &Subject<'_>) -> Vec<Fault> {
    let stores = service::stores(subject.ground, subject.settled.store_login.as_ref());
    let stores = stores.into_iter().filter_map(|(service, volume)| Some((service, volume?)));
    let lost = service::database(subject.ground).into_iter().chain(stores).filter_map(|(server, volume)| {
        let there = subject.stack.service(&server.name)?;
        let folder = server.mounts.iter().find_map(|mount| match mount {
            Mount::Volume { volume: name, target, .. } if *name == volume.name => Some(target),
            _ => None,
        })?;
        (!is_kept(there, folder)).then(|| {
            let title = format!("no volume keeps `{folder}` of `{}`", there.name);
            Fault::new(title, "its data is gone when the container is replaced")
        })
    });
    lost.collect()
}

/// Tells whether what a service writes to a folder outlives the container.
fn is_kept(service: &Service, folder: &str) -> bool {
    service.mounts.iter().any(|mount| {
        matches!(mount, Mount::Volume { target, read_only: false, .. } if Utf8Path::new(folder).starts_with(target))
    })
}

/// Returns the mounts that lie over what the image brings: the source, its modules, what was installed.
fn hidden(subject: &Subject<'_>, service: &Service) -> Vec<Fault> {
    let mounts = service.mounts.iter().filter_map(|mount| match mount {
        Mount::Volume { target, .. } | Mount::Anonymous { target } => Some(target),
        // The whole source in the place of the image's: the way in which development works.
        Mount::Bind { source, target, .. } => (source != "." || target != layout::SOURCE).then_some(target),
    });
    let memory = service.memory.iter().map(|memory| &memory.folder);
    let mut found = Vec::new();
    for target in mounts.chain(memory) {
        let what = if Utf8Path::new(VENV).starts_with(target) {
            "the distributions that are installed in the image"
        } else if Utf8Path::new(layout::SOURCE).starts_with(target) {
            "the project's code in the image"
        } else if holds_code(subject, target) {
            "modules of the project"
        } else if Utf8Path::new(layout::ENTRYPOINT).starts_with(target) {
            "the script with which containers start"
        } else {
            continue;
        };
        let title = format!("`{}` mounts something on `{target}`", service.name);
        found.push(Fault::new(title, format!("it hides {what}")));
    }
    found
}

/// Tells whether a folder of the image holds modules of the project.
fn holds_code(subject: &Subject<'_>, folder: &str) -> bool {
    let inside = folder.strip_prefix(layout::SOURCE).map(|inside| inside.trim_matches('/'));
    let inside = inside.filter(|inside| !inside.is_empty());
    inside.is_some_and(|inside| {
        subject.ground.tree.below(Utf8Path::new(inside)).any(|(path, _)| path.extension() == Some("py"))
    })
}

/// Returns the folders that the settings write to and that a read-only container keeps from it.
fn unwritable(subject: &Subject<'_>, service: &Service) -> Vec<Fault> {
    let Subject { ground, settled, .. } = *subject;
    if !ground.is_prod() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for kept in writable::volumes(ground, settled) {
        // One service alone fills the volume of static files.
        let reads = kept.volume == writable::STATIC && service.role != Role::Collect;
        let is_seen = service.mounts.contains(&kept.mount());
        let is_right = is_kept(service, &kept.target) || (reads && is_seen);
        if !is_right {
            let title = format!("no volume keeps `{}` of `{}`", kept.target, service.name);
            found.push(Fault::new(title, format!("the project writes there: {}", kept.because.reason)));
        }
    }
    for wanted in writable::memory(ground, settled) {
        let is_there =
            service.memory.iter().any(|memory| Utf8Path::new(&wanted.folder).starts_with(&memory.folder));
        if service.read_only && !is_there && !is_kept(service, &wanted.folder) {
            let title = format!("`{}` cannot write to `{}`", service.name, wanted.folder);
            found.push(Fault::new(title, "its file system is read-only, and nothing is mounted there"));
        }
    }
    found
}

/// Returns the files of secrets that the settings open and that a container does not have.
fn secrets(subject: &Subject<'_>, service: &Service) -> Vec<Fault> {
    let Subject { ground, settled, stack } = *subject;
    let files = settled.secret_files(&ground.answers.config_dir);
    let is_mounted = |target: &str| {
        let declared = stack.secrets.iter().filter(|secret| service.secrets.contains(&secret.name));
        let is_secret = declared.into_iter().any(|secret| secret.target == target);
        let is_in_source = service.mounts.iter().any(|mount| {
            matches!(mount, Mount::Bind { target: folder, .. } if Utf8Path::new(target).starts_with(folder))
        });
        is_secret || is_in_source
    };
    let lacking = files.into_iter().filter(|(file, _)| !is_mounted(&file.target));
    let fault = |(file, _): (crate::plan::SecretFile, String)| {
        let title = format!("`{}` does not have the file `{}`", service.name, file.target);
        Fault::new(title, "the settings read secrets from it")
    };
    lacking.map(fault).collect()
}

/// Returns the locations of the proxy in whose folders no files are.
fn locations(subject: &Subject<'_>) -> Vec<Fault> {
    let stack = subject.stack;
    let (Some(proxy), Some(service)) = (&stack.proxy, stack.role(Role::Proxy)) else { return Vec::new() };
    let stage = subject.stage(service);
    let is_there = |folder: &str| {
        let folder = folder.trim_end_matches('/');
        let in_image = stage.is_some_and(|stage| {
            stage.steps.iter().any(|step| match step {
                Step::CopyFrom { to, .. } | Step::CopySource { to, .. } => {
                    Utf8Path::new(folder).starts_with(to)
                }
                _ => false,
            })
        });
        in_image || shared_volume(subject, service, folder)
    };
    let empty = proxy.locations.iter().filter(|location| !is_there(&location.folder));
    let fault = |location: &crate::stack::Location| {
        let title =
            format!("the proxy answers `{}` from `{}`, where no files are", location.url, location.folder);
        Fault::new(title, "they answer 404")
    };
    empty.map(fault).collect()
}

/// Tells whether the proxy sees, in a folder, a volume that the project writes to.
fn shared_volume(subject: &Subject<'_>, service: &Service, folder: &str) -> bool {
    let seen = service.mounts.iter().find_map(|mount| match mount {
        Mount::Volume { volume, target, .. } if Utf8Path::new(folder).starts_with(target) => Some(volume),
        _ => None,
    });
    let is_written = |volume: &String| {
        let mounts = subject.of_project().flat_map(|service| &service.mounts);
        mounts.into_iter().any(|mount| {
            matches!(mount, Mount::Volume { volume: written, read_only: false, .. } if written == volume)
        })
    };
    seen.is_some_and(is_written)
}
