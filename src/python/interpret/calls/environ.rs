//! django-environ, dj-database-url and their relatives.

use super::super::environment::Reading;
use super::super::object::Obj;
use super::super::raised::IMPROPERLY_CONFIGURED;
use super::super::source::Pos;
use super::super::{Interp, Outcome};
use super::{Call, Row};
use crate::python::value::Cast;

pub(super) const ROWS: &[Row] = &[
    ("environ.Env()", |interp, call| {
        let cast = call.arg(1, "cast");
        read(interp, call, 2, cast)
    }),
    ("envparse.Env()", |interp, call| {
        let cast = call.arg(2, "cast");
        read(interp, call, 1, cast)
    }),
    ("environ.Env().get_value", |interp, call| {
        let cast = call.arg(1, "cast");
        read(interp, call, 2, cast)
    }),
    ("environ.FileAwareEnv()", |interp, call| {
        let cast = call.arg(1, "cast");
        read(interp, call, 2, cast)
    }),
    ("environ.Env.db_url_config", |interp, call| with_engine(interp, &call, Cast::DatabaseUrl)),
    ("environ.Env().db_url_config", |interp, call| with_engine(interp, &call, Cast::DatabaseUrl)),
    ("environ.Env.cache_url_config", |interp, call| interp.cast(&call.first(), &Cast::CacheUrl, call.pos)),
    ("environ.Env.email_url_config", |interp, call| interp.cast(&call.first(), &Cast::EmailUrl, call.pos)),
    ("dj_database_url.config", |interp, call| url_config(interp, &call, "DATABASE_URL", Cast::DatabaseUrl)),
    ("dj_database_url.parse", |interp, call| with_engine(interp, &call, Cast::DatabaseUrl)),
    ("django_cache_url.config", |interp, call| url_config(interp, &call, "CACHE_URL", Cast::CacheUrl)),
    ("django_cache_url.parse", |interp, call| interp.cast(&call.first(), &Cast::CacheUrl, call.pos)),
    ("dj_email_url.config", |interp, call| url_config(interp, &call, "EMAIL_URL", Cast::EmailUrl)),
    ("dj_email_url.parse", |interp, call| interp.cast(&call.first(), &Cast::EmailUrl, call.pos)),
    ("dj_search_url.config", |interp, call| url_config(interp, &call, "SEARCH_URL", Cast::SearchUrl)),
    ("dj_search_url.parse", |interp, call| interp.cast(&call.first(), &Cast::SearchUrl, call.pos)),
];

/// A method named for a type: `env.bool("X", default=False)`.
pub(super) fn typed(interp: &mut Interp<'_>, call: Call, method: &str) -> Outcome {
    let cast = match method {
        "str" | "bytes" | "unicode" => Cast::Str,
        "bool" => Cast::Bool,
        "int" => Cast::Int,
        "float" => Cast::Float,
        "json" => Cast::Json,
        "list" | "tuple" => Cast::List(",".to_owned()),
        "dict" => Cast::Dict,
        "path" => Cast::Path,
        "db" | "db_url" => Cast::DatabaseUrl,
        "cache" | "cache_url" => Cast::CacheUrl,
        "email" | "email_url" => Cast::EmailUrl,
        "search" | "search_url" => Cast::SearchUrl,
        "channels" | "channels_url" => return channels(interp, &call),
        "url" => Cast::Str,
        _ => return Ok(Obj::unknown(format!("the result of `env.{method}()`"), call.pos, &call.parts())),
    };
    let variable = match (&cast, call.args.is_empty()) {
        (Cast::DatabaseUrl, true) => Obj::str("DATABASE_URL"),
        (Cast::CacheUrl, true) => Obj::str("CACHE_URL"),
        (Cast::EmailUrl, true) => Obj::str("EMAIL_URL"),
        (Cast::SearchUrl, true) => Obj::str("SEARCH_URL"),
        (Cast::Other(_), true) => Obj::str("CHANNELS_URL"),
        _ => call.arg(0, "var").unwrap_or(Obj::None),
    };
    // `list`, `tuple` and `dict` take a cast of the items before the default.
    let position =
        if matches!(method, "list" | "tuple" | "dict" | "json") && method != "json" { 2 } else { 1 };
    let default = call.arg(position, "default").filter(|default| !is_notset(default));
    let full = prefixed(interp, &call, &variable);
    let (default, cast) = match (default, &cast) {
        (Some(default), cast) if super::super::urls::is_url(cast) => {
            (Some(url_default(interp, &default, cast, &call)?), cast.clone())
        }
        (Some(default), Cast::Path) => (Some(interp.cast(&default, &cast, call.pos)?), cast),
        (Some(default), _) => (Some(default), cast),
        (None, _) => match scheme(interp, &call, &full) {
            Some((_, Some(default))) => (Some(default), cast),
            _ => (None, cast),
        },
    };
    let variable = full;
    if let Some(value) = of_file(interp, &call, &variable)? {
        return interp.cast(&value, &cast, call.pos);
    }
    let value = through_others(interp, &variable, default, &cast, call.pos)?;
    match method {
        "str" if matches!(call.kwarg("multiline"), Some(Obj::Bool(true))) => Ok(match value {
            Obj::Str(text) => Obj::str(text.replace("\\n", "\n")),
            other => other,
        }),
        "url" => Ok(Obj::made("urllib.parse.urlparse", vec![value], Vec::new(), call.pos)),
        "db" | "db_url" | "cache" | "cache_url" => stated(interp, value, &call),
        "list" | "tuple" => {
            let items = call.kwarg("subcast").or_else(|| call.arg(1, "cast"));
            cast_items(interp, &value, items, call.pos)
        }
        _ => Ok(value),
    }
}

