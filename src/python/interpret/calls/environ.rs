//! django-environ, dj-database-url and their relatives, python-dotenv.

use super::super::environment::Reading;
use super::super::object::{Obj, SecretObj};
use super::super::source::Pos;
use super::super::{Interp, Outcome};
use super::{Call, Row};
use crate::python::evaluation::{FileFormat, World};
use crate::python::value::Cast;

pub(super) const ROWS: &[Row] = &[
    ("environ.Env()", |interp, call| {
        let cast = call.arg(1, "cast");
        read(interp, call, 2, cast)
    }),
    ("environ.Env().get_value", |interp, call| {
        let cast = call.arg(1, "cast");
        read(interp, call, 2, cast)
    }),
    ("environ.Env.read_env", read_env),
    ("environ.Env().read_env", read_env),
    ("environ.FileAwareEnv.read_env", read_env),
    ("environ.FileAwareEnv().read_env", read_env),
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
    ("dotenv.load_dotenv", load_dotenv),
    ("dotenv.read_dotenv", load_dotenv),
    ("dotenv.find_dotenv", |_, call| Ok(call.args.first().cloned().unwrap_or_else(|| Obj::str(".env")))),
    ("dotenv.dotenv_values", dotenv_values),
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
    let (default, cast) = match (default, &cast) {
        (Some(default), cast) if super::super::urls::is_url(cast) => {
            (Some(url_default(interp, &default, cast, &call)?), cast.clone())
        }
        (Some(default), Cast::Path) => (Some(interp.cast(&default, &cast, call.pos)?), cast),
        (Some(default), _) => (Some(default), cast),
        (None, _) => match scheme(interp, &call, &variable) {
            Some((_, Some(default))) => (Some(default), cast),
            _ => (None, cast),
        },
    };
    let variable = prefixed(interp, &call, &variable);
    if let Some(value) = of_file(interp, &call, &variable)? {
        return interp.cast(&value, &cast, call.pos);
    }
    let reading = Reading { default, cast, exception: Some("ImproperlyConfigured") };
    let value = interp.read(&variable, reading, call.pos)?;
    match method {
        "url" => Ok(Obj::made("urllib.parse.urlparse", vec![value], Vec::new(), call.pos)),
        "list" | "tuple" => cast_items(interp, &value, call.arg(1, "cast"), call.pos),
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
    let reading = Reading { default, cast: Cast::Str, exception: Some("ImproperlyConfigured") };
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

/// What the file holds that the variable `X_FILE` names, where the reader looks for one.
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
    let stated = scheme(interp, &call, &variable);
    let (stated_cast, stated_default) = stated.unwrap_or((None, None));
    let cast = cast.filter(|cast| !matches!(cast, Obj::None)).or(stated_cast);
    let default = call.arg(position, "default").filter(|default| !is_notset(default)).or(stated_default);
    let cast = cast.map_or(Cast::Str, |cast| cast_of(interp, &cast));
    let default = match default {
        Some(default) if super::super::urls::is_url(&cast) => {
            Some(url_default(interp, &default, &cast, &call)?)
        }
        other => other,
    };
    let variable = prefixed(interp, &call, &variable);
    if let Some(value) = of_file(interp, &call, &variable)? {
        return interp.cast(&value, &cast, call.pos);
    }
    interp.read(&variable, Reading { default, cast, exception: Some("ImproperlyConfigured") }, call.pos)
}

/// What a type given as `cast=` does.
pub(super) fn cast_of(interp: &mut Interp<'_>, cast: &Obj) -> Cast {
    match cast {
        Obj::External(name) => match name.rsplit('.').next().unwrap_or(name) {
            "str" | "unicode" => Cast::Str,
            "bool" | "strtobool" => Cast::Bool,
            "int" => Cast::Int,
            "float" => Cast::Float,
            "list" | "tuple" | "set" => Cast::List(",".to_owned()),
            "dict" => Cast::Dict,
            "loads" => Cast::Json,
            "Path" => Cast::Path,
            "parse" if name.starts_with("dj_database_url") => Cast::DatabaseUrl,
            "parse" if name.starts_with("django_cache_url") => Cast::CacheUrl,
            "parse" if name.starts_with("dj_email_url") => Cast::EmailUrl,
            other => Cast::Other(other.to_owned()),
        },
        Obj::Made(made) if made.class.ends_with("Csv") => Cast::List(",".to_owned()),
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
            ("conn_max_age", "CONN_MAX_AGE"),
            ("conn_health_checks", "CONN_HEALTH_CHECKS"),
        ] {
            if let Some(value) = call.kwarg(name).filter(|value| !matches!(value, Obj::None)) {
                interp.set_item(parsed, &Obj::str(key), value, call.pos)?;
            }
        }
        if matches!(call.kwarg("ssl_require"), Some(Obj::Bool(true))) {
            let options = Obj::Dict(interp.heap.dict(vec![(Obj::str("sslmode"), Obj::str("require"))]));
            interp.set_item(parsed, &Obj::str("OPTIONS"), options, call.pos)?;
        }
        interp.heap.fresh(cell);
    }
    Ok(())
}

