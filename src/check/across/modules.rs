//! Modules that servers, workers and variables name, and options that programs no longer take.

use super::{Stack, is_django};
use crate::base::codes::check::across::{CELERY_APP_ABSENT, CELERY_OPTION_ORDER, SETTINGS_ABSENT};
use crate::base::{Diagnostic, Place};
use crate::catalog::server::Server;
use crate::check::Subject;
use crate::check::containers::ini::Section;
use crate::check::containers::listens::{options, uwsgi_sections};
use crate::check::containers::{Container, Run};
use crate::check::server::processes::{is_there, module_absent};
use crate::python::Version;

const SETTINGS: &str = "DJANGO_SETTINGS_MODULE";

pub(super) fn find(stack: &Stack<'_>) -> Vec<Diagnostic> {
    let subject = stack.subject;
    let mut found = Vec::new();
    for container in stack.django() {
        for run in &container.runs {
            found.extend(option_order(subject, run));
            found.extend(celery_app(subject, run));
            let sections = uwsgi_sections(subject.tree, container, run);
            for (module, place) in served(run, &sections) {
                // What stands in a line of a file by a usual name is another rule's.
                let is_said = subject.facts.existing.commands.iter().any(|command| command.place == place);
                let has_other = takes_application(run.command.program());
                if is_module(&module) && !is_there(subject, &module) && !(is_said && has_other) {
                    found.push(module_absent(subject, &place, &module));
                }
            }
            for (module, place) in settings_of(run, &sections) {
                found.extend(settings_absent(subject, &module, &place));
            }
        }
        found.extend(
            settings_of_container(container)
                .and_then(|(module, place)| settings_absent(subject, &module, &place)),
        );
    }
    found
}

/// Tells whether a text is a dotted name of which nothing is left to a variable.
fn is_module(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-'))
}

/// Tells whether a program is a server whose command names the application.
fn takes_application(program: &str) -> bool {
    Server::of_program(program).is_some_and(Server::takes_application)
}

/// The modules that a run of a server serves, each with the line that names it.
fn served(run: &Run, sections: &[Section]) -> Vec<(String, Place)> {
    let program = run.command.program();
    let mut found: Vec<(String, Place)> = Vec::new();
    let dotted = |text: &str| text.split(':').next().unwrap_or(text).to_owned();
    if program == "uwsgi" {
        found.extend(
            options(run, &["--module", "-w", "--wsgi"]).iter().map(|text| (dotted(text), run.place.clone())),
        );
        for section in sections {
            let entry = section.entry("module").or_else(|| section.entry("wsgi"));
            found.extend(entry.map(|(text, place)| (dotted(text), place)));
        }
    } else if takes_application(program) {
        let words = run.command.work().iter().skip(1).filter(|word| !word.starts_with('-'));
        let module = words.map(|word| dotted(word)).find(|module| {
            module.contains('.') && matches!(module.rsplit('.').next(), Some("wsgi" | "asgi"))
        });
        found.extend(module.map(|module| (module, run.place.clone())));
    }
    // `app.wsgi.application` names what is in the module.
    found
        .into_iter()
        .map(|(module, place)| (module.trim_end_matches(".application").to_owned(), place))
        .collect()
}

fn celery_app(subject: &Subject<'_>, run: &Run) -> Option<Diagnostic> {
    if run.command.program() != "celery" {
        return None;
    }
    let app = options(run, &["-A", "--app"]).first().copied().or_else(|| {
        run.command.variables.iter().find(|(name, _)| name == "CELERY_APP").map(|(_, value)| value.as_str())
    })?;
    let module = app.split(':').next().unwrap_or(app);
    let root = module.split('.').next().unwrap_or(module);
    let is_installed = subject.distribution(&root.replace('_', "-").to_lowercase()).is_some();
    let is_folder = || {
        let folder = module.replace('.', "/");
        subject.tree.files().any(|file| {
            file.parent().is_some_and(|parent| parent.as_str() == folder || parent.ends_with(&folder))
        })
    };
    let parent = module.rsplit_once('.').map(|(parent, _)| parent);
    let is_known =
        is_there(subject, module) || parent.is_some_and(|parent| is_there(subject, parent)) || is_folder();
    if !is_module(module) || is_installed || is_known {
        return None;
    }
    let diagnostic = Diagnostic::error(
        CELERY_APP_ABSENT,
        format!("Celery is started with `-A {app}`, which is not in the project"),
    )
    .at(&run.place, "looked for in every folder of the project")
    .because(format!(
        "the process ends at once: `Unable to load celery application. The module {root} was not found`"
    ));
    Some(match subject.facts.celery_app.value.as_deref() {
        Some(own) => diagnostic.help(format!("write `-A {own}`, the application that the project has")),
        None => diagnostic.help("write the module in which `Celery(…)` is called"),
    })
}

