//! The ground of a stack: decided once for each environment, before anything is wired.

use camino::Utf8PathBuf;

use super::addresses::login::{self, StoreLogin};
use super::credentials::{self, Credentials};
use super::machine::Machine;
use super::unlisted::Unlisted;
use super::{addresses, layout};
use crate::base::{Evidence, Place, Tree};
use crate::catalog::database::{Database, Kept};
use crate::catalog::static_files::{Collected, Middleware};
use crate::catalog::store::{self, Store};
use crate::catalog::target::{self, Target};
use crate::catalog::worker::Carrier;
use crate::choose::Answers;
use crate::inspect::Facts;
use crate::inspect::facts::{Stacks, TaskQueue, UsedStore};
use crate::knowledge::pythons;
use crate::python::{Evaluation, Minor};
use crate::stack::Environment;
use crate::stack::{Protocol, TemplateCopy};

/// The project and the decisions that images and services are made from.
#[derive(Clone, Debug)]
pub(super) struct Ground<'a> {
    pub tree: &'a Tree,
    pub facts: &'a Facts,
    pub answers: &'a Answers,
    /// The tool that runs the stack.
    pub target: &'static Target,
    /// Distributions that are imported and not required.
    pub unlisted: &'a [Unlisted],
    /// The contents of images beside the distributions.
    pub machine: &'a Machine,
    pub environment: Environment,
    /// The settings as evaluated in an open world.
    evaluated: &'a Evaluation,
    pub python: Minor,
    /// `python:3.13-slim-trixie`.
    pub base: String,
    /// Dotted, and the class of class-based settings.
    pub module: String,
    pub class: Option<String>,
    /// The folder in the container in which commands run: that of `manage.py`.
    pub working: String,
    pub database: &'static Database,
    pub credentials: Option<Credentials>,
    /// The store, and the name of its service.
    pub cache: Option<(&'static Store, String)>,
    /// The login that the settings ask the store for.
    pub store_login: Option<StoreLogin>,
    /// Other stores that the settings use.
    pub other_stores: Vec<Placed>,
}

/// A store with its place in the stack.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub store: &'static Store,
    /// The name of its service.
    pub host: String,
    /// The login of its clients; `None` where they need none.
    pub login: Option<StoreLogin>,
    pub because: Vec<Evidence>,
}

/// Places the stores beside the default one that the settings of a stack use.
fn other_stores(facts: &Facts, answers: &Answers, environment: Environment) -> Vec<Placed> {
    let open = match environment {
        Environment::Dev => &facts.evaluated_dev,
        Environment::Prod => &facts.evaluated_prod,
    };
    let is_used = |stacks: Stacks| match environment {
        Environment::Dev => stacks.dev,
        Environment::Prod => stacks.prod,
    };
    // A service that no setting can be led to helps nobody: what uses the store is told that nothing runs it.
    let is_placed = |used: &&UsedStore| is_used(used.stacks) && addresses::has_leads(open, used.store);
    let used = facts.other_stores.iter().filter(is_placed);
    used.map(|used| Placed {
        store: used.store,
        host: addresses::service_name(open, used.store),
        login: login::asked_for(open, used.store, &answers.name),
        because: used.evidence.clone(),
    })
    .collect()
}

/// Tells whether the stack uses the store: each stack has the services that it uses. Where no setting leads to the store,
/// both do as they are told.
fn uses_store(facts: &Facts, environment: Environment) -> bool {
    let stacks = facts.store_in;
    let is_used = match environment {
        Environment::Dev => stacks.dev,
        Environment::Prod => stacks.prod,
    };
    is_used || stacks == Stacks::default()
}

