//! Servers that go to the background where something waits for their process, a container or supervisor, and servers that
//! do not end when they are told.

use super::Stack;
use crate::base::codes::check::across::SERVER_IN_BACKGROUND;
use crate::base::codes::check::server::UWSGI_RELOADS;
use crate::base::{Diagnostic, Place};
use crate::check::containers::listens::uwsgi_sections;
use crate::check::containers::{Container, Run};
use crate::check::server::configuration::stays_in_foreground;

pub(super) fn find(stack: &Stack<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for container in stack.containers.iter().filter(|container| container.image.is_some()) {
        let last = container.runs.iter().rposition(|run| run.program.is_none());
        for (number, run) in container.runs.iter().enumerate() {
            // What is started in the middle of a script may go to the background: what comes last stays.
            let is_waited_for = run.program.is_some() || Some(number) == last;
            if !is_waited_for {
                continue;
            }
            found.extend(reloads(stack, container, run));
            if let Some((how, place)) = goes(stack, container, run) {
                found.push(in_background(run, &how, &place));
            }
        }
    }
    found
}

/// How a command goes to the background, and the line that says so.
fn goes(stack: &Stack<'_>, container: &Container<'_>, run: &Run) -> Option<(String, Place)> {
    let words = run.command.work();
    let has = |names: &[&str]| {
        words
            .iter()
            .find(|word| names.iter().any(|name| word == name || word.starts_with(&format!("{name}="))))
    };
    let at_run = |how: &str| Some((how.to_owned(), run.place.clone()));
    match run.command.program() {
        // What says so in whole words to supervisor is found where its file is looked at by itself.
        "gunicorn" if run.program.is_some() => has(&["-D"]).and_then(|word| at_run(word)),
        "gunicorn" => has(&["--daemon", "-D"]).and_then(|word| at_run(word)),
        "celery" => has(&["--detach", "-D"]).filter(|word| *word == "--detach").and_then(|word| at_run(word)),
        "uwsgi" => {
            let said = if run.program.is_some() { has(&["-d"]) } else { has(&["--daemonize", "-d"]) };
            if let Some(word) = said {
                return at_run(word);
            }
            let sections = uwsgi_sections(stack.subject.tree, container, run);
            sections.iter().find_map(|section| {
                let (_, place) = section.entry("daemonize")?;
                Some(("daemonize".to_owned(), place))
            })
        }
        // That supervisor starts it so is said where its file is looked at by itself.
        "nginx" if run.program.is_none() && !stays_in_foreground(stack.subject, &run.command) => {
            let is_own = container
                .image
                .as_ref()
                .is_some_and(|image| !image.file.image_of(image.stage).contains("nginx"));
            let only_asks = words.iter().any(|word| matches!(word.as_str(), "-t" | "-s" | "-v" | "-T"));
            is_own.then(|| at_run("no `daemon off`")).flatten().filter(|_| !only_asks)
        }
        "service"
            if run.program.is_none() && words.len() >= 3 && words.iter().any(|word| word == "start") =>
        {
            at_run("service … start")
        }
        _ => None,
    }
}

/// uWSGI with a master, which its line does not tell to end on the signal by which containers are stopped.
fn reloads(stack: &Stack<'_>, container: &Container<'_>, run: &Run) -> Option<Diagnostic> {
    if run.command.program() != "uwsgi" {
        return None;
    }
    let words = run.command.work();
    let has_master = words.iter().any(|word| matches!(word.as_str(), "--master" | "-M" | "--master=true"));
    let is_told = words.iter().any(|word| word.starts_with("--die-on-term") || word.starts_with("--hook-"));
    // A file or a variable may say it; what files say is looked at by itself.
    let may_say = container.variables().keys().any(|name| name.starts_with("UWSGI_"))
        || !uwsgi_sections(stack.subject.tree, container, run).is_empty()
        || words
            .iter()
            .any(|word| ["--ini", "--yaml", "--xml", "--json"].iter().any(|flag| word.starts_with(flag)));
    (has_master && !is_told && !may_say).then(|| {
        Diagnostic::warning(UWSGI_RELOADS, "uWSGI reloads on the signal by which containers are stopped")
            .at(&run.place, "no `--die-on-term`")
            .because(
                "`docker stop` sends SIGTERM, uWSGI starts its workers anew, and is killed 10 seconds later",
            )
            .help("add `--die-on-term`")
    })
}