/// Converts the items of a list that is known: `env.list("PORTS", int)`.
pub(super) fn cast_items(interp: &mut Interp<'_>, value: &Obj, cast: Option<Obj>, pos: Pos) -> Outcome {
    let (Obj::List(_), Some(cast)) = (value, cast.filter(|cast| !matches!(cast, Obj::None))) else {
        return Ok(value.clone());
    };
    let cast = cast_of(interp, &cast);
    let mut items = Vec::new();
    for item in interp.sequence(value).unwrap_or_default() {
        items.push(if matches!(cast, Cast::Other(_)) { item } else { interp.cast(&item, &cast, pos)? });
    }
    Ok(Obj::List(interp.heap.list(items)))
}

/// `env.channels()`: the layer, where the URL is known.
fn channels(interp: &mut Interp<'_>, call: &Call) -> Outcome {
    let variable = call.arg(0, "var").unwrap_or_else(|| Obj::str("CHANNELS_URL"));
    let variable = prefixed(interp, call, &variable);
    let default = call.arg(1, "default").filter(|default| !is_notset(default));
    let reading = Reading { default, cast: Cast::Str, exception: Some(IMPROPERLY_CONFIGURED) };
    let value = interp.read(&variable, reading, call.pos)?;
    let Obj::Env(env) = &value else {
        return Ok(interp.lift(
            std::slice::from_ref(&value),
            "a channel layer",
            call.pos,
            &|interp, args| interp.channels_url(args[0].as_str()?),
        ));
    };
    let default = env.default.as_ref().and_then(|default| default.as_str().map(str::to_owned));
    let default = default.and_then(|url| interp.channels_url(&url));
    let cast = Cast::Other("channels".to_owned());
    Ok(Obj::Env(super::super::object::EnvObj { default, cast, ..(**env).clone() }.into()))
}

/// Returns the content of the file that the variable `X_FILE` names, if the reader looks for one.
fn of_file(
    interp: &mut Interp<'_>,
    call: &Call,
    variable: &Obj,
) -> Result<Option<Obj>, Box<super::super::object::Exception>> {
    let aware = matches!(&call.receiver, Some(Obj::Made(made)) if &*made.class == "environ.FileAwareEnv");
    let Some(name) = variable.as_str().filter(|_| aware) else { return Ok(None) };
    let path = interp.read(&Obj::str(format!("{name}_FILE")), Reading::text(None), call.pos)?;
    if matches!(path, Obj::Str(_)) { interp.read_file(&path, call.pos).map(Some) } else { Ok(None) }
}

fn is_notset(value: &Obj) -> bool {
    matches!(value, Obj::External(name) if name.ends_with("NOTSET"))
}

/// Under what name `env.prefix = "X_"` is kept among the interpreter's names.
pub(in crate::python::interpret) const PREFIX: &str = "environ prefix";

fn prefixed(interp: &mut Interp<'_>, call: &Call, variable: &Obj) -> Obj {
    let reader = matches!(&call.receiver, Some(Obj::Made(made)) if made.class.starts_with("environ."));
    match interp.environ.get(PREFIX).filter(|_| reader) {
        Some(Obj::Str(prefix)) => {
            let prefix = Obj::Str(prefix.clone());
            interp.text_of(vec![prefix, variable.clone()])
        }
        _ => variable.clone(),
    }
}

/// The type and default that `Env(NAME=(type, default))` states for a variable.
fn scheme(interp: &mut Interp<'_>, call: &Call, variable: &Obj) -> Option<(Option<Obj>, Option<Obj>)> {
    let name = variable.as_str()?;
    let kwargs = match &call.receiver {
        Some(Obj::Made(made)) => made.kwargs.clone(),
        _ => return None,
    };
    let (_, stated) = kwargs.iter().find(|(other, _)| &**other == name)?;
    if let Obj::Dict(cell) = stated {
        // envparse: `Env(HOSTS=dict(cast=list, default=[]))`.
        let cell = *cell;
        let mut entry = |name: &str| interp.dict_get(cell, &Obj::str(name), call.pos);
        return Some((entry("cast"), entry("default")));
    }
    match interp.sequence(stated) {
        Some(pair) if matches!(stated, Obj::Tuple(_)) && pair.len() == 2 => {
            Some((pair.first().cloned(), pair.get(1).cloned()))
        }
        _ => Some((Some(stated.clone()), None)),
    }
}

