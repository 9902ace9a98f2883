//! Rules about what nginx tells Django of a request, and what it lets through.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::configuration::{files_of_nginx, is_the_project};
use crate::base::codes::check::server::{
    NGINX_BODY_SIZE, NGINX_FORWARDED_PROTO, NGINX_HOST_PORT, NGINX_UPSTREAM_FIXED,
};
use crate::base::{Diagnostic, Place};
use crate::check::compose::compose_files;
use crate::check::subject::url_host;
use crate::check::{Rule, Subject};
use crate::python::{Presence, Value};

pub const RULES: &[Rule] = &[
    Rule { codes: &[NGINX_HOST_PORT, NGINX_FORWARDED_PROTO], find: headers },
    Rule { codes: &[NGINX_UPSTREAM_FIXED], find: upstreams },
    Rule { codes: &[NGINX_BODY_SIZE], find: bodies },
];

/// A configuration that passes requests on to Django: its lines, and the one that does.
struct Proxy<'a> {
    path: &'a Utf8Path,
    text: &'a str,
    pass: u32,
    target: &'a str,
}

fn proxies<'a>(subject: &Subject<'a>) -> Vec<Proxy<'a>> {
    files_of_nginx(subject)
        .into_iter()
        .filter_map(|(path, text)| {
            let (pass, target) = (1..).zip(text.lines()).find_map(|(number, line)| {
                let target = line.trim_start().strip_prefix("proxy_pass")?.trim().trim_end_matches(';');
                is_the_project(target).then_some((number, target))
            })?;
            Some(Proxy { path, text, pass, target })
        })
        .collect()
}

impl Proxy<'_> {
    fn place(&self, line: u32) -> Place {
        Place::line(self.path, line)
    }

    /// The value and the line of a header that is sent on.
    fn header(&self, name: &str) -> Option<(u32, String)> {
        (1..).zip(self.text.lines()).find_map(|(number, line)| {
            let mut words = line.trim().trim_end_matches(';').split_whitespace();
            (words.next() == Some("proxy_set_header")).then_some(())?;
            words.next().filter(|own| own.eq_ignore_ascii_case(name))?;
            Some((number, words.collect::<Vec<_>>().join(" ")))
        })
    }
}

fn headers(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let wanted = proxy_header(subject);
    for proxy in proxies(subject) {
        if let Some((line, value)) = proxy.header("Host")
            && value.contains("$server_port")
        {
            found.push(
                Diagnostic::warning(NGINX_HOST_PORT, "nginx tells Django its own port instead of the visitor's")
                    .at(&proxy.place(line), format!("`{value}`"))
                    .because("in a container nginx listens on 80 whatever port is published: the origin of a form is another one than the host, `Origin checking failed`, and redirects lead to a port that nobody listens on")
                    .help("write `proxy_set_header Host $http_host;`"),
            );
        }
        let Some((name, place)) = &wanted else { continue };
        if proxy.header(name).is_none() {
            found.push(
                Diagnostic::warning(NGINX_FORWARDED_PROTO, format!("nginx does not send `{name}`, by which Django knows https"))
                    .at(&proxy.place(proxy.pass), "no header says how the visitor came")
                    .because(format!("`SECURE_PROXY_SSL_HEADER` names it at {place}"))
                    .because("Django takes every request for plain http: forms over https fail the CSRF check, and `SECURE_SSL_REDIRECT` redirects for ever")
                    .help(format!("add `proxy_set_header {name} $scheme;`, or pass on what a proxy before it said: `$http_{}`", name.to_lowercase().replace('-', "_"))),
            );
        }
    }
    found
}

/// The header that the settings read, as nginx writes it, and the line that says so.
fn proxy_header(subject: &Subject<'_>) -> Option<(String, Place)> {
    // Where a variable turns it on, it is off until the proxy is set up for it.
    let setting = subject.prod().settings.get("SECURE_PROXY_SSL_HEADER")?;
    let (value, place) = (&setting.value, &setting.place);
    // A class of settings that is unpacked by code says no more whether it always does so.
    let is_said = place.path().zip(place.line_number()).is_some_and(|(path, number)| {
        let line =
            subject.tree.text(path).and_then(|text| text.lines().nth(number.saturating_sub(1) as usize));
        line.is_some_and(|line| line.contains("SECURE_PROXY_SSL_HEADER"))
    });
    (setting.presence == Presence::Always && is_said).then_some(())?;
    let name = value.items()?.first().and_then(Value::as_str)?;
    let words = name.strip_prefix("HTTP_")?.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().into_iter().chain(letters.flat_map(char::to_lowercase)).collect::<String>()
    });
    Some((words.collect::<Vec<_>>().join("-"), place.clone()))
}

