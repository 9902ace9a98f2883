//! `os`, `os.path`, `pathlib`, `sys`, `platform`, `socket`: the machine, which is a Linux container.

use super::super::environment::Reading;
use super::super::limits;
use super::super::object::{Exception, Obj};
use super::super::paths::{self, Want};
use super::super::{Interp, Outcome};
use super::{Call, Row};
use crate::python::value::{PathBase, PathValue};

pub(super) const ROWS: &[Row] = &[
    ("os.getenv", getenv),
    ("os.environ.get", getenv),
    ("os.environb.get", getenv),
    ("os.environ.__getitem__", |interp, call| interp.read_required(&call.first(), "KeyError", call.pos)),
    ("os.environ.__contains__", |interp, call| Ok(interp.is_set(&call.first(), call.pos))),
    ("os.environ.pop", |interp, call| match call.args.get(1) {
        Some(_) => getenv(interp, call),
        None => interp.read_required(&call.first(), "KeyError", call.pos),
    }),
    ("os.environ.setdefault", |interp, call| match (call.first(), call.args.get(1)) {
        (Obj::Str(name), Some(value)) => {
            interp.note_named(&name, value, false, call.pos);
            Ok(interp.provide(&name, value.clone()))
        }
        _ => Ok(Obj::None),
    }),
    ("os.add_dll_directory", |interp, call| {
        let message = "module 'os' has no attribute 'add_dll_directory'";
        interp.raise(Exception::new("AttributeError", message), call.pos)
    }),
    ("os.putenv", |_, _| Ok(Obj::None)),
    ("os.environ.update", |interp, call| {
        let target = Obj::external("os.environ");
        for other in &call.args {
            interp.update(&target, other, call.pos)?;
        }
        Ok(Obj::None)
    }),
    ("os.environ.copy", |_, _| Ok(Obj::external("os.environ"))),
    ("os.environ.items", |interp, call| match interp.whole_environment() {
        Some(variables) => {
            let pairs = variables.into_iter().map(|(name, value)| Obj::tuple(vec![name, value])).collect();
            Ok(Obj::List(interp.heap.list(pairs)))
        }
        None => {
            Ok(Obj::unknown_assumed("the whole environment", call.pos, &[], Some(Obj::tuple(Vec::new()))))
        }
    }),
    ("os.environ.keys", |_, _| Ok(Obj::external("os.environ"))),
    ("os.path.join", join),
    ("os.path.dirname", parent),
    ("os.path.abspath", same_path),
    ("os.path.realpath", same_path),
    ("os.path.normpath", same_path),
    ("os.path.expandvars", same_path),
    ("os.path.expanduser", same_path),
    ("os.path.basename", |interp, call| {
        Ok(interp.lift(&[call.first()], "a part of a path", call.pos, &|interp, args| {
            let path = interp.as_path(&args[0])?;
            Some(Obj::str(path.rest.file_name()?))
        }))
    }),
    ("os.path.splitext", |interp, call| {
        Ok(interp.lift(&[call.first()], "a part of a path", call.pos, &|interp, args| {
            let path = interp.as_path(&args[0])?;
            let suffix = path.rest.extension().map_or(String::new(), |extension| format!(".{extension}"));
            let mut stem = path.clone();
            stem.rest.set_extension("");
            let stem =
                if matches!(args[0], Obj::Str(_)) { Obj::str(stem.to_string()) } else { Obj::path(stem) };
            Some(Obj::tuple(vec![stem, Obj::str(suffix)]))
        }))
    }),
    ("os.path.split", |interp, call| {
        Ok(interp.lift(&[call.first()], "a part of a path", call.pos, &|interp, args| {
            let path = interp.as_path(&args[0])?;
            Some(Obj::tuple(vec![interp.ancestor(&path, 1), Obj::str(path.rest.file_name().unwrap_or(""))]))
        }))
    }),
    ("os.path.exists", |interp, call| exists(interp, &call, Want::Anything)),
    ("os.path.isfile", |interp, call| exists(interp, &call, Want::File)),
    ("os.path.isdir", |interp, call| exists(interp, &call, Want::Folder)),
    ("os.access", |interp, call| exists(interp, &call, Want::Anything)),
    ("os.getcwd", |_, _| Ok(here())),
    ("os.makedirs", |_, _| Ok(Obj::None)),
    ("os.mkdir", |_, _| Ok(Obj::None)),
    ("os.chmod", |_, _| Ok(Obj::None)),
    ("os.uname", |_, call| {
        Ok(Obj::tuple(vec![Obj::str("Linux"), Obj::unknown("the name of the machine", call.pos, &[])]))
    }),
    ("os.listdir", |interp, call| {
        let Some(path) = interp.as_path(&call.first()) else {
            return Ok(Obj::unknown("the files of a folder", call.pos, &call.args));
        };
        let found = interp.glob(&paths::join(&path, "*"));
        let names = found
            .iter()
            .filter_map(|found| interp.as_path(found))
            .filter_map(|path| path.rest.file_name().map(Obj::str))
            .collect();
        Ok(Obj::List(interp.heap.list(names)))
    }),
    ("glob.glob", |interp, call| {
        let Some(path) = interp.as_path(&call.first()) else {
            return Ok(Obj::unknown("the files that match", call.pos, &call.args));
        };
        let found = interp.glob(&path);
        Ok(Obj::List(interp.heap.list(found)))
    }),
    ("pathlib.Path", |interp, call| match call.args.as_slice() {
        [value @ Obj::Env(_)] => interp.cast(value, &crate::python::value::Cast::Path, call.pos),
        _ => join(interp, call),
    }),
    ("environ.Path", join),
    ("pathlib.Path.cwd", |_, _| Ok(here())),
    ("pathlib.Path.home", |_, _| Ok(Obj::path(PathValue { base: PathBase::Home, rest: "".into() }))),
    ("platform.system", |_, _| Ok(Obj::str("Linux"))),
    ("platform.machine", |_, call| {
        Ok(Obj::unknown_assumed("the machine's architecture", call.pos, &[], Some(Obj::str("x86_64"))))
    }),
    ("platform.node", hostname),
    ("socket.gethostname", hostname),
    ("socket.getfqdn", hostname),
    ("getpass.getuser", |_, call| Ok(Obj::unknown("the name of the user", call.pos, &[]))),
    ("sys.path.insert", |interp, call| add_root(interp, call.args.get(1))),
    ("sys.path.append", |interp, call| add_root(interp, call.args.first())),
];

