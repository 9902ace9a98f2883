//! Rules about the commands that start servers: their module, the kind of server, and the number of processes.

use crate::catalog::Listed;
use crate::catalog::server::Server;
use camino::{Utf8Path, Utf8PathBuf};

use super::scripts::start_scripts;
use crate::base::codes::check::server::{
    CHANNELS_WITHOUT_ASGI, GUNICORN_COUNTS_HOST, SCRIPT_MIGRATES, SERVER_MODULE_ABSENT, SUPERVISOR_BACKGROUND,
};
use crate::base::{Diagnostic, Place};
use crate::check::command_line::{Placed, script_commands};
use crate::check::dockerfile::{Instruction, dockerfiles, is_of_another_program};
use crate::check::{Rule, Subject, is_made_by_djdock};
use crate::inspect::existing::Command;

pub const RULES: &[Rule] = &[
    Rule { codes: &[GUNICORN_COUNTS_HOST], find: counts },
    Rule { codes: &[CHANNELS_WITHOUT_ASGI, SERVER_MODULE_ABSENT], find: servers },
    Rule { codes: &[SCRIPT_MIGRATES], find: migrates },
    Rule { codes: &[SUPERVISOR_BACKGROUND], find: background },
];

/// A number of workers that is made of the machine's processors.
fn counts(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let tree = subject.tree;
    let named = tree.files().filter(|path| {
        let name = path.file_name().unwrap_or_default().to_lowercase();
        name.contains("gunicorn") && (name.ends_with(".py") || name.ends_with(".conf"))
    });
    let texts = named.filter_map(|path| Some((path, tree.text(path)?)));
    texts
        .filter(|(_, text)| !is_made_by_djdock(text))
        .filter_map(|(path, text)| counts_in(path, text))
        .collect()
}

fn counts_in(path: &Utf8Path, text: &str) -> Option<Diagnostic> {
    let (number, _) = (1..).zip(text.lines()).find(|(_, line)| {
        let line = line.trim_start();
        // Threads are light, and `min()` bounds what is counted.
        let bounded = line.contains("min(") || line.starts_with("threads");
        line.contains("cpu_count()") && !line.starts_with('#') && !bounded
    })?;
    Some(
        Diagnostic::note(GUNICORN_COUNTS_HOST, "the number of workers is made of the host's processors")
            .at(&Place::line(path, number), "counts what the machine has, not what the container may use")
            .because("on a server of 32 processors a container that may use one of them starts 65 workers, each with the whole project in memory, and is killed")
            .help("take a small number that a variable can change: `workers = int(os.environ.get(\"WEB_CONCURRENCY\", 2))`"),
    )
}

/// The files whose commands a container runs.
fn runs_in_container(subject: &Subject<'_>, command: &Command) -> bool {
    let path = command.place.path();
    path.is_some_and(|path| {
        let text = subject.tree.text(path).unwrap_or_default();
        !is_made_by_djdock(text) && !is_of_another_program(subject, path, text)
    })
}

fn servers(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let commands = subject.facts.existing.commands.iter();
    let own: Vec<&Command> = commands.filter(|command| runs_in_container(subject, command)).collect();
    let mut found: Vec<Diagnostic> = without_asgi(subject, &own).into_iter().collect();
    let mut said: Vec<&str> = Vec::new();
    for command in own {
        let Some(module) = served_module(command).filter(|module| !said.contains(module)) else { continue };
        if !is_there(subject, module) {
            said.push(module);
            found.push(module_absent(subject, &command.place, module));
        }
    }
    found
}

