//! nginx, uWSGI and supervisor.

use camino::{Utf8Path, Utf8PathBuf};
use ini::Ini;

use crate::base::codes::check::server::{
    NGINX_ALIAS_SLASH, NGINX_FORWARDED_HOST, SUPERVISOR_DAEMON, SUPERVISOR_LOG, UWSGI_RELOADS,
};
use crate::base::{Diagnostic, Place, path};
use crate::check::command_line::{SimpleCommand, simple_commands};
use crate::check::containers::Files;
use crate::check::containers::nginx::{nginx_files, reads};
use crate::check::subject::{is_this_machine, url_host};
use crate::check::{Rule, Subject, is_made_by_djdock};

pub const RULES: &[Rule] = &[
    Rule { codes: &[UWSGI_RELOADS, SUPERVISOR_LOG, SUPERVISOR_DAEMON], find: ini_files },
    Rule { codes: &[NGINX_ALIAS_SLASH, NGINX_FORWARDED_HOST], find: nginx_findings },
];

fn ini_files(subject: &Subject<'_>) -> Vec<Diagnostic> {
    // By what they hold: people give these files any name.
    let may_be = |path: &Utf8Path| matches!(path::extension(path), None | Some("ini" | "conf" | "cfg"));
    let files = subject.tree.files().filter(|path| may_be(path));
    let mut found = Vec::new();
    for path in files {
        let text =
            subject.tree.text(path).filter(|text| text.contains("[program:") || text.contains("[uwsgi]"));
        let Some(text) = text.filter(|text| !is_made_by_djdock(text) && !text.starts_with("#!")) else {
            continue;
        };
        let Ok(ini) = Ini::load_from_str_noescape(text) else { continue };
        if let Some(section) = ini.section(Some("uwsgi")) {
            let on = |key: &str| section.get(key).is_some_and(|value| matches!(value, "true" | "1"));
            if on("master") && !on("die-on-term") {
                found.push(uwsgi(path, text));
            }
        }
        for (name, section) in &ini {
            let Some(program) = name.and_then(|name| name.strip_prefix("program:")) else { continue };
            let to_device = section.get("stdout_logfile").is_some_and(|file| file.starts_with("/dev/"));
            if to_device && section.get("stdout_logfile_maxbytes") != Some("0") {
                found.push(supervisor_log(path, text, program));
            }
            let commands = section.get("command").map(simple_commands).unwrap_or_default();
            let daemon = commands.iter().any(|command| match command.program() {
                "nginx" => !stays_in_foreground(subject, command),
                _ => command.words.iter().any(|word| matches!(word.as_str(), "--daemonize" | "--daemon")),
            });
            if daemon {
                found.push(supervisor_daemon(path, text, program));
            }
        }
    }
    found
}

/// Tells whether nginx stays in the foreground when it is started so: told in the line, or by its main file.
pub(crate) fn stays_in_foreground(subject: &Subject<'_>, command: &SimpleCommand) -> bool {
    let is_told = command.words.iter().any(|word| word.replace(' ', "").contains("daemonoff"));
    // The main file is the one that has a block for events.
    let files = subject.tree.files().filter(|path| {
        path.file_name() == Some("nginx.conf")
            || matches!(path::extension(path), Some("conf" | "template" | "tpl"))
    });
    is_told || files.filter_map(|path| subject.tree.text(path)).any(|text| text.contains("daemon off"))
}

fn line(path: &Utf8Path, text: &str, holds: &str) -> Place {
    let found = text.lines().position(|line| line.contains(holds)).unwrap_or(0);
    Place::line(path, u32::try_from(found + 1).unwrap_or(u32::MAX))
}

fn uwsgi(path: &Utf8Path, text: &str) -> Diagnostic {
    Diagnostic::warning(UWSGI_RELOADS, "uWSGI reloads on the signal by which containers are stopped")
        .at(&line(path, text, "[uwsgi]"), "no `die-on-term`")
        .because("`docker stop` sends SIGTERM, uWSGI starts its workers anew, and is killed 10 seconds later")
        .help("add `die-on-term = true`")
}

fn supervisor_log(path: &Utf8Path, text: &str, program: &str) -> Diagnostic {
    Diagnostic::error(SUPERVISOR_LOG, format!("supervisor rotates the log of `{program}`, which is no file"))
        .at(&line(path, text, &format!("[program:{program}]")), "no `stdout_logfile_maxbytes = 0`")
        .because("rotating needs a file that can be rewound: `OSError: [Errno 29] Illegal seek`, and the program is not started")
        .help("add `stdout_logfile_maxbytes = 0`, and the same for `stderr`")
}

