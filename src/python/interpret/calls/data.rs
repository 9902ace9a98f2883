//! Files and data formats: `open`, JSON, YAML, TOML, INI, URLs, literals.

use super::super::object::{Exception, MadeObj, Obj};
use super::super::source::Pos;
use super::super::{Interp, Outcome, urls};
use super::{Call, Row};
use crate::python::evaluation::FileFormat;

pub(super) const ROWS: &[Row] = &[
    ("open", open),
    ("io.open", open),
    ("codecs.open", open),
    ("open().read", |interp, call| read_made(interp, &call)),
    ("open().readline", |interp, call| read_made(interp, &call)),
    ("open().readlines", |interp, call| {
        let text = read_made(interp, &call)?;
        interp.call_method(&text, "splitlines", Vec::new(), Vec::new(), call.pos)
    }),
    ("open().close", |_, _| Ok(Obj::None)),
    ("open().write", |_, _| Ok(Obj::None)),
    ("json.load", |interp, call| load(interp, &call, FileFormat::Json)),
    ("json.loads", |interp, call| interp.parse_data(&call.first(), FileFormat::Json, call.pos)),
    ("json.dumps", |_, call| Ok(Obj::unknown("JSON text", call.pos, &call.args))),
    ("yaml.safe_load", |interp, call| load(interp, &call, FileFormat::Yaml)),
    ("yaml.load", |interp, call| load(interp, &call, FileFormat::Yaml)),
    ("yaml.full_load", |interp, call| load(interp, &call, FileFormat::Yaml)),
    ("tomllib.load", |interp, call| load(interp, &call, FileFormat::Toml)),
    ("tomllib.loads", |interp, call| interp.parse_data(&call.first(), FileFormat::Toml, call.pos)),
    ("toml.load", |interp, call| load(interp, &call, FileFormat::Toml)),
    ("toml.loads", |interp, call| interp.parse_data(&call.first(), FileFormat::Toml, call.pos)),
    ("configparser.ConfigParser", config_parser),
    ("configparser.RawConfigParser", config_parser),
    ("configparser.SafeConfigParser", config_parser),
    ("configparser.ConfigParser().read", ini_read),
    ("configparser.RawConfigParser().read", ini_read),
    ("configparser.SafeConfigParser().read", ini_read),
    ("configparser.ConfigParser().read_file", ini_read),
    ("configparser.ConfigParser().readfp", ini_read),
    ("configparser.RawConfigParser().read_file", ini_read),
    ("configparser.ConfigParser().get", |interp, call| ini_get(interp, call, None)),
    ("configparser.RawConfigParser().get", |interp, call| ini_get(interp, call, None)),
    ("configparser.SafeConfigParser().get", |interp, call| ini_get(interp, call, None)),
    ("configparser.ConfigParser().getint", |interp, call| {
        ini_get(interp, call, Some(crate::python::value::Cast::Int))
    }),
    ("configparser.RawConfigParser().getint", |interp, call| {
        ini_get(interp, call, Some(crate::python::value::Cast::Int))
    }),
    ("configparser.ConfigParser().getboolean", |interp, call| {
        ini_get(interp, call, Some(crate::python::value::Cast::Bool))
    }),
    ("configparser.RawConfigParser().getboolean", |interp, call| {
        ini_get(interp, call, Some(crate::python::value::Cast::Bool))
    }),
    ("configparser.ConfigParser().has_section", ini_has),
    ("configparser.RawConfigParser().has_section", ini_has),
    ("configparser.ConfigParser().sections", |interp, call| {
        let sections = sections(&call);
        interp.call_method(&sections, "keys", Vec::new(), Vec::new(), call.pos)
    }),
    ("ast.literal_eval", literal_eval),
    ("eval", literal_eval),
    ("urllib.parse.urlparse", |_, call| {
        Ok(Obj::made("urllib.parse.urlparse", call.args, call.kwargs, call.pos))
    }),
    ("urllib.parse.urlsplit", |_, call| {
        Ok(Obj::made("urllib.parse.urlparse", call.args, call.kwargs, call.pos))
    }),
    ("urlparse.urlparse", |_, call| Ok(Obj::made("urllib.parse.urlparse", call.args, call.kwargs, call.pos))),
    ("urllib.parse.urlparse().geturl", |_, call| {
        Ok(call.made().and_then(|made| made.args.first().cloned()).unwrap_or(Obj::None))
    }),
    ("urllib.parse.quote", quote),
    ("urllib.parse.quote_plus", quote),
    ("urllib.quote", quote),
    ("urllib.parse.unquote", |interp, call| {
        Ok(interp.lift(&[call.first()], "unquoted text", call.pos, &|_, args| {
            Some(Obj::str(urls::unquote(args[0].as_str()?)))
        }))
    }),
    ("urllib.parse.urljoin", |interp, call| {
        Ok(interp.lift(&call.args, "a URL", call.pos, &|_, args| {
            let (base, path) = (args.first()?.as_str()?, args.get(1)?.as_str()?);
            if path.contains("://") {
                return Some(args[1].clone());
            }
            if let Some(path) = path.strip_prefix('/') {
                let origin = base
                    .find("://")
                    .and_then(|at| base[at + 3..].find('/').map(|end| at + 3 + end))
                    .unwrap_or(base.len());
                return Some(Obj::str(format!("{}/{path}", &base[..origin])));
            }
            let folder = base.rfind('/').map_or("", |at| &base[..=at]);
            Some(Obj::str(format!("{folder}{path}")))
        }))
    }),
    ("base64.b64decode", |_, call| Ok(Obj::unknown("decoded text", call.pos, &call.args))),
    ("secrets.token_urlsafe", random),
    ("secrets.token_hex", random),
    ("secrets.token_bytes", random),
    ("secrets.choice", random),
    ("random.choice", random),
    ("random.randint", random),
    ("random.SystemRandom", |_, call| Ok(Obj::made("random.SystemRandom", Vec::new(), Vec::new(), call.pos))),
    ("random.SystemRandom().choice", random),
    ("os.urandom", random),
    ("uuid.uuid4", random),
    ("string.ascii_letters", random),
    ("logging.getLevelName", |_, call| Ok(call.first())),
    ("subprocess.check_output", command),
    ("subprocess.getoutput", command),
    ("subprocess.run", command),
    ("os.popen", command),
];

