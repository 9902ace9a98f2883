//! Loading: the project's own names, then files, environment by environment, then variables.

use camino::Utf8Path;

use super::super::Interp;
use super::super::environment::Reading;
use super::super::limits;
use super::super::object::{Name, Obj};
use super::super::source::Pos;
use super::lazy::Formatter;
use super::markers;
use super::merge::Store;
use super::options::Options;
use super::sources::{self, Contents, SettingsFile};
use super::tree::Node;
use super::validators;
use crate::python::evaluation::World;

/// Environments that are told apart.
const MOST_ENVIRONMENTS: usize = 6;
/// Parts of names of environments: a table of another name holds something else.
const ENVIRONMENTS: &[&str] = &[
    "dev", "prod", "test", "stag", "local", "qa", "uat", "ci", "docker", "live", "demo", "sandbox",
    "preview", "debug", "heroku",
];

/// The values that were loaded in each environment that may be the one; the one by default first.
pub(super) struct Loaded {
    pub(super) stores: Vec<Store>,
}

/// Loads as `Dynaconf(...)` does. `folder` is where the settings module lies, for Django's.
pub(super) fn load(
    interp: &mut Interp<'_>,
    options: &Options,
    base: &[(Name, Obj)],
    module: Option<&Utf8Path>,
    pos: Pos,
) -> Loaded {
    if options.reads_dotenv {
        read_dotenv(interp, options, pos);
    }
    let folder = module.map(crate::base::path::parent);
    let files = sources::collect(interp, options, folder, module, pos);
    let environments = environments(interp, options, &files, pos);
    let base: Vec<(String, Node)> =
        base.iter().map(|(name, value)| (name.to_string(), Node::of(interp, value))).collect();
    let mut stores = Vec::new();
    for environment in environments {
        let mut store = Store { always_merges: options.merges, ..Store::default() };
        store.values.extend(base.iter().cloned());
        for (name, value) in &options.own {
            let value = Node::of(interp, value);
            store.set(name, value, None, pos);
        }
        for file in &files {
            load_file(interp, &mut store, options, file, &environment);
        }
        load_variables(interp, &mut store, options, pos);
        if let Some(validators) = &options.validators {
            validators::apply(
                interp,
                &mut store,
                options,
                options.environments.then_some(environment.as_str()),
                validators,
            );
        }
        stores.push(store);
    }
    Loaded { stores }
}

fn read_dotenv(interp: &mut Interp<'_>, options: &Options, pos: Pos) {
    let stated = options.dotenv.clone();
    let path = stated.unwrap_or_else(|| Obj::str(".env"));
    interp.load_variables(&path, false, pos);
}

