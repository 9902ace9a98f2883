//! Tree → Facts.

mod backends;
mod caches;
mod celery;
mod celery_queues;
mod celery_schedule;
mod databases;
mod demanded;
pub mod dependencies;
mod elsewhere;
pub mod entry_points;
pub mod existing;
pub mod facts;
pub mod frontend;
mod import_lines;
pub mod imports;
mod layout;
mod machine;
pub mod management;
mod messages;
mod naming;
mod project;
pub mod python_version;
pub(crate) mod queries;
mod queues;
mod said;
mod serving;
mod settings;
mod single_settings;
pub mod source_builds;
mod sources;
mod started;
mod started_programs;
mod stated_python;
mod static_files;
pub(crate) mod storages;
pub(crate) mod stores;
pub mod system_packages;
mod templates;
mod translations;
mod variables;
mod words;
pub mod worker_settings;

pub use facts::Facts;
pub(crate) use settings::{target::environment_switches, target::named_environment, words::truth_of};
pub(crate) use {backends::search_engines, settings::holding::holds_thing};

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use self::dependencies::{Dependencies, StatedPython};
use self::existing::Existing;
use self::facts::DatabaseEngine;
use self::facts::WorkerSettings;
use self::layout::Layout;
use self::project::{Project, Settings};
use self::python_version::PythonVersion;
pub use self::said::Said;
use self::settings::Modules;
use self::sources::Sources;
use self::templates::Filled;
use self::words::Words;
use crate::base::{Diagnostic, Evidence, Fact, Place, Tree, path};
use crate::knowledge::pythons;
use crate::python::{
    Evaluation, Minor, NoResult, Request, evaluate, evaluation, message, readable, required_variables,
    with_room,
};

/// Reads all that can be known of a project. Never fails: what is not known says so, and why.
pub fn inspect(tree: &Tree) -> (Facts, Vec<Diagnostic>) {
    inspect_as(tree, &Said::default())
}

/// How often modules are looked for that a template's copy imports in its turn.
const MOST_COPIES: usize = 3;

/// Reads the project as [`inspect`] does, but as the person said where they said something: facts that depend
/// on the choice (databases, variables, system packages) follow it.
pub fn inspect_as(tree: &Tree, said: &Said) -> (Facts, Vec<Diagnostic>) {
    with_room(|| read(tree, said)).unwrap_or_else(|none| match none {
        NoResult::Panic(panic) => {
            let nothing = Tree::from_literals([] as [(&str, &str); 0]);
            (read(&nothing, &Said::default()).0, vec![messages::broke_down(&message(&*panic))])
        }
        // The stack that there is must do.
        NoResult::NoThread(_) => read(tree, said),
    })
}

fn read(tree: &Tree, said: &Said) -> (Facts, Vec<Diagnostic>) {
    let mut as_it_is = Sources::new(tree);
    let layout = layout::read(&mut as_it_is, said.manage_py.as_deref());
    std::thread::scope(|scope| {
        let folder = layout.project_dir.value.clone();
        // What is installed, and what is there beside the code, needs no settings: it is read meanwhile.
        let beside = move || {
            let python = python_version::stated(tree, &folder);
            let dependencies = dependencies::read_as(tree, &folder, said.package_manager, &python);
            Beside { dependencies, python, existing: Existing::read(tree, &folder) }
        };
        let again = beside.clone();
        let meanwhile = scope.spawn(move || with_room(beside));
        let words = scope.spawn(|| Words::read(tree));
        let beside = move || meanwhile.join().ok().and_then(Result::ok).unwrap_or_else(again);
        let wait = move || (beside(), words.join().unwrap_or_else(|_| Words::read(tree)));
        read_settings(tree, said, as_it_is, layout, wait)
    })
}

/// Everything that is read without the settings.
struct Beside {
    dependencies: (Dependencies, Vec<Diagnostic>),
    /// Statements about Python outside manifests.
    python: Vec<StatedPython>,
    existing: Existing,
}