/// `dj_database_url.parse(url, …)`.
fn with_engine(interp: &mut Interp<'_>, call: &Call, cast: Cast) -> Outcome {
    let url = call.arg(0, "url").unwrap_or(Obj::None);
    let parsed = interp.cast(&url, &cast, call.pos)?;
    apply_options(interp, &parsed, call)?;
    Ok(parsed)
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
    apply_options(interp, &value, call)?;
    Ok(value)
}

fn read_env(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let path = match call.arg(0, "env_file") {
        Some(path) => path,
        // Without a path: beside the file that calls.
        None => beside(interp),
    };
    let overriding = matches!(call.kwarg("overwrite"), Some(Obj::Bool(true)));
    interp.load_variables(&path, overriding, call.pos);
    Ok(Obj::None)
}

fn beside(interp: &mut Interp<'_>) -> Obj {
    let here = interp.frame().and_then(|frame| interp.modules[frame.module].file());
    match here {
        Some(Obj::Path(path)) => {
            Obj::path(super::super::paths::join(&super::super::paths::parent(&path), ".env"))
        }
        _ => Obj::str(".env"),
    }
}

fn load_dotenv(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let path = call.args.first().cloned().or_else(|| call.kwarg("dotenv_path"));
    let path = path.filter(|path| !matches!(path, Obj::None)).unwrap_or_else(|| found_upwards(interp));
    let overriding = matches!(call.kwarg("override"), Some(Obj::Bool(true)));
    interp.load_variables(&path, overriding, call.pos);
    Ok(Obj::Bool(true))
}

/// `find_dotenv()`: the first `.env` in the folder of the file that calls, or above.
fn found_upwards(interp: &mut Interp<'_>) -> Obj {
    let Obj::Path(start) = beside(interp) else { return Obj::str(".env") };
    let mut folder = super::super::paths::parent(&start);
    for _ in 0..8 {
        let candidate = super::super::paths::join(&folder, ".env");
        if interp.exists(&candidate, super::super::paths::Want::File) == Some(true) {
            return Obj::path(candidate);
        }
        folder = super::super::paths::parent(&folder);
    }
    Obj::Path(start)
}

/// `dotenv_values(path)`: a dict of the file, whose values are not read.
fn dotenv_values(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let path = call.args.first().cloned().unwrap_or_else(|| found_upwards(interp));
    let known = if path.is_known() { Some(path.clone()) } else { path.assumed() };
    let Some(place) = known.as_ref().and_then(|path| interp.as_path(path)) else {
        return Ok(Obj::unknown("variables of a file whose path is not known", call.pos, &[path]));
    };
    if let Some(text) = interp.known_text(&place) {
        interp.note_file(&place, true, false, call.pos);
        let entries = super::super::files::variables(&text);
        let entries = entries.into_iter().map(|(name, value)| (Obj::str(name), Obj::str(value))).collect();
        return Ok(Obj::Dict(interp.heap.dict(entries)));
    }
    let exists =
        super::super::paths::in_project_or_working(&place).is_some_and(|path| interp.file_exists(&path));
    let file = interp.note_file(&place, exists, false, call.pos);
    if let World::Closed { .. } = interp.request.world {
        // A file that is not there holds nothing.
        return Ok(Obj::Dict(interp.heap.dict(Vec::new())));
    }
    let path = interp.files.get(file).map(|row| row.path.clone()).unwrap_or_default();
    let secret = Obj::Secret(SecretObj { file, path, key: None, pos: call.pos }.into());
    interp.parse_data(&secret, FileFormat::Env, call.pos)
}