/// Channels in use, and a server that cannot answer them.
fn without_asgi(subject: &Subject<'_>, commands: &[&Command]) -> Option<Diagnostic> {
    if !subject.facts.channels.value {
        return None;
    }
    let is_asgi = |command: &&&Command| {
        Server::asgi_programs().any(|program| command.has(program))
            || command
                .words
                .iter()
                .any(|word| word.to_lowercase().contains("uvicorn") || word.contains("asgi"))
    };
    let wsgi = commands.iter().find(|command| {
        Server::wsgi_programs().any(|program| command.has(program))
            && command.words.iter().any(|word| word.contains("wsgi:") || word.ends_with(".wsgi"))
    })?;
    if commands.iter().any(|command| is_asgi(&command)) {
        return None;
    }
    let mut diagnostic = Diagnostic::warning(
        CHANNELS_WITHOUT_ASGI,
        "the project uses Channels, and only a WSGI server is started",
    )
    .at(&wsgi.place, "answers http, and no WebSocket");
    if let Some(place) = subject.facts.channels.decided_by() {
        diagnostic = diagnostic.because(format!("Channels is in use: {place}"));
    }
    Some(
        diagnostic
            .because("in development `runserver` of Channels answers both, so it is first missed in production: the handshake gets 404")
            .help("start an ASGI server: `gunicorn -k uvicorn_worker.UvicornWorker PACKAGE.asgi`, `daphne` or `uvicorn`"),
    )
}

/// The module that a server is started with: `site.wsgi` of `gunicorn site.wsgi:application`.
fn served_module(command: &Command) -> Option<&str> {
    let starts = |server: &&&Server| server.programs.iter().any(|program| command.has(program));
    let is_server =
        Server::ALL.iter().filter(|server| server.takes_application()).any(|server| starts(&server));
    let words = command.words.iter().filter(|_| is_server).map(String::as_str);
    let mut modules =
        words.filter(|word| !word.starts_with('-')).map(|word| word.split(':').next().unwrap_or(word));
    modules.find(|module| {
        let last = module.rsplit('.').next();
        module.contains('.')
            && matches!(last, Some("wsgi" | "asgi"))
            && module.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    })
}

/// Tells whether some folder of the project holds the module, whichever folder the server is started in.
pub(crate) fn is_there(subject: &Subject<'_>, module: &str) -> bool {
    let path = Utf8PathBuf::from(module.replace('.', "/"));
    let (file, package) = (path.with_extension("py"), path.join("__init__.py"));
    let ends = |own: &Utf8Path| own.ends_with(&file) || own.ends_with(&package);
    subject.tree.files().any(ends) || subject.tree.all_left_out().any(|(own, _)| ends(own))
}

pub(crate) fn module_absent(subject: &Subject<'_>, place: &Place, module: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        SERVER_MODULE_ABSENT,
        format!("the server is started with `{module}`, which is not in the project"),
    )
    .at(place, "looked for in every folder of the project")
    .because("`ModuleNotFoundError`, and the server ends with `Worker failed to boot`");
    let own =
        subject.facts.wsgi_application.value.as_deref().or(subject.facts.asgi_application.value.as_deref());
    match own {
        Some(own) => diagnostic.help(format!("write `{own}`, the one that the project has")),
        None => diagnostic.help("write the dotted name of the module that defines `application`"),
    }
}

/// Scripts that migrate each time a container starts.
fn migrates(subject: &Subject<'_>) -> Vec<Diagnostic> {
    const DEVELOPMENT: [&str; 4] = ["dev", "local", "test", "ci"];
    let tree = subject.tree;
    let scripts = start_scripts(subject);
    let scripts = scripts.iter().map(Utf8PathBuf::as_path).filter(|path| {
        let path = path.as_str().to_lowercase();
        !path.split(['/', '.', '-', '_']).any(|part| DEVELOPMENT.iter().any(|word| part.starts_with(word)))
    });
    let texts = scripts.filter_map(|path| Some((path, tree.text(path)?)));
    let own =
        texts.filter(|(path, text)| !is_made_by_djdock(text) && !is_of_another_program(subject, path, text));
    own.filter_map(|(path, text)| migrates_in(path, text)).collect()
}