fn supervisor_daemon(path: &Utf8Path, text: &str, program: &str) -> Diagnostic {
    Diagnostic::error(
        SUPERVISOR_DAEMON,
        format!("`{program}` goes to the background, where supervisor loses it"),
    )
    .at(&line(path, text, &format!("[program:{program}]")), "a daemon")
    .because("supervisor sees its process end at once, starts it again, and the port is taken")
    .help("keep it in the foreground: `command = nginx -g \"daemon off;\"`")
}

fn nginx_findings(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (path, text) in files_of_nginx(subject) {
        found.extend(aliases(path, text));
        let pass = text.lines().find_map(|line| {
            let target = line.trim_start().strip_prefix("proxy_pass")?.trim().trim_end_matches(';');
            is_the_project(target).then_some(line)
        });
        if let Some(pass) = pass.filter(|_| !says_host(subject, text)) {
            found.push(
                Diagnostic::warning(NGINX_FORWARDED_HOST, "nginx does not pass the visitor's host name on")
                    .at(&line(path, text, pass), "no `proxy_set_header Host`")
                    .because("Django sees the name of the upstream: 400 by `ALLOWED_HOSTS`, wrong links in e-mails, CSRF failures")
                    .help("add `proxy_set_header Host $http_host;` and `proxy_set_header X-Forwarded-Proto $scheme;`"),
            );
        }
    }
    found
}

/// The files of nginx's, with their texts: by a usual name, or because a container reads them.
pub(super) fn files_of_nginx<'a>(subject: &Subject<'a>) -> Vec<(&'a Utf8Path, &'a str)> {
    let files = Files::read(subject);
    let containers = files.containers(subject);
    let by_content: Vec<Utf8PathBuf> = nginx_files(subject.tree)
        .into_iter()
        .map(|file| file.path)
        .filter(|path| containers.iter().any(|container| reads(container, path)))
        .collect();
    let tree = subject.tree;
    let usual = |path: &Utf8Path| {
        let name = path::name(path);
        (name.ends_with(".conf") || name.ends_with(".conf.template")) && path.as_str().contains("nginx")
    };
    let found = tree.files().filter(|path| usual(path) || by_content.iter().any(|own| own == path));
    let texts = found.filter_map(|path| Some((path, tree.text(path)?)));
    texts.filter(|(_, text)| !is_made_by_djdock(text)).collect()
}

/// Tells whether a `proxy_pass` leads to Django, as far as its name says: not to another site or an object store.
pub(super) fn is_the_project(target: &str) -> bool {
    const OTHERS: [&str; 9] =
        ["minio", "storage", "s3", "flower", "grafana", "frontend", "node", "kibana", "prometheus"];
    let host = url_host(target).unwrap_or_default();
    let elsewhere = target.starts_with("https://") || host.contains('.') && !is_this_machine(host);
    !elsewhere && !OTHERS.iter().any(|other| host.contains(other))
}

/// Tells whether the host's name reaches Django, in its own header or in the one that the settings tell it to read.
fn says_host(subject: &Subject<'_>, text: &str) -> bool {
    let sends = |header: &str| {
        text.lines().any(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some("proxy_set_header")
                && words.next().is_some_and(|name| name.eq_ignore_ascii_case(header))
        })
    };
    let reads_forwarded =
        subject.setting("USE_X_FORWARDED_HOST").is_some_and(|(value, _)| value.as_bool() != Some(false));
    sends("Host") || reads_forwarded && sends("X-Forwarded-Host")
}

/// `location` and `alias` of which only one ends in `/`.
fn aliases(path: &Utf8Path, text: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut location: Option<&str> = None;
    for (number, line) in text.lines().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["location", prefix, ..] if prefix.starts_with('/') => location = Some(prefix),
            ["location", ..] => location = None,
            ["alias", target, ..] => {
                let target = target.trim_end_matches(';');
                let place = Place::line(path, u32::try_from(number + 1).unwrap_or(u32::MAX));
                found.extend(location.and_then(|prefix| unlike(prefix, target, &place)));
            }
            _ => {}
        }
    }
    found
}