/// `env("X", cast=…, default=…)`.
fn read(interp: &mut Interp<'_>, call: Call, position: usize, cast: Option<Obj>) -> Outcome {
    let variable = call.arg(0, "var").unwrap_or(Obj::None);
    let variable = prefixed(interp, &call, &variable);
    let stated = scheme(interp, &call, &variable);
    let (stated_cast, stated_default) = stated.unwrap_or((None, None));
    let cast = cast.filter(|cast| !matches!(cast, Obj::None)).or(stated_cast);
    let default = call.arg(position, "default").filter(|default| !is_notset(default)).or(stated_default);
    let items = cast.as_ref().and_then(|cast| item_cast(interp, cast));
    let cast = match cast {
        Some(cast) => cast_of(interp, &cast),
        // The default's type says what the variable is.
        None => default.as_ref().map_or(Cast::Str, cast_of_default),
    };
    let default = match default {
        Some(default) if super::super::urls::is_url(&cast) => {
            Some(url_default(interp, &default, &cast, &call)?)
        }
        other => other,
    };
    if let Some(value) = of_file(interp, &call, &variable)? {
        return interp.cast(&value, &cast, call.pos);
    }
    let value = through_others(interp, &variable, default, &cast, call.pos)?;
    if items.is_some() { cast_items(interp, &value, items, call.pos) } else { Ok(value) }
}

/// `cast=[int]`: what each item is.
fn item_cast(interp: &mut Interp<'_>, cast: &Obj) -> Option<Obj> {
    match cast {
        Obj::List(_) | Obj::Tuple(_) => interp.sequence(cast)?.first().cloned(),
        _ => None,
    }
}

fn cast_of_default(default: &Obj) -> Cast {
    match default {
        Obj::Bool(_) => Cast::Bool,
        Obj::Int(_) => Cast::Int,
        Obj::Float(_) => Cast::Float,
        Obj::List(_) | Obj::Tuple(_) => Cast::List(",".to_owned()),
        Obj::Dict(_) => Cast::Dict,
        _ => Cast::Str,
    }
}

/// Reads a variable; one whose value is `$OTHER` is what the other one is.
fn through_others(
    interp: &mut Interp<'_>,
    variable: &Obj,
    default: Option<Obj>,
    cast: &Cast,
    pos: Pos,
) -> Outcome {
    let mut variable = variable.clone();
    for _ in 0..8 {
        let name = variable.as_str().unwrap_or_default();
        let own = interp.environ.get(name).and_then(Obj::as_str).map(str::to_owned);
        let Some(other) = own.or_else(|| interp.given(name).map(str::to_owned)) else { break };
        let Some(other) = other.strip_prefix('$') else { break };
        interp.read(&variable, Reading::text(None), pos)?;
        variable = Obj::str(other);
    }
    let default = match default {
        Some(Obj::Str(text)) if text.starts_with('$') => {
            let other = Obj::str(text.trim_start_matches('$'));
            let reading =
                Reading { default: None, cast: cast.clone(), exception: Some(IMPROPERLY_CONFIGURED) };
            if variable.as_str().is_some_and(|name| interp.given(name).is_some()) {
                None
            } else {
                Some(interp.read(&other, reading, pos)?)
            }
        }
        other => other,
    };
    let reading = Reading { default, cast: cast.clone(), exception: Some(IMPROPERLY_CONFIGURED) };
    interp.read(&variable, reading, pos)
}

/// Returns the conversion of a type given as `cast=`.
pub(super) fn cast_of(interp: &mut Interp<'_>, cast: &Obj) -> Cast {
    match cast {
        Obj::External(name) => match name.rsplit('.').next().unwrap_or(name) {
            "str" | "unicode" | "Secret" | "URL" => Cast::Str,
            "bool" | "strtobool" | "boolean" | "parse_bool" => Cast::Bool,
            "int" => Cast::Int,
            "float" => Cast::Float,
            "list" | "tuple" | "set" | "CommaSeparatedStrings" => Cast::List(",".to_owned()),
            "dict" => Cast::Dict,
            "loads" | "json" => Cast::Json,
            "Path" => Cast::Path,
            "parse" if name.starts_with("dj_database_url") => Cast::DatabaseUrl,
            "parse" if name.starts_with("django_cache_url") => Cast::CacheUrl,
            "parse" if name.starts_with("dj_email_url") => Cast::EmailUrl,
            other => Cast::Other(other.to_owned()),
        },
        Obj::Made(made) if made.class.ends_with("Csv") => Cast::List(super::options::delimiter_of(made)),
        Obj::Made(made) if made.class.ends_with("ListOf") => Cast::List(",".to_owned()),
        Obj::Made(made) if made.class.ends_with("Choices") => {
            match made.kwargs.iter().find(|(name, _)| &**name == "cast") {
                Some((_, cast)) => cast_of(interp, &cast.clone()),
                None => Cast::Str,
            }
        }
        Obj::List(_) | Obj::Tuple(_) => Cast::List(",".to_owned()),
        Obj::Dict(_) => Cast::Dict,
        Obj::Function(function) => Cast::Other(interp.functions[*function].label().to_owned()),
        _ => Cast::Other("a function".to_owned()),
    }
}

