//! The objects of the interpreter: Python's objects, and stand-ins for the unknown ones.

use std::rc::Rc;

use camino::Utf8PathBuf;

use super::limits;
use super::measure::{Measure, Parts, leaves, measure};
use super::raised;
use super::source::Pos;
use crate::python::value::{Cast, IS_SET, PathValue, WHETHER};

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
    Text(Rc<Parts>),
    Path(Rc<PathValue>),
    Tuple(Rc<TupleObj>),
    List(usize),
    Set(usize),
    Dict(usize),
    Env(Rc<EnvObj>),
    Secret(Rc<SecretObj>),
    /// The first is what it comes to by default.
    OneOf(Rc<Parts>),
    Unknown(Rc<UnknownObj>),
    /// Something of a library, by its dotted name; nothing was imported.
    External(Name),
    /// The result of calling something of a library.
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
    pub(super) measure: Measure,
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
    pub(super) measure: Measure,
}

#[derive(Debug)]
pub(super) struct MadeObj {
    /// Dotted name of what was called.
    pub(super) class: Name,
    pub(super) args: Vec<Obj>,
    pub(super) kwargs: Vec<(Name, Obj)>,
    pub(super) pos: Pos,
    pub(super) measure: Measure,
}

impl UnknownObj {
    /// Returns the object with another default.
    pub(super) fn assuming(&self, assumed: Option<Obj>) -> Obj {
        Obj::unknown_assumed(self.why.clone(), self.pos, &self.from, assumed)
    }
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

/// A path longer than this is no path: Linux takes a quarter of it.
pub(super) const LONGEST_PATH: usize = 16 * 1024;
const TOO_LARGE: &str = "nested too deeply or of too many parts";

impl Obj {
    pub(super) fn str(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        if !limits::text(text.len()) {
            return Self::unknown("more text than an evaluation may make", Pos::default(), &[]);
        }
        Self::Str(Rc::from(text))
    }

    pub(super) fn external(name: impl AsRef<str>) -> Self {
        Self::External(Rc::from(name.as_ref()))
    }

    pub(super) fn path(path: PathValue) -> Self {
        if path.rest.as_str().len() > LONGEST_PATH || !limits::text(path.rest.as_str().len()) {
            return Self::unknown("a path that is too long", Pos::default(), &[]);
        }
        Self::Path(Rc::new(path))
    }

    pub(super) fn tuple(items: Vec<Obj>) -> Self {
        let measure = Measure::of(&items).around();
        if !limits::values(items.len()) || !measure.fits() {
            return Self::unknown(TOO_LARGE, Pos::default(), &[]);
        }
        Self::Tuple(Rc::new(TupleObj { items, measure }))
    }

    pub(super) fn made(class: &str, args: Vec<Obj>, kwargs: Vec<(Name, Obj)>, pos: Pos) -> Self {
        let kept = kwargs.iter().map(|(_, value)| measure(value)).fold(Measure::default(), Measure::beside);
        let measure = Measure::of(&args).beside(kept).around();
        if !limits::values(args.len() + 2 * kwargs.len() + 4) || !measure.fits() {
            return Self::unknown(TOO_LARGE, pos, &[]);
        }
        Self::Made(Rc::new(MadeObj { class: Rc::from(class), args, kwargs, pos, measure }))
    }

    /// One of several, the default one first.
    pub(super) fn one_of(alternatives: Vec<Obj>) -> Self {
        Parts::new(alternatives)
            .map_or_else(|alternatives| Self::unknown(TOO_LARGE, Pos::default(), &alternatives), Self::OneOf)
    }

    /// A method that waits to be called.
    pub(super) fn method(receiver: Obj, name: Name) -> Self {
        Self::wrapped(receiver, |receiver| Self::Method(Rc::new((receiver, name))))
    }

    /// A function and what it is called on.
    pub(super) fn bound(function: Obj, receiver: Obj) -> Self {
        Self::wrapped(receiver, |receiver| {
            Self::wrapped(function, |function| Self::Bound(Rc::new((function, receiver))))
        })
    }

    /// `inner` in a wrapper, unless it has too many of them.
    pub(super) fn wrapped(inner: Obj, wrap: impl FnOnce(Obj) -> Self) -> Self {
        if !limits::values(2) || !measure(&inner).around().fits() {
            return Self::unknown(TOO_LARGE, Pos::default(), &[]);
        }
        wrap(inner)
    }

