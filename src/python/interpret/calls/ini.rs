//! configparser: sections with defaults, values that name others, casts and fallbacks.

use std::rc::Rc;

use super::super::limits;
use super::super::object::{Exception, MadeObj, Obj, PARSER, SecretObj};
use super::super::source::Pos;
use super::super::{Interp, Outcome};
use super::data::text_of;
use super::{Call, Row};
use crate::python::evaluation::{FileFormat, World};
use crate::python::value::Cast;

pub(super) const ROWS: &[Row] = &[
    ("configparser.ConfigParser", |interp, call| parser(interp, call, false)),
    ("configparser.SafeConfigParser", |interp, call| parser(interp, call, false)),
    ("configparser.RawConfigParser", |interp, call| parser(interp, call, true)),
    ("configparser.ConfigParser().read", read),
    ("configparser.ConfigParser().read_file", read),
    ("configparser.ConfigParser().readfp", read),
    ("configparser.ConfigParser().read_string", |interp, call| {
        if let (Some(made), Obj::Str(text)) = (call.made(), call.first()) {
            add_text(interp, &made, &text, call.pos)?;
        }
        Ok(Obj::None)
    }),
    ("configparser.ConfigParser().read_dict", |interp, call| {
        let Some(made) = call.made() else { return Ok(Obj::None) };
        for name in interp.sequence(&call.first()).unwrap_or_default() {
            let entries = interp.item(&call.first(), &name, call.pos)?;
            add_section(interp, &made, &name, &entries, call.pos)?;
        }
        Ok(Obj::None)
    }),
    ("configparser.ConfigParser().add_section", |interp, call| {
        let Some(made) = call.made() else { return Ok(Obj::None) };
        let none = Obj::Dict(interp.heap.dict(Vec::new()));
        add_section(interp, &made, &call.first(), &none, call.pos)?;
        Ok(Obj::None)
    }),
    ("configparser.ConfigParser().set", |interp, call| {
        let Some(made) = call.made() else { return Ok(Obj::None) };
        let value = call.args.get(2).cloned().unwrap_or(Obj::None);
        let entries = Obj::Dict(interp.heap.dict(vec![(lower(call.args.get(1)), value)]));
        add_section(interp, &made, &call.first(), &entries, call.pos)?;
        Ok(Obj::None)
    }),
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
        let section = section(interp, &call, &call.first())?;
        let key = lower(call.args.get(1));
        interp.contains(&section, &key, call.pos)
    }),
    ("configparser.ConfigParser().sections", |interp, call| {
        let names = interp.sequence(&sections(&call));
        let Some(names) = names else {
            return Ok(Obj::unknown("the sections of a file", call.pos, &[sections(&call)]));
        };
        let names = names.into_iter().filter(|name| name.as_str() != Some(DEFAULT)).collect();
        Ok(Obj::List(interp.heap.list(names)))
    }),
    ("configparser.ConfigParser().items", |interp, call| {
        let owner = match call.args.first() {
            Some(name) => section(interp, &call, name)?,
            None => sections(&call),
        };
        interp.call_method(&owner, "items", Vec::new(), Vec::new(), call.pos)
    }),
    ("configparser.ConfigParser().options", |interp, call| {
        let section = section(interp, &call, &call.first())?;
        interp.call_method(&section, "keys", Vec::new(), Vec::new(), call.pos)
    }),
    ("configparser.SectionProxy().get", |interp, call| of_section(interp, &call, None)),
    ("configparser.SectionProxy().getint", |interp, call| of_section(interp, &call, Some(&Cast::Int))),
    ("configparser.SectionProxy().getfloat", |interp, call| of_section(interp, &call, Some(&Cast::Float))),
    ("configparser.SectionProxy().getboolean", |interp, call| of_section(interp, &call, Some(&Cast::Bool))),
    ("configparser.SectionProxy().items", |interp, call| {
        interp.call_method(&sections(&call), "items", Vec::new(), Vec::new(), call.pos)
    }),
    ("configparser.SectionProxy().keys", |interp, call| {
        interp.call_method(&sections(&call), "keys", Vec::new(), Vec::new(), call.pos)
    }),
    ("configparser.SectionProxy().values", |interp, call| {
        interp.call_method(&sections(&call), "values", Vec::new(), Vec::new(), call.pos)
    }),
];

