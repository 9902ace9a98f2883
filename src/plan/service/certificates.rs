//! The service that gets certificates for the proxy.

use super::{FRONT, HASTE, REST, depends, hardened, memory, plain};
use crate::base::{Evidence, Place};
use crate::catalog::certificates::Run;
use crate::catalog::proxy::{self, ReadCertificates};
use crate::knowledge::images;
use crate::plan::ground::Ground;
use crate::stack::{
    Certificate, Condition, HealthCheck, Mount, Restart, Role, Service, ServiceImage, Text, Volume,
};

const VOLUME: &str = "certificates";

/// The program that gets certificates, and the proxy that reads them, where the stack has both.
fn parts(ground: &Ground<'_>) -> Option<(&'static Run, &'static proxy::Run, ReadCertificates)> {
    let proxy = ground.answers.proxy.entry().run.as_ref().filter(|_| ground.has_proxy())?;
    Some((ground.answers.tls.entry().run.as_ref()?, proxy, proxy.reads_certificates?))
}

/// The folder of certificates in the proxy's container.
pub(in crate::plan) fn folder(ground: &Ground<'_>) -> Option<&'static str> {
    parts(ground).map(|(_, _, reads)| reads.folder)
}

/// The service and the volume of the certificates, where the stack gets them.
pub(in crate::plan) fn certificates(ground: &Ground<'_>) -> Option<(Service, Volume)> {
    let (run, proxy, reads) = parts(ground)?;
    let image = images::choose(run.image, None)?;
    let mut service =
        hardened(plain(run.service, Role::Certificates, ServiceImage::Named { tag: image.reference }), true);
    let script = run.script.replace("{certificates}", reads.folder).replace("{webroot}", run.webroot);
    service.entrypoint = ["sh", "-c", &script].map(str::to_owned).to_vec();
    service.environment.insert(run.site_variable.to_owned(), Text::variable_or(run.site_variable, ""));
    // The proxy's image makes the folder, so the proxy's container comes first; and it shows the answers.
    service.depends_on = vec![depends(proxy.service, Condition::Healthy)];
    // Compose waits for every service: also until there is a certificate.
    service.health_check = Some(HealthCheck {
        test: ["test", "-f", &format!("{}/{}", reads.folder, run.chain)].map(str::to_owned).to_vec(),
        shell: false,
        interval: REST,
        timeout: 5,
        retries: 3,
        start_period: 120,
        start_interval: HASTE,
    });
    service.mounts = vec![mount(reads.folder, false)];
    service.memory = memory(run.writable, Some(proxy.user));
    service.networks = vec![FRONT.to_owned()];
    service.user = Some(proxy.user.to_owned());
    service.restart = Restart::UnlessStopped;
    service.init = true;
    service.profiles = vec![run.profile.to_owned()];
    // Never the flag: the second run reads the answer from the file of answers, and must write the same.
    let asked = Place::Answer("tls".to_owned());
    service.because = vec![Evidence::new(asked, "gets the certificate with which the proxy answers HTTPS")];
    let because = "certificates and their keys outlive the container, because their number is limited";
    Some((service, Volume { name: VOLUME.to_owned(), because: vec![Evidence::new(Place::Default, because)] }))
}

/// The files of the certificate as the proxy sees them, the folder's mount, and the port of HTTPS.
pub(super) fn of_proxy(ground: &Ground<'_>) -> Option<(Certificate, Mount, u16)> {
    let (run, _, reads) = parts(ground)?;
    let file = |name: &str| format!("{}/{name}", reads.folder);
    let certificate = Certificate {
        chain: file(run.chain),
        key: file(run.key),
        webroot: file(run.webroot),
        profile: run.profile.to_owned(),
    };
    Some((certificate, mount(reads.folder, true), reads.port))
}

fn mount(folder: &str, read_only: bool) -> Mount {
    Mount::Volume { volume: VOLUME.to_owned(), target: folder.to_owned(), read_only }
}
