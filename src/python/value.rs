//! The lattice of values that a settings module can come to without being run.

mod paths;
mod views;

use camino::Utf8PathBuf;

use crate::base::Place;

/// The knowledge of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
    /// Text put together from parts of which some are known only at run time: `f"redis://{host}:6379/0"`.
    /// Neighbouring known parts are one `Str`; at least one part is not a `Str`.
    Text(Vec<Value>),
    Path(PathValue),
    /// Lists, tuples and sets, in order. An item that is not known may stand for several
    /// (`[*env.list("MORE")]`).
    List(Vec<Value>),
    /// In order of insertion.
    Dict(Vec<(Value, Value)>),
    /// A variable of the environment, known at run time only.
    Env(Box<EnvRead>),
    /// The value under a key of a file of secrets: `json.load(open(path))["SECRET_KEY"]`.
    SecretFile {
        path: Utf8PathBuf,
        key: Option<String>,
        place: Place,
    },
    /// One of these: the branches of a test that was not decided. Two or more, all different. The first is
    /// what it comes to where every variable is unset and has its default, as far as that is known.
    ///
    /// Where a list or dict has too many alternatives to keep, three stand for them all: the first as above,
    /// then everything that may be in it, then only what is always in it.
    OneOf(Vec<Value>),
    /// Something that is made of other values in a way that is not known: a call's result, a comparison.
    /// `from` are the parts, so that it can still be said which variables it depends on.
    Unknown {
        why: String,
        place: Option<Place>,
        from: Vec<Value>,
        /// The value if every variable is unset and has its default, if that is known.
        assumed: Option<Box<Value>>,
    },
}

/// A path: where it starts, and the rest, normalised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathValue {
    pub base: PathBase,
    pub rest: Utf8PathBuf,
}

/// The start of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathBase {
    /// The folder that the user named; `rest` may begin with `..` where the path leaves it.
    Project,
    /// The root of the file system.
    Root,
    /// The folder in which the process was started.
    WorkingFolder,
    Home,
}

/// One read of an environment variable.
#[derive(Clone, Debug, PartialEq)]
pub struct EnvRead {
    pub name: String,
    /// The value if the variable is not set, already cast; `None` if that is an error or Python's `None`.
    pub default: Option<Value>,
    pub cast: Cast,
    /// Reading it fails when it is not set and nothing else provides it.
    pub fails_when_unset: bool,
    pub place: Place,
}

/// How the reason of a value ends that another distribution may set.
pub(super) const LEFT_TO_ANOTHER: &str = "may set it, and is not in the project";
/// Text before the name of a variable in the reason of a test of its presence.
pub(super) const WHETHER: &str = "whether `";
pub(super) const IS_SET: &str = "` is set";

/// The conversion of a variable's text by its reader.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Cast {
    #[default]
    Str,
    Bool,
    Int,
    Float,
    /// Separated by this.
    List(String),
    Dict,
    Json,
    Path,
    /// A database URL, to a dict as Django's DATABASES holds.
    DatabaseUrl,
    CacheUrl,
    EmailUrl,
    SearchUrl,
    /// The first item of a split, a comparison, a function of the project: what it does is known to the
    /// evaluator when the variable is known, but not described.
    Other(String),
}

impl Value {
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Str(text) = self { Some(text) } else { None }
    }

    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    pub fn items(&self) -> Option<&[Value]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    pub fn entries(&self) -> Option<&[(Value, Value)]> {
        if let Self::Dict(entries) = self { Some(entries) } else { None }
    }

    /// The entry of a dict under a text key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries()?.iter().find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value)
    }

    /// The variable that it depends on by its presence alone, whatever its value: `"RENDER" in os.environ`.
    pub fn tests_presence_of(&self) -> Option<&str> {
        match self {
            Self::Unknown { why, .. } => why.strip_prefix(WHETHER)?.strip_suffix(IS_SET),
            _ => None,
        }
    }

    /// Returns the name of the code outside the project that may set the value.
    pub fn is_left_to(&self) -> Option<&str> {
        match self {
            Self::Unknown { why, .. } if why.ends_with(LEFT_TO_ANOTHER) => Some(why),
            _ => None,
        }
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown { .. })
    }
}