    /// A test that holds exactly where a variable is set (or is not).
    pub(super) fn presence(name: &Name, set: bool, from: Vec<Obj>, pos: Pos) -> Self {
        let measure = Measure::of(&from).around();
        Self::Unknown(Rc::new(UnknownObj {
            why: format!("{WHETHER}{name}{IS_SET}"),
            pos,
            from,
            assumed: Some(Self::Bool(!set)),
            presence: Some((name.clone(), set)),
            measure,
        }))
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
        let secret = parts.iter().find_map(|part| match part {
            Self::Unknown(unknown) if is_secret(&unknown.why) => Some(unknown.why.clone()),
            _ => None,
        });
        let why = secret.unwrap_or_else(|| why.into());
        let mut from = Vec::new();
        for part in parts {
            leaves(part, &mut from, 6);
        }
        let mut assumed = assumed;
        let mut measure =
            from.iter().chain(&assumed).map(measure).fold(Measure::default(), Measure::beside).around();
        if !limits::text(why.len() + 120) || !limits::values(from.len()) || !measure.fits() {
            (from, assumed, measure) = (Vec::new(), None, Measure::default());
        }
        Self::Unknown(Rc::new(UnknownObj { why, pos, from, assumed, presence: None, measure }))
    }

    /// Text from parts: neighbouring known ones are joined, nested ones laid open.
    pub(super) fn text(parts: Vec<Obj>) -> Self {
        let mut flat: Vec<Obj> = Vec::new();
        // Known text that is not among the parts yet: parts of a join are many, and copied once.
        let mut known = String::new();
        let mut push = |part: Obj| match part {
            Obj::Str(text) => known.push_str(&text),
            part => {
                if !known.is_empty() {
                    flat.push(Self::str(std::mem::take(&mut known)));
                }
                flat.push(part);
            }
        };
        for part in parts {
            match part {
                Obj::Text(inner) => inner.iter().cloned().for_each(&mut push),
                other => push(other),
            }
        }
        if flat.is_empty() {
            return Self::str(known);
        }
        if !known.is_empty() {
            flat.push(Self::str(known));
        }
        let too_many = |parts: Vec<Obj>| Self::unknown("text of too many parts", Pos::default(), &parts);
        if flat.len() > 200 {
            return too_many(flat);
        }
        Parts::new(flat).map_or_else(too_many, Self::Text)
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

    /// Returns the object if every variable has its default.
    pub(super) fn assumed(&self) -> Option<Obj> {
        if !limits::work(1) {
            return None;
        }
        match self {
            Self::Env(env) => env.default.as_ref()?.assumed(),
            Self::Secret(_) => None,
            Self::OneOf(alternatives) => alternatives.first()?.assumed(),
            Self::Unknown(unknown) => unknown.assumed.clone(),
            Self::Text(parts) => {
                let (first, rest) = parts.split_first()?;
                let first = first.assumed()?;
                let mut text = String::new();
                for part in rest {
                    text.push_str(&part.assumed()?.display()?);
                }
                match &first {
                    Self::Path(path) => path.followed_by(&text).map(Self::path),
                    _ => Some(Self::str(first.display()? + &text)),
                }
            }
            Self::Tuple(tuple) if tuple.items.iter().any(|item| !item.is_known()) => {
                let items: Option<Vec<_>> = tuple.items.iter().map(Self::assumed).collect();
                items.map(Self::tuple)
            }
            known => Some(known.clone()),
        }
    }

    /// Returns the text of `str()`.
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

impl Exception {
    /// An exception of a built-in or library class.
    pub(super) fn new(class: &str, message: impl Into<String>) -> Self {
        Self {
            lineage: raised::lineage(class),
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

    /// The name of its class.
    pub(super) fn class(&self) -> &str {
        self.lineage.first().map_or("Exception", |name| raised::shown(name))
    }
}

/// Class of the settings object of dynaconf.
pub(super) const SETTINGS: &str = "dynaconf.Dynaconf";
/// Class of a `configparser` parser.
pub(super) const PARSER: &str = "configparser.ConfigParser";
/// Class of a section of a `configparser` parser.
pub(super) const SECTION: &str = "configparser.SectionProxy";

/// Tells whether an unknown value is unknown because a secret service keeps it: every value made of it is unknown for
/// the same reason.
pub(in crate::python::interpret) fn is_secret(why: &str) -> bool {
    why.starts_with("a secret of ")
}
