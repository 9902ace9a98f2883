//! `validators=[Validator("SECRET_KEY", must_exist=True)]`: what must be there, and what it is otherwise.

use super::super::Interp;
use super::super::environment::Reading;
use super::super::object::{MadeObj, Obj};
use super::super::source::Pos;
use super::merge::Store;
use super::options::Options;
use super::tree::Node;
use crate::python::value::Cast;

/// Applies them to what was loaded for one environment.
pub(super) fn apply(
    interp: &mut Interp<'_>,
    store: &mut Store,
    options: &Options,
    environment: Option<&str>,
    validators: &Obj,
) {
    for validator in interp.sequence(validators).unwrap_or_default().iter().take(200) {
        if let Obj::Made(made) = validator
            && &*made.class == "dynaconf.Validator"
        {
            apply_one(interp, store, options, environment, made);
        }
    }
}

fn apply_one(
    interp: &mut Interp<'_>,
    store: &mut Store,
    options: &Options,
    environment: Option<&str>,
    validator: &MadeObj,
) {
    let find =
        |name: &str| validator.kwargs.iter().find(|(key, _)| &**key == name).map(|(_, value)| value.clone());
    let for_environments = match find("env").filter(|stated| !matches!(stated, Obj::None)) {
        Some(Obj::Str(name)) => Some(vec![name.to_lowercase()]),
        Some(several) => {
            let several = interp.sequence(&several).unwrap_or_default();
            Some(several.iter().filter_map(Obj::as_str).map(str::to_lowercase).collect())
        }
        None => None,
    };
    let meant = for_environments.is_none_or(|meant| {
        environment.is_some_and(|environment| meant.iter().any(|one| one == environment))
    });
    // Of a condition nothing is known.
    let conditional = find("when").is_some_and(|stated| !matches!(stated, Obj::None));
    if !meant || conditional {
        return;
    }
    let must_exist =
        ["must_exist", "required"].iter().any(|name| matches!(find(name), Some(Obj::Bool(true))));
    for name in validator.args.iter().filter_map(Obj::as_str) {
        let path = name.replace("__", ".");
        if store.get(&path).is_some() {
            continue;
        }
        let pos = validator.pos;
        let value = match find("default").filter(|value| !matches!(value, Obj::External(_))) {
            Some(Obj::Function(_) | Obj::Bound(_)) => {
                Node::Value(Obj::unknown("what a function of the project gives", pos, &[]))
            }
            Some(default) => Node::of(interp, &default),
            None if must_exist => match missing(interp, options, &path, &find, pos) {
                Some(value) => Node::Value(value),
                None => continue,
            },
            None => continue,
        };
        store.set(&path, value, None, pos);
    }
}

/// The variable that has to bring it.
fn missing(
    interp: &mut Interp<'_>,
    options: &Options,
    path: &str,
    find: &dyn Fn(&str) -> Option<Obj>,
    pos: Pos,
) -> Option<Obj> {
    if let Some(remote) = options.remote {
        return Some(Obj::unknown(remote, pos, &[]));
    }
    let stated = find("cast").or_else(|| find("is_type_of"));
    let cast = match stated.as_ref() {
        Some(Obj::External(name)) => match &**name {
            "bool" => Cast::Bool,
            "int" => Cast::Int,
            "float" => Cast::Float,
            "list" => Cast::Json,
            _ => Cast::Str,
        },
        _ => Cast::Str,
    };
    let reading = Reading { default: None, cast, exception: Some("dynaconf.ValidationError") };
    interp.read(&Obj::str(options.variable(path)), reading, pos).ok()
}