fn url_default(interp: &mut Interp<'_>, default: &Obj, cast: &Cast, call: &Call) -> Outcome {
    if matches!(default, Obj::Dict(_) | Obj::None) {
        return Ok(default.clone());
    }
    let parsed = interp.cast(default, cast, call.pos)?;
    apply_options(interp, &parsed, call)?;
    Ok(parsed)
}

/// `engine=`, `conn_max_age=`, `ssl_require=`.
fn apply_options(
    interp: &mut Interp<'_>,
    parsed: &Obj,
    call: &Call,
) -> Result<(), Box<super::super::object::Exception>> {
    if let Obj::Dict(cell) = parsed {
        let cell = *cell;
        for (name, key) in [
            ("engine", "ENGINE"),
            ("backend", "BACKEND"),
            ("conn_max_age", "CONN_MAX_AGE"),
            ("conn_health_checks", "CONN_HEALTH_CHECKS"),
        ] {
            if let Some(value) = call.kwarg(name).filter(|value| !matches!(value, Obj::None)) {
                interp.set_item(parsed, &Obj::str(key), value, call.pos)?;
            }
        }
        if call.kwarg("ssl_require").is_some_and(|required| interp.truth(&required) == Some(true)) {
            let key = Obj::str("OPTIONS");
            let options = match interp.dict_get(cell, &key, call.pos) {
                Some(options @ Obj::Dict(_)) => options,
                _ => Obj::Dict(interp.heap.dict(Vec::new())),
            };
            interp.set_item(&options, &Obj::str("sslmode"), Obj::str("require"), call.pos)?;
            interp.set_item(parsed, &key, options, call.pos)?;
        }
        interp.heap.fresh(cell);
    }
    Ok(())
}

/// A URL of which the call states the engine or the backend: these are known whatever the variable holds.
fn stated(interp: &mut Interp<'_>, value: Obj, call: &Call) -> Outcome {
    let Obj::Env(env) = &value else {
        apply_options(interp, &value, call)?;
        return Ok(value);
    };
    let keys = match env.cast {
        Cast::DatabaseUrl => super::super::urls::DATABASE_KEYS,
        Cast::CacheUrl => super::super::urls::CACHE_KEYS,
        _ => return Ok(value),
    };
    let says = |name: &str| call.kwarg(name).is_some_and(|value| matches!(value, Obj::Str(_)));
    if !(says("engine") || says("backend")) {
        return Ok(value);
    }
    let parts = interp.parts_of_url(&value, keys, call.pos)?;
    apply_options(interp, &parts, call)?;
    Ok(parts)
}

/// `dj_database_url.parse(url, …)`.
fn with_engine(interp: &mut Interp<'_>, call: &Call, cast: Cast) -> Outcome {
    let url = call.arg(0, "url").unwrap_or(Obj::None);
    let parsed = interp.cast(&url, &cast, call.pos)?;
    stated(interp, parsed, call)
}

/// `dj_database_url.config(env="DATABASE_URL", default=…)`: an empty dict where nothing is set.
fn url_config(interp: &mut Interp<'_>, call: &Call, variable: &str, cast: Cast) -> Outcome {
    let named = call.kwarg("env");
    let positional = call.args.first().cloned();
    let (name, default) = match (named, positional) {
        (Some(name), positional) => (name, call.kwarg("default").or(positional)),
        // Both orders were in use: the first argument is the variable, or a URL that is the default.
        (None, Some(first)) if first.as_str().is_some_and(|text| !text.contains(':')) => {
            (first, call.arg(1, "default"))
        }
        (None, positional) => (Obj::str(variable), call.kwarg("default").or(positional)),
    };
    let default = match default.filter(|default| !matches!(default, Obj::None)) {
        Some(default) => url_default(interp, &default, &cast, call)?,
        None => Obj::Dict(interp.heap.dict(Vec::new())),
    };
    let value = interp.read(&name, Reading { default: Some(default), cast, exception: None }, call.pos)?;
    stated(interp, value, call)
}