fn getenv(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let default = call.arg(1, "default");
    let name = call.args.first().cloned().or_else(|| call.kwarg("key")).unwrap_or(Obj::None);
    interp.read(&name, Reading::text(default.filter(|default| !matches!(default, Obj::None))), call.pos)
}

fn here() -> Obj {
    Obj::path(PathValue { base: PathBase::WorkingFolder, rest: "".into() })
}

fn hostname(_: &mut Interp<'_>, call: Call) -> Outcome {
    Ok(Obj::unknown("the name of the machine", call.pos, &[]))
}

fn join(interp: &mut Interp<'_>, call: Call) -> Outcome {
    if call.args.is_empty() {
        return Ok(here());
    }
    for part in &call.args {
        interp.needs_text(part, call.pos)?;
    }
    Ok(interp.join_paths(&call.args, call.pos))
}

fn parent(interp: &mut Interp<'_>, call: Call) -> Outcome {
    Ok(interp.lift(&[call.first()], "a folder", call.pos, &|interp, args| {
        let path = interp.as_path(&args[0])?;
        Some(interp.ancestor(&path, 1))
    }))
}

fn same_path(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let value = call.first();
    if let Obj::Str(text) = &value
        && let Some(rest) = text.strip_prefix('~')
    {
        let rest = rest.trim_start_matches('/');
        return Ok(Obj::path(PathValue { base: PathBase::Home, rest: rest.into() }));
    }
    Ok(match &value {
        Obj::Str(_) => interp.join_paths(&[value], call.pos),
        _ => value,
    })
}

fn exists(interp: &mut Interp<'_>, call: &Call, want: Want) -> Outcome {
    let value = call.first();
    if let Some(path) = interp.as_path(&value) {
        return Ok(interp.path_exists(&path, want, call.pos));
    }
    if let Obj::OneOf(alternatives) = &value {
        let mut found = Vec::new();
        for one in alternatives.iter() {
            found.push(match interp.as_path(one) {
                Some(path) => interp.path_exists(&path, want, call.pos),
                None => Obj::unknown("whether a file exists", call.pos, std::slice::from_ref(one)),
            });
        }
        return Ok(interp.heap.one_of(found));
    }
    let assumed = value
        .assumed()
        .and_then(|assumed| interp.as_path(&assumed))
        .map(|path| interp.path_exists(&path, want, call.pos));
    Ok(Obj::unknown_assumed(
        "whether a file exists",
        call.pos,
        &[value],
        assumed.and_then(|assumed| assumed.assumed()),
    ))
}

fn add_root(interp: &mut Interp<'_>, path: Option<&Obj>) -> Outcome {
    if let Some(path) = path.and_then(|path| interp.as_path(path))
        && let Some(folder) = paths::in_project_or_working(&path)
        && !interp.request.roots.contains(&folder)
        && !interp.extra_roots.contains(&folder)
        && interp.extra_roots.len() < 20
    {
        interp.extra_roots.push(folder);
    }
    Ok(Obj::None)
}

impl Interp<'_> {
    /// Files and folders of the project that match a pattern, sorted.
    pub(in crate::python::interpret) fn glob(&mut self, pattern: &PathValue) -> Vec<Obj> {
        let Some(pattern) = paths::in_project_or_working(pattern) else { return Vec::new() };
        let wanted: Vec<&str> = pattern.components().map(|part| part.as_str()).collect();
        let fixed = wanted.iter().take_while(|part| !part.contains(['*', '?', '['])).count();
        let folder: camino::Utf8PathBuf =
            wanted[..fixed.min(wanted.len().saturating_sub(1))].iter().collect();
        let folder = if folder.as_str().is_empty() { ".".into() } else { folder };
        let mut found = Vec::new();
        for (path, _) in self.request.tree.below(&folder).take(20_000) {
            if !limits::work(1) {
                break;
            }
            let parts: Vec<&str> = path.components().map(|part| part.as_str()).collect();
            if matches_parts(&wanted, &parts) {
                found.push(Obj::path(PathValue { base: PathBase::Project, rest: path.to_owned() }));
            }
        }
        found
    }
}

fn matches_parts(pattern: &[&str], parts: &[&str]) -> bool {
    match (pattern.split_first(), parts.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => {
            matches_parts(rest, parts)
                || parts.split_first().is_some_and(|(_, after)| matches_parts(pattern, after))
        }
        (Some((wanted, rest)), Some((part, after))) => {
            matches_name(wanted.as_bytes(), part.as_bytes()) && matches_parts(rest, after)
        }
        _ => false,
    }
}

/// `*` and `?` in one name.
fn matches_name(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => {
            matches_name(rest, name)
                || name.split_first().is_some_and(|(_, after)| matches_name(pattern, after))
        }
        (Some((b'?', rest)), Some((_, after))) => matches_name(rest, after),
        (Some((wanted, rest)), Some((letter, after))) => wanted == letter && matches_name(rest, after),
        _ => false,
    }
}
