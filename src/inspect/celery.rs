//! Celery: the application, its broker, and whether something is scheduled.

use camino::{Utf8Path, Utf8PathBuf};

use super::celery_queues;
use super::celery_schedule::{beat, beat_scheduler};
use super::elsewhere::is_elsewhere;
use super::project::{Project, mentions};
use crate::base::{Evidence, Fact, Place, path};
use crate::python::Value;
use crate::python::scan::{Expression, Scan};

pub(super) struct Celery {
    pub(super) app: Fact<Option<String>>,
    pub(super) beat: Fact<bool>,
    /// The keeper of the schedule that a command names, where the settings name none.
    pub(super) scheduler: Fact<Option<String>>,
    pub(super) broker: Fact<Option<String>>,
    /// True if its address is written down, and is that of a machine that somebody runs.
    pub(super) broker_elsewhere: bool,
    pub(super) queues: Fact<Vec<String>>,
}

/// Settings of the broker's address.
pub(super) const BROKERS: &[&str] =
    &["CELERY_BROKER_URL", "BROKER_URL", "CELERY_BROKER", "CELERY_BROKER_TRANSPORT_URL"];
/// Names of distributions that bring Celery.
const DISTRIBUTIONS: &[&str] = &["celery", "django-celery", "django-celery-beat", "django-celery-results"];

pub(super) fn read(project: &Project<'_>) -> Celery {
    let none = |place: Place, reason: &str| Celery {
        app: Fact::new(None, place.clone(), reason),
        beat: Fact::new(false, place.clone(), reason),
        scheduler: Fact::new(None, place.clone(), reason),
        broker: Fact::new(None, place.clone(), reason),
        broker_elsewhere: false,
        queues: Fact::new(Vec::new(), place, reason),
    };
    let found = modules(project);
    let Some((file, line)) = found.first().cloned() else {
        return none(Place::Absent("celery.py".into()), "no module makes a Celery application");
    };
    // A leftover module is no worker: it cannot even be imported where Celery is not installed.
    if project.installs(DISTRIBUTIONS) == Some(false) {
        return none(Place::line(file, line), "Celery is not among the requirements");
    }
    let app = app(project, &file, line);
    let queues = celery_queues::read(project, &file);
    let settings = project.worker.as_ref().unwrap_or(&project.prod);
    let broker_elsewhere = BROKERS.iter().any(|name| is_elsewhere(settings, name));
    Celery {
        beat: beat(project, &file),
        scheduler: beat_scheduler(project, &file),
        broker: broker(project, &file),
        broker_elsewhere,
        queues,
        app,
    }
}

/// The file that makes the Celery application with which workers are started.
pub(super) fn module(project: &Project<'_>) -> Option<Utf8PathBuf> {
    modules(project).into_iter().next().map(|(file, _)| file)
}

/// Every file that makes a Celery application, the one that is used first.
fn modules(project: &Project<'_>) -> Vec<(Utf8PathBuf, u32)> {
    let named: Vec<Utf8PathBuf> = project
        .existing
        .commands
        .iter()
        .filter(|command| command.has("celery"))
        .filter_map(|command| command.option(&["-A", "--app"]))
        .filter_map(|app| {
            let module = app.split(':').next().unwrap_or(app);
            let in_package = format!("{module}.celery");
            let by_attribute = module.rsplit_once('.').map(|(module, _)| module);
            let found = [in_package.as_str(), module, by_attribute.unwrap_or(module)];
            found.into_iter().find_map(|module| project.sources.file_of(module))
        })
        .collect();
    let likely = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.contains("celery")
            || path.ends_with("/celery/__init__.py")
            || matches!(
                name,
                "worker.py" | "workers.py" | "tasks.py" | "queue.py" | "app.py" | "tasks_app.py"
            )
    };
    let settings = project.prod.module().or(project.dev.module()).unwrap_or_default();
    let own = settings.split('.').next().unwrap_or_default().to_owned();
    let mut files = project.files(likely);
    // Beside the settings first.
    files.sort_by_key(|file| {
        let dotted = project.sources.dotted(file).unwrap_or_default();
        (
            !dotted.starts_with(&format!("{own}.")),
            !file.as_str().contains("celery"),
            path::depth(file),
            file.clone(),
        )
    });
    // The package's own `__init__` may make it.
    let package = project.sources.file_of(&own);
    let all = named.into_iter().chain(files).chain(package);
    let mut seen = std::collections::BTreeSet::new();
    all.filter(|file| seen.insert(file.clone()))
        .filter_map(|file| made_in(project, &file).map(|line| (file, line)))
        .collect()
}

