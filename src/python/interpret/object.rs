//! What the interpreter computes with: Python's objects, and what stands for the unknown ones.

use std::rc::Rc;

use camino::Utf8PathBuf;

use super::source::Pos;
use crate::python::value::{Cast, PathValue};

pub(super) type Name = Rc<str>;

/// A Python object. Cheap to clone; what can change lives in the [`super::heap::Heap`].
#[derive(Clone, Debug)]
pub(super) enum Obj {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Rc<str>),
    /// Text of which some parts are not known.
    Text(Rc<Vec<Obj>>),
    Path(Rc<PathValue>),
    Tuple(Rc<TupleObj>),
    List(usize),
    Set(usize),
    Dict(usize),
    Env(Rc<EnvObj>),
    Secret(Rc<SecretObj>),
    /// The first is what it comes to by default.
    OneOf(Rc<Vec<Obj>>),
    Unknown(Rc<UnknownObj>),
    /// Something of a library, by its dotted name; nothing was imported.
    External(Name),
    /// What calling something of a library gave.
    Made(Rc<MadeObj>),
    /// A method of a built-in or library object, waiting to be called.
    Method(Rc<(Obj, Name)>),
    Function(usize),
    Class(usize),
    Instance(usize),
    Module(usize),
    Bound(Rc<(Obj, Obj)>),
    Property(Rc<Obj>),
    ClassMethod(Rc<Obj>),
    StaticMethod(Rc<Obj>),
    /// `super()`: the class after which to look, and the object.
    Super(Rc<(usize, Obj)>),
    /// `globals()`, `vars(x)`, `x.__dict__`.
    Names(usize),
    Exception(Rc<Exception>),
}

#[derive(Debug)]
pub(super) struct TupleObj {
    pub(super) items: Vec<Obj>,
    depth: u16,
}

#[derive(Clone, Debug)]
pub(super) struct EnvObj {
    /// Row in the interpreter's table of reads.
    pub(super) read: usize,
    pub(super) name: Name,
    pub(super) default: Option<Obj>,
    pub(super) cast: Cast,
}

#[derive(Debug)]
pub(super) struct SecretObj {
    /// Row in the interpreter's table of files.
    pub(super) file: usize,
    pub(super) path: Utf8PathBuf,
    pub(super) key: Option<String>,
    pub(super) pos: Pos,
}

#[derive(Debug)]
pub(super) struct UnknownObj {
    pub(super) why: String,
    pub(super) pos: Pos,
    /// Only leaves: variables and secrets.
    pub(super) from: Vec<Obj>,
    pub(super) assumed: Option<Obj>,
    /// This is a test that holds exactly where the variable is set (`true`) or is not (`false`).
    pub(super) presence: Option<(Name, bool)>,
}

#[derive(Debug)]
pub(super) struct MadeObj {
    /// Dotted name of what was called.
    pub(super) class: Name,
    pub(super) args: Vec<Obj>,
    pub(super) kwargs: Vec<(Name, Obj)>,
    pub(super) pos: Pos,
    depth: u16,
}

/// An exception in flight or at rest.
#[derive(Clone, Debug)]
pub(super) struct Exception {
    /// Its class and that class's ancestors, the nearest first.
    pub(super) lineage: Vec<Name>,
    pub(super) message: String,
    pub(super) instance: Option<Obj>,
    /// A variable that is not set.
    pub(super) variable: Option<Name>,
    pub(super) missing: Option<Missing>,
    pub(super) from: Vec<Obj>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Missing {
    Module(String),
    File(Utf8PathBuf),
}

/// Nesting beyond this is given up as unknown: it never occurs in settings, and dropping it would recurse.
pub(super) const DEEPEST: u16 = 60;

impl Obj {
    pub(super) fn str(text: impl AsRef<str>) -> Self {
        Self::Str(Rc::from(text.as_ref()))
    }

    pub(super) fn external(name: impl AsRef<str>) -> Self {
        Self::External(Rc::from(name.as_ref()))
    }

    pub(super) fn path(path: PathValue) -> Self {
        Self::Path(Rc::new(path))
    }