fn unlike(prefix: &str, target: &str, place: &Place) -> Option<Diagnostic> {
    let title = format!("`location {prefix}` and `alias {target}` do not end alike");
    let label = "one ends in `/`, the other does not";
    match (prefix.ends_with('/'), target.ends_with('/')) {
        (true, false) => Some(
            Diagnostic::error(NGINX_ALIAS_SLASH, title)
                .at(place, label)
                .because(format!("nginx puts what follows the location behind the alias: `{prefix}a.css` becomes `{target}a.css`, which is not there"))
                .help("end both in `/`"),
        ),
        (false, true) => {
            let beside = format!("{prefix}../");
            Some(
                Diagnostic::warning(NGINX_ALIAS_SLASH, title)
                    .at(place, label)
                    .because(format!("nginx puts what follows the location behind the alias: `{beside}settings.py` becomes `{target}../settings.py`, so visitors can read the files beside the folder"))
                    .help("end both in `/`"),
            )
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    #[test]
    fn uwsgi_ends_when_it_is_told() {
        assert_eq!(findings(RULES, "uwsgi.ini", "[uwsgi]\nmaster = true\n", &[]), ["uwsgi-reloads:1"]);
        assert!(findings(RULES, "uwsgi.ini", "[uwsgi]\nmaster = true\ndie-on-term = true\n", &[]).is_empty());
    }

    #[test]
    fn supervisor_keeps_what_it_starts() {
        let nginx = "[program:nginx]\ncommand=nginx\n";
        assert_eq!(findings(RULES, "supervisord.conf", nginx, &[]), ["supervisor-daemon:1"]);
        for gone in ["/usr/sbin/nginx", "nginx -c /etc/nginx/nginx.conf", "gunicorn --daemon x"] {
            let text = format!("[program:web]\ncommand={gone}\n");
            assert_eq!(
                findings(RULES, "deploy/programs.conf", &text, &[]),
                ["supervisor-daemon:1"],
                "{gone}"
            );
        }
        for stays in ["nginx -g 'daemon off;'", "/usr/sbin/nginx -g \"daemon off;\"", "gunicorn x"] {
            let text = format!("[program:web]\ncommand={stays}\n");
            assert!(findings(RULES, "deploy/programs.conf", &text, &[]).is_empty(), "{stays}");
        }
        let log = "[program:web]\ncommand=gunicorn x\nstdout_logfile=/dev/stdout\n";
        assert_eq!(findings(RULES, "supervisord.conf", log, &[]), ["supervisor-log:1"]);
    }

    #[test]
    fn nginx_finds_files_and_says_the_host() {
        let alias = "location /static/ {\n  alias /srv/static;\n}\n";
        assert_eq!(findings(RULES, "nginx/app.conf", alias, &[]), ["nginx-alias-slash:2"]);
        let proxy = "location / {\n  proxy_pass http://web:8000;\n}\n";
        assert_eq!(findings(RULES, "nginx/app.conf", proxy, &[]), ["nginx-forwarded-host:2"]);
        let open = "location /media {\n  alias /srv/media/;\n}\n";
        assert_eq!(findings(RULES, "nginx/app.conf", open, &[]), ["nginx-alias-slash:2"]);
        // By where a Dockerfile copies it, whatever its name.
        let image = (
            "proxy/Dockerfile",
            "FROM nginx:1.30\nCOPY site.tpl /etc/nginx/templates/default.conf.template\n",
        );
        let site = format!("server {{\n{alias}}}\n");
        assert_eq!(findings(RULES, "proxy/site.tpl", &site, &[image]), ["nginx-alias-slash:3"]);
        assert!(findings(RULES, "proxy/site.tpl", &site, &[]).is_empty());
        let alike = "location /media {\n  alias /srv/media;\n}\n";
        assert!(findings(RULES, "nginx/app.conf", alike, &[]).is_empty());
        for other in ["http://minio:9000", "https://bucket.storage.googleapis.com", "http://example.org"] {
            assert!(
                findings(RULES, "nginx/app.conf", &proxy.replace("http://web:8000", other), &[]).is_empty(),
                "{other}"
            );
        }
        let whole = "location / {\n  proxy_pass http://web:8000;\n  proxy_set_header Host $http_host;\n}\n";
        assert!(findings(RULES, "nginx/app.conf", whole, &[]).is_empty());
    }
}