impl<'a> Ground<'a> {
    pub fn new(
        tree: &'a Tree,
        facts: &'a Facts,
        answers: &'a Answers,
        unlisted: &'a [Unlisted],
        machine: &'a Machine,
        environment: Environment,
    ) -> Self {
        let stated = match environment {
            Environment::Dev => &answers.settings_dev,
            Environment::Prod => &answers.settings_prod,
        };
        let (module, class) = match stated.split_once(':') {
            Some((module, class)) => (module.to_owned(), Some(class.to_owned())),
            None => (stated.clone(), None),
        };
        let python = Minor::parse(&answers.python).unwrap_or_else(pythons::preferred);
        let suite = pythons::suite(python).unwrap_or("trixie");
        let open = match environment {
            Environment::Dev => &facts.evaluated_dev,
            Environment::Prod => &facts.evaluated_prod,
        };
        let database = database_of(facts, answers, environment);
        let has_cache = answers.cache && uses_store(facts, environment);
        let cache = has_cache.then(|| (store::DEFAULT, addresses::service_name(open, store::DEFAULT)));
        Self {
            tree,
            facts,
            answers,
            target: target::DEFAULT,
            unlisted,
            machine,
            environment,
            evaluated: open,
            python,
            base: pythons::image(python, suite),
            module,
            class,
            working: layout::source(&facts.project_dir.value),
            credentials: credentials::choose(database, &answers.name, open),
            database,
            store_login: cache.as_ref().and_then(|(cache, _)| login::asked_for(open, cache, &answers.name)),
            other_stores: other_stores(facts, answers, environment),
            cache,
        }
    }

    pub fn is_prod(&self) -> bool {
        self.environment == Environment::Prod
    }

