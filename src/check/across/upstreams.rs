//! Rules about the servers that nginx asks.

use super::Stack;
use crate::base::codes::check::across::{
    SOCKET_DIFFERS, UPSTREAM_PORT, UPSTREAM_UNKNOWN, UWSGI_PARAMS_MISSING,
};
use crate::base::{Diagnostic, Place, wording};
use crate::check::containers::listens::{At, Listen, address_of, listens};
use crate::check::containers::nginx::{Directive, NginxFile, reads};
use crate::check::containers::{Container, filled_in};
use crate::check::subject::is_this_machine;

/// A server that a file of nginx's asks.
struct Asked {
    /// `None` for a socket.
    host: Option<String>,
    at: Option<At>,
    is_uwsgi: bool,
    place: Place,
}

pub(super) fn find(stack: &Stack<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for proxy in stack.containers {
        for file in stack.nginx.iter().filter(|file| reads(proxy, &file.path)) {
            found.extend(without_params(stack, file));
            for asked in asked(file, stack.nginx, proxy) {
                found.extend(match (&asked.host, &asked.at) {
                    (None, Some(At::Socket(socket))) => differs(stack, proxy, &asked, socket),
                    (Some(host), _) => host_of(stack, proxy, &asked, host),
                    _ => None,
                });
            }
        }
    }
    found
}

/// `uwsgi_pass` without the variables of the request.
fn without_params(stack: &Stack<'_>, file: &NginxFile) -> Option<Diagnostic> {
    let gives = |directive: &Directive| {
        directive.name() == "uwsgi_param"
            || directive.name() == "include"
                && directive.argument().is_some_and(|file| file.contains("uwsgi_param"))
    };
    // The main file may say it for every site.
    let in_main = stack
        .nginx
        .iter()
        .any(|other| other.directives.iter().any(|one| one.name() == "http" && one.block.iter().any(gives)));
    let mut first: Option<&Directive> = None;
    file.visit(&mut |directive, above| {
        if directive.name() == "uwsgi_pass"
            && first.is_none()
            && !above.iter().any(|around| around.block.iter().any(gives))
            && !file.directives.iter().any(gives)
        {
            first = Some(directive);
        }
    });
    let directive = first.filter(|_| !in_main)?;
    Some(
        Diagnostic::error(UWSGI_PARAMS_MISSING, "nginx asks uWSGI without telling it the request")
            .at(&file.place(directive), "no `include uwsgi_params`")
            .because("uWSGI gets no method and no path: it answers 500 to everything, or nothing")
            .help("add below it: `include uwsgi_params;`"),
    )
}

/// Every server that a file asks, through its upstreams, which may stand in another one of `files`.
fn asked(file: &NginxFile, files: &[NginxFile], proxy: &Container<'_>) -> Vec<Asked> {
    let mut variables = proxy.variables();
    file.visit(&mut |directive, _| {
        if let (true, [name, value]) = (directive.name() == "set", directive.arguments()) {
            variables.insert(name.trim_start_matches('$').to_owned(), filled_in(value, &variables));
        }
    });
    let mut found = Vec::new();
    let upstreams = |name: &str| {
        std::iter::once(file).chain(files).find_map(|file| {
            let mut all = file.directives.iter().chain(file.directives.iter().flat_map(|one| &one.block));
            Some((file, all.find(|one| one.name() == "upstream" && one.argument() == Some(name))?))
        })
    };
    file.visit(&mut |directive, _| {
        let is_uwsgi = directive.name() == "uwsgi_pass";
        if !is_uwsgi && directive.name() != "proxy_pass" {
            return;
        }
        let Some(target) = directive.argument().map(|target| filled_in(target, &variables)) else { return };
        let (scheme, rest) = target.split_once("://").unwrap_or(("", &target));
        if scheme == "https" || rest.contains('$') && !rest.contains("$request_uri") {
            return;
        }
        let address =
            if rest.starts_with("unix:") { rest } else { rest.split(['/', '$']).next().unwrap_or(rest) };
        let name = address.split(':').next().unwrap_or(address);
        let servers: Vec<(String, Place)> = match upstreams(name) {
            Some((file, upstream)) => {
                let servers = upstream.block.iter().filter(|one| one.name() == "server");
                let filled =
                    |one: &Directive| Some((filled_in(one.argument()?, &variables), file.place(one)));
                servers.filter_map(filled).collect()
            }
            None => vec![(address.to_owned(), file.place(directive))],
        };
        for (address, place) in servers.into_iter().filter(|(address, _)| !address.contains('$')) {
            let (host, at) = if let Some(path) = address.strip_prefix("unix:") {
                // `unix:/run/a.sock:/path` of proxy_pass names a path of the request too.
                let path = path.trim_start_matches("//").split(':').next().unwrap_or(path);
                (None, Some(At::Socket(path.to_owned())))
            } else {
                let host = address.split(':').next().unwrap_or(&address).to_owned();
                let port = if address.contains(':') { address_of(&address) } else { Some(At::Port(80)) };
                (Some(host), port)
            };
            found.push(Asked { host, at, is_uwsgi, place });
        }
    });
    found
}

