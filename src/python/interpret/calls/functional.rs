//! `functools`, `itertools`, `operator`, `copy`.

use super::super::object::Obj;
use super::super::source::Pos;
use super::super::{Interp, Outcome};
use super::Row;

pub(super) const ROWS: &[Row] = &[
    ("dict.fromkeys", |interp, call| {
        let Some(keys) = interp.sequence(&call.first()) else {
            return Ok(Obj::unknown("a dict of keys that are not known", call.pos, &call.args));
        };
        let value = call.args.get(1).cloned().unwrap_or(Obj::None);
        let dict = Obj::Dict(interp.heap.dict(Vec::new()));
        for key in keys {
            interp.set_item(&dict, &key, value.clone(), call.pos)?;
        }
        Ok(dict)
    }),
    ("dataclasses.asdict", |interp, call| match call.first() {
        Obj::Instance(instance) => interp.fields_of(instance, call.pos),
        other => Ok(Obj::unknown("the fields of an object", call.pos, &[other])),
    }),
    ("object.__new__", |interp, call| match call.first() {
        Obj::Class(class) => Ok(interp.bare_instance(class)),
        other => Ok(Obj::unknown("an object", call.pos, &[other])),
    }),
    ("collections.namedtuple()", |interp, call| {
        let names = call.made().and_then(|made| made.args.get(1).cloned());
        let listed = names.as_ref().and_then(|names| interp.sequence(names)).unwrap_or_default();
        let names: Vec<std::rc::Rc<str>> = match &names {
            Some(Obj::Str(names)) => {
                names.split([',', ' ']).filter(|name| !name.is_empty()).map(Into::into).collect()
            }
            _ => listed.iter().filter_map(Obj::as_str).map(Into::into).collect(),
        };
        let fields = names.into_iter().zip(call.args).chain(call.kwargs).collect();
        Ok(Obj::made("types.SimpleNamespace", Vec::new(), fields, call.pos))
    }),
    ("textwrap.dedent", |_, call| {
        // What is common to all lines is taken away; what follows is trimmed line by line.
        let text = call.first();
        let Some(known) = text.as_str() else { return Ok(text) };
        let indent = |line: &str| line.len() - line.trim_start().len();
        let common = known.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
        let lines: Vec<&str> = known.split('\n').map(|line| line.get(common..).unwrap_or("")).collect();
        Ok(Obj::str(lines.join("\n")))
    }),
    ("copy.copy", |interp, call| copy(interp, &call.first(), 1)),
    ("copy.deepcopy", |interp, call| copy(interp, &call.first(), 20)),
    ("operator.itemgetter", |_, call| Ok(Obj::made("operator.itemgetter", call.args, Vec::new(), call.pos))),
    ("functools.partial", |_, call| Ok(Obj::made("functools.partial", call.args, call.kwargs, call.pos))),
    ("functools.partial()", |interp, call| {
        let Some(made) = call.made() else { return Ok(Obj::None) };
        let Some((function, bound)) = made.args.split_first() else { return Ok(Obj::None) };
        let args = bound.iter().cloned().chain(call.args).collect();
        let mut kwargs = made.kwargs.clone();
        for (name, value) in call.kwargs {
            kwargs.retain(|(other, _)| *other != name);
            kwargs.push((name, value));
        }
        interp.call(function, args, kwargs, call.pos)
    }),
    ("functools.lru_cache", |_, call| Ok(call.first())),
    ("functools.cache", |_, call| Ok(call.first())),
    ("functools.wraps", |_, _| Ok(Obj::external("functools.wraps()"))),
    ("functools.wraps()", |_, call| Ok(call.first())),
    ("itertools.chain", |interp, call| {
        let mut all = Vec::new();
        for arg in &call.args {
            match interp.sequence(arg) {
                Some(items) => all.extend(items),
                None => all.push(arg.clone()),
            }
        }
        Ok(Obj::List(interp.heap.list(all)))
    }),
];

fn copy(interp: &mut Interp<'_>, value: &Obj, depth: u32) -> Outcome {
    let Some(depth) = depth.checked_sub(1) else { return Ok(value.clone()) };
    Ok(match value {
        Obj::Dict(cell) => {
            let copied = interp.copy_dict(value);
            if let (Obj::Dict(made), Some(dict)) = (&copied, interp.heap.entries(*cell)) {
                for (key, inner) in
                    dict.entries.iter().filter(|_| depth > 0 && interp.step()).cloned().collect::<Vec<_>>()
                {
                    if matches!(inner, Obj::Dict(_) | Obj::List(_)) {
                        let inner = copy(interp, &inner, depth)?;
                        interp.set_item(&copied, &key, inner, Pos::default())?;
                    }
                }
                interp.heap.fresh(*made);
            }
            copied
        }
        Obj::List(_) => match interp.sequence(value) {
            Some(items) => {
                let mut made = Vec::new();
                for item in items {
                    made.push(if depth > 0 && interp.step() { copy(interp, &item, depth)? } else { item });
                }
                Obj::List(interp.heap.list(made))
            }
            None => value.clone(),
        },
        other => other.clone(),
    })
}