/// The environments of which one is loaded.
fn environments(interp: &mut Interp<'_>, options: &Options, files: &[SettingsFile], pos: Pos) -> Vec<String> {
    if !options.environments {
        return vec!["main".to_owned()];
    }
    if let Some(forced) = &options.forced {
        return vec![forced.to_lowercase()];
    }
    let mut known = vec![options.default_environment.to_lowercase()];
    let ignored = |name: &str| {
        matches!(name, "global" | "main")
            || name == options.base
            || options.prefixes.iter().any(|one| one.eq_ignore_ascii_case(name))
    };
    for file in files {
        let (Contents::Data(tables) | Contents::Secret { keys: tables, .. }) = &file.contents else {
            continue;
        };
        for (name, table) in tables {
            let name = name.to_lowercase();
            let is_one = table.is_object() && ENVIRONMENTS.iter().any(|part| name.contains(part));
            if is_one && !ignored(&name) && !known.contains(&name) && known.len() < MOST_ENVIRONMENTS {
                known.push(name);
            }
        }
    }
    let switcher = interp.name(&options.switcher);
    let compared: Vec<Name> = known.iter().map(|word| interp.name(word)).collect();
    let reading = Reading::text(Some(Obj::str(&options.default_environment)));
    let chosen = interp.read(&Obj::Str(switcher.clone()), reading, pos).ok();
    if let Some(Obj::Str(chosen)) = chosen {
        return vec![chosen.to_lowercase()];
    }
    if known.len() > 1 {
        let words = interp.compared.entry(switcher.clone()).or_default();
        for word in compared {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        interp.tested.insert(switcher);
    }
    known
}

fn load_file(
    interp: &mut Interp<'_>,
    store: &mut Store,
    options: &Options,
    file: &SettingsFile,
    environment: &str,
) {
    let (tables, secret) = match &file.contents {
        Contents::Data(tables) => (tables, None),
        Contents::Secret { row, keys } => (keys, Some(*row)),
        Contents::Python(values) => {
            for (name, value, pos) in values {
                store.set(name, value.clone(), None, *pos);
            }
            return;
        }
    };
    let whole_merges = tables.iter().find(|(key, _)| key.eq_ignore_ascii_case("dynaconf_merge"));
    let whole_merges = whole_merges.and_then(|(_, value)| value.as_bool());
    if !options.environments {
        load_table(interp, store, file, None, tables, whole_merges, secret);
        return;
    }
    let mut names = vec![options.base.clone()];
    names.extend(options.prefixes.iter().map(|prefix| prefix.to_lowercase()));
    names.extend(environment.split(',').map(|one| one.trim().to_lowercase()));
    names.push("global".to_owned());
    for (at, name) in names.iter().enumerate() {
        if names[..at].contains(name) {
            continue;
        }
        for (key, table) in tables {
            if let (true, Some(table)) = (key.eq_ignore_ascii_case(name), table.as_object()) {
                load_table(interp, store, file, Some(key), table, whole_merges, secret);
            }
        }
    }
}

fn load_table(
    interp: &mut Interp<'_>,
    store: &mut Store,
    file: &SettingsFile,
    name: Option<&str>,
    table: &serde_json::Map<String, serde_json::Value>,
    merges: Option<bool>,
    secret: Option<usize>,
) {
    let stated = table.iter().find(|(key, _)| key.eq_ignore_ascii_case("dynaconf_merge"));
    let merges = stated.and_then(|(_, value)| value.as_bool()).or(merges);
    for (key, value) in table {
        if key.to_lowercase().starts_with("dynaconf_") {
            continue;
        }
        // Each key is looked for in the whole file, line by line.
        if !limits::work(file.text.len() / 8) {
            break;
        }
        let pos = file.pos(name, key);
        let value = match secret {
            Some(row) => {
                let path = name.map_or_else(|| key.clone(), |name| format!("{name}.{key}"));
                Node::Value(sources::secret(interp, row, &path, pos))
            }
            None => Node::of_json(value),
        };
        store.set(key, value, merges, pos);
    }
}

/// Loads the variables of the environment, which go over everything.
fn load_variables(interp: &mut Interp<'_>, store: &mut Store, options: &Options, pos: Pos) {
    if options.prefixes.is_empty() {
        return;
    }
    let mut given: Vec<(String, Obj)> = Vec::new();
    if let World::Target { variables, .. } | World::Closed { variables, .. } = interp.request.world {
        given.extend(variables.iter().map(|(name, value)| (name.clone(), Obj::str(value))));
    }
    let own = interp.environ.iter().filter(|(name, _)| !name.contains(' '));
    given.extend(own.map(|(name, value)| (name.to_string(), value.clone())));
    let mut prefixes = options.prefixes.clone();
    if !prefixes.iter().any(|prefix| prefix == "DYNACONF") {
        prefixes.insert(0, "DYNACONF".to_owned());
    }
    for prefix in prefixes {
        for (name, value) in &given {
            let key = if prefix.is_empty() {
                Some(name.as_str())
            } else {
                name.strip_prefix(&format!("{prefix}_"))
            };
            let Some(key) = key.filter(|key| !key.is_empty() && !is_of_dynaconf(key)) else { continue };
            let first = key.split("__").next().unwrap_or(key).to_uppercase();
            // Without a prefix, of all that is set only what the project knows.
            if *name == options.switcher || (prefix.is_empty() && !store.values.contains_key(&first)) {
                continue;
            }
            let node = match value {
                Obj::Str(text) => markers::understood(text, true),
                other => Node::Value(other.clone()),
            };
            let name = interp.name(name);
            interp.note_read(&name, None, crate::python::value::Cast::Str, false, pos);
            store.set(key, node, None, pos);
        }
    }
}

/// Tells whether a key is no setting of the project, whatever its prefix.
fn is_of_dynaconf(key: &str) -> bool {
    key.ends_with("_FOR_DYNACONF") || matches!(key, "SETTINGS_MODULE" | "CONFIGURATION")
}

impl Loaded {
    /// Returns the value of a key: one of several if the environments differ, and whether it is there in each.
    pub(super) fn value(
        &self,
        interp: &mut Interp<'_>,
        options: &Options,
        path: &str,
        pos: Pos,
    ) -> Vec<Option<Obj>> {
        let mut values = Vec::new();
        for store in &self.stores {
            let value = store.get(path).map(|node| {
                let formatter = Formatter::begin(store, options, pos);
                node.value(interp, &mut |interp, lazy| formatter.format(interp, lazy))
            });
            values.push(value);
        }
        values
    }
}
