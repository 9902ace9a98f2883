//! configparser.

use super::super::object::{Exception, MadeObj, Obj, SecretObj};
use super::super::{Interp, Outcome};
use super::data::text_of;
use super::{Call, Row};
use crate::python::evaluation::{FileFormat, World};
use crate::python::value::Cast;

pub(super) const ROWS: &[Row] = &[
    ("configparser.ConfigParser", parser),
    ("configparser.RawConfigParser", parser),
    ("configparser.SafeConfigParser", parser),
    ("configparser.ConfigParser().read", read),
    ("configparser.ConfigParser().read_file", read),
    ("configparser.ConfigParser().readfp", read),
    ("configparser.ConfigParser().get", |interp, call| get(interp, &call, None)),
    ("configparser.ConfigParser().getint", |interp, call| get(interp, &call, Some(Cast::Int))),
    ("configparser.ConfigParser().getfloat", |interp, call| get(interp, &call, Some(Cast::Float))),
    ("configparser.ConfigParser().getboolean", |interp, call| get(interp, &call, Some(Cast::Bool))),
    ("configparser.ConfigParser().has_section", |interp, call| {
        let sections = sections(&call);
        interp.contains(&sections, &call.first(), call.pos)
    }),
    ("configparser.ConfigParser().has_option", |interp, call| {
        let sections = sections(&call);
        let inside = interp.contains(&sections, &call.first(), call.pos)?;
        if interp.truth(&inside) != Some(true) {
            return Ok(inside);
        }
        let section = interp.item(&sections, &call.first(), call.pos)?;
        let key = lower(call.args.get(1));
        interp.contains(&section, &key, call.pos)
    }),
    ("configparser.ConfigParser().sections", |interp, call| {
        let sections = sections(&call);
        interp.call_method(&sections, "keys", Vec::new(), Vec::new(), call.pos)
    }),
    ("configparser.ConfigParser().items", |interp, call| {
        let owner = match call.args.first() {
            Some(section) => {
                let sections = sections(&call);
                interp.item(&sections, section, call.pos)?
            }
            None => sections(&call),
        };
        interp.call_method(&owner, "items", Vec::new(), Vec::new(), call.pos)
    }),
    ("configparser.ConfigParser().options", |interp, call| {
        let sections = sections(&call);
        let section = interp.item(&sections, &call.first(), call.pos)?;
        interp.call_method(&section, "keys", Vec::new(), Vec::new(), call.pos)
    }),
];

fn parser(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let sections = Obj::Dict(interp.heap.dict(Vec::new()));
    Ok(Obj::made("configparser.ConfigParser", vec![sections], call.kwargs, call.pos))
}

fn sections(call: &Call) -> Obj {
    let first = |made: &MadeObj| made.args.first().cloned();
    call.made().and_then(|made| first(&made)).unwrap_or(Obj::None)
}

fn lower(key: Option<&Obj>) -> Obj {
    match key {
        Some(Obj::Str(key)) => Obj::str(key.to_lowercase()),
        other => other.cloned().unwrap_or(Obj::None),
    }
}

fn read(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let sections = sections(&call);
    let paths = match call.first() {
        list @ (Obj::List(_) | Obj::Tuple(_)) => interp.sequence(&list).unwrap_or_default(),
        one => vec![one],
    };
    for path in paths {
        let text = match text_of(&path) {
            Obj::Str(text) if matches!(path, Obj::Made(_)) => Obj::Str(text),
            secret @ Obj::Secret(_) => secret,
            _ => match text_at(interp, &path, &call) {
                Some(text) => text,
                None => continue,
            },
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

/// The text of a file; what stands for it where it is not there, which is passed over.
fn text_at(interp: &mut Interp<'_>, path: &Obj, call: &Call) -> Option<Obj> {
    let known = if path.is_known() { Some(path.clone()) } else { path.assumed() };
    let place = known.as_ref().and_then(|path| interp.as_path(path))?;
    let text = interp.known_text(&place);
    let row = interp.note_file(&place, text.is_some(), false, call.pos);
    interp.set_format(row, FileFormat::Ini);
    match text {
        Some(text) => Some(Obj::str(text)),
        None if matches!(interp.request.world, World::Closed { .. }) => None,
        None => {
            let path = interp.files.get(row)?.path.clone();
            Some(Obj::Secret(SecretObj { file: row, path, key: None, pos: call.pos }.into()))
        }
    }
}

fn get(interp: &mut Interp<'_>, call: &Call, cast: Option<Cast>) -> Outcome {
    let sections = sections(call);
    let (section, key) = (call.first(), lower(call.args.get(1)));
    let found = match &sections {
        Obj::Dict(cell) => match interp.dict_get(*cell, &section, call.pos) {
            Some(Obj::Dict(inner)) => interp.dict_get(inner, &key, call.pos),
            Some(Obj::Secret(secret)) => Some(interp.secret_item(&secret, &key, call.pos)),
            _ => None,
        },
        _ => None,
    };
    let value = match (found, call.kwarg("fallback")) {
        // The file may be missing.
        (Some(value @ Obj::Secret(_)), Some(fallback)) => {
            return Ok(Obj::unknown_assumed(
                "a key of a file, with a default",
                call.pos,
                &[value],
                fallback.assumed(),
            ));
        }
        (Some(value), _) => {
            if let Obj::Secret(secret) = &value
                && !interp.undecided()
                && let Some(row) = interp.files.get_mut(secret.file)
            {
                row.required = true;
            }
            value
        }
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
