//! Django itself and libraries that settings call: translation, URLs, schedules, split-settings.

use super::super::object::{Exception, Obj};
use super::super::source::Pos;
use super::super::{Interp, Outcome, paths};
use super::{Call, Row};

pub(super) const ROWS: &[Row] = &[
    ("django.utils.translation.gettext_lazy", same),
    ("django.utils.translation.ugettext_lazy", same),
    ("django.utils.translation.gettext", same),
    ("django.utils.translation.ugettext", same),
    ("django.utils.translation.gettext_noop", same),
    ("django.utils.translation.pgettext_lazy", |_, call| Ok(call.args.get(1).cloned().unwrap_or(Obj::None))),
    ("django.utils.safestring.mark_safe", same),
    ("django.utils.encoding.force_str", same),
    ("django.utils.functional.lazy", same),
    ("django.urls.reverse_lazy", reversed),
    ("django.urls.reverse", reversed),
    ("django.core.urlresolvers.reverse_lazy", reversed),
    ("django.core.management.utils.get_random_secret_key", |_, call| {
        Ok(Obj::unknown("a random value", call.pos, &[]))
    }),
    ("django.urls.get_script_prefix", |_, _| Ok(Obj::str("/"))),
    ("django.setup", |_, _| Ok(Obj::None)),
    ("typing.cast", |_, call| Ok(call.args.get(1).cloned().unwrap_or(Obj::None))),
    ("split_settings.tools.optional", |_, call| {
        Ok(Obj::made("split_settings.tools.optional", call.args, Vec::new(), call.pos))
    }),
    ("split_settings.tools.include", include),
    ("requests.get", ask),
    ("requests.post", ask),
    ("requests.put", ask),
    ("urllib.request.urlopen", ask),
];

/// Tells whether calling `name` asks another machine.
pub(super) fn asks(name: &str) -> bool {
    name.starts_with("requests.") || name == "urllib.request.urlopen"
}

/// Something is asked of another machine: what it answers is not known, and without an address nothing is.
fn ask(interp: &mut Interp<'_>, call: Call) -> Outcome {
    if let Some(Obj::None) = call.arg(0, "url") {
        return interp.raise(Exception::new("ValueError", "the URL to ask is `None`"), call.pos);
    }
    Ok(Obj::unknown("what another machine answers", call.pos, &call.parts()))
}

fn same(_: &mut Interp<'_>, call: Call) -> Outcome {
    Ok(call.first())
}

fn reversed(_: &mut Interp<'_>, call: Call) -> Outcome {
    Ok(Obj::unknown("a URL of the project", call.pos, &[]))
}

/// split-settings: executes files in the scope of the module that calls. Where branches put different files in the list
/// that is laid open, each list is followed.
fn include(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let deciders: Vec<Obj> = call.args.iter().flat_map(|arg| interp.variables_behind(arg)).collect();
    let ways = ways(interp, &call.args);
    match include_one_of(interp, &ways, &deciders, call.pos) {
        Err(exception) if !interp.undecided() && interp.handler_for(&exception.lineage).is_none() => {
            interp.record_failure(&exception, call.pos);
            Ok(Obj::None)
        }
        ended => ended,
    }
}

/// The lists of files that a call may name, the default one first.
fn ways(interp: &mut Interp<'_>, args: &[Obj]) -> Vec<Vec<Obj>> {
    let mut ways: Vec<Vec<Obj>> = vec![Vec::new()];
    for arg in args {
        let several: Vec<Vec<Obj>> = match arg {
            Obj::List(_) | Obj::Tuple(_) => interp.alternatives_of(arg),
            Obj::OneOf(alternatives) => alternatives
                .clone()
                .iter()
                .flat_map(|one| match one {
                    Obj::List(_) | Obj::Tuple(_) => interp.alternatives_of(one),
                    one => vec![vec![one.clone()]],
                })
                .collect(),
            one => vec![vec![one.clone()]],
        };
        let longer =
            ways.iter().flat_map(|way| several.iter().map(move |more| [way.clone(), more.clone()].concat()));
        ways = longer.take(MOST_WAYS).collect();
    }
    ways
}

/// Lists of files of one call that are followed.
const MOST_WAYS: usize = 8;

fn include_one_of(interp: &mut Interp<'_>, ways: &[Vec<Obj>], deciders: &[Obj], pos: Pos) -> Outcome {
    match ways {
        [] => Ok(Obj::None),
        [only] => include_files(interp, only, pos),
        [first, others @ ..] => {
            let by_default = Some(Obj::Bool(true));
            let test = Obj::unknown_assumed("which files are included", pos, deciders, by_default);
            interp.both(
                &test,
                |interp| include_files(interp, first, pos),
                |interp| include_one_of(interp, others, deciders, pos),
            )
        }
    }
}

fn include_files(interp: &mut Interp<'_>, files: &[Obj], pos: Pos) -> Outcome {
    for file in files {
        let (pattern, optional) = match file {
            Obj::Made(made) if made.class.ends_with("optional") => {
                (made.args.first().cloned().unwrap_or(Obj::None), true)
            }
            other => (other.clone(), false),
        };
        let here = interp.frame().and_then(|frame| interp.modules[frame.module].file());
        if let Some(Obj::Path(here)) = &here {
            interp.note_chosen_file(&pattern, &paths::parent(here));
        }
        let pattern = if pattern.is_known() { Some(pattern) } else { pattern.assumed() };
        let Some(pattern) = pattern.as_ref().and_then(|pattern| interp.as_path(pattern)) else { continue };
        let pattern = match here {
            Some(Obj::Path(here)) if pattern.base == crate::python::value::PathBase::WorkingFolder => {
                paths::join(&paths::parent(&here), pattern.rest.as_str())
            }
            _ => pattern,
        };
        let found = interp.glob(&pattern);
        if found.is_empty() && !optional {
            let shown = pattern.to_string();
            interp.note_file(&pattern, false, true, pos);
            let missing = Exception {
                missing: Some(super::super::object::Missing::File(shown.clone().into())),
                ..Exception::new("OSError", format!("No such file: {shown}"))
            };
            interp.raise(missing, pos)?;
        }
        for file in found {
            if let Obj::Path(path) = &file {
                interp.execute_file(&path.rest, pos)?;
            }
        }
    }
    Ok(Obj::None)
}
