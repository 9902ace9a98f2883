//! The reverse proxy.

use super::{FRONT, HASTE, REST, body_size, certificates, hardened, memory, plain, prefix, words};
use crate::base::{Evidence, Place};
use crate::inspect::storages;
use crate::plan::ground::Ground;
use crate::plan::settle::Settled;
use crate::plan::writable::{self, Kept};
use crate::plan::{image, layout};
use crate::python::{Minor, Value};
use crate::stack::{
    HealthCheck, Location, Mount, Proxy, PublishedPort, Restart, Role, Routing, Service, ServiceImage, Text,
};

/// The service of the proxy and what it does, where the stack has one.
pub(in crate::plan) fn proxy(
    ground: &Ground<'_>,
    settled: &Settled,
    image: &str,
    kept: &[Kept],
) -> Option<(Service, Proxy)> {
    ground.has_proxy().then_some(())?;
    let kind = ground.answers.proxy.run.as_ref()?;
    let built = ServiceImage::Built { image: image.to_owned(), arguments: Vec::new() };
    let mut service = hardened(plain(kind.service, Role::Proxy, built), true);
    // The proxy waits for nobody, and finds containers of the project when there are some: Compose replaces, together with a
    // container, those of services that wait for it, and a proxy must outlive the project's containers.
    service.health_check = Some(HealthCheck {
        test: words(kind.health),
        shell: false,
        interval: REST,
        timeout: 5,
        retries: 3,
        start_period: 10,
        start_interval: HASTE,
    });
    service.memory = memory(kind.writable, Some(kind.user));
    service.networks = vec![FRONT.to_owned()];
    service.restart = Restart::UnlessStopped;
    service.stop_signal = Some(kind.stop_signal.to_owned());
    service.cap_add = words(kind.capabilities);
    let every_name = format!(":{}", kind.port);
    let site = |name: &str| (name.to_owned(), Text::variable_or(name, every_name));
    service.environment = kind.site_variable.map(site).into_iter().collect();
    service.mounts = kind
        .volumes
        .iter()
        .map(|volume| Mount::Volume {
            volume: volume.name.to_owned(),
            target: volume.target.to_owned(),
            read_only: false,
        })
        .collect();
    let (certificate, of_certificates, certified_port) = match certificates::of_proxy(ground) {
        Some((certificate, mount, port)) => (Some(certificate), Some(mount), Some(port)),
        None => (None, None, None),
    };
    service.mounts.extend(of_certificates);
    let tls_port = kind.tls_port.or(certified_port);
    service.ports.push(PublishedPort {
        interface: None,
        variable: "HTTP_PORT".to_owned(),
        published: 80,
        container: kind.port,
    });
    service.ports.extend(tls_port.map(|port| PublishedPort {
        interface: None,
        variable: "HTTPS_PORT".to_owned(),
        published: 443,
        container: port,
    }));
    service.because = vec![Evidence::new(
        Place::Default,
        if ground.serves_static_by_proxy() {
            "serves static files and stands between slow clients and the app server"
        } else {
            "stands between slow clients and the app server"
        },
    )];
    let trusted = Text::known(kind.trusted_networks)
        .then(Text::variable_or(layout::TRUSTED_PROXY, layout::NOBODY_ELSE));
    service.environment.insert(kind.trusted_address.to_owned(), trusted);
    let prefix = prefix::of(settled).filter(|prefix| prefix::is_plain(prefix));
    let mut locations = Vec::new();
    if ground.serves_static_by_proxy()
        && image::static_root(ground, settled).is_some()
        && let Some(url) = static_url(settled)
    {
        let immutable = hashes_names(ground, settled);
        locations.push(Location {
            url,
            folder: format!("{}/", layout::PROXY_STATIC),
            immutable,
            compressed: !kind.compressors.is_empty(),
            uploaded: false,
        });
    }
    if let Some(files) = writable::static_files(kept).filter(|_| ground.serves_static_by_proxy()) {
        let target = layout::PROXY_STATIC.to_owned();
        service.mounts.push(Mount::Volume { volume: files.volume.clone(), target, read_only: true });
    }
    if let (true, Some(media), Some(url)) =
        (kind.serves_files, writable::media(kept), path(settled, "MEDIA_URL"))
    {
        let target = layout::PROXY_MEDIA.to_owned();
        service.mounts.push(Mount::Volume { volume: media.volume.clone(), target, read_only: true });
        locations.push(Location {
            url,
            folder: format!("{}/", layout::PROXY_MEDIA),
            immutable: false,
            compressed: false,
            uploaded: true,
        });
    }
    for location in &mut locations {
        location.url = prefix::without(prefix.as_deref(), &location.url);
    }
    locations.sort_by(|a, b| (b.url.len(), &a.url).cmp(&(a.url.len(), &b.url)));
    let proxy = Proxy {
        listen: kind.port,
        upstream_service: layout::WEB.to_owned(),
        upstream_port: layout::PORT,
        locations,
        body_megabytes: body_size::of(ground, settled),
        prefix,
        health_path: kind.health_path.to_owned(),
        health_port: kind.health_port,
        routing: routing(ground),
        tls_port,
        site_variable: kind
            .site_variable
            .or_else(|| Some(ground.answers.tls.run?.site_variable).filter(|_| certificate.is_some()))
            .map(str::to_owned),
        certificate,
    };
    Some((service, proxy))
}