    pub(super) fn tuple(items: Vec<Obj>) -> Self {
        let depth = deepest(&items) + 1;
        if depth > DEEPEST {
            return Self::unknown("nested too deeply", Pos::default(), &[]);
        }
        Self::Tuple(Rc::new(TupleObj { items, depth }))
    }

    pub(super) fn made(class: &str, args: Vec<Obj>, kwargs: Vec<(Name, Obj)>, pos: Pos) -> Self {
        let depth = deepest(&args).max(kwargs.iter().map(|(_, value)| depth(value)).max().unwrap_or(0)) + 1;
        if depth > DEEPEST {
            return Self::unknown("nested too deeply", pos, &[]);
        }
        Self::Made(Rc::new(MadeObj { class: Rc::from(class), args, kwargs, pos, depth }))
    }

    /// Something unknown that depends on `parts`.
    pub(super) fn unknown(why: impl Into<String>, pos: Pos, parts: &[Obj]) -> Self {
        Self::unknown_assumed(why, pos, parts, None)
    }

    pub(super) fn unknown_assumed(
        why: impl Into<String>,
        pos: Pos,
        parts: &[Obj],
        assumed: Option<Obj>,
    ) -> Self {
        let mut from = Vec::new();
        for part in parts {
            leaves(part, &mut from, 6);
        }
        Self::Unknown(Rc::new(UnknownObj { why: why.into(), pos, from, assumed, presence: None }))
    }