/// `celery worker -A x`, which Celery 5 refuses.
fn option_order(subject: &Subject<'_>, run: &Run) -> Option<Diagnostic> {
    let words = run.command.work();
    if run.command.program() != "celery" {
        return None;
    }
    let is_app = |word: &String| word == "-A" || word.starts_with("--app") || word.starts_with("-A");
    let command = words.iter().skip(1).take_while(|word| !is_app(word)).find(|word| {
        ["worker", "beat", "flower", "inspect", "control", "purge", "status", "events", "shell"]
            .contains(&word.as_str())
    })?;
    let option = words.iter().find(|word| is_app(word))?;
    let old =
        subject.distribution("celery").and_then(|celery| celery.version.as_deref()).and_then(Version::parse);
    if old.is_some_and(|version| version.major() < 5) {
        return None;
    }
    let option = option.split('=').next().unwrap_or(option);
    Some(
        Diagnostic::error(
            CELERY_OPTION_ORDER,
            format!("Celery 5 does not take `{option}` behind `{command}`"),
        )
        .at(&run.place, "refused")
        .because(format!(
            "the process ends at once: `You are using -A as an option of the {command} sub-command`"
        ))
        .help(format!("write `celery {option} PACKAGE {command} …`")),
    )
}

/// The settings that a run names for itself.
fn settings_of(run: &Run, sections: &[Section]) -> Vec<(String, Place)> {
    let mut found: Vec<(String, Place)> = Vec::new();
    let own = run.command.variables.iter().filter(|(name, _)| name == SETTINGS);
    found.extend(own.map(|(_, value)| (value.clone(), run.place.clone())));
    if run.command.management().is_some() {
        found
            .extend(options(run, &["--settings"]).iter().map(|text| ((*text).to_owned(), run.place.clone())));
    }
    if run.command.program() == "export" {
        let words = run.command.words.iter().filter_map(|word| word.strip_prefix("DJANGO_SETTINGS_MODULE="));
        found.extend(words.map(|text| (text.to_owned(), run.place.clone())));
    }
    for section in sections {
        for (key, value, line) in section.entries.iter().filter(|(key, ..)| key == "env") {
            let _ = key;
            if let Some(module) = value.split_once('=').filter(|(name, _)| name.trim() == SETTINGS) {
                found.push((module.1.trim().to_owned(), Place::line(&section.file, *line)));
            }
        }
    }
    found
}

/// The settings that a service, or else the image, names for all that runs in the container.
fn settings_of_container(container: &Container<'_>) -> Option<(String, Place)> {
    if let Some((file, service)) = container.service
        && let Some((_, value)) = service.environment.iter().find(|(name, _)| name == SETTINGS)
    {
        return Some((value.clone()?, file.line_of(service, SETTINGS)));
    }
    let image = container.image.as_ref().filter(|_| is_django(container))?;
    let places =
        image.file.kept().filter_map(|(place, instruction)| instruction.sets(SETTINGS).then_some(place));
    Some((image.variables.get(SETTINGS)?.clone(), places.last()?.clone()))
}

fn settings_absent(subject: &Subject<'_>, module: &str, place: &Place) -> Option<Diagnostic> {
    let module = module.trim_matches(['"', '\'']);
    let installed = module.split('.').next().map(|root| root.replace('_', "-").to_lowercase());
    if !is_module(module)
        || is_there(subject, module)
        || subject.facts.module_templates.iter().any(|template| template.module == module)
        || installed.is_some_and(|name| subject.distribution(&name).is_some())
    {
        return None;
    }
    let diagnostic = Diagnostic::error(
        SETTINGS_ABSENT,
        format!("`{SETTINGS}` is `{module}`, which is not in the project"),
    )
    .at(place, "named here")
    .because(format!(
        "everything that reads the settings ends with `ModuleNotFoundError: No module named '{module}'`"
    ));
    Some(match subject.facts.settings_prod.value.as_deref() {
        Some(own) => diagnostic
            .help(format!("write `{}`, which the project has", own.split(':').next().unwrap_or(own))),
        None => diagnostic.help("write the dotted name of a settings module that the project has"),
    })
}

#[cfg(test)]
mod tests {
    use crate::check::across::RULES;
    use crate::check::testing::of_settings;