/// The section whose entries all others have.
const DEFAULT: &str = "DEFAULT";
fn parser(interp: &mut Interp<'_>, call: Call, raw: bool) -> Outcome {
    let sections = Obj::Dict(interp.heap.dict(Vec::new()));
    let defaults = call.arg(0, "defaults").filter(|defaults| matches!(defaults, Obj::Dict(_)));
    let raw = raw || matches!(call.kwarg("interpolation"), Some(Obj::None));
    let made = Obj::made(PARSER, vec![sections, Obj::Bool(raw)], call.kwargs, call.pos);
    if let (Some(defaults), Obj::Made(made)) = (defaults, &made) {
        add_section(interp, made, &Obj::str(DEFAULT), &defaults, call.pos)?;
    }
    Ok(made)
}

/// Returns the tables of the receiver: a parser's sections, a section's entries.
fn sections(call: &Call) -> Obj {
    call.made().and_then(|made| made.args.first().cloned()).unwrap_or(Obj::None)
}

fn lower(key: Option<&Obj>) -> Obj {
    match key {
        Some(Obj::Str(key)) => Obj::str(key.to_lowercase()),
        other => other.cloned().unwrap_or(Obj::None),
    }
}

fn read(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let Some(made) = call.made() else { return Ok(Obj::None) };
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
            Obj::Str(known) => add_text(interp, &made, known, call.pos)?,
            Obj::Secret(_) => {
                if let Some(Obj::Dict(cell)) = made.args.first() {
                    interp.heap.change_dict(*cell, call.pos, |dict| dict.fallback = Some(text.clone()));
                }
            }
            _ => {}
        }
    }
    Ok(Obj::List(interp.heap.list(Vec::new())))
}

fn add_text(interp: &mut Interp<'_>, made: &MadeObj, text: &str, pos: Pos) -> Result<(), Box<Exception>> {
    let Ok(parsed) = ini::Ini::load_from_str(text) else { return Ok(()) };
    for (name, properties) in &parsed {
        let entries = properties.iter();
        let entries =
            entries.map(|(key, value)| (Obj::str(key.to_lowercase()), Obj::str(value))).collect::<Vec<_>>();
        if name.is_none() && entries.is_empty() {
            continue;
        }
        let entries = Obj::Dict(interp.heap.dict(entries));
        add_section(interp, made, &Obj::str(name.unwrap_or(DEFAULT)), &entries, pos)?;
    }
    Ok(())
}