/// The line at which a file makes an application: a call of `Celery` or of a class derived from it.
fn made_in(project: &Project<'_>, file: &Utf8Path) -> Option<u32> {
    // Whatever the class is called, `Celery` is in its name or in that of its base.
    if !project.sources.glance(file)?.contains("Celery") {
        return None;
    }
    let scan = project.sources.scan(file)?;
    let direct = scan.calls_of("celery.Celery").next().map(|call| call.line);
    // A class that a library or the project derives from Celery's own.
    let derived_elsewhere = || {
        let is_one = |full: &str| {
            full.rsplit_once('.').is_some_and(|(module, class)| {
                class.contains("Celery")
                    && (class.ends_with("App") || class.ends_with("Celery"))
                    && module.contains("celery")
            })
        };
        let bound = scan.bindings.iter().filter(|one| one.context.is_module_level());
        bound
            .filter(|one| matches!(&one.value, Expression::Call(callee, ..) if callee.as_name().is_some_and(|name| is_one(&scan.full_name(name)))))
            .map(|one| one.line)
            .next()
    };
    direct.or_else(derived_elsewhere).or_else(|| {
        let derived = |name: &str| {
            let bases = scan.classes.iter().find(|class| class.name == name).map(|class| &class.bases);
            bases.is_some_and(|bases| bases.iter().any(|base| scan.full_name(base) == "celery.Celery"))
        };
        scan.calls.iter().find(|call| derived(&call.callee)).map(|call| call.line)
    })
}

fn app(project: &Project<'_>, file: &Utf8Path, line: u32) -> Fact<Option<String>> {
    let made = Evidence::new(Place::line(file.to_owned(), line), "makes the Celery application");
    for command in project.existing.commands.iter().filter(|command| command.has("celery")) {
        let Some(app) = command.option(&["-A", "--app"]) else { continue };
        let module = app.split(':').next().unwrap_or(app);
        if app.starts_with('$')
            || (project.sources.file_of(module).is_none()
                && project
                    .sources
                    .file_of(module.rsplit_once('.').map_or(module, |(module, _)| module))
                    .is_none())
        {
            continue;
        }
        let started = Evidence::new(command.place.clone(), "starts Celery with it");
        return Fact::with(Some(app.to_owned()), vec![started, made]);
    }
    let Some(dotted) = project.sources.dotted(file) else {
        return Fact::unknown(None, vec![made], "the module lies outside of Python's path");
    };
    // A package that exports it is the shorter name, and the one in Celery's own manual.
    if let Some((package, last)) = dotted.rsplit_once('.')
        && let Some(init) =
            project.sources.file_of(package).filter(|path| path.file_name() == Some("__init__.py"))
        && let Some(scan) = project.sources.scan(&init)
    {
        let exports = scan.imports.iter().find(|import| {
            let from = project.sources.absolute(&init, import.level, &import.module);
            from.as_deref() == Some(&dotted)
                || (from.as_deref() == Some(package) && import.name.as_deref() == Some(last))
        });
        if let Some(import) = exports {
            let exported = Evidence::new(Place::line(init, import.line), format!("`{package}` exports it"));
            return Fact::with(Some(package.to_owned()), vec![made, exported]);
        }
    }
    Fact::with(Some(dotted), vec![made])
}

