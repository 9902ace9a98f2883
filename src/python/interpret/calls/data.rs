//! Files and data formats: `open`, JSON, YAML, TOML, INI, URLs, literals.

use super::super::object::{MadeObj, Obj};
use super::super::parsing::Parser;
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
    ("json.load", |interp, call| load(interp, &call, Parser::JSON)),
    ("json.loads", |interp, call| interp.parse_data(&call.first(), Parser::JSON, call.pos)),
    ("json.dumps", |_, call| Ok(Obj::unknown("JSON text", call.pos, &call.args))),
    ("yaml.safe_load", |interp, call| load(interp, &call, Parser::YAML)),
    ("yaml.load", |interp, call| load(interp, &call, Parser::YAML)),
    ("yaml.full_load", |interp, call| load(interp, &call, Parser::YAML)),
    ("tomllib.load", |interp, call| load(interp, &call, Parser::TOML)),
    ("tomllib.loads", |interp, call| interp.parse_data(&call.first(), Parser::TOML, call.pos)),
    ("toml.load", |interp, call| load(interp, &call, Parser::TOML_LIBRARY)),
    ("toml.loads", |interp, call| interp.parse_data(&call.first(), Parser::TOML_LIBRARY, call.pos)),
    ("tomlkit.load", |interp, call| load(interp, &call, Parser::TOMLKIT)),
    ("tomlkit.loads", |interp, call| interp.parse_data(&call.first(), Parser::TOMLKIT, call.pos)),
    ("tomlkit.parse", |interp, call| interp.parse_data(&call.first(), Parser::TOMLKIT, call.pos)),
    ("ast.literal_eval", literal_eval),
    ("eval", literal_eval),
    ("urllib.parse.urlparse", |_, call| {
        Ok(Obj::made("urllib.parse.urlparse", call.args, call.kwargs, call.pos))
    }),
    ("urllib.parse.urlsplit", |_, call| {
        Ok(Obj::made("urllib.parse.urlparse", call.args, call.kwargs, call.pos))
    }),
    ("urllib.parse.urlparse().geturl", |_, call| {
        Ok(call.made().and_then(|made| made.args.first().cloned()).unwrap_or(Obj::None))
    }),
    ("urllib.parse.quote", quote),
    ("urllib.parse.quote_plus", quote),
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
pub(super) fn text_of(value: &Obj) -> Obj {
    match value {
        Obj::Made(made) if &*made.class == "open" => made.args.get(1).cloned().unwrap_or(Obj::None),
        other => other.clone(),
    }
}

fn read_made(_: &mut Interp<'_>, call: &Call) -> Outcome {
    Ok(call.receiver.as_ref().map_or(Obj::None, text_of))
}

fn load(interp: &mut Interp<'_>, call: &Call, parser: Parser) -> Outcome {
    let source = call.first();
    let text = match &source {
        Obj::Path(_) => interp.read_file(&source, call.pos)?,
        Obj::Str(text) if parser.format == FileFormat::Toml && !text.contains('\n') => {
            interp.read_file(&source, call.pos)?
        }
        other => text_of(other),
    };
    interp.parse_data(&text, parser, call.pos)
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

/// Tells whether calling `name` starts a program.
pub(super) fn is_command(name: &str) -> bool {
    name.starts_with("subprocess.")
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