/// The rest of [`read`].
fn read_settings(
    tree: &Tree,
    said: &Said,
    as_it_is: Sources<'_>,
    layout: Layout,
    wait: impl FnOnce() -> (Beside, Words),
) -> (Facts, Vec<Diagnostic>) {
    let filled = Filled::with_default_module(&as_it_is, layout.named.first());
    let mut sources = Sources::new(&filled.tree);
    sources.roots = as_it_is.roots;
    let stated = settings::stated::stated(&sources);
    let mut named = layout.named.clone();
    named.extend(layout.possible.iter().cloned());
    named.extend(stated.iter().filter(|one| !one.is_for_tests()).map(|one| one.named.clone()));
    let modules = settings::find(&sources, &named);
    let chosen = settings::choose(&modules, &layout.named, &stated);
    let chosen_dev = said_or(said.settings_dev.as_ref(), chosen.dev, "settings_dev");
    let chosen_prod = said_or(said.settings_prod.as_ref(), chosen.prod, "settings_prod");
    let evaluations = evaluated(&filled.tree, &sources.roots, &chosen_dev, &chosen_prod);
    let (Beside { dependencies, python, existing }, mut words) = wait();
    let (mut dependencies, mut diagnostics) = dependencies;
    let unreadable = layout.unreadable.iter().chain(&modules.unreadable);
    diagnostics.extend(unreadable.filter_map(|file| readable::problem(tree, file)));
    let has_unreadable = !layout.unreadable.is_empty() || !modules.unreadable.is_empty();
    if layout.candidates.is_empty() && modules.all.is_empty() && !has_unreadable {
        diagnostics.insert(0, messages::no_django_project(tree, &dependencies));
    }
    if layout.candidates.len() > 1 && said.manage_py.is_none() {
        diagnostics.push(messages::several_projects(&layout.candidates));
    }
    let (mut dev, mut prod, mut required) = evaluations;
    let mut complete = filled.clone();
    for _ in 0..MOST_COPIES {
        let Some(more) = complete.with_imported(&sources.roots, &[&dev.evaluation, &prod.evaluation]) else {
            break;
        };
        complete = more;
        (dev, prod, required) = evaluated(&complete.tree, &sources.roots, &chosen_dev, &chosen_prod);
    }
    if complete.copies.len() > filled.copies.len() {
        let roots = sources.roots;
        sources = Sources::new(&complete.tree);
        sources.roots = roots;
    }
    diagnostics.extend(complete.diagnostics.iter().cloned());
    diagnostics.extend(prod.evaluation.diagnostics.iter().cloned());
    diagnostics.extend(
        dev.evaluation.diagnostics.iter().filter(|one| !prod.evaluation.diagnostics.contains(one)).cloned(),
    );
    let evaluations = [&dev.evaluation, &prod.evaluation];
    let proposed = dependencies::proposed::complete(
        &sources,
        &layout.project_dir.value,
        &mut dependencies,
        &evaluations,
        &mut diagnostics,
    );
    words.look_through(sources.tree, complete.copies.iter().map(|copy| copy.path.as_path()));
    dependencies::for_developers::complete(&sources, &words, &prod, &mut dependencies, &mut diagnostics);
    let mut entry_points = entry_points::read(&sources, layout.manage_py.value.as_deref());
    entry_points.extend(started::read(&sources, &words, &prod));
    diagnostics.extend(entry_points.iter().flat_map(|entry| entry.problems.clone()));
    Diagnostic::forget_repeated(&mut diagnostics);
    let mut project = Project { sources, dependencies, existing, dev, prod, worker: None };
    let of_worker = celery::module(&project)
        .and_then(|file| worker_settings::read(&project.sources, &modules, &file, &project.prod));
    project.worker = of_worker.as_ref().map(WorkerSettings::as_settings);
    let (python, found) = python_version::read_as(
        tree,
        &layout.project_dir.value,
        &project.dependencies,
        &python,
        said.python.as_deref(),
    );
    diagnostics.extend(found);
    let mut facts = facts(&project, python, layout, &modules, chosen_dev, chosen_prod, &required);
    facts.demanded_settings = demanded::read(&project.sources, &words, &project.prod);
    facts.machine = machine::read(&project, &words);
    // The largest part, and done with here: handed over, not copied.
    facts.evaluated_dev = project.dev.evaluation;
    facts.evaluated_prod = project.prod.evaluation;
    dependencies::development::complete(&mut facts.install, &facts.distributions, &facts.evaluated_dev);
    let python = facts.python_version.value.as_deref().and_then(Minor::parse);
    let built = facts.install.iter().zip(python);
    diagnostics.extend(built.flat_map(|(one, at)| source_builds::diagnostics(&facts.distributions, one, at)));
    diagnostics.extend(messages::drivers_of_vendors(&facts.distributions));
    let suite = python.and_then(pythons::suite).unwrap_or("trixie");
    system_packages::add_started(&mut facts, suite, &mut diagnostics);
    diagnostics.extend(system_packages::gone(&facts.distributions, &facts.existing.packages, suite));
    diagnostics.extend(facts.built_frontend().value.as_ref().and_then(messages::frontend_over_ssh));
    facts.entry_points = entry_points;
    facts.worker_settings = of_worker;
    facts.module_templates.clone_from(&complete.copies);
    facts.proposed_requirements = proposed;
    (facts, diagnostics)
}

