//! Readers that are less common: Starlette's `Config`, prettyconf, everett, envparse.

use super::super::object::{MadeObj, Obj};
use super::super::{Interp, Outcome};
use super::casting::{Asked, TRUTHS, read};
use super::{Call, Row};

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
        interp.cast(&call.first(), &crate::python::value::Cast::List(",".to_owned()), call.pos)
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
