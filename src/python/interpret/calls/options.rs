//! Arguments of objects that settings make and hand on: `Csv(cast=int, delimiter=";")`.

use super::super::object::{MadeObj, Name, Obj};

/// Returns an argument by its position or its name.
pub(super) fn option(made: &MadeObj, at: usize, name: &str) -> Option<Obj> {
    let named = |(key, _): &&(Name, Obj)| &**key == name;
    made.args.get(at).cloned().or_else(|| made.kwargs.iter().find(named).map(|(_, value)| value.clone()))
}

/// Returns the separator of the items of `Csv(...)`.
pub(super) fn delimiter_of(made: &MadeObj) -> String {
    option(made, 1, "delimiter")
        .and_then(|text| text.as_str().map(str::to_owned))
        .unwrap_or_else(|| ",".to_owned())
}