/// Names of services that nginx looks up once, when it starts.
fn upstreams(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let built: BTreeSet<String> = compose_files(subject.tree)
        .into_iter()
        .flat_map(|file| file.services)
        .filter(|service| service.builds)
        .map(|service| service.name)
        .collect();
    let mut found = Vec::new();
    for proxy in proxies(subject) {
        let host = url_host(proxy.target).unwrap_or_default();
        let servers = (1..).zip(proxy.text.lines()).find_map(|(number, line)| {
            let server = line.trim_start().strip_prefix("server ")?.split([':', ';', ' ']).next()?;
            built.contains(server).then_some((number, server))
        });
        let direct = built.contains(host).then_some((proxy.pass, host));
        let Some((line, name)) = servers.or(direct) else { continue };
        if !proxy.text.contains("resolver ") {
            found.push(
                Diagnostic::note(NGINX_UPSTREAM_FIXED, format!("nginx looks `{name}` up once, when it starts"))
                    .at(&proxy.place(line), "a name that gets a new address with each new container")
                    .because("after `docker compose up` replaced only that service, nginx still sends to the old address: 502; and where the name is not known yet, nginx stops: `host not found in upstream`")
                    .help("from nginx 1.27.3: `resolver 127.0.0.11 valid=10s;` and an upstream with `zone` and `server NAME:8000 resolve;`, as `djdock init` writes it")
                    .help("or restart nginx whenever the service was replaced"),
            );
        }
    }
    found
}

fn bodies(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let proxies = proxies(subject);
    let any = subject.tree.files().any(|path| {
        path.as_str().contains("nginx")
            && subject.tree.text(path).is_some_and(|text| text.contains("client_max_body_size"))
    });
    let Some(proxy) = proxies.first().filter(|_| !any) else { return Vec::new() };
    let Some(field) = file_field(subject) else { return Vec::new() };
    vec![
        Diagnostic::note(NGINX_BODY_SIZE, "nginx refuses uploads above 1 MB")
            .at(&proxy.place(proxy.pass), "no `client_max_body_size`")
            .because(format!("a model takes files at {field}; a larger one gets `413 Request Entity Too Large`, and Django never sees it"))
            .help("say how much is allowed: `client_max_body_size 20m;`"),
    ]
}

/// A field of a model that files are uploaded to.
fn file_field(subject: &Subject<'_>) -> Option<Place> {
    let tree = subject.tree;
    let models = tree.files().filter(|path| {
        path.file_name() == Some("models.py")
            || path.extension() == Some("py") && path.components().any(|part| part.as_str() == "models")
    });
    models.filter_map(|path| Some((path, tree.text(path)?))).find_map(|(path, text)| {
        let (number, _) = (1..).zip(text.lines()).find(|(_, line)| {
            ["models.FileField(", "models.ImageField("].iter().any(|field| line.contains(field))
        })?;
        Some(Place::line(path, number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings;

    const PROXY: &str =
        "location / {\n  proxy_pass http://web:8000;\n  proxy_set_header Host $http_host;\n}\n";

    #[test]
    fn failure_17_the_host_is_the_visitors() {
        let of = |text: &str| of_settings(&RULES[..1], "", &[("nginx/site.conf", text)]);
        assert_eq!(of(&PROXY.replace("$http_host", "$host:$server_port")), ["nginx-host-port:3"]);
        assert!(of(PROXY).is_empty());
    }

    #[test]
    fn failure_18_the_header_that_django_reads_is_sent() {
        let settings = "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')";
        let of =
            |settings: &str, text: &str| of_settings(&RULES[..1], settings, &[("nginx/site.conf", text)]);
        assert_eq!(of(settings, PROXY), ["nginx-forwarded-proto:2"]);
        let sent = PROXY.replace("  proxy_set", "  proxy_set_header X-Forwarded-Proto $scheme;\n  proxy_set");
        assert!(of(settings, &sent).is_empty());
        assert!(of("", PROXY).is_empty());
        let by_variable = format!("import os\nif os.environ.get('TLS'):\n    {settings}");
        assert!(of(&by_variable, PROXY).is_empty());
    }

    #[test]
    fn failure_25_a_replaced_container_is_found_again() {
        let compose = ("compose.yaml", "services:\n  web:\n    build: .\n");
        let of = |text: &str, compose| of_settings(&RULES[1..2], "", &[("nginx/site.conf", text), compose]);
        assert_eq!(of(PROXY, compose), ["nginx-upstream-fixed:2"]);
        let named = "upstream app {\n  server web:8000;\n}\nlocation / {\n  proxy_pass http://app;\n}\n";
        assert_eq!(of(named, compose), ["nginx-upstream-fixed:2"]);
        assert!(of(&format!("resolver 127.0.0.11;\n{PROXY}"), compose).is_empty());
        assert!(of(PROXY, ("notes.txt", "")).is_empty());
    }

    #[test]
    fn failure_51_uploads_get_through() {
        let of = |models: &str, text: &str| {
            of_settings(&RULES[2..], "", &[("nginx/site.conf", text), ("shop/models.py", models)])
        };
        let image = "from django.db import models\nclass A(models.Model):\n    photo = models.ImageField()\n";
        assert_eq!(of(image, PROXY), ["nginx-body-size:2"]);
        assert!(of(image, &format!("client_max_body_size 20m;\n{PROXY}")).is_empty());
        assert!(of("", PROXY).is_empty());
    }
}