/// Adds entries to a section, which another file may have begun.
fn add_section(
    interp: &mut Interp<'_>,
    made: &MadeObj,
    name: &Obj,
    entries: &Obj,
    pos: Pos,
) -> Result<(), Box<Exception>> {
    let Some(sections @ Obj::Dict(cell)) = made.args.first().cloned() else { return Ok(()) };
    let there = interp.heap.entries(cell).and_then(|dict| {
        dict.entries.iter().find(|(key, _)| key.as_str() == name.as_str()).map(|(_, section)| section.clone())
    });
    match there {
        Some(section) => interp.update(&section, entries, pos),
        None => {
            let section = interp.copy_dict(entries);
            interp.set_item(&sections, name, section, pos)
        }
    }
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

/// Returns the entries of a section: its own over those of all, with the names in them filled in.
fn section(interp: &mut Interp<'_>, call: &Call, name: &Obj) -> Outcome {
    match call.made() {
        Some(made) => interp.ini_section(&made, name, call.pos),
        None => Ok(Obj::None),
    }
}

impl Interp<'_> {
    pub(in crate::python::interpret) fn ini_section(
        &mut self,
        made: &Rc<MadeObj>,
        name: &Obj,
        pos: Pos,
    ) -> Outcome {
        let Some(sections @ Obj::Dict(cell)) = made.args.first().cloned() else { return Ok(Obj::None) };
        let own = self.item(&sections, name, pos)?;
        let (Obj::Dict(own), true) = (&own, name.is_known()) else { return Ok(own) };
        let by_all = self.dict_entry(cell, DEFAULT);
        let whole = Obj::Dict(self.heap.dict(Vec::new()));
        if let Some(defaults @ Obj::Dict(_)) = by_all {
            self.update(&whole, &defaults, pos)?;
        }
        self.update(&whole, &Obj::Dict(*own), pos)?;
        let raw = matches!(made.args.get(1), Some(Obj::Bool(true)));
        if let (false, Obj::Dict(cell)) = (raw, &whole)
            && let Some(dict) = self.heap.entries(*cell)
        {
            for (key, value) in &dict.entries {
                if let Some(text) = value.as_str().filter(|text| text.contains('%')) {
                    let text = put_in(text, &dict.entries, &mut 64);
                    self.set_item(&whole, key, Obj::str(text), pos)?;
                }
            }
        }
        Ok(whole)
    }

    fn dict_entry(&self, cell: usize, name: &str) -> Option<Obj> {
        let dict = self.heap.entries(cell)?;
        dict.entries.iter().find(|(key, _)| key.as_str() == Some(name)).map(|(_, value)| value.clone())
    }
}

/// `%(name)s` is what another entry holds; `left` are the names that are still followed.
fn put_in(text: &str, entries: &[(Obj, Obj)], left: &mut u8) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        done.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('%') {
            done.push('%');
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('(').and_then(|inner| inner.split_once(")s")) {
            let name = name.to_lowercase();
            let named = entries.iter().find(|(key, _)| key.as_str() == Some(&name));
            match named.and_then(|(_, value)| value.as_str()) {
                Some(value) if *left > 0 && limits::text(value.len()) => {
                    *left -= 1;
                    done.push_str(&put_in(value, entries, left));
                }
                _ => {}
            }
            rest = after;
        } else {
            done.push('%');
        }
    }
    done + rest
}

fn get(interp: &mut Interp<'_>, call: &Call, cast: Option<Cast>) -> Outcome {
    let (name, key) = (call.first(), lower(call.args.get(1)));
    let inside = match sections(call) {
        Obj::Dict(cell) => interp.dict_get(cell, &name, call.pos),
        _ => None,
    };
    let has_section = inside.is_some();
    let found = match inside {
        Some(Obj::Secret(secret)) => Some(interp.secret_item(&secret, &key, call.pos)),
        Some(Obj::Dict(_)) => match section(interp, call, &name)? {
            Obj::Dict(cell) => interp.dict_get(cell, &key, call.pos),
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
            let (class, message) = if has_section {
                ("configparser.NoOptionError", "no such option")
            } else {
                ("configparser.NoSectionError", "no such section")
            };
            interp.raise(Exception::new(class, message), call.pos)?
        }
    };
    match cast {
        Some(cast) => interp.cast(&value, &cast, call.pos),
        None => Ok(value),
    }
}

/// `config["section"].get("key", default)`.
fn of_section(interp: &mut Interp<'_>, call: &Call, cast: Option<&Cast>) -> Outcome {
    let Obj::Dict(cell) = sections(call) else { return Ok(Obj::None) };
    match (interp.dict_get(cell, &lower(call.args.first()), call.pos), cast) {
        (Some(value), Some(cast)) => interp.cast(&value, cast, call.pos),
        (Some(value), None) => Ok(value),
        (None, _) => Ok(call.arg(1, "fallback").unwrap_or(Obj::None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_name_themselves_come_to_an_end() {
        let entries =
            [(Obj::str("a"), Obj::str("%(a)s".repeat(50) + "x")), (Obj::str("b"), Obj::str("100%%"))];
        assert!(put_in("%(a)s", &entries, &mut 64).len() < 100);
        assert_eq!(put_in("%(b)s %(none)s", &entries, &mut 64), "100% ");
    }
}
