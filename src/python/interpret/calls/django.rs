//! Django itself and libraries that settings call: translation, URLs, schedules, split-settings.

use super::super::heap::Heap;
use super::super::object::{Exception, Obj};
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

/// split-settings: executes files in the scope of the module that calls.
fn include(interp: &mut Interp<'_>, call: Call) -> Outcome {
    for arg in &call.args {
        let (pattern, optional) = match arg {
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
            interp.note_file(&pattern, false, true, call.pos);
            let missing = Exception {
                missing: Some(super::super::object::Missing::File(shown.clone().into())),
                ..Exception::new("OSError", format!("No such file: {shown}"))
            };
            interp.raise(missing, call.pos)?;
        }
        for file in found {
            if let Obj::Path(path) = &file {
                interp.execute_file(&path.rest, call.pos)?;
            }
        }
    }
    let _ = Heap::default;
    Ok(Obj::None)
}