fn in_background(run: &Run, how: &str, place: &Place) -> Diagnostic {
    let server = run.command.program();
    let diagnostic = match &run.program {
        Some(program) => Diagnostic::error(
            SERVER_IN_BACKGROUND,
            format!("`{program}` goes to the background, where supervisor loses it"),
        )
        .at(place, format!("`{}`", how.trim_matches('`')))
        .because("supervisor sees its process end at once, starts it again, and the port is taken"),
        None => Diagnostic::error(
            SERVER_IN_BACKGROUND,
            format!("the container ends as soon as `{server}` has gone to the background"),
        )
        .at(place, format!("`{}`", how.trim_matches('`')))
        .because("a container lives as long as its first process"),
    };
    match server {
        "nginx" => diagnostic.help("keep it in the foreground: `nginx -g \"daemon off;\"`"),
        "service" => diagnostic.help("start the program itself, in the foreground"),
        "uwsgi" => diagnostic.help("take `daemonize` out: the Engine keeps what the server prints"),
        _ => diagnostic.help("take the option out: the Engine keeps what the server prints"),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::across::RULES;
    use crate::check::testing::of_settings;

    fn check(cmd: &str, more: &[(&str, &str)]) -> Vec<String> {
        let image = format!(
            "FROM python:3.13\nCOPY . /app\nWORKDIR /app\nCOPY deploy /etc/supervisor/conf.d\nCMD {cmd}\n"
        );
        let mut files = vec![("Dockerfile", image.as_str()), ("site/wsgi.py", ""), ("deploy/README.txt", "")];
        files.extend_from_slice(more);
        of_settings(RULES, "", &files)
    }

    #[test]
    fn the_first_process_of_a_container_stays() {
        for gone in [
            "[\"gunicorn\", \"--daemon\", \"site.wsgi\"]",
            "gunicorn -D site.wsgi",
            "[\"uwsgi\", \"--module\", \"site.wsgi\", \"--daemonize\", \"/var/log/x\"]",
            "python manage.py migrate && nginx",
            "service nginx start",
        ] {
            assert_eq!(check(gone, &[]), ["server-in-background:5"], "{gone}");
        }
        for stays in [
            "[\"gunicorn\", \"site.wsgi\"]",
            "nginx && exec gunicorn site.wsgi",
            "gunicorn --daemon site.wsgi; exec nginx -g 'daemon off;'",
            "service nginx start && exec gunicorn site.wsgi",
        ] {
            assert!(check(stays, &[]).is_empty(), "{stays}");
        }
    }

    #[test]
    fn a_file_of_uwsgi_can_say_it_too() {
        let ini = ("server.ini", "[uwsgi]\nmodule = site.wsgi\ndaemonize = /var/log/x\n");
        assert_eq!(check("[\"uwsgi\", \"server.ini\"]", &[ini]), ["server-in-background:3"]);
        assert!(check("[\"uwsgi\", \"other.ini\"]", &[ini]).is_empty());
    }

    #[test]
    fn failure_12_uwsgi_ends_when_its_line_says_so() {
        let of = |more: &str| {
            check(&format!("[\"uwsgi\", \"--http\", \":80\", \"--module\", \"site.wsgi\"{more}]"), &[])
        };
        assert_eq!(of(", \"--master\""), ["uwsgi-reloads:5"]);
        for ends in ["", ", \"--master\", \"--die-on-term\"", ", \"--master\", \"--yaml\", \"a.yaml\""] {
            assert!(of(ends).is_empty(), "{ends}");
        }
        let script = ("start", "#!/bin/sh\nset -e\nexec uwsgi --http :80 -M --module site.wsgi\n");
        assert_eq!(check("[\"./start\"]", &[script]), ["uwsgi-reloads:3"]);
    }

    #[test]
    fn supervisor_keeps_what_it_starts() {
        let of = |line: &str| {
            let text = format!("[program:web]\ncommand={line}\n");
            check("[\"supervisord\", \"-n\"]", &[("deploy/web.conf", &text)])
        };
        assert_eq!(of("gunicorn -D site.wsgi"), ["server-in-background:2"]);
        assert_eq!(of("celery -A site worker --detach"), ["server-in-background:2"]);
        assert!(of("gunicorn site.wsgi").is_empty());
    }
}
