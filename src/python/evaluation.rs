//! The request for an evaluation of a settings module, and its result.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use super::value::{EnvRead, Value};
use crate::base::{Diagnostic, Place, Tree};

/// A settings module to evaluate.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub tree: &'a Tree,
    /// The folders from which dotted names resolve, in order: `manage.py`'s, and what it adds to `sys.path`.
    pub roots: &'a [Utf8PathBuf],
    /// Dotted; parts need not be identifiers (`settings-prod`). The path of a file (`site/manage.py`) is run as a script.
    pub module: &'a str,
    /// For class-based settings (django-configurations).
    pub class: Option<&'a str>,
    pub world: World<'a>,
}

/// The environment variables that are known while the module is imported.
#[derive(Clone, Copy, Debug)]
pub enum World<'a> {
    /// Nothing: variables stay [`Value::Env`], and undecided branches are joined.
    Open,
    /// The target's decisions, else nothing: these variables are set, and `DEBUG` holds or not if nothing else
    /// decides it.
    Target { debug: bool, variables: &'a BTreeMap<String, String> },
    /// Exactly these variables are set, and these files exist beside those of the tree (absolute paths, or
    /// relative to the project). Whatever else is read from the environment is unset.
    Closed { variables: &'a BTreeMap<String, String>, files: &'a BTreeMap<Utf8PathBuf, String> },
}

/// The result of evaluating a settings module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// The public upper-case names at the end, as Django would see them.
    pub settings: BTreeMap<String, Setting>,
    /// Every variable read while the module is imported, by the module or by what it imports from the project,
    /// in the order of reading.
    pub reads: Vec<EnvRead>,
    /// Files that it opens, in the order of opening.
    pub files: Vec<FileRead>,
    /// The project's modules that were read to get here, the asked one first.
    pub modules: Vec<ModuleRead>,
    /// Failures that would stop the import. In an open world only those that happen whatever the environment says.
    pub failures: Vec<Failure>,
    /// Failures that stop the import under some environments only; empty in a closed world, where nothing is left open.
    pub possible_failures: Vec<Failure>,
    /// Texts that each variable, or what is made of it, is compared with (`ENV == "prod"`): the words that the
    /// settings understand. In the order of reading; empty in a closed world.
    pub compared: BTreeMap<String, Vec<String>>,
    /// Variables on which the way through the settings depends: an undecided test asks for them. Empty in a closed
    /// world.
    pub tested: BTreeSet<String>,
    /// Variables that hold the path of a file which is opened and nothing else: `open(os.environ["KEY_FILE"])`. Empty
    /// where they are set.
    pub opened: BTreeSet<String>,
    /// Variables that name a module or class which is imported, and nothing else: `import_module(os.environ["CONF"])`.
    /// Empty where they are set.
    pub imported: BTreeSet<String>,
    /// For a setting that undecided tests shaped: the variables that they ask for, at most eight.
    pub decided_by: BTreeMap<String, BTreeSet<String>>,
    /// The values that the module gives `DJANGO_SETTINGS_MODULE`, in the order of the lines: `manage.py` does, and `wsgi.py`.
    pub named: Vec<NamedSettings>,
    /// Variables that it sets in its own environment whatever they were: `os.environ["PATH"] = …`.
    pub exported: Vec<Exported>,
    /// Calls of libraries that are made at every import and that nothing guards, in the order of calling.
    pub outside: Vec<OutsideCall>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A call of something that is not of the project, which stops the import where it fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideCall {
    /// Dotted; `X()` stands for what calling `X` gives: `boto3.client().get_secret_value`.
    pub name: String,
    /// The first argument, where it is text, the words of a command, or itself the result of a call.
    pub first: Option<String>,
    /// The names of the arguments that are given by name and mean yes.
    pub keywords: Vec<String>,
    pub place: Place,
}

/// A variable that settings set in the environment.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    pub name: String,
    pub value: Value,
    pub place: Place,
}

/// A settings module that a script names.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedSettings {
    /// Its dotted name, as far as that is known.
    pub value: Value,
    /// It is so whatever the environment says: `os.environ["DJANGO_SETTINGS_MODULE"] = …`.
    pub overrules: bool,
    pub place: Place,
}

/// One name of a settings module.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    pub value: Value,
    /// The line that decided: the last assignment or change.
    pub place: Place,
    pub presence: Presence,
}

/// In which cases a name is there at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    #[default]
    Always,
    /// Only in some branches of a test that was not decided; it is where every variable has its default.
    Assumed,
    /// Only in some branches, and not where every variable has its default (or that is not known).
    Elsewhere,
}

/// A module of the project that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleRead {
    pub dotted: String,
    pub path: Utf8PathBuf,
}

/// A file that the settings open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRead {
    /// Relative to the project where it lies inside, else absolute or as written.
    pub path: Utf8PathBuf,
    pub exists: bool,
    /// The import fails without it.
    pub required: bool,
    /// Keys that are read from it, where it is a table (JSON, TOML, YAML, `.env`); dotted when nested.
    pub keys: Vec<String>,
    /// The keys that are taken whole, as tables: `**secrets["db"]`.
    pub tables: Vec<String>,
    /// The keys that may be missing: `secrets.get("key")`, `if "key" in secrets`.
    pub optional: Vec<String>,
    pub format: FileFormat,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    Json,
    Toml,
    Yaml,
    Ini,
    /// Lines of `NAME=value`, read into the environment.
    Env,
    Text,
}

/// Something that stops the import of the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub kind: FailureKind,
    pub place: Place,
    /// The variables whose absence or value led here.
    pub variables: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// A variable that has no default and is not set.
    MissingVariable(String),
    /// `raise ImproperlyConfigured(...)`, `sys.exit(1)`, `assert`.
    Raise {
        exception: String,
        message: String,
    },
    /// A module of the project that is not in the tree.
    MissingModule(String),
    MissingFile(Utf8PathBuf),
}

impl Evaluation {
    /// The value of a setting.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.settings.get(name).map(|setting| &setting.value)
    }

    /// Returns the place where a setting was decided.
    pub fn place(&self, name: &str) -> Option<&Place> {
        self.settings.get(name).map(|setting| &setting.place)
    }
}
