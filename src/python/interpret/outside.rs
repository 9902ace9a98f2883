//! Calls of libraries that run at every import, whatever the environment says, and that stop it where they fail.
//!
//! All are noted, under their dotted names: which of them ask another machine is knowledge, and ages.

use ruff_python_ast::{ExceptHandlerExceptHandler, Stmt};

use super::Interp;
use super::object::{Name, Obj};
use super::source::Pos;
use crate::python::evaluation::OutsideCall;

/// More calls than this are not noted.
const MOST: usize = 200;

/// Exceptions of handlers that are not meant for the failure of a call: a missing library, a missing key.
const UNRELATED: &[&str] =
    &["ImportError", "ModuleNotFoundError", "KeyError", "NameError", "AttributeError", "IndexError"];

/// A call, as it was met.
pub(super) struct OutsideRow {
    name: String,
    first: Option<String>,
    keywords: Vec<String>,
    pos: Pos,
}

/// Tells whether the import goes on after this handler.
pub(super) fn goes_on(handler: &ExceptHandlerExceptHandler) -> bool {
    !matches!(handler.body.last(), Some(Stmt::Raise(_)))
}

impl Interp<'_> {
    /// Notes a call that nothing guards: no undecided test, and no handler after which the import goes on.
    pub(super) fn note_outside(&mut self, name: &str, args: &[Obj], kwargs: &[(Name, Obj)], pos: Pos) {
        if !name.contains('.') || self.undecided() || self.outside.len() >= MOST || self.is_guarded() {
            return;
        }
        if self.outside.iter().any(|known| known.pos == pos && known.name == name) {
            return;
        }
        let is_on = |value: &Obj| !matches!(value, Obj::None | Obj::Bool(false));
        let keywords = kwargs.iter().filter(|(_, value)| is_on(value)).map(|(name, _)| name.to_string());
        let keywords = keywords.collect();
        let first = args.first().or_else(|| kwargs.first().map(|(_, value)| value));
        let first = first.and_then(|first| self.shown_argument(first));
        self.outside.push(OutsideRow { name: name.to_owned(), first, keywords, pos });
    }

    /// Notes the call of a method of something that a library made: `client.secrets.kv.read_secret()`.
    pub(super) fn note_method_outside(
        &mut self,
        receiver: &Obj,
        method: &str,
        args: &[Obj],
        kwargs: &[(Name, Obj)],
        pos: Pos,
    ) {
        if let Some(owner) = dotted(receiver) {
            self.note_outside(&format!("{owner}.{method}"), args, kwargs, pos);
        }
    }

    fn is_guarded(&self) -> bool {
        self.handlers
            .iter()
            .flat_map(|handler| &handler.goes_on_after)
            .any(|class| !UNRELATED.contains(&&**class))
    }

    /// The words of a command, or the text that an argument is.
    fn shown_argument(&self, argument: &Obj) -> Option<String> {
        match argument {
            Obj::Str(text) => Some(text.to_string()),
            Obj::Made(made) => Some(format!("{}()", made.class)),
            Obj::List(cell) => words(&self.heap.items(*cell)?),
            Obj::Tuple(tuple) => words(&tuple.items),
            _ => None,
        }
    }

    pub(super) fn outside_calls(&self) -> Vec<OutsideCall> {
        let call = |row: &OutsideRow| OutsideCall {
            name: row.name.clone(),
            first: row.first.clone(),
            keywords: row.keywords.clone(),
            place: self.place(row.pos),
        };
        self.outside.iter().map(call).collect()
    }
}

/// The texts that a list begins with.
fn words(items: &[Obj]) -> Option<String> {
    let words: Vec<&str> = items.iter().map_while(Obj::as_str).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The dotted name of what a library made or offers; `X()` stands for what calling `X` gives.
fn dotted(owner: &Obj) -> Option<String> {
    match owner {
        Obj::External(dotted) => Some(dotted.to_string()),
        Obj::Made(made) => Some(format!("{}()", made.class)),
        Obj::Method(pair) => dotted(&pair.0).map(|owner| format!("{owner}.{}", pair.1)),
        _ => None,
    }
}