fn broker(project: &Project<'_>, file: &Utf8Path) -> Fact<Option<String>> {
    let scan = project.sources.scan(file).unwrap_or_default();
    let settings = project.worker.as_ref().unwrap_or(&project.prod);
    for name in BROKERS {
        let Some(setting) = settings.get(name) else {
            continue;
        };
        let evidence = settings.evidence(name, format!("sets `{name}`"));
        return match scheme(&setting.value) {
            Some(kind) => Fact::with(Some(kind.to_owned()), evidence),
            None => {
                let why = settings.why(name, "the address is known only at run time");
                Fact::unknown(Some("unknown".to_owned()), evidence, why)
            }
        };
    }
    // `app.config_from_object(settings.CELERY)`: a dict of Celery's own names.
    if let Some(setting) = settings.get("CELERY")
        && let Some(address) = setting.value.get("broker_url").or_else(|| setting.value.get("BROKER_URL"))
    {
        let evidence = vec![Evidence::new(setting.place.clone(), "sets the broker in CELERY")];
        return match scheme(address) {
            Some(kind) => Fact::with(Some(kind.to_owned()), evidence),
            None => {
                Fact::unknown(Some("unknown".to_owned()), evidence, "the address is known only at run time")
            }
        };
    }
    if let Some((kind, line)) = in_module(&scan) {
        return Fact::new(Some(kind.to_owned()), Place::line(file.to_owned(), line), "names the broker");
    }
    let evidence = vec![Evidence::new(Place::Path(file.to_owned()), "names no broker")];
    Fact::unknown(
        Some("unknown".to_owned()),
        evidence,
        "neither settings nor the Celery module name a broker",
    )
}

fn in_module(scan: &Scan) -> Option<(&'static str, u32)> {
    let keyword = |name: &str| matches!(name, "broker" | "broker_url");
    let calls = scan.calls.iter().flat_map(|call| {
        call.keywords.iter().filter(move |(name, _)| keyword(name)).map(|(_, value)| (value, call.line))
    });
    let bindings = scan
        .bindings
        .iter()
        .filter(|one| one.target.ends_with("broker_url"))
        .map(|one| (&one.value, one.line));
    let mut all = calls.chain(bindings);
    all.find_map(|(value, line): (&Expression, u32)| {
        let texts = scan.texts_of(value);
        texts.iter().find_map(|text| kind_of(text)).map(|kind| (kind, line))
    })
}

/// The kind of broker that an address is for, whatever is not known of it.
pub(super) fn scheme(value: &Value) -> Option<&'static str> {
    let assumed = value.assumed();
    if let Some(kind) = assumed.as_ref().and_then(Value::as_str).and_then(kind_of) {
        return Some(kind);
    }
    value.alternatives().into_iter().find_map(|one| match one {
        Value::Str(text) => kind_of(text),
        Value::Text(parts) => parts.first().and_then(Value::as_str).and_then(kind_of),
        Value::Unknown { from, .. } => ["redis", "amqp", "sqs"].into_iter().find(|kind| {
            from.iter().any(|part| mentions(part, &|text: &str| kind_of(text) == Some(kind), 0))
        }),
        Value::Env(read) => kind_by_name(&read.name),
        _ => None,
    })
}

/// The kind of broker that a variable is called after, where its name is the only word on it.
fn kind_by_name(variable: &str) -> Option<&'static str> {
    let upper = variable.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    if has(&["REDIS", "VALKEY"]) {
        return Some("redis");
    }
    has(&["AMQP", "RABBIT"]).then_some("amqp")
}

fn kind_of(address: &str) -> Option<&'static str> {
    let scheme = address.split("://").next().unwrap_or(address);
    match scheme {
        "redis" | "rediss" | "redis+socket" | "sentinel" | "unix" => Some("redis"),
        "amqp" | "amqps" | "pyamqp" | "librabbitmq" => Some("amqp"),
        "sqs" => Some("sqs"),
        "memory" => Some("memory"),
        _ if address.starts_with("memory:") => Some("memory"),
        _ => None,
    }
}