/// The way in which the running proxy learns which containers of the app server answer.
pub(in crate::plan) fn routing(ground: &Ground<'_>) -> Option<Routing> {
    let routing = ground.answers.proxy.run.as_ref()?.routing?;
    let fill =
        |text: &str| text.replace("{service}", layout::WEB).replace("{port}", &layout::PORT.to_string());
    Some(Routing {
        variable: routing.variable.to_owned(),
        usual: fill(routing.usual),
        behind: fill(routing.behind),
        between: routing.between.to_owned(),
        fallback: routing.fallback.map(fill),
        reload: words(routing.reload),
        settles: routing.settles,
    })
}

/// The path below which static files are served; Django's usual one where the settings' own is not known.
fn static_url(settled: &Settled) -> Option<String> {
    /// <https://docs.djangoproject.com/en/stable/howto/static-files/>
    const USUAL: &str = "/static/";
    path_at_origin(settled, "STATIC_URL").or_else(|| static_url_is_unknown(settled).then(|| USUAL.to_owned()))
}

/// Tells whether `STATIC_URL` is set to something that the evaluation could not follow.
pub(in crate::plan) fn static_url_is_unknown(settled: &Settled) -> bool {
    let stated = settled.evaluation.get("STATIC_URL").filter(|value| **value != Value::None);
    stated.is_some_and(|value| value.as_text().is_none())
}

/// The path of a URL setting, also of one with a host: a network that delivers content asks for the files of a folder
/// here, under the same path.
fn path_at_origin(settled: &Settled, name: &str) -> Option<String> {
    path(settled, name).or_else(|| {
        let text = settled.evaluation.get(name)?.as_text()?;
        let (_, rest) = text.split_once("//")?;
        let (_, path) = rest.split_once('/')?;
        let inner = path.trim_matches('/');
        (!inner.is_empty()).then(|| format!("/{inner}/"))
    })
}

/// The path of a URL setting, with a slash at both ends; `None` for a URL with a host, and for the root.
pub(in crate::plan) fn path(settled: &Settled, name: &str) -> Option<String> {
    let text = settled.evaluation.get(name)?.as_text()?;
    if text.contains("://") || text.starts_with("//") {
        return None;
    }
    let inner = text.trim_matches('/');
    // Django puts the prefix before what does not begin with a slash.
    let prefix = prefix::of(settled).filter(|_| !text.starts_with('/')).unwrap_or_default();
    (!inner.is_empty()).then(|| format!("{prefix}/{inner}/"))
}

/// Tells whether the storage puts a hash of the contents into each file's name: the one that this Django looks for.
pub(in crate::plan) fn hashes_names(ground: &Ground<'_>, settled: &Settled) -> bool {
    let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    storages::hashes_static_names(&settled.evaluation, django)
}
