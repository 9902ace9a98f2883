//! Readers that are less common: Starlette's `Config`, prettyconf, everett, envparse.

use super::super::environment::Reading;
use super::super::object::{MadeObj, Obj};
use super::super::raised::IMPROPERLY_CONFIGURED;
use super::super::{Interp, Outcome};
use super::casting::{Asked, TRUTHS, read};
use super::{Call, Row};
use crate::python::value::Cast;

pub(super) const ROWS: &[Row] = &[
    ("starlette.config.Config", |interp, call| {
        if let Some(path) = call.arg(0, "env_file").filter(|path| !matches!(path, Obj::None)) {
            interp.load_variables(&path, false, call.pos);
        }
        Ok(Obj::made("starlette.config.Config", call.args, call.kwargs, call.pos))
    }),
    ("starlette.config.Config()", starlette),
    ("starlette.config.Config().get", starlette),
    ("starlette.datastructures.CommaSeparatedStrings", |interp, call| {
        interp.cast(&call.first(), &Cast::List(",".to_owned()), call.pos)
    }),
    ("starlette.datastructures.Secret", |_, call| Ok(call.first())),
    ("starlette.datastructures.URL", |_, call| Ok(call.first())),
    ("prettyconf.config", |interp, call| {
        let (default, with) = (call.arg(1, "default"), call.arg(2, "cast"));
        let name = call.arg(0, "item").unwrap_or(Obj::None);
        let exception = "UnknownConfiguration";
        read(interp, Asked { name, default, with, exception, truths: TRUTHS, pos: call.pos })
    }),
    ("everett.manager.ConfigManager.basic_config", |interp, call| {
        let path = call.arg(0, "env_file").unwrap_or_else(|| Obj::str(".env"));
        interp.load_variables(&path, false, call.pos);
        Ok(Obj::made("everett.manager.ConfigManager", Vec::new(), Vec::new(), call.pos))
    }),
    ("everett.manager.ConfigManager()", everett),
    ("everett.manager.ConfigManager().with_namespace", |interp, call| {
        let before = call.made().and_then(|made| kwarg(&made, "namespace"));
        let namespace = joined(before.as_ref(), &call.first());
        let kwargs = vec![(interp.name("namespace"), namespace)];
        Ok(Obj::made("everett.manager.ConfigManager", Vec::new(), kwargs, call.pos))
    }),
    ("everett.manager.ConfigManager().with_options", |_, call| Ok(call.receiver.unwrap_or(Obj::None))),
    ("envparse.Env().read_envfile", |interp, call| {
        let path = call.args.first().cloned().unwrap_or_else(|| Obj::str(".env"));
        interp.load_variables(&path, false, call.pos);
        Ok(Obj::None)
    }),
];

fn kwarg(made: &MadeObj, name: &str) -> Option<Obj> {
    made.kwargs.iter().find(|(key, _)| &**key == name).map(|(_, value)| value.clone())
}

/// `config(key, cast=None, default=undefined)`.
fn starlette(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let mut name = call.arg(0, "key").unwrap_or(Obj::None);
    if let Some(prefix) = call.made().and_then(|made| kwarg(&made, "env_prefix")) {
        name = interp.text_of(vec![prefix, name]);
    }
    let (with, default) = (call.arg(1, "cast"), call.arg(2, "default"));
    let truths = &["true", "1", "false", "0"];
    read(interp, Asked { name, default, with, exception: "KeyError", truths, pos: call.pos })
}

/// Names that distributions give a reader of their own, as a company's common settings have it: `from shop_common.config import
/// config`.
const READERS: &[&str] =
    &["config", "env", "get_env", "getenv", "get_env_var", "get_env_variable", "env_var"];

/// Tells whether a function of a distribution reads a variable, by its name and by what it is asked for: `config("DB_HOST",
/// default="db")`.
pub(super) fn is_conventional(dotted: &str, call: &Call) -> bool {
    let Some((module, function)) = dotted.rsplit_once('.') else { return false };
    let first = module.split('.').next().unwrap_or(module);
    let is_variable = |name: &str| {
        name.starts_with(|letter: char| letter.is_ascii_uppercase())
            && name.len() > 1
            && name
                .chars()
                .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
    };
    READERS.contains(&function)
        && first != "django"
        && !super::super::standard::is_standard(first)
        && call.receiver.is_none()
        && call.args.len() <= 2
        && call.args.first().and_then(Obj::as_str).is_some_and(is_variable)
}

/// Reads it as most of them do: without a default it must be set, and the default's type is the variable's.
pub(super) fn conventional(interp: &mut Interp<'_>, call: &Call) -> Outcome {
    let (name, default) = (call.arg(0, "name").unwrap_or(Obj::None), call.arg(1, "default"));
    let exception = IMPROPERLY_CONFIGURED;
    let with = call.kwarg("cast").or_else(|| call.kwarg("type"));
    let splits = matches!(call.kwarg("split"), Some(Obj::Bool(true)));
    if with.is_none() && (splits || matches!(default, Some(Obj::List(_) | Obj::Tuple(_)))) {
        let exception = if default.is_some() { None } else { Some(exception) };
        let cast = Cast::List(",".to_owned());
        return interp.read(&name, Reading { default, cast, exception }, call.pos);
    }
    let by_default = || {
        Some(Obj::external(match default {
            Some(Obj::Bool(_)) => "bool",
            Some(Obj::Int(_)) => "int",
            Some(Obj::Float(_)) => "float",
            _ => return None,
        }))
    };
    let with = with.or_else(by_default);
    read(interp, Asked { name, default, with, exception, truths: &[], pos: call.pos })
}

fn joined(namespace: Option<&Obj>, key: &Obj) -> Obj {
    match (namespace.and_then(Obj::as_str), key.as_str()) {
        (Some(namespace), Some(key)) => Obj::str(format!("{namespace}_{key}")),
        _ => key.clone(),
    }
}

/// `config("key", namespace="shop", default="1", parser=int)`: the variable is `SHOP_KEY`.
fn everett(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let outer = call.made().and_then(|made| kwarg(&made, "namespace"));
    let inner = call.arg(1, "namespace").filter(|namespace| !matches!(namespace, Obj::None));
    let key = call.arg(0, "key").unwrap_or(Obj::None);
    let key = match inner {
        Some(Obj::List(cell)) => {
            let parts = interp.sequence(&Obj::List(cell)).unwrap_or_default();
            parts.iter().rev().fold(key, |key, part| joined(Some(part), &key))
        }
        inner => joined(inner.as_ref(), &key),
    };
    let name = match joined(outer.as_ref(), &key) {
        Obj::Str(name) => Obj::str(name.to_uppercase()),
        other => other,
    };
    let with = call.kwarg("parser");
    let lenient = matches!(call.kwarg("raise_error"), Some(Obj::Bool(false)));
    let default = call.arg(2, "default").or_else(|| lenient.then_some(Obj::None));
    let exception = "ConfigurationMissingError";
    read(interp, Asked { name, default, with, exception, truths: &[], pos: call.pos })
}