fn migrates_in(path: &Utf8Path, text: &str) -> Option<Diagnostic> {
    let commands = script_commands(text);
    let last = commands.iter().rfind(|placed| !matches!(placed.command.program(), "fi" | "done" | "esac"))?;
    let serves = last.command.serves() || last.command.words.iter().any(|word| word == "$@");
    let only_asks = |placed: &Placed| {
        placed.command.words.iter().any(|word| matches!(word.as_str(), "--check" | "--plan"))
    };
    let migrate = commands.iter().find(|placed| placed.command.manages("migrate") && !only_asks(placed))?;
    (serves && !is_in_block(text, migrate.line)).then(|| {
        Diagnostic::note(SCRIPT_MIGRATES, format!("`{path}` migrates each time a container starts"))
            .at(&Place::line(path, migrate.line), "run by every replica, and by every worker that has this entrypoint")
            .because("two that start together apply the same migration at the same time: `relation already exists`; and a site of several replicas migrates while the old code still answers")
            .help("migrate in a compose service of its own, once, that the others wait for with `condition: service_completed_successfully`")
    })
}

/// Tells whether a line stands between an `if`, `case` or function and its end: then something decides about it.
fn is_in_block(text: &str, line: u32) -> bool {
    let before = text.lines().take(line.saturating_sub(1) as usize);
    let depth = before.fold(0_i32, |depth, line| {
        let line = line.trim();
        let opens = line.starts_with("if ") || line.starts_with("case ") || line.ends_with('{');
        let closes = matches!(line.split([';', ' ']).next(), Some("fi" | "esac" | "}"))
            || opens && (line.ends_with("fi") || line.ends_with("esac"));
        depth + i32::from(opens) - i32::from(closes)
    });
    depth > 0
}

