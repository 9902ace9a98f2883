//! python-decouple and its relatives (starlette's and prettyconf's `Config`).

use super::super::environment::Reading;
use super::super::object::Obj;
use super::super::{Interp, Outcome};
use super::{Call, Row};
use crate::python::value::Cast;

pub(super) const ROWS: &[Row] = &[
    ("decouple.config", config),
    ("decouple.config.get", config),
    ("decouple.Config()", config),
    ("decouple.Config().get", config),
    ("decouple.AutoConfig()", config),
    ("prettyconf.config", config),
    ("starlette.config.Config()", config),
    ("decouple.RepositoryEnv", |interp, call| {
        // decouple opens the file at once: it fails without it.
        interp.load_variables(&call.first(), false, call.pos);
        Ok(Obj::made("decouple.RepositoryEnv", call.args, Vec::new(), call.pos))
    }),
    ("decouple.Csv", |_, call| Ok(Obj::made("decouple.Csv", call.args, call.kwargs, call.pos))),
    ("decouple.Csv()", |interp, call| interp.cast(&call.first(), &Cast::List(",".to_owned()), call.pos)),
    ("decouple.Choices", |_, call| Ok(Obj::made("decouple.Choices", call.args, call.kwargs, call.pos))),
    ("decouple.strtobool", strtobool),
    ("distutils.util.strtobool", strtobool),
    ("setuptools._distutils.util.strtobool", strtobool),
    ("str2bool.str2bool", strtobool),
];

/// `config("X", default=…, cast=…)`: the cast is applied to the default as well.
fn config(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let name = call.arg(0, "option").unwrap_or(Obj::None);
    let default = call
        .arg(1, "default")
        .filter(|default| !matches!(default, Obj::External(name) if name.ends_with("undefined")));
    let with = call.arg(2, "cast").filter(|cast| !matches!(cast, Obj::None));
    let cast = with.as_ref().map_or(Cast::Str, |cast| super::environ::cast_of(interp, cast));
    let own = matches!(cast, Cast::Other(_));
    let read_as = if own { Cast::Str } else { cast.clone() };
    let default = match default {
        Some(Obj::None) if matches!(read_as, Cast::Str) => Some(Obj::None),
        Some(default) if own || read_as == Cast::Str => Some(default),
        Some(default) => Some(cast_default(interp, &default, &read_as, &call)?),
        None => None,
    };
    let unset_is_none = matches!(default, Some(Obj::None));
    let exception = if default.is_some() { None } else { Some("UndefinedValueError") };
    let default = default.filter(|_| !unset_is_none);
    let value = interp.read(&name, Reading { default, cast: read_as, exception }, call.pos)?;
    match (own, with) {
        // A function of the project or of a library casts what was read.
        (true, Some(with)) if !matches!(with, Obj::Made(_)) => apply(interp, &with, &value, &call),
        _ => Ok(value),
    }
}

fn cast_default(interp: &mut Interp<'_>, default: &Obj, cast: &Cast, call: &Call) -> Outcome {
    if matches!(default, Obj::None) {
        return Ok(Obj::None);
    }
    interp.cast(default, cast, call.pos)
}

/// Applies a cast that is a function. A variable stays one: with the default that the function makes.
fn apply(interp: &mut Interp<'_>, with: &Obj, value: &Obj, call: &Call) -> Outcome {
    let Obj::Env(env) = value else { return interp.call(with, vec![value.clone()], Vec::new(), call.pos) };
    let default = match &env.default {
        Some(default) => {
            let default = default.clone();
            let (with, pos) = (with.clone(), call.pos);
            interp.quietly(|interp| interp.call(&with, vec![default], Vec::new(), pos))
        }
        None => None,
    };
    let label = match with {
        Obj::Function(function) => interp.functions[*function].label().to_owned(),
        _ => "a function".to_owned(),
    };
    let default =
        default.filter(|default| super::super::measure::depth(default) + 1 < super::super::measure::DEEPEST);
    let cast = if label == "<lambda>" { Cast::Other("a function".to_owned()) } else { Cast::Other(label) };
    Ok(Obj::Env(super::super::object::EnvObj { default, cast, ..(**env).clone() }.into()))
}

fn strtobool(interp: &mut Interp<'_>, call: Call) -> Outcome {
    interp.cast(&call.first(), &Cast::Bool, call.pos)
}
