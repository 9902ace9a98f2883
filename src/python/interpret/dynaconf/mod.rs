//! dynaconf: settings from files, environment by environment, and from variables with a prefix.
//!
//! An object is made by reading its files once ([`sources`]) and applying them for each environment that may be the
//! one ([`load`]); what comes of it is kept as a dict ([`access`]) or becomes the names of a module ([`django`]).

mod access;
mod django;
mod lazy;
mod load;
mod markers;
mod merge;
mod options;
mod sources;
mod tree;
mod validators;

use std::collections::{BTreeMap, BTreeSet};

use self::access::Otherwise;
use self::django::Population;
use self::load::{Loaded, load};
use self::merge::Store;
use self::options::Options;
use self::tree::Node;
pub(super) use super::object::SETTINGS;
use super::object::{Exception, MadeObj, Name, Obj};
use super::source::Pos;
use super::{Interp, Outcome};

impl Interp<'_> {
    /// `Dynaconf(...)`.
    pub(super) fn make_dynaconf(&mut self, kwargs: Vec<(Name, Obj)>, pos: Pos) -> Obj {
        let options = Options::of(self, &kwargs);
        let loaded = load(self, &options, &[], None, pos);
        self.dynaconf_object(&options, &loaded, kwargs, pos, None)
    }

    /// `from dynaconf import settings`: one object for all, in versions before the fourth.
    pub(super) fn shared_dynaconf(&mut self) -> Obj {
        let names = ["environments", "load_dotenv", "default_settings_paths"];
        let kwargs = names.map(|name| (self.name(name), Obj::Bool(true)));
        self.make_dynaconf(kwargs.into(), Pos::default())
    }

    /// `DjangoDynaconf(__name__, ...)`: the module's names are what it begins with and what it sets.
    pub(super) fn make_django_dynaconf(
        &mut self,
        module: Option<usize>,
        mut kwargs: Vec<(Name, Obj)>,
        pos: Pos,
    ) -> Obj {
        let Some(module) = module else { return self.make_dynaconf(kwargs, pos) };
        let stated = |kwargs: &[(Name, Obj)], name: &str| {
            let same = |key: &str| key.to_lowercase().trim_end_matches("_for_dynaconf") == name;
            kwargs.iter().any(|(key, _)| same(key))
        };
        let defaults = [
            ("envvar_prefix", Obj::str("DJANGO")),
            ("env_switcher", Obj::str("DJANGO_ENV")),
            ("environments", Obj::Bool(true)),
            ("load_dotenv", Obj::Bool(true)),
        ];
        for (name, value) in defaults {
            if !stated(&kwargs, name) {
                kwargs.push((self.name(name), value));
            }
        }
        let space = self.modules[module].space;
        let path = self.modules[module].path.clone();
        let options = Options::of(self, &kwargs);
        let names = self.heap.names(space).iter();
        let own: Vec<(Name, Obj)> = names
            .filter(|(name, _)| options::is_setting(name))
            .map(|(name, binding)| (name.clone(), binding.value.clone()))
            .collect();
        let loaded = load(self, &options, &own, Some(&path), pos);
        let population =
            Population { options: &options, loaded: &loaded, ignored: BTreeSet::new(), only: None, pos };
        population.bind(self, space);
        self.dynaconf_object(&options, &loaded, kwargs, pos, Some(module))
    }

    fn dynaconf_object(
        &mut self,
        options: &Options,
        loaded: &Loaded,
        kwargs: Vec<(Name, Obj)>,
        pos: Pos,
        module: Option<usize>,
    ) -> Obj {
        let keys: BTreeSet<String> =
            loaded.stores.iter().flat_map(|store| store.values.keys().cloned()).collect();
        let mut entries = Vec::with_capacity(keys.len());
        for key in keys {
            let there: Vec<Obj> = loaded.value(self, options, &key, pos).into_iter().flatten().collect();
            entries.push((Obj::str(&key), self.heap.one_of(there)));
        }
        let store = Obj::Dict(self.heap.dict(entries));
        let merging = loaded.stores.first().map(|store| store.merging.iter().map(Obj::str).collect());
        let mut args = vec![store, Obj::tuple(merging.unwrap_or_default())];
        args.extend(module.map(Obj::Module));
        Obj::made(SETTINGS, args, kwargs, pos)
    }

    /// `settings.populate_obj(sys.modules[__name__])`.
    pub(super) fn populate_from_dynaconf(
        &mut self,
        made: &MadeObj,
        target: &Obj,
        kwargs: &[(Name, Obj)],
        pos: Pos,
    ) {
        let space = match target {
            Obj::Module(module) => self.modules[*module].space,
            Obj::Names(space) => *space,
            Obj::Class(class) => self.classes[*class].space,
            Obj::Instance(instance) => self.instances[*instance].space,
            _ => return,
        };
        let mut names = |name: &str| {
            let stated = kwargs.iter().find(|(key, _)| &**key == name)?;
            let items = self.sequence(&stated.1)?;
            Some(items.iter().filter_map(Obj::as_str).map(str::to_uppercase).collect::<BTreeSet<_>>())
        };
        let (ignored, only) = (names("ignore").unwrap_or_default(), names("keys"));
        let merges = kwargs.iter().any(|(key, value)| &**key == "merge" && matches!(value, Obj::Bool(true)));
        let options = Options::of(self, &made.kwargs);
        let merging: BTreeSet<String> = made
            .args
            .get(1)
            .and_then(|names| self.sequence(names))
            .unwrap_or_default()
            .iter()
            .filter_map(Obj::as_str)
            .map(str::to_owned)
            .collect();
        let mut store = Store { values: BTreeMap::new(), ..Store::default() };
        for (key, value) in self.dict_entries(made.args.first()) {
            let mut node = Node::of(self, &value);
            if let (true, Some(before)) =
                (merges || options.merges || merging.contains(&*key), self.heap.get(space, &key))
            {
                let before = before.value.clone();
                let before = Node::of(self, &before);
                node = merge::merged(&before, node, false);
            }
            store.set(&key, node, None, pos);
        }
        let loaded = Loaded { stores: vec![store] };
        Population { options: &options, loaded: &loaded, ignored, only, pos }.bind(self, space);
    }

    fn dict_entries(&self, dict: Option<&Obj>) -> Vec<(Name, Obj)> {
        let Some(Obj::Dict(cell)) = dict else { return Vec::new() };
        let entries = self.heap.entries(*cell);
        let named = |(key, value): &(Obj, Obj)| {
            if let Obj::Str(key) = key { Some((key.clone(), value.clone())) } else { None }
        };
        entries.map(|dict| dict.entries.iter().filter_map(named).collect()).unwrap_or_default()
    }

    /// `settings.get("X", default)`.
    pub(super) fn get_from_dynaconf(&mut self, made: &MadeObj, key: &Obj, default: Obj, pos: Pos) -> Outcome {
        match key.as_str() {
            Some(key) => self.dynaconf_setting(made, key, Otherwise::Default(default), pos),
            None => Ok(Obj::unknown("a setting whose name is not known", pos, &[key.clone(), default])),
        }
    }

    /// `settings.X = value`: for Django's, the module has it too.
    pub(super) fn set_in_dynaconf(
        &mut self,
        made: &MadeObj,
        key: &str,
        value: Obj,
        pos: Pos,
    ) -> Result<(), Box<Exception>> {
        let key = key.to_uppercase();
        if let Some(Obj::Module(module)) = made.args.get(2) {
            let (space, name) = (self.modules[*module].space, self.name(&key));
            self.heap.bind(space, &name, value.clone(), pos);
        }
        let store = made.args.first().cloned().unwrap_or(Obj::None);
        self.set_item(&store, &Obj::str(key), value, pos)
    }

    /// `settings.load_file("more.toml")`: over what is there already.
    pub(super) fn load_into_dynaconf(
        &mut self,
        made: &MadeObj,
        path: Obj,
        pos: Pos,
    ) -> Result<(), Box<Exception>> {
        let own = ["settings_files", "settings_file", "settings_file_for_dynaconf", "validators"];
        let mut kwargs = made.kwargs.clone();
        kwargs.retain(|(key, _)| !own.contains(&key.to_lowercase().as_str()) && !options::is_setting(key));
        kwargs.push((self.name("settings_files"), path));
        let Obj::Made(loaded) = self.make_dynaconf(kwargs, pos) else { return Ok(()) };
        for (key, value) in self.dict_entries(loaded.args.first()) {
            self.set_in_dynaconf(made, &key, value, pos)?;
        }
        Ok(())
    }

    /// Adds validators to an object that is made: `settings.validators.register(...)`.
    pub(super) fn validate_dynaconf(&mut self, made: &MadeObj, validators: Vec<Obj>, pos: Pos) -> Outcome {
        let options = Options::of(self, &made.kwargs);
        let mut store = Store::default();
        for (key, value) in self.dict_entries(made.args.first()) {
            store.values.insert(key.to_string(), Node::of(self, &value));
        }
        let validators = Obj::tuple(validators);
        validators::apply(self, &mut store, &options, None, &validators);
        let set: Vec<String> = store.set_by.keys().cloned().collect();
        let loaded = Loaded { stores: vec![store] };
        for key in set {
            let value = loaded.value(self, &options, &key, pos).into_iter().flatten().next();
            if let (Some(value), Some(dict)) = (value, made.args.first()) {
                self.set_item(&dict.clone(), &Obj::str(key), value, pos)?;
            }
        }
        Ok(Obj::None)
    }
}
