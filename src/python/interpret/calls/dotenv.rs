//! Files of variables: python-dotenv, and what django-environ reads.

use super::super::object::{Obj, SecretObj};
use super::super::parsing::Parser;
use super::super::{Interp, Outcome};
use super::{Call, Row};
use crate::python::evaluation::{FileFormat, World};

pub(super) const ROWS: &[Row] = &[
    ("environ.Env.read_env", read_env),
    ("environ.Env().read_env", read_env),
    ("environ.FileAwareEnv.read_env", read_env),
    ("environ.FileAwareEnv().read_env", read_env),
    ("dotenv.load_dotenv", load_dotenv),
    ("dotenv.read_dotenv", load_dotenv),
    ("dotenv.find_dotenv", |_, call| Ok(call.args.first().cloned().unwrap_or_else(|| Obj::str(".env")))),
    ("dotenv.dotenv_values", dotenv_values),
];

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
    interp.parse_data(&secret, Parser { format: FileFormat::Env, raises: "ValueError" }, call.pos)
}