    /// The settings as evaluated in an open world.
    pub fn open(&self) -> &'a Evaluation {
        self.evaluated
    }

    /// Returns the ground of the worker, if it starts with settings of its own that are built on those of this stack.
    pub fn of_worker(&self) -> Option<Self> {
        let own = self.facts.worker_settings.as_ref()?;
        let upon = self.module.as_str();
        let is_upon = own.evaluation.modules.iter().any(|module| module.dotted == upon);
        (is_upon && self.answers.worker && self.has_broker()).then(|| Self {
            module: own.module.clone(),
            class: None,
            evaluated: &own.evaluation,
            ..self.clone()
        })
    }

    /// Returns the protocol in which the app server answers; `None` if the proxy passes on none that the server speaks.
    pub fn protocol(&self) -> Option<Protocol> {
        let proxy = self.answers.proxy.run.filter(|_| self.is_prod());
        self.answers.server.protocol(proxy.as_ref().map(|run| run.passes))
    }

    /// Tells whether the app server runs the project's ASGI application: the interface that the project needs, or the other one
    /// where the server knows no other.
    pub fn serves_asgi(&self) -> bool {
        let needed = self.facts.asgi.value;
        if self.answers.server.way(needed).is_some() { needed } else { !needed }
    }

    pub fn has_proxy(&self) -> bool {
        self.is_prod() && self.answers.proxy.run.is_some()
    }

    /// Tells whether the stack keeps static files in a folder, from which a part of the stack serves them.
    pub fn keeps_static(&self) -> bool {
        self.is_prod() && !self.answers.static_files.is_elsewhere() && self.facts.has_static_files()
    }

    /// Tells whether static files are collected into the image while it is built.
    pub fn collects_static(&self) -> bool {
        self.collected() == Some(Collected::InImage)
    }

    /// Returns the place and time of the copies that `collectstatic` makes for production; `None` without static files.
    pub fn collected(&self) -> Option<Collected> {
        let answer = self.answers.static_files;
        if !self.is_prod() || !self.facts.has_static_files() {
            return None;
        }
        // Who served from the image's folder serves as well from a volume.
        let is_late = answer.middleware().is_some() && self.facts.collect_asks_database.value;
        Some(if is_late { Collected::AtStart } else { answer.collected })
    }

    /// Tells whether the proxy serves static files.
    pub fn serves_static_by_proxy(&self) -> bool {
        self.keeps_static() && self.answers.static_files.is_by_proxy() && self.answers.proxy.serves_files()
    }

    /// Returns the middleware that serves static files in production, where the project has none that does and djdock adds it.
    pub fn added_middleware(&self) -> Option<&'static Middleware> {
        let middleware = self.answers.static_files.entry().middleware()?;
        (self.keeps_static() && !self.facts.whitenoise_serves.value).then_some(middleware)
    }

    /// Returns every store of the stack, the default one first, with `login` as the login of its clients.
    pub fn stores(&self, login: Option<&StoreLogin>) -> Vec<Placed> {
        let default = self.cache.as_ref().map(|(store, host)| Placed {
            store,
            host: host.clone(),
            login: login.cloned(),
            because: self.because_of_store(),
        });
        default.into_iter().chain(self.other_stores.clone()).collect()
    }

    /// Returns the port of the store whose service has this name.
    pub fn store_port(&self, host: &str) -> Option<u16> {
        let stores = self.stores(None);
        stores.iter().find(|placed| placed.host == host).map(|placed| placed.store.container.port)
    }

    /// Returns the reasons for the default store: the settings that use it, or the answer.
    fn because_of_store(&self) -> Vec<Evidence> {
        if self.facts.store.value {
            return self.facts.store.evidence.clone();
        }
        let asked_for = self.answers.origins.get("cache").cloned().unwrap_or(Place::Default);
        vec![Evidence::new(asked_for, "was asked for; no setting leads to it")]
    }

    /// Returns the store beside the default one that carries Celery's tasks.
    pub fn other_broker(&self) -> Option<&Placed> {
        let kind = self.facts.celery_broker.value.as_deref()?;
        self.other_stores.iter().find(|placed| placed.store.schemes.contains(&kind))
    }

    /// Tells whether the stack, or somebody else, carries tasks to workers.
    pub fn has_broker(&self) -> bool {
        self.cache.is_some()
            || self.other_broker().is_some()
            || self.facts.celery_broker_elsewhere
            || self.facts.celery_broker.value.as_deref() == Some("sqs")
    }

    /// Tells whether the stack has services for a queue.
    pub fn runs(&self, queue: &TaskQueue) -> bool {
        let is_carried =
            queue.carrier == Carrier::Database || (queue.carrier == Carrier::Store && self.cache.is_some());
        self.answers.worker && queue.can_be_run() && is_carried
    }

    /// Tells whether a person or `djdock.toml` answered the question with this key.
    pub fn is_answered(&self, key: &str) -> bool {
        self.answers.origins.get(key).is_some_and(|place| *place != Place::Default)
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.database.kept, Kept::File)
    }

    pub fn roots(&self) -> &'a [Utf8PathBuf] {
        &self.facts.python_roots.value
    }

    /// Tells whether the distribution called `name` (normalised) comes with the install: required, or imported all the same.
    pub fn has_distribution(&self, name: &str) -> bool {
        self.facts.distributions.iter().any(|distribution| distribution.name == name)
            || self.unlisted.iter().any(|one| one.requirement.split('[').next() == Some(name))
    }

    /// Templates that containers copy, for want of the modules.
    pub fn templates(&self) -> Vec<TemplateCopy> {
        let inside = |path: &Utf8PathBuf| format!("{}/{path}", layout::SOURCE);
        let copies = self.facts.module_templates.iter();
        copies.map(|copy| TemplateCopy { from: inside(&copy.template), to: inside(&copy.path) }).collect()
    }

    /// The file of a dotted module, where it is in the tree.
    pub fn module_file(&self, module: &str) -> Option<Utf8PathBuf> {
        let relative: Utf8PathBuf = module.split('.').collect();
        self.roots().iter().find_map(|root| {
            let base = if root == "." { relative.clone() } else { root.join(&relative) };
            let file = Utf8PathBuf::from(format!("{base}.py"));
            let package = base.join("__init__.py");
            if self.tree.is_file(&package) { Some(package) } else { self.tree.is_file(&file).then_some(file) }
        })
    }
}

/// The database of a stack: what was answered, in production; in development what its settings use, where that
/// is known and they are others.
fn database_of(facts: &Facts, answers: &Answers, environment: Environment) -> &'static Database {
    let answered = answers.database.entry();
    if environment == Environment::Prod || answers.settings_dev == answers.settings_prod {
        return answered;
    }
    let engines = facts.databases.value.get("default");
    let Some(word) = engines.map(|engines| engines.dev.word()) else { return answered };
    let other = Database::of_engine(word).filter(|other| !matches!(other.kept, Kept::Elsewhere));
    other.filter(|_| !answered.also_serves.contains(&word)).unwrap_or(answered)
}