/// A socket that is not one on which a server of the same container, or of one that shares the folder, listens.
fn differs(stack: &Stack<'_>, proxy: &Container<'_>, asked: &Asked, socket: &str) -> Option<Diagnostic> {
    let tree = stack.subject.tree;
    let own = if proxy.service.is_some() { stack.beside(proxy) } else { Vec::new() };
    let mut offered: Vec<(String, Listen)> = Vec::new();
    let others = own.into_iter().filter(|other| !std::ptr::eq(*other, proxy));
    let seen = proxy.locate(socket);
    for (container, is_self) in std::iter::once((proxy, true)).chain(others.map(|other| (other, false))) {
        for listen in listens(tree, container)? {
            let At::Socket(path) = &listen.at else { continue };
            let is_same = if is_self { path == socket } else { container.locate(path) == seen };
            if is_same || path.contains(['$', '%']) {
                return None;
            }
            offered.push((path.clone(), listen));
        }
    }
    let (path, listen) = offered.into_iter().next()?;
    Some(
        Diagnostic::error(
            SOCKET_DIFFERS,
            format!("nginx asks the socket `{socket}`, and {} listens on `{path}`", listen.server),
        )
        .at(&asked.place, "asked here")
        .at(&listen.place, "listens here")
        .because("every request gets 502: `connect() to unix:… failed (2: No such file or directory)`")
        .help(format!("name one socket in both: `{path}`")),
    )
}

fn host_of(stack: &Stack<'_>, proxy: &Container<'_>, asked: &Asked, host: &str) -> Option<Diagnostic> {
    let (compose, service) = proxy.service?;
    if is_this_machine(host) {
        let runs_server = super::is_django(proxy)
            || service.shares_network
            || !proxy.runs.is_empty() && proxy.runs.iter().any(|run| run.command.serves());
        return (!runs_server).then(|| itself(asked, host, &service.name));
    }
    if host.contains('.') || host.contains(':') {
        return None;
    }
    let beside = stack.beside(proxy);
    let is_it = |other: &&&Container<'_>| {
        other
            .service
            .is_some_and(|(_, other)| other.name == host || other.other_names.iter().any(|name| name == host))
    };
    let Some(answering) = beside.iter().find(is_it) else {
        // A part of a service may stand in a file that says no image.
        let is_named = beside.iter().filter_map(|other| other.service).any(|(file, _)| {
            file.includes
                || file
                    .services
                    .iter()
                    .any(|one| one.name == host || one.other_names.iter().any(|name| name == host))
        });
        let is_known = is_named || service.known_hosts.iter().any(|name| name == host) || service.extends;
        return (!is_known).then(|| unknown(asked, host, &compose.path, &beside));
    };
    let Some(At::Port(port)) = &asked.at else { return None };
    let offered = listens(stack.subject.tree, answering)?;
    let ports: Vec<u16> = offered
        .iter()
        .filter_map(|listen| if let At::Port(port) = listen.at { Some(port) } else { None })
        .collect();
    let first = offered.first()?;
    match offered.iter().find(|listen| listen.at == At::Port(*port)) {
        Some(listen) if listen.is_uwsgi != asked.is_uwsgi => Some(
            Diagnostic::error(
                UPSTREAM_PORT,
                format!(
                    "nginx speaks {} to `{host}:{port}`, which answers {}",
                    protocol(asked.is_uwsgi),
                    protocol(listen.is_uwsgi)
                ),
            )
            .at(&asked.place, "asked here")
            .at(&listen.place, "listens here")
            .because("every request gets 502")
            .help(if listen.is_uwsgi {
                "write `uwsgi_pass` with `include uwsgi_params;`, or let uWSGI speak http: `--http-socket`"
            } else {
                "write `proxy_pass http://…;`"
            }),
        ),
        Some(_) => None,
        None if ports.is_empty() => None,
        None => Some(
            Diagnostic::error(
                UPSTREAM_PORT,
                format!(
                    "nginx asks `{host}:{port}`, and {} listens on {}",
                    first.server,
                    wording::or_ticked(&ports)
                ),
            )
            .at(&asked.place, "asked here")
            .at(&first.place, "listens here")
            .because("every request gets 502: `connect() failed (111: Connection refused)`")
            .help("name one port in both"),
        ),
    }
}