fn said_or(said: Option<&String>, found: Fact<Option<String>>, key: &str) -> Fact<Option<String>> {
    match said {
        Some(module) => Fact::new(Some(module.clone()), Place::Answer(key.to_owned()), "was chosen"),
        None => found,
    }
}

type Required = BTreeMap<String, Place>;

/// Both settings modules as they are evaluated when nothing is known of the environment, and the variables
/// without which the one for production cannot be imported.
fn evaluated(
    tree: &Tree,
    roots: &[Utf8PathBuf],
    dev: &Fact<Option<String>>,
    prod: &Fact<Option<String>>,
) -> (Settings, Settings, Required) {
    let run = |name: &Option<String>| name.as_ref().map(|name| evaluate(&request(tree, roots, name)));
    let target = |name: &Option<String>, evaluation: Option<Evaluation>, debug: bool| match (name, evaluation)
    {
        (Some(name), Some(evaluation)) => {
            let decided = settings::target::decided(&request(tree, roots, name), &evaluation, debug);
            Settings { name: Some(name.clone()), evaluation, decided }
        }
        _ => Settings::default(),
    };
    let production = match (&prod.value, &dev.value) {
        (Some(prod), _) => Some(prod.clone()),
        // What is not known to be for production still says most of what production needs.
        (None, other) => other.clone(),
    };
    std::thread::scope(|scope| {
        let required = scope.spawn(|| {
            let name = production.as_ref()?;
            with_room(|| {
                required_variables(&request(tree, roots, name), |open| named_environment(open, false))
            })
            .ok()
        });
        let prod = run(&production);
        let same = production == dev.value;
        let development = if same { prod.clone() } else { run(&dev.value) };
        let dev = target(&dev.value, development, true);
        let prod = target(&production, prod, false);
        (dev, prod, required.join().ok().flatten().unwrap_or_default())
    })
}

fn request<'a>(tree: &'a Tree, roots: &'a [Utf8PathBuf], name: &'a str) -> Request<'a> {
    let (module, class) = name.split_once(':').map_or((name, None), |(module, class)| (module, Some(class)));
    Request { tree, roots, module, class, world: evaluation::World::Open }
}