fn open(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let path = call.arg(0, "file").unwrap_or(Obj::None);
    let mode = call.arg(1, "mode");
    if mode.as_ref().and_then(Obj::as_str).is_some_and(|mode| mode.starts_with(['w', 'a', 'x'])) {
        return Ok(Obj::made("open", vec![path, Obj::str("")], Vec::new(), call.pos));
    }
    let text = interp.read_file(&path, call.pos)?;
    Ok(Obj::made("open", vec![path, text], Vec::new(), call.pos))
}

/// The text of an opened file.
fn text_of(value: &Obj) -> Obj {
    match value {
        Obj::Made(made) if &*made.class == "open" => made.args.get(1).cloned().unwrap_or(Obj::None),
        other => other.clone(),
    }
}

fn read_made(_: &mut Interp<'_>, call: &Call) -> Outcome {
    Ok(call.receiver.as_ref().map_or(Obj::None, text_of))
}

fn load(interp: &mut Interp<'_>, call: &Call, format: FileFormat) -> Outcome {
    let source = call.first();
    let text = match &source {
        Obj::Path(_) => interp.read_file(&source, call.pos)?,
        Obj::Str(text) if format == FileFormat::Toml && !text.contains('\n') => {
            interp.read_file(&source, call.pos)?
        }
        other => text_of(other),
    };
    interp.parse_data(&text, format, call.pos)
}

fn config_parser(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let sections = Obj::Dict(interp.heap.dict(Vec::new()));
    Ok(Obj::made("configparser.ConfigParser", vec![sections], call.kwargs, call.pos))
}

fn sections(call: &Call) -> Obj {
    call.made().and_then(|made| made.args.first().cloned()).unwrap_or(Obj::None)
}

fn ini_read(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let sections = sections(&call);
    let paths = match call.first() {
        list @ (Obj::List(_) | Obj::Tuple(_)) => interp.sequence(&list).unwrap_or_default(),
        one => vec![one],
    };
    for path in paths {
        // `read` passes over files that are not there.
        let text = match text_of(&path) {
            Obj::Str(text) if matches!(path, Obj::Made(_)) => Obj::Str(text),
            secret @ Obj::Secret(_) => secret,
            _ => {
                let before = interp.files.len();
                let Some(text) = interp.quietly(|interp| interp.read_file(&path, call.pos)) else { continue };
                if let Some(row) = interp.files.get_mut(before) {
                    row.format = FileFormat::Ini;
                }
                text
            }
        };
        match &text {
            Obj::Str(known) => {
                let Ok(parsed) = ini::Ini::load_from_str(known) else { continue };
                for (section, properties) in &parsed {
                    let entries = properties
                        .iter()
                        .map(|(key, value)| (Obj::str(key.to_lowercase()), Obj::str(value)))
                        .collect();
                    let entries = Obj::Dict(interp.heap.dict(entries));
                    interp.set_item(&sections, &Obj::str(section.unwrap_or("DEFAULT")), entries, call.pos)?;
                }
            }
            Obj::Secret(_) => {
                if let Obj::Dict(cell) = &sections {
                    interp.heap.change_dict(*cell, call.pos, |dict| dict.fallback = Some(text.clone()));
                }
            }
            _ => {}
        }
    }
    Ok(Obj::List(interp.heap.list(Vec::new())))
}

