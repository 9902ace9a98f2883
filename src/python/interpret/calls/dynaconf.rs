//! dynaconf: what is called of it.

use super::super::dynaconf::SETTINGS;
use super::super::object::{MadeObj, Obj};
use super::super::{Interp, Outcome};
use super::{Call, Row};
use crate::python::value::Cast;

pub(super) const ROWS: &[Row] = &[
    ("dynaconf.Dynaconf", |interp, call| Ok(interp.make_dynaconf(call.kwargs, call.pos))),
    ("dynaconf.DjangoDynaconf", for_django),
    ("dynaconf.Validator", |_, call| Ok(Obj::made("dynaconf.Validator", call.args, call.kwargs, call.pos))),
    ("dynaconf.Dynaconf()", get),
    ("dynaconf.Dynaconf().get", get),
    ("dynaconf.Dynaconf().get_fresh", get),
    ("dynaconf.Dynaconf().setdefault", get),
    ("dynaconf.Dynaconf().as_bool", |interp, call| cast(interp, call, &Cast::Bool)),
    ("dynaconf.Dynaconf().as_int", |interp, call| cast(interp, call, &Cast::Int)),
    ("dynaconf.Dynaconf().as_float", |interp, call| cast(interp, call, &Cast::Float)),
    ("dynaconf.Dynaconf().as_json", |interp, call| cast(interp, call, &Cast::Json)),
    ("dynaconf.Dynaconf().exists", exists),
    ("dynaconf.Dynaconf().exists_in_environ", |interp, call| Ok(interp.is_set(&call.first(), call.pos))),
    ("dynaconf.Dynaconf().get_environ", |interp, call| {
        let default = call.arg(1, "default");
        interp.read(&call.first(), super::super::environment::Reading::text(default), call.pos)
    }),
    ("dynaconf.Dynaconf().set", |interp, call| {
        let value = call.arg(1, "value").unwrap_or(Obj::None);
        set(interp, &call, &call.first(), value)
    }),
    ("dynaconf.Dynaconf().update", |interp, call| {
        let made = call.made();
        if let (Some(made), other) = (&made, call.first())
            && !matches!(other, Obj::Dict(_) | Obj::None)
            && let Some(store) = made.args.first()
        {
            interp.update(&store.clone(), &other, call.pos)?;
        }
        if let (Some(made), other @ Obj::Dict(_)) = (made, call.first()) {
            for key in interp.sequence(&other).unwrap_or_default() {
                let value = interp.item(&other, &key, call.pos)?;
                if let Some(key) = key.as_str() {
                    interp.set_in_dynaconf(&made, key, value, call.pos)?;
                }
            }
        }
        for (name, value) in call.kwargs.clone() {
            set(interp, &call, &Obj::Str(name), value)?;
        }
        Ok(Obj::None)
    }),
    ("dynaconf.Dynaconf().populate_obj", |interp, call| {
        if let Some(made) = call.made() {
            let target = call.arg(0, "obj").unwrap_or(Obj::None);
            interp.populate_from_dynaconf(&made, &target, &call.kwargs, call.pos);
        }
        Ok(Obj::None)
    }),
    ("dynaconf.Dynaconf().to_dict", whole),
    ("dynaconf.Dynaconf().as_dict", whole),
    ("dynaconf.Dynaconf().items", |interp, call| method_of_whole(interp, call, "items")),
    ("dynaconf.Dynaconf().keys", |interp, call| method_of_whole(interp, call, "keys")),
    ("dynaconf.Dynaconf().values", |interp, call| method_of_whole(interp, call, "values")),
    ("dynaconf.Dynaconf().from_env", |interp, call| {
        let Some(made) = call.made() else { return Ok(Obj::None) };
        let mut kwargs = made.kwargs.clone();
        kwargs.push((interp.name("force_env"), call.first()));
        Ok(interp.make_dynaconf(kwargs, call.pos))
    }),
    ("dynaconf.Dynaconf().load_file", |interp, call| {
        let Some(made) = call.made() else { return Ok(Obj::None) };
        interp.load_into_dynaconf(&made, call.arg(0, "path").unwrap_or(Obj::None), call.pos)?;
        Ok(Obj::None)
    }),
    ("dynaconf.Dynaconf().reload", |_, _| Ok(Obj::None)),
    ("dynaconf.Dynaconf().configure", |_, _| Ok(Obj::None)),
    ("dynaconf.validators().register", |interp, call| match owner(&call) {
        Some(made) => interp.validate_dynaconf(&made, call.args, call.pos),
        None => Ok(Obj::None),
    }),
    ("dynaconf.validators().validate", |_, _| Ok(Obj::None)),
    ("dynaconf.validators().validate_all", |_, _| Ok(Obj::None)),
];

fn for_django(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let named = match call.args.first() {
        Some(Obj::Str(name)) => interp.by_name.get(&**name).copied(),
        _ => None,
    };
    let module = named.or_else(|| interp.frame().map(|frame| frame.module));
    Ok(interp.make_django_dynaconf(module, call.kwargs, call.pos))
}

/// The object to which `settings.validators` belongs.
fn owner(call: &Call) -> Option<std::rc::Rc<MadeObj>> {
    match call.made()?.args.first()? {
        Obj::Made(made) if &*made.class == SETTINGS => Some(made.clone()),
        _ => None,
    }
}

fn get(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let Some(made) = call.made() else { return Ok(Obj::None) };
    let default = call.arg(1, "default").unwrap_or(Obj::None);
    let value =
        interp.get_from_dynaconf(&made, &call.arg(0, "key").unwrap_or(Obj::None), default, call.pos)?;
    let with = match call.arg(2, "cast") {
        Some(Obj::Str(with)) => match &*with {
            "@int" => Cast::Int,
            "@float" => Cast::Float,
            "@bool" => Cast::Bool,
            "@json" => Cast::Json,
            _ => return Ok(value),
        },
        _ => return Ok(value),
    };
    if matches!(value, Obj::None) { Ok(value) } else { interp.cast(&value, &with, call.pos) }
}

fn cast(interp: &mut Interp<'_>, call: Call, with: &Cast) -> Outcome {
    let Some(made) = call.made() else { return Ok(Obj::None) };
    let value = interp.get_from_dynaconf(&made, &call.first(), Obj::None, call.pos)?;
    if matches!(value, Obj::None) && *with != Cast::Bool {
        Ok(value)
    } else {
        interp.cast(&value, with, call.pos)
    }
}

fn exists(interp: &mut Interp<'_>, call: Call) -> Outcome {
    Ok(match call.made() {
        Some(made) => interp.dynaconf_has(&made, &call.first(), call.pos),
        None => Obj::None,
    })
}

fn set(interp: &mut Interp<'_>, call: &Call, key: &Obj, value: Obj) -> Outcome {
    if let (Some(made), Some(key)) = (call.made(), key.as_str()) {
        interp.set_in_dynaconf(&made, key, value, call.pos)?;
    }
    Ok(Obj::None)
}

fn whole(_: &mut Interp<'_>, call: Call) -> Outcome {
    Ok(call.made().and_then(|made| made.args.first().cloned()).unwrap_or(Obj::None))
}

fn method_of_whole(interp: &mut Interp<'_>, call: Call, name: &str) -> Outcome {
    let pos = call.pos;
    let whole = whole(interp, call)?;
    interp.call_method(&whole, name, Vec::new(), Vec::new(), pos)
}