    fn check(cmd: &str, more: &[(&str, &str)]) -> Vec<String> {
        let image = format!("FROM python:3.13\nCOPY . /app\nWORKDIR /app\nCMD {cmd}\n");
        let mut files = vec![("Dockerfile", image.as_str()), ("site/wsgi.py", ""), ("site/celery.py", "")];
        files.extend_from_slice(more);
        of_settings(RULES, "", &files)
    }

    #[test]
    fn failure_24_uwsgi_serves_a_module_that_is_there() {
        let of = |module: &str| {
            check(&format!("[\"uwsgi\", \"--http\", \":80\", \"--module\", \"{module}\"]"), &[])
        };
        assert_eq!(of("app.wsgi"), ["server-module-absent:4"]);
        assert_eq!(of("app.wsgi:application"), ["server-module-absent:4"]);
        for there in ["site.wsgi", "site.wsgi:application", "$MODULE"] {
            assert!(of(there).is_empty(), "{there}");
        }
        let ini = |module: &str| {
            let text = format!("[uwsgi]\nhttp = :80\nmodule = {module}\n");
            check("[\"uwsgi\", \"--ini\", \"deploy/server.ini\"]", &[("deploy/server.ini", &text)])
        };
        assert_eq!(ini("app.wsgi"), ["server-module-absent:3"]);
        assert!(ini("site.wsgi:application").is_empty());
    }

    #[test]
    fn scripts_by_any_name_are_followed_to_their_servers() {
        let script = "#!/bin/sh\nset -e\nexec uwsgi --http :80 --module app.wsgi\n";
        assert_eq!(check("[\"bin/serve\"]", &[("bin/serve", script)]), ["server-module-absent:3"]);
        let gunicorn = "#!/bin/sh\nset -e\nexec gunicorn app.wsgi:application\n";
        assert_eq!(check("[\"bin/serve\"]", &[("bin/serve", gunicorn)]), ["server-module-absent:3"]);
    }

    #[test]
    fn celery_is_started_with_an_application_that_is_there() {
        let of = |app: &str| {
            check(
                &format!("[\"celery\", \"-A\", \"{app}\", \"worker\"]"),
                &[("requirements.txt", "celery==5.5.3\nmail_tasks==1.0\n")],
            )
        };
        assert_eq!(of("proj"), ["celery-app-absent:4"]);
        assert_eq!(of("proj.celery:app"), ["celery-app-absent:4"]);
        for there in ["site", "site.celery", "site.celery:app", "site.celery.app", "${APP}", "mail_tasks"] {
            assert!(of(there).is_empty(), "{there}");
        }
    }

    #[test]
    fn celery_5_takes_the_application_before_the_command() {
        let of =
            |cmd: &str, version: &str| check(cmd, &[("requirements.txt", &format!("celery=={version}\n"))]);
        let old = "[\"celery\", \"worker\", \"-A\", \"site\"]";
        assert_eq!(of(old, "5.3.6"), ["celery-option-order:4"]);
        assert!(of(old, "4.4.7").is_empty());
        assert_eq!(of("celery beat --app=site -l info", "5.3.6"), ["celery-option-order:4"]);
        assert!(of("[\"celery\", \"-A\", \"site\", \"worker\", \"-l\", \"info\"]", "5.3.6").is_empty());
        assert!(of("[\"celery\", \"--app\", \"site\", \"worker\"]", "5.3.6").is_empty());
    }

    #[test]
    fn settings_that_are_named_are_there() {
        let of = |line: &str| check(&format!("[\"gunicorn\", \"site.wsgi\"]\n{line}"), &[]);
        assert_eq!(of("ENV DJANGO_SETTINGS_MODULE=site.settings.production"), ["settings-absent:5"]);
        assert!(of("ENV DJANGO_SETTINGS_MODULE=site.settings").is_empty());
        assert!(of("ENV DJANGO_SETTINGS_MODULE=$MODULE").is_empty());
        let compose = |module: &str| {
            let text = format!(
                "services:\n  web:\n    build: .\n    environment:\n      DJANGO_SETTINGS_MODULE: {module}\n"
            );
            check("[\"gunicorn\", \"site.wsgi\"]", &[("compose.yaml", &text)])
        };
        assert_eq!(compose("site.settings.prod"), ["settings-absent:5"]);
        assert!(compose("${SETTINGS}").is_empty());
        let script =
            "#!/bin/sh\nset -e\npython manage.py migrate --settings=site.live\nexec gunicorn site.wsgi\n";
        assert_eq!(check("[\"./start\"]", &[("start", script)]), ["settings-absent:3"]);
    }
}