fn ini_get(interp: &mut Interp<'_>, call: Call, cast: Option<crate::python::value::Cast>) -> Outcome {
    let sections = sections(&call);
    let (section, key) = (call.first(), call.args.get(1).cloned().unwrap_or(Obj::None));
    let key = match &key {
        Obj::Str(key) => Obj::str(key.to_lowercase()),
        other => other.clone(),
    };
    let found = match &sections {
        Obj::Dict(cell) => match interp.dict_get(*cell, &section, call.pos) {
            Some(Obj::Dict(inner)) => interp.dict_get(inner, &key, call.pos),
            Some(Obj::Secret(secret)) => Some(interp.secret_item(&secret, &key, call.pos)),
            _ => None,
        },
        _ => None,
    };
    let value = match (found, call.kwarg("fallback")) {
        (Some(value), _) => value,
        (None, Some(fallback)) => return Ok(fallback),
        (None, None) => {
            interp.raise(Exception::new("configparser.NoOptionError", "no such option"), call.pos)?
        }
    };
    match cast {
        Some(cast) => interp.cast(&value, &cast, call.pos),
        None => Ok(value),
    }
}

fn ini_has(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let sections = sections(&call);
    interp.contains(&sections, &call.first(), call.pos)
}

/// Literals in text: the JSON-like part of Python's.
fn literal_eval(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let value = call.first();
    let done = interp.lift(std::slice::from_ref(&value), "evaluated text", call.pos, &|interp, args| {
        let text = args[0].as_str()?.trim();
        match text {
            "True" => return Some(Obj::Bool(true)),
            "False" => return Some(Obj::Bool(false)),
            "None" => return Some(Obj::None),
            _ => {}
        }
        let json = text
            .replace('\'', "\"")
            .replace("True", "true")
            .replace("False", "false")
            .replace("None", "null");
        let json = match json.strip_prefix('(').and_then(|json| json.strip_suffix(')')) {
            Some(inner) => format!("[{inner}]"),
            None => json,
        };
        serde_json::from_str(&json).ok().map(|json| interp.object_of_json(&json))
    });
    if let (Obj::Env(env), Obj::Unknown(unknown)) = (&value, &done) {
        let default = unknown.assumed.clone();
        let cast = crate::python::value::Cast::Other("literal_eval".to_owned());
        return Ok(Obj::Env(super::super::object::EnvObj { default, cast, ..(**env).clone() }.into()));
    }
    Ok(done)
}

fn quote(interp: &mut Interp<'_>, call: Call) -> Outcome {
    // A quoted variable still is that variable, for whoever asks where its value goes.
    if let Obj::Env(_) | Obj::Secret(_) = call.first() {
        return Ok(call.first());
    }
    Ok(interp.lift(&[call.first()], "quoted text", call.pos, &|_, args| {
        let text = args[0].display()?;
        let mut quoted = String::new();
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || b"_.-~/".contains(&byte) {
                quoted.push(char::from(byte));
            } else {
                quoted.push_str(&format!("%{byte:02X}"));
            }
        }
        Some(Obj::str(quoted))
    }))
}

fn random(_: &mut Interp<'_>, call: Call) -> Outcome {
    Ok(Obj::unknown("a random value", call.pos, &[]))
}

fn command(_: &mut Interp<'_>, call: Call) -> Outcome {
    Ok(Obj::unknown("what a command prints", call.pos, &call.args))
}

/// A part of a parsed URL.
pub(super) fn url_part(interp: &mut Interp<'_>, made: &MadeObj, name: &str, pos: Pos) -> Obj {
    let url = made.args.first().cloned().unwrap_or(Obj::None);
    let name = name.to_owned();
    interp.lift(&[url], &format!("the {name} of a URL"), pos, &|_, args| {
        let text = args[0].as_str()?;
        let url = urls::split(text).unwrap_or_default();
        let or_none = |text: &str| if text.is_empty() { Obj::None } else { Obj::str(text) };
        Some(match name.as_str() {
            "scheme" => Obj::str(&url.scheme),
            "hostname" => or_none(&url.host),
            "port" => url.port.parse().map_or(Obj::None, Obj::Int),
            "username" => or_none(&url.user),
            "password" => or_none(&url.password),
            "path" => Obj::str(&url.path),
            "netloc" => {
                let user = match (url.user.as_str(), url.password.as_str()) {
                    ("", "") => String::new(),
                    (user, "") => format!("{user}@"),
                    (user, password) => format!("{user}:{password}@"),
                };
                let port = if url.port.is_empty() { String::new() } else { format!(":{}", url.port) };
                Obj::str(format!("{user}{}{port}", url.host))
            }
            "query" => Obj::str(text.split_once('?').map_or("", |(_, query)| query)),
            _ => return None,
        })
    })
}
