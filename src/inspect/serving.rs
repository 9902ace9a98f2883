//! The WSGI and ASGI applications, Channels, and whether ASGI must be used.

use camino::{Utf8Path, Utf8PathBuf};

use super::existing::Command;
use super::project::Project;
use crate::base::{Evidence, Fact, Place, path};
use crate::catalog::server::Server;

pub(super) struct Serving {
    pub(super) wsgi: Fact<Option<String>>,
    pub(super) asgi_application: Fact<Option<String>>,
    pub(super) channels: Fact<bool>,
    pub(super) asgi: Fact<bool>,
}

pub(super) fn read(project: &Project<'_>) -> Serving {
    let wsgi = application(project, "wsgi", "WSGI_APPLICATION");
    let asgi_application = application(project, "asgi", "ASGI_APPLICATION");
    let channels = channels(project, &asgi_application);
    let asgi = must_be_asgi(project, &wsgi, &asgi_application, &channels);
    Serving { wsgi, asgi_application, channels, asgi }
}

/// The module that defines `application`: the file by its usual name where there is one, else what the setting
/// names.
fn application(project: &Project<'_>, kind: &str, setting: &str) -> Fact<Option<String>> {
    let by_setting = project.prod.assumed(setting).or_else(|| project.dev.assumed(setting));
    let named = by_setting.as_ref().and_then(|value| value.as_str());
    let named = named
        .and_then(|text| text.rsplit_once(['.', ':']))
        .map(|(module, name)| (module.to_owned(), name.to_owned()));
    if let Some((module, name)) = &named
        && let Some(file) = project.sources.file_of(module)
        && let Some(line) = project.sources.scan(&file).and_then(|scan| scan.defines(name))
        // Channels names its router there; the file by the usual name is what servers are started with.
        && (kind == "wsgi" || file_of_kind(&file, kind))
    {
        let mut fact = Fact::new(Some(module.clone()), Place::line(file, line), format!("defines `{name}`"));
        fact.evidence.extend(project.prod.evidence(setting, format!("{setting} names it")));
        return fact;
    }
    let mut files = project.files(|path| file_of_kind(Utf8Path::new(path), kind));
    let settings = project.prod.module().or(project.dev.module()).unwrap_or_default();
    // The package of the settings first, then what is near.
    files.sort_by_key(|file| {
        let dotted = project.sources.dotted(file).unwrap_or_default();
        let shared = dotted.split('.').zip(settings.split('.')).take_while(|(a, b)| a == b).count();
        (std::cmp::Reverse(shared), path::depth(file), file.clone())
    });
    for file in files {
        let (Some(scan), Some(dotted)) = (project.sources.scan(&file), project.sources.dotted(&file)) else {
            continue;
        };
        if let Some(line) = scan.defines("application") {
            return Fact::new(Some(dotted), Place::line(file, line), "defines `application`");
        }
    }
    if let Some((module, name)) = named
        && let Some(file) = project.sources.file_of(&module)
        && let Some(line) = project.sources.scan(&file).and_then(|scan| scan.defines(&name))
    {
        return Fact::new(Some(module), Place::line(file, line), format!("defines `{name}`"));
    }
    Fact::with(None, vec![Evidence::new(Place::Absent(format!("{kind}.py").into()), "looked for")])
}

fn file_of_kind(path: &Utf8Path, kind: &str) -> bool {
    path::stem(path) == kind || (path::name(path) == "__init__.py" && path::name(path::parent(path)) == kind)
}

fn channels(project: &Project<'_>, asgi: &Fact<Option<String>>) -> Fact<bool> {
    for settings in [&project.prod, &project.dev] {
        if settings
            .texts("INSTALLED_APPS")
            .iter()
            .any(|app| app == "channels" || app.starts_with("channels."))
        {
            return Fact::with(true, settings.evidence("INSTALLED_APPS", "installs `channels`"));
        }
    }
    // From Channels 4 on it need not be an installed app.
    if let Some((file, line)) = routes(project, asgi)
        && project.installs(&["channels"]) != Some(false)
    {
        return Fact::new(true, Place::line(file, line), "routes websockets with Channels");
    }
    Fact::with(false, project.prod.evidence("INSTALLED_APPS", "does not install `channels`"))
}

/// Returns the place where the ASGI application, or the router that the settings name, is built of Channels' parts.
fn routes(project: &Project<'_>, asgi: &Fact<Option<String>>) -> Option<(Utf8PathBuf, u32)> {
    let set = [&project.prod, &project.dev].map(|settings| settings.assumed("ASGI_APPLICATION"));
    let named = set.iter().flatten().filter_map(|value| value.as_str()?.rsplit_once(['.', ':']));
    let modules = asgi.value.as_deref().into_iter().chain(named.map(|(module, _)| module));
    let mut lines = modules.filter_map(|module| {
        let file = project.sources.file_of(module)?;
        let line = project.sources.scan(&file)?.imports_from("channels")?.line;
        Some((file, line))
    });
    lines.next()
}

fn must_be_asgi(
    project: &Project<'_>,
    wsgi: &Fact<Option<String>>,
    asgi: &Fact<Option<String>>,
    channels: &Fact<bool>,
) -> Fact<bool> {
    if let Some(command) = project.existing.commands.iter().find(|command| serves_asgi(command)) {
        return Fact::new(true, command.place.clone(), "starts an ASGI server");
    }
    let Some(module) = &asgi.value else {
        if channels.value {
            return Fact::with(true, channels.evidence.clone());
        }
        return Fact::with(false, asgi.evidence.clone());
    };
    if channels.value {
        let mut fact = Fact::with(true, channels.evidence.clone());
        fact.evidence.extend(asgi.evidence.iter().cloned());
        return fact;
    }
    if project.has_app(|app| app == "daphne") {
        return Fact::with(true, project.prod.evidence("INSTALLED_APPS", "installs `daphne`"));
    }
    if wsgi.value.is_none() {
        return Fact::with(true, asgi.evidence.clone());
    }
    let wrapped =
        project.sources.file_of(module).and_then(|file| project.sources.scan(&file)).and_then(|scan| {
            // An untouched file binds `application` to Django's own; a coroutine of the project's is meant.
            let own = scan.functions.iter().find(|function| function.name == "application")?;
            Some((scan.path.clone(), own.line))
        });
    if let Some((file, line)) = wrapped {
        return Fact::new(true, Place::line(file, line), "answers more than HTTP itself");
    }
    let place = asgi.decided_by().cloned().unwrap_or(Place::Default);
    Fact::new(false, place, "is as Django made it, and nothing serves it")
}

fn serves_asgi(command: &Command) -> bool {
    let server = Server::asgi_programs().any(|program| command.has(program));
    let asgi = command.words.iter().any(|word| word.contains("asgi"));
    let worker = command.words.iter().any(|word| word.to_ascii_lowercase().contains("uvicorn"));
    (server && asgi) || (asgi && worker && Server::wsgi_programs().any(|program| command.has(program)))
}