fn facts(
    project: &Project<'_>,
    python: PythonVersion,
    layout: Layout,
    modules: &Modules,
    settings_dev: Fact<Option<String>>,
    settings_prod: Fact<Option<String>>,
    required: &Required,
) -> Facts {
    let tree = project.sources.tree;
    let dependencies = &project.dependencies;
    let serving = serving::read(project);
    let celery = celery::read(project);
    let caches = caches::read(project);
    let (task_queues, queues) = queues::read(project);
    let (store, store_in) = stores::of_both(project, &caches, &celery, &queues);
    let other_stores = stores::others(project, &celery);
    let django = python.django_version.value.as_deref().and_then(Minor::parse);
    let files = static_files::read(project, &layout.project_dir.value, django);
    let (databases, install) = (databases::read(project), dependencies.install.as_ref());
    let has_engine = |wanted: &[DatabaseEngine]| {
        databases.value.values().any(|alias| wanted.contains(&alias.dev) || wanted.contains(&alias.prod))
    };
    let needs = system_packages::Needs {
        geodjango: project.has_app(|app| app == "django.contrib.gis")
            || has_engine(&[DatabaseEngine::Postgis, DatabaseEngine::Spatialite]),
        spatialite: has_engine(&[DatabaseEngine::Spatialite]),
        gettext: tree.files().any(|path| path::extension(path) == Some("po")),
        git: install.is_some_and(|install| install.needs_git),
        ssh: install.is_some_and(|install| install.needs_ssh),
        installed: project.existing.packages.clone(),
        no_binary: install.map(|install| install.no_binary.clone()).unwrap_or_default(),
    };
    let version = python.version.value.as_deref().unwrap_or_default();
    let suite = Minor::parse(version).and_then(pythons::suite).unwrap_or("trixie");
    let packages = system_packages::needed(&dependencies.distributions, &needs, version, suite);
    Facts {
        settings_modules: settings_modules(modules),
        databases,
        cache_backends: caches,
        task_queues,
        queues,
        store,
        store_in,
        other_stores,
        celery_broker_elsewhere: celery.broker_elsewhere,
        demanded_settings: BTreeMap::new(),
        watched_frontend: frontend::read_watched(tree, &layout.project_dir.value),
        frontend: frontend::read(tree, &layout.project_dir.value),
        auth_user_model: single_settings::user_model(&project.prod),
        variables: variables::read(&project.dev, &project.prod, required),
        secret_files: secret_files(project),
        installed_apps: single_settings::installed_apps(&project.prod),
        email_backend: backends::email(project),
        session_engine: backends::sessions(project),
        search_engines: backends::search(project),
        processes: existing::processes::read(tree, &layout.project_dir.value),
        management_commands: management::read(project),
        ports: existing::ports::read(&project.existing.commands),
        manage_py: layout.manage_py,
        project_dir: layout.project_dir,
        python_roots: layout.python_roots,
        settings_module: layout.settings_module,
        settings_dev,
        settings_prod,
        wsgi_application: serving.wsgi,
        asgi_application: serving.asgi_application,
        package_manager: dependencies.package_manager.clone(),
        requirements_files: dependencies.requirements_files.clone(),
        lock_file: dependencies.lock_file.clone(),
        python_requirement: python.requirement,
        python_version: python.version,
        django_requirement: dependencies.django_requirement.clone(),
        django_version: python.django_version,
        celery_app: celery.app,
        celery_beat: celery.beat,
        celery_beat_scheduler: celery.scheduler,
        celery_broker: celery.broker,
        celery_queues: celery.queues,
        channels: serving.channels,
        asgi: serving.asgi,
        static_url: files.static_url,
        static_root: files.static_root,
        media_url: files.media_url,
        media_root: files.media_root,
        whitenoise: files.whitenoise,
        object_storage: files.object_storage,
        static_on_service: files.static_on_service,
        whitenoise_serves: files.whitenoise_serves,
        collect_asks_database: queries::at_start(project),
        system_packages: packages,
        manage_py_candidates: layout.candidates,
        distributions: dependencies.distributions.clone(),
        install: dependencies.install.clone(),
        existing: project.existing.clone(),
        translations: translations::read(project),
        // The caller adds what it knows already, or reads later.
        ..Facts::default()
    }
}

fn settings_modules(modules: &Modules) -> Fact<Vec<String>> {
    let evidence = modules
        .all
        .values()
        .map(|module| {
            let reason = if module.is_empty { "is their package" } else { "holds Django's settings" };
            Evidence::new(Place::Path(module.path.clone()), reason)
        })
        .collect();
    Fact::with(modules.all.keys().cloned().collect(), evidence)
}

/// Files that settings cannot do without and that are not in the project; a `.env` only where it is required.
fn secret_files(project: &Project<'_>) -> Fact<Vec<Utf8PathBuf>> {
    let mut found: BTreeMap<&Utf8Path, Evidence> = BTreeMap::new();
    for settings in [&project.prod, &project.dev] {
        for file in &settings.evaluation.files {
            let optional = file.format == evaluation::FileFormat::Env && !file.required;
            if !file.exists && !optional {
                let evidence = Evidence::new(file.place.clone(), format!("opens `{}`", file.path));
                found.entry(&file.path).or_insert(evidence);
            }
        }
    }
    let evidence = found.values().cloned().collect();
    Fact::with(found.into_keys().map(Utf8Path::to_owned).collect(), evidence)
}
