//! python-decouple: `config("X", default=…, cast=…)`, and the files that it may read instead.

use super::super::object::{MadeObj, Obj};
use super::super::paths::{self, Want};
use super::super::{Interp, Outcome};
use super::casting::{Asked, TRUTHS, read, separated};
use super::{Call, Row};
use crate::python::evaluation::FileFormat;
use crate::python::value::{Cast, PathValue};

pub(super) const ROWS: &[Row] = &[
    ("decouple.config", config),
    ("decouple.config.get", config),
    ("decouple.Config()", config),
    ("decouple.Config().get", config),
    ("decouple.AutoConfig()", config),
    ("decouple.RepositoryEnv", |interp, call| {
        // decouple opens the file at once: it fails without it.
        interp.load_variables(&call.first(), false, call.pos);
        Ok(Obj::made("decouple.RepositoryEnv", call.args, Vec::new(), call.pos))
    }),
    ("decouple.Csv", |_, call| Ok(Obj::made("decouple.Csv", call.args, call.kwargs, call.pos))),
    ("decouple.Csv()", |interp, call| match call.made() {
        Some(made) => separated(interp, &made, &call.first(), call.pos),
        None => Ok(Obj::None),
    }),
    ("decouple.Choices", |_, call| Ok(Obj::made("decouple.Choices", call.args, call.kwargs, call.pos))),
    ("decouple.strtobool", strtobool),
    ("distutils.util.strtobool", strtobool),
    ("setuptools._distutils.util.strtobool", strtobool),
    ("str2bool.str2bool", strtobool),
];

fn config(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let name = call.arg(0, "option").unwrap_or(Obj::None);
    let default = call
        .arg(1, "default")
        .filter(|default| !matches!(default, Obj::External(name) if name.ends_with("undefined")));
    let in_file = match (name.as_str(), ini_file(interp, &call)) {
        (Some(name), Some(file)) => option_of(interp, &file, name, &call),
        _ => None,
    };
    read(
        interp,
        Asked {
            name,
            default: in_file.or(default),
            with: call.arg(2, "cast"),
            exception: "decouple.UndefinedValueError",
            truths: TRUTHS,
            pos: call.pos,
        },
    )
}

/// The `settings.ini` from which a reader takes what is not set: the one it was given, or the nearest one above the
/// file that asks.
fn ini_file(interp: &mut Interp<'_>, call: &Call) -> Option<PathValue> {
    let (class, given) = match call.made() {
        Some(made) => {
            (made.class.to_string(), made.args.first().cloned().or_else(|| kwarg(&made, "search_path")))
        }
        None => ("decouple.AutoConfig".to_owned(), None),
    };
    match (class.as_str(), given) {
        ("decouple.Config", Some(Obj::Made(repository)))
            if &*repository.class == "decouple.RepositoryIni" =>
        {
            repository.args.first().and_then(|path| interp.as_path(path))
        }
        ("decouple.AutoConfig", given) => {
            let start = match given {
                Some(folder) => interp.as_path(&folder)?,
                None => match interp.frame().and_then(|frame| interp.modules[frame.module].file())? {
                    Obj::Path(file) => paths::parent(&file),
                    _ => return None,
                },
            };
            nearest(interp, start)
        }
        _ => None,
    }
}

fn kwarg(made: &MadeObj, name: &str) -> Option<Obj> {
    made.kwargs.iter().find(|(key, _)| &**key == name).map(|(_, value)| value.clone())
}

/// The first file of either kind, in a folder or above it: a file of variables hides what is further up.
fn nearest(interp: &Interp<'_>, mut folder: PathValue) -> Option<PathValue> {
    for _ in 0..12 {
        let [ini, variables] = ["settings.ini", ".env"].map(|name| paths::join(&folder, name));
        if interp.exists(&ini, Want::File) == Some(true) {
            return Some(ini);
        }
        if interp.exists(&variables, Want::File) == Some(true) {
            return None;
        }
        folder = paths::parent(&folder);
        paths::in_project_or_working(&folder)?;
    }
    None
}

fn option_of(interp: &mut Interp<'_>, file: &PathValue, name: &str, call: &Call) -> Option<Obj> {
    let text = interp.known_text(file);
    let row = interp.note_file(file, text.is_some(), false, call.pos);
    interp.set_format(row, FileFormat::Ini);
    let text = text.filter(|text| super::super::limits::reading(text.len()))?;
    let parsed = ini::Ini::load_from_str(&text).ok()?;
    let section = parsed.section(Some("settings"))?;
    let found = section.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| Obj::str(value))
}

fn strtobool(interp: &mut Interp<'_>, call: Call) -> Outcome {
    interp.cast(&call.first(), &Cast::Bool, call.pos)
}