    /// Text from parts: neighbouring known ones are joined, nested ones laid open.
    pub(super) fn text(parts: Vec<Obj>) -> Self {
        let mut flat: Vec<Obj> = Vec::new();
        let mut push = |part: Obj| match (flat.last_mut(), part) {
            (_, Obj::Str(text)) if text.is_empty() => {}
            (Some(Obj::Str(before)), Obj::Str(text)) => *before = Rc::from(format!("{before}{text}")),
            (_, part) => flat.push(part),
        };
        for part in parts {
            match part {
                Obj::Text(inner) => inner.iter().cloned().for_each(&mut push),
                other => push(other),
            }
        }
        match flat.as_slice() {
            [] => Self::str(""),
            [Obj::Str(_)] => flat.remove(0),
            _ if flat.len() > 200 || deepest(&flat) >= DEEPEST => {
                Self::unknown("text of too many parts", Pos::default(), &flat)
            }
            _ => Self::Text(Rc::new(flat)),
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Self::Str(text) = self { Some(text) } else { None }
    }

    /// Nothing about it depends on what is not known (contents of lists and dicts aside).
    pub(super) fn is_known(&self) -> bool {
        !matches!(self, Self::Text(_) | Self::Env(_) | Self::Secret(_) | Self::OneOf(_) | Self::Unknown(_))
    }

    pub(super) fn is_opaque(&self) -> bool {
        matches!(self, Self::Unknown(_) | Self::External(_) | Self::Made(_) | Self::Secret(_))
    }

    /// What it comes to where every variable has its default.
    pub(super) fn assumed(&self) -> Option<Obj> {
        match self {
            Self::Env(env) => env.default.as_ref()?.assumed(),
            Self::Secret(_) => None,
            Self::OneOf(alternatives) => alternatives.first()?.assumed(),
            Self::Unknown(unknown) => unknown.assumed.clone(),
            Self::Text(parts) => {
                let mut text = String::new();
                for part in parts.iter() {
                    text.push_str(&part.assumed()?.display()?);
                }
                Some(Self::str(text))
            }
            Self::Tuple(tuple) if tuple.items.iter().any(|item| !item.is_known()) => {
                let items: Option<Vec<_>> = tuple.items.iter().map(Self::assumed).collect();
                items.map(Self::tuple)
            }
            known => Some(known.clone()),
        }
    }

    /// What `str()` makes of it.
    pub(super) fn display(&self) -> Option<String> {
        Some(match self {
            Self::None => "None".to_owned(),
            Self::Bool(true) => "True".to_owned(),
            Self::Bool(false) => "False".to_owned(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => float_text(*number),
            Self::Str(text) => text.to_string(),
            Self::Path(path) => path.to_string(),
            Self::Exception(exception) => exception.message.clone(),
            _ => return None,
        })
    }
}

/// As Python prints it: with a point or an exponent.
pub(super) fn float_text(number: f64) -> String {
    if number.is_finite() && number.fract() == 0.0 && number.abs() < 1e16 {
        format!("{number:.1}")
    } else {
        number.to_string()
    }
}

pub(super) fn depth(obj: &Obj) -> u16 {
    match obj {
        Obj::Tuple(tuple) => tuple.depth,
        Obj::Made(made) => made.depth,
        Obj::Env(env) => env.default.as_ref().map_or(0, |default| depth(default) + 1),
        Obj::Text(parts) => deepest(parts) + 1,
        Obj::OneOf(alternatives) => deepest(alternatives) + 1,
        Obj::Unknown(unknown) => deepest(&unknown.from).max(unknown.assumed.as_ref().map_or(0, depth)) + 1,
        Obj::Method(pair) => depth(&pair.0) + 1,
        Obj::Bound(pair) => depth(&pair.1) + 1,
        _ => 0,
    }
}

fn deepest(objs: &[Obj]) -> u16 {
    objs.iter().map(depth).max().unwrap_or(0)
}

/// Adds the variables and secrets that `obj` depends on, without looking into lists and dicts.
pub(super) fn leaves(obj: &Obj, found: &mut Vec<Obj>, depth_left: u8) {
    if depth_left == 0 || found.len() >= 64 {
        return;
    }
    let below = depth_left - 1;
    match obj {
        Obj::Env(env)
            if depth(obj) < DEEPEST
                && !found.iter().any(|other| matches!(other, Obj::Env(other) if other.read == env.read)) =>
        {
            found.push(obj.clone());
        }
        Obj::Secret(secret) => {
            let same = |other: &Obj| matches!(other, Obj::Secret(other) if other.path == secret.path && other.key == secret.key);
            if !found.iter().any(same) {
                found.push(obj.clone());
            }
        }
        Obj::Text(parts) | Obj::OneOf(parts) => parts.iter().for_each(|part| leaves(part, found, below)),
        Obj::Unknown(unknown) => unknown.from.iter().for_each(|part| leaves(part, found, below)),
        Obj::Tuple(tuple) => tuple.items.iter().for_each(|part| leaves(part, found, below)),
        Obj::Made(made) => {
            made.args.iter().for_each(|part| leaves(part, found, below));
            made.kwargs.iter().for_each(|(_, part)| leaves(part, found, below));
        }
        Obj::Method(pair) => leaves(&pair.0, found, below),
        _ => {}
    }
}

impl Exception {
    /// An exception of a built-in or library class.
    pub(super) fn new(class: &str, message: impl Into<String>) -> Self {
        Self {
            lineage: lineage(class),
            message: message.into(),
            instance: None,
            variable: None,
            missing: None,
            from: Vec::new(),
        }
    }

    pub(super) fn unset(class: &str, variable: &Name) -> Self {
        Self { variable: Some(variable.clone()), ..Self::new(class, format!("`{variable}` is not set")) }
    }

    pub(super) fn class(&self) -> &str {
        self.lineage.first().map_or("Exception", |name| name)
    }
}

/// A class of exceptions and its ancestors, by their last names.
pub(super) fn lineage(class: &str) -> Vec<Name> {
    let mut name = class.rsplit('.').next().unwrap_or(class);
    let mut names: Vec<Name> = vec![Rc::from(name)];
    loop {
        name = match name {
            "KeyError" | "IndexError" => "LookupError",
            "ModuleNotFoundError" => "ImportError",
            "FileNotFoundError" | "PermissionError" | "NotADirectoryError" | "IsADirectoryError" => "OSError",
            "JSONDecodeError" | "UnicodeDecodeError" | "UnicodeError" | "EnvError" | "EnvValidationError"
            | "TOMLDecodeError" => "ValueError",
            "NoOptionError" | "NoSectionError" => "Error",
            "NotImplementedError" | "RecursionError" => "RuntimeError",
            "ZeroDivisionError" => "ArithmeticError",
            "SystemExit" | "KeyboardInterrupt" | "Exception" => "BaseException",
            "BaseException" => return names,
            _ => "Exception",
        };
        names.push(Rc::from(name));
    }
}
