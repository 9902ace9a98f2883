//! Certificates that a service gets for the proxy: it can get them, and the proxy can read them.

use super::{Fault, Subject};
use crate::plan::service;
use crate::stack::{Mount, Role, Service};

pub(super) fn faults(subject: &Subject<'_>) -> Vec<Fault> {
    if service::certificates_folder(subject.ground).is_none() {
        return Vec::new();
    }
    let stack = subject.stack;
    let Some(getter) = stack.role(Role::Certificates) else {
        return vec![Fault::new("no service gets certificates", "the proxy answers no HTTPS")];
    };
    let (Some(proxy), Some(reader)) = (&stack.proxy, stack.role(Role::Proxy)) else { return Vec::new() };
    let Some(certificate) = &proxy.certificate else {
        let title = format!("`{}` reads no certificate", reader.name);
        return vec![Fault::new(title, "the proxy answers no HTTPS")];
    };
    let mut found = Vec::new();
    let mut need = |is_right: bool, title: String, because: &str| {
        if !is_right {
            found.push(Fault::new(title, because));
        }
    };
    let (reader_name, getter_name) = (&reader.name, &getter.name);
    for file in [&certificate.chain, &certificate.key, &certificate.webroot] {
        let (read, written) = (volume_of(reader, file), volume_of(getter, file));
        let is_written = written.is_some_and(|(_, read_only)| !read_only);
        let is_shared = read.map(|(volume, _)| volume) == written.map(|(volume, _)| volume);
        need(
            is_written && is_shared,
            format!("`{reader_name}` does not find `{file}`, which `{getter_name}` writes"),
            "no certificate comes to the proxy",
        );
    }
    let user = subject.ground.answers.proxy.run.as_ref().map(|run| run.user);
    need(
        getter.user.as_deref() == user,
        format!("`{getter_name}` does not run as the user of `{reader_name}`"),
        "the certificate's key is closed to the proxy",
    );
    let goes_out = |name: &String| !stack.networks.iter().any(|one| one.name == *name && one.internal);
    need(
        getter.networks.is_empty() || getter.networks.iter().any(goes_out),
        format!("`{getter_name}` is on networks without a way out alone"),
        "no authority is reached",
    );
    need(
        reader.ports.iter().any(|port| Some(port.container) == proxy.tls_port),
        format!("`{reader_name}` does not publish its port of HTTPS"),
        "no browser reaches the site by HTTPS",
    );
    found
}

/// Returns the volume of a service that holds a path, and whether the service may only read there.
fn volume_of<'a>(service: &'a Service, path: &str) -> Option<(&'a str, bool)> {
    service.mounts.iter().find_map(|mount| match mount {
        Mount::Volume { volume, target, read_only } => {
            let is_below = path.strip_prefix(target.as_str()).is_some_and(|rest| rest.starts_with('/'));
            is_below.then_some((volume.as_str(), *read_only))
        }
        _ => None,
    })
}
