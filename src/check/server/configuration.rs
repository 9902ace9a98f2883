//! nginx, uWSGI and supervisor.

use camino::Utf8Path;
use ini::Ini;

use crate::base::codes::check::server::{
    NGINX_ALIAS_SLASH, NGINX_FORWARDED_HOST, SUPERVISOR_DAEMON, SUPERVISOR_LOG, UWSGI_RELOADS,
};
use crate::base::{Diagnostic, Place};
use crate::check::{Rule, Subject, is_made_by_djdock};

pub const RULES: &[Rule] = &[
    Rule { codes: &[UWSGI_RELOADS, SUPERVISOR_LOG, SUPERVISOR_DAEMON], find: ini_files },
    Rule { codes: &[NGINX_ALIAS_SLASH, NGINX_FORWARDED_HOST], find: nginx_files },
];

fn ini_files(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let named = subject.tree.files().filter(|path| {
        path.file_name().is_some_and(|name| {
            name.ends_with(".ini") || name.contains("supervisor") && name.ends_with(".conf")
        })
    });
    let mut found = Vec::new();
    for path in named {
        let Some(text) = subject.tree.text(path).filter(|text| !is_made_by_djdock(text)) else { continue };
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
            let daemon = section.get("command").is_some_and(|command| {
                let command = command.trim();
                command == "nginx" || command.contains("--daemonize") || command.contains("--daemon ")
            });
            if daemon && !main_configuration_stays(subject) {
                found.push(supervisor_daemon(path, text, program));
            }
        }
    }
    found
}

/// Whether an nginx.conf of the project keeps nginx in the foreground.
fn main_configuration_stays(subject: &Subject<'_>) -> bool {
    let files = subject.tree.files().filter(|path| path.file_name() == Some("nginx.conf"));
    files.filter_map(|path| subject.tree.text(path)).any(|text| text.contains("daemon off"))
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

fn nginx_files(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let named = subject.tree.files().filter(|path| {
        let name = path.file_name().unwrap_or_default();
        (name.ends_with(".conf") || name.ends_with(".conf.template")) && path.as_str().contains("nginx")
    });
    let mut found = Vec::new();
    for path in named {
        let Some(text) = subject.tree.text(path).filter(|text| !is_made_by_djdock(text)) else { continue };
        found.extend(aliases(path, text));
        let passes = text.lines().find(|line| line.trim_start().starts_with("proxy_pass"));
        let says_host = text
            .lines()
            .any(|line| line.trim_start().starts_with("proxy_set_header") && line.contains(" Host "));
        if let Some(pass) = passes.filter(|_| !says_host) {
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

/// `location /static/` with `alias /path` (or the other way round) glues names together wrongly.
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
                if let Some(prefix) = location.filter(|prefix| prefix.ends_with('/') != target.ends_with('/'))
                {
                    found.push(
                        Diagnostic::error(NGINX_ALIAS_SLASH, format!("`location {prefix}` and `alias {target}` do not end alike"))
                            .at(&Place::line(path, u32::try_from(number + 1).unwrap_or(u32::MAX)), "one ends in `/`, the other does not")
                            .because("nginx puts what follows the location behind the alias: `/static/a.css` becomes a name that is not there, or one outside the folder")
                            .help("end both in `/`"),
                    );
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::server::testing::findings;

    #[test]
    fn uwsgi_ends_when_it_is_told() {
        assert_eq!(findings(RULES, "uwsgi.ini", "[uwsgi]\nmaster = true\n"), ["uwsgi-reloads:1"]);
        assert!(findings(RULES, "uwsgi.ini", "[uwsgi]\nmaster = true\ndie-on-term = true\n").is_empty());
    }

    #[test]
    fn supervisor_keeps_what_it_starts() {
        let nginx = "[program:nginx]\ncommand=nginx\n";
        assert_eq!(findings(RULES, "supervisord.conf", nginx), ["supervisor-daemon:1"]);
        let log = "[program:web]\ncommand=gunicorn x\nstdout_logfile=/dev/stdout\n";
        assert_eq!(findings(RULES, "supervisord.conf", log), ["supervisor-log:1"]);
    }

    #[test]
    fn nginx_finds_files_and_says_the_host() {
        let alias = "location /static/ {\n  alias /srv/static;\n}\n";
        assert_eq!(findings(RULES, "nginx/app.conf", alias), ["nginx-alias-slash:2"]);
        let proxy = "location / {\n  proxy_pass http://web:8000;\n}\n";
        assert_eq!(findings(RULES, "nginx/app.conf", proxy), ["nginx-forwarded-host:2"]);
        let whole = "location / {\n  proxy_pass http://web:8000;\n  proxy_set_header Host $http_host;\n}\n";
        assert!(findings(RULES, "nginx/app.conf", whole).is_empty());
    }
}