fn protocol(is_uwsgi: bool) -> &'static str {
    if is_uwsgi { "uWSGI's own protocol" } else { "http" }
}

/// The services that run Django, for advice.
fn own_services<'a>(beside: &[&'a Container<'a>]) -> Vec<&'a str> {
    let serving = beside.iter().filter(|other| super::is_django(other));
    let with_port = serving.filter(|other| {
        other.runs.iter().any(|run| {
            run.command.serves() && run.command.program() != "celery" || run.command.manages("runserver")
        })
    });
    let mut names: Vec<&str> = with_port.filter_map(|other| Some(other.service?.1.name.as_str())).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn unknown(asked: &Asked, host: &str, compose: &camino::Utf8Path, beside: &[&Container<'_>]) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        UPSTREAM_UNKNOWN,
        format!("nginx asks `{host}`, and `{compose}` has no service of that name"),
    )
    .at(&asked.place, "asked here")
    .because("nginx ends at its start: `host not found in upstream`");
    match own_services(beside).as_slice() {
        [] => diagnostic.help("name the service that runs Django"),
        names => diagnostic.help(format!("name the service that runs Django: {}", wording::or_ticked(names))),
    }
}

fn itself(asked: &Asked, host: &str, service: &str) -> Diagnostic {
    Diagnostic::error(
        UPSTREAM_UNKNOWN,
        format!("nginx asks `{host}`, which is the container of nginx itself"),
    )
    .at(&asked.place, "asked here")
    .because(format!("nothing but nginx runs in the service `{service}`: every request gets 502"))
    .help("name the service that runs Django, and its port: `proxy_pass http://web:8000;`")
}

#[cfg(test)]
mod tests {
    use crate::check::across::RULES;
    use crate::check::testing::of_settings;

    fn check(site: &str, proxy: &str, web: &str, cmd: &str, more: &[(&str, &str)]) -> Vec<String> {
        let image = format!("FROM python:3.13\nCOPY . /app\nWORKDIR /app\nCMD {cmd}\n");
        let compose = format!(
            "services:\n  shop:\n    build: .\n    {web}\n  proxy:\n    image: nginx:1.30\n    volumes: ['./deploy:/etc/nginx/conf.d', 'run:/run/web']\n    {proxy}\nvolumes: {{run: }}\n"
        );
        let mut files = vec![
            ("Dockerfile", image.as_str()),
            ("site/wsgi.py", ""),
            ("deploy/a.conf", site),
            ("compose.yaml", &compose),
        ];
        files.extend_from_slice(more);
        let mut found = of_settings(RULES, "", &files);
        found.sort();
        found
    }

    const GUNICORN: &str = "[\"gunicorn\", \"-b\", \"0.0.0.0:8000\", \"site.wsgi\"]";

    fn to(target: &str) -> Vec<String> {
        check(&format!("server {{\n  location / {{ proxy_pass {target}; }}\n}}\n"), "", "", GUNICORN, &[])
    }

    #[test]
    fn failure_52_nginx_asks_a_service_that_exists() {
        assert!(to("http://shop:8000").is_empty());
        assert_eq!(to("http://web:8000"), ["upstream-unknown:2"]);
        assert_eq!(to("http://localhost:8000"), ["upstream-unknown:2"]);
        for unknown in
            ["http://api.example.org", "http://host.docker.internal:8000", "http://$target", "https://web"]
        {
            assert!(to(unknown).is_empty(), "{unknown}");
        }
    }

    #[test]
    fn services_have_other_names_too() {
        let site = "server {\n  location / { proxy_pass http://web:8000; }\n}\n";
        for web in ["container_name: web", "hostname: web", "networks: {default: {aliases: [web]}}"] {
            assert!(check(site, "", web, GUNICORN, &[]).is_empty(), "{web}");
        }
        for proxy in ["links: ['shop:web']", "extra_hosts: ['web:10.0.0.1']"] {
            assert!(check(site, proxy, "", GUNICORN, &[]).is_empty(), "{proxy}");
        }
        let local = site.replace("web:8000", "127.0.0.1:8000");
        assert!(check(&local, "network_mode: host", "", GUNICORN, &[]).is_empty());
    }

    #[test]
    fn names_are_followed_through_upstreams_and_variables() {
        let upstream =
            "upstream app {\n  server web:8000;\n}\nserver {\n  location / { proxy_pass http://app; }\n}\n";
        assert_eq!(check(upstream, "", "", GUNICORN, &[]), ["upstream-unknown:2"]);
        assert!(check(&upstream.replace("web:", "shop:"), "", "", GUNICORN, &[]).is_empty());
        let other = ("deploy/b.conf", "upstream api {\n  server shop:8000;\n}\n");
        let elsewhere = "server {\n  location / { proxy_pass http://api; }\n}\n";
        assert!(check(elsewhere, "", "", GUNICORN, &[other]).is_empty());
        let set =
            "server {\n  location / {\n    set $where web;\n    proxy_pass http://$where:8000;\n  }\n}\n";
        assert_eq!(check(set, "", "", GUNICORN, &[]), ["upstream-unknown:4"]);
        let template = "server {\n  location / { proxy_pass http://${APP}:8000; }\n}\n";
        assert_eq!(check(template, "environment: {APP: web}", "", GUNICORN, &[]), ["upstream-unknown:2"]);
        assert!(check(template, "environment: {APP: shop}", "", GUNICORN, &[]).is_empty());
        assert!(check(template, "", "", GUNICORN, &[]).is_empty());
    }

    #[test]
    fn nginx_asks_the_port_on_which_the_server_listens() {
        assert_eq!(to("http://shop:80"), ["upstream-port:2"]);
        assert_eq!(to("http://shop"), ["upstream-port:2"]);
        let site = "server {\n  location / { proxy_pass http://shop:9000; }\n}\n";
        for (cmd, is_right) in [
            ("python manage.py runserver 0.0.0.0:9000", true),
            ("python manage.py runserver 0.0.0.0:8000", false),
            ("[\"uvicorn\", \"site.asgi:application\", \"--host\", \"0.0.0.0\", \"--port\", \"9000\"]", true),
            ("[\"daphne\", \"-b\", \"0.0.0.0\", \"site.asgi:application\"]", false),
            // What a variable or a file says is not known.
            ("gunicorn -b 0.0.0.0:$PORT site.wsgi", true),
            ("[\"gunicorn\", \"-c\", \"gunicorn.conf.py\", \"site.wsgi\"]", true),
            ("[\"./unknown\"]", true),
        ] {
            let found = check(site, "", "", cmd, &[("site/asgi.py", "")]);
            assert_eq!(found.is_empty(), is_right, "{cmd}: {found:?}");
        }
    }

    #[test]
    fn nginx_speaks_the_protocol_that_the_server_answers() {
        let uwsgi = "[\"uwsgi\", \"--socket\", \":8000\", \"--module\", \"site.wsgi\"]";
        let http = "server {\n  location / { proxy_pass http://shop:8000; }\n}\n";
        let own = "server {\n  location / {\n    include uwsgi_params;\n    uwsgi_pass shop:8000;\n  }\n}\n";
        assert_eq!(check(http, "", "", uwsgi, &[]), ["upstream-port:2"]);
        assert!(check(own, "", "", uwsgi, &[]).is_empty());
        assert!(check(http, "", "", &uwsgi.replace("--socket", "--http-socket"), &[]).is_empty());
        assert_eq!(check(own, "", "", GUNICORN, &[]), ["upstream-port:4"]);
    }

    #[test]
    fn uwsgi_is_told_the_request() {
        let uwsgi = "[\"uwsgi\", \"--socket\", \":8000\", \"--module\", \"site.wsgi\"]";
        let site = |inside: &str| {
            format!("server {{\n  location / {{\n    uwsgi_pass shop:8000;\n    {inside}\n  }}\n}}\n")
        };
        assert_eq!(check(&site(""), "", "", uwsgi, &[]), ["uwsgi-params-missing:3"]);
        assert!(check(&site("include /etc/nginx/uwsgi_params;"), "", "", uwsgi, &[]).is_empty());
        assert!(check(&site("uwsgi_param QUERY_STRING $query_string;"), "", "", uwsgi, &[]).is_empty());
        let of_server = site("").replace("server {", "server {\n  include uwsgi_params;");
        assert!(check(&of_server, "", "", uwsgi, &[]).is_empty());
    }

    #[test]
    fn failure_55_both_name_one_socket() {
        let site = "server {\n  location / { proxy_pass http://unix:/run/web/a.sock; }\n}\n";
        let of = |socket: &str, mount: &str| {
            let cmd = format!("[\"gunicorn\", \"--bind\", \"unix:{socket}\", \"site.wsgi\"]");
            check(site, "", &format!("volumes: ['{mount}']"), &cmd, &[])
        };
        assert!(of("/run/web/a.sock", "run:/run/web").is_empty());
        assert!(of("/sockets/a.sock", "run:/sockets").is_empty());
        assert_eq!(of("/run/web/b.sock", "run:/run/web"), ["socket-differs:2"]);
        assert_eq!(of("/tmp/a.sock", "run:/run/web"), ["socket-differs:2"]);
    }
}