/// supervisord as the container's process, told to go to the background.
fn background(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let tree = subject.tree;
    let configurations: Vec<(&Utf8Path, &str)> = tree
        .files()
        .filter(|path| matches!(path.extension(), None | Some("ini" | "conf")))
        .filter_map(|path| Some((path, tree.text(path)?)))
        .filter(|(_, text)| text.contains("[program:"))
        .collect();
    let stays = |text: &str| {
        text.lines().any(|line| {
            let line = line.replace(' ', "").to_lowercase();
            line == "nodaemon=true" || line == "nodaemon=1"
        })
    };
    if configurations.is_empty() || configurations.iter().any(|(_, text)| stays(text)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        for (place, instruction) in file.last().iter().flat_map(|stage| &stage.instructions) {
            let Instruction::Start { commands, .. } = instruction else { continue };
            let last = commands.last().filter(|command| command.program() == "supervisord");
            let leaves = last.is_some_and(|command| {
                !command.words.iter().any(|word| matches!(word.as_str(), "-n" | "--nodaemon"))
            });
            if leaves {
                found.push(
                    Diagnostic::error(SUPERVISOR_BACKGROUND, "the container ends as soon as supervisord has started")
                        .at(place, "goes to the background")
                        .because("a container lives as long as its first process, and supervisord's ends when it becomes a daemon")
                        .help("keep it in the foreground: `CMD [\"supervisord\", \"-n\", \"-c\", \"/etc/supervisor/supervisord.conf\"]`, or `nodaemon = true` below `[supervisord]`"),
                );
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{of_file as findings, of_settings};

    #[test]
    fn failure_58_workers_are_not_counted_from_the_host() {
        let of = |text: &str| findings(&RULES[..1], "gunicorn.conf.py", text, &[]);
        assert_eq!(
            of("import multiprocessing\nworkers = multiprocessing.cpu_count() * 2 + 1\n"),
            ["gunicorn-counts-host:2"]
        );
        for bounded in
            ["threads = cpu_count()", "threads = min([cpu_count(), 12])", "workers = min(4, cpu_count())"]
        {
            assert_eq!(
                of(&format!("from multiprocessing import cpu_count\n{bounded}\nworkers = 2\n")),
                [""; 0]
            );
        }
        assert!(of("workers = 2\n# not cpu_count()\n").is_empty());
    }

    const CHANNELS: &str = "INSTALLED_APPS = ['channels']\nASGI_APPLICATION = 'site.asgi.application'\n\
        CHANNEL_LAYERS = {'default': {'BACKEND': 'channels.layers.InMemoryChannelLayer'}}";

    #[test]
    fn failure_50_channels_have_a_server_that_answers_them() {
        let of = |command: &str| {
            let dockerfile = format!("FROM python:3.13\nCMD {command}\n");
            let files = [
                ("Dockerfile", dockerfile.as_str()),
                ("site/wsgi.py", "application = 1\n"),
                (
                    "site/asgi.py",
                    "from channels.routing import ProtocolTypeRouter\napplication = ProtocolTypeRouter({})\n",
                ),
                ("requirements.txt", "django==5.2\nchannels==4.2\n"),
            ];
            of_settings(&RULES[1..2], CHANNELS, &files)
        };
        assert_eq!(of("[\"gunicorn\", \"site.wsgi:application\"]"), ["channels-without-asgi:2"]);
        assert!(of("[\"daphne\", \"site.asgi:application\"]").is_empty());
        assert!(of("gunicorn -k uvicorn.workers.UvicornWorker site.asgi").is_empty());
    }

    #[test]
    fn failure_24_the_module_that_is_served_is_there() {
        let of = |module: &str| {
            let dockerfile = format!("FROM python:3.13\nCMD [\"gunicorn\", \"{module}\"]\n");
            findings(
                &RULES[1..2],
                "Dockerfile",
                &dockerfile,
                &[("site/wsgi.py", ""), ("back/shop-x/wsgi.py", "")],
            )
        };
        assert_eq!(of("sites.wsgi:application"), ["server-module-absent:2"]);
        for there in
            ["site.wsgi:application", "site.wsgi", "shop-x.wsgi:application", "$MODULE", "app:application"]
        {
            assert!(of(there).is_empty(), "{there}");
        }
    }

    #[test]
    fn failure_32_replicas_do_not_migrate_at_once() {
        let of = |name: &str, text: &str| findings(&RULES[2..3], name, text, &[]);
        let script = "#!/bin/sh\nset -e\npython manage.py migrate\nexec \"$@\"\n";
        assert_eq!(of("docker/entrypoint.sh", script), ["script-migrates:3"]);
        assert!(of("docker/entrypoint.dev.sh", script).is_empty());
        let asked = "#!/bin/sh\nif [ \"$MIGRATE\" ]; then\n  python manage.py migrate\nfi\nexec gunicorn x\n";
        assert!(of("docker/entrypoint.sh", asked).is_empty());
        let after = "#!/bin/sh\nif [ \"$A\" ]; then\n  true\nfi\npython manage.py migrate\nexec gunicorn x\n";
        assert_eq!(of("docker/entrypoint.sh", after), ["script-migrates:5"]);
        assert!(of("docker/entrypoint.sh", "python manage.py migrate --check\nexec \"$@\"\n").is_empty());
        assert!(of("docker/migrate-entrypoint.sh", "python manage.py migrate\n").is_empty());
    }

    #[test]
    fn supervisor_stays_in_the_foreground() {
        let of = |command: &str, configuration: &str| {
            let dockerfile = format!("FROM python:3.13\nCMD {command}\n");
            findings(&RULES[3..], "Dockerfile", &dockerfile, &[("supervisord.conf", configuration)])
        };
        let program = "[program:web]\ncommand=gunicorn x\n";
        assert_eq!(of("[\"supervisord\", \"-c\", \"/s.conf\"]", program), ["supervisor-background:2"]);
        assert!(of("[\"supervisord\", \"-n\"]", program).is_empty());
        assert!(of("[\"supervisord\"]", &format!("[supervisord]\nnodaemon = true\n{program}")).is_empty());
        assert!(of("[\"gunicorn\"]", program).is_empty());
    }
}
